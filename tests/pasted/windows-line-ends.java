Properties p = new Properties();
p.put("acks", "1");
KafkaProducer<String, String> producer = new KafkaProducer<>(p);
for (int i = 0; i < 5; i++) {
    producer.send(new ProducerRecord<>("t", "value-" + i)).get();
    Thread.sleep(1_000L);
}
producer.flush();
producer.close();
