consumer = new KafkaConsumer<>(props);
consumer.subscribe(List.of("orders"));
while (true) {
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
        log.info("{}", record);
        var next = new OffsetAndMetadata(record.offset() + 1);
        consumer.commitSync(Map.of(new TopicPartition(record.topic(), record.partition()), next));
        store(record.value());
    }
}
