public class Enricher {
    public static void main(String[] args) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(consumerProps());
        KafkaProducer<String, String> producer = new KafkaProducer<>(producerProps());
        consumer.subscribe(List.of("in"));
        while (true) {
            ConsumerRecords<String, String> batch = consumer.poll(Duration.ofMillis(200));
            for (ConsumerRecord<String, String> r : batch) {
                producer.send(new ProducerRecord<>("out", r.key(), r.value().toUpperCase()));
            }
            producer.flush();
            consumer.commitSync();
        }
    }

    static Properties consumerProps() {
        Properties props = new Properties();
        props.put("group.id", "enricher");
        props.put("enable.auto.commit", false);
        return props;
    }

    static Map<String, Object> producerProps() {
        return Map.of("acks", "all", "compression.type", "gzip");
    }
}
