try (AdminClient admin = AdminClient.create(Map.of("bootstrap.servers", "localhost:9092"))) {
    admin.createTopics(List.of(new NewTopic("t", 3, (short) 1))).all().get();
}
try (KafkaProducer<String, String> p = new KafkaProducer<>(Map.of("bootstrap.servers", "localhost:9092", "key.serializer", "org.apache.kafka.common.serialization.StringSerializer"))) {
    for (int i = 0; i < 100; i++) {
        p.send(new ProducerRecord<>("t", "k-" + i % 10, "v-" + i));
        if (i % 10 == 0) p.flush();
    }
}
