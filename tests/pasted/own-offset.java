KafkaConsumer<String, String> consumer = new KafkaConsumer<>(props);
consumer.subscribe(List.of("orders"));
while (true) {
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (!handle(record)) {
            consumer.seek(partition, new OffsetAndMetadata(record.offset()));
        }
        long offset = record.offset();
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
    }
}
