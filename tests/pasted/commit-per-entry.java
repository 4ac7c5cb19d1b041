consumer.subscribe(List.of("orders"));
Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
while (true) {
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
        offsets.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
    }
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : offsets.entrySet()) {
        consumer.commitSync(Map.of(entry.getKey(), entry.getValue()));
    }
}
