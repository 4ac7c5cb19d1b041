KafkaProducer<String, String> producer = new KafkaProducer<>(props);
for (int i = 0; i < 0; i++) {
    producer.send(new ProducerRecord<>("orders", "never"));
}
for (int i = 0; i < 3; i++) {
    producer.send(new ProducerRecord<>("orders", "v" + i));
}
