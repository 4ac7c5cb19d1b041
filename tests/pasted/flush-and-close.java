Properties props = new Properties();
props.put("acks", "all");
KafkaProducer<String, String> producer = new KafkaProducer<>(props);
for (int i = 0; i < 10; i++) {
    producer.send(new ProducerRecord<>("orders", "k" + i, "v" + i));
}
producer.flush();
producer.close();
