consumer.subscribe(List.of("orders"));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    Map<TopicPartition, OffsetAndMetadata> offsets = offsetsOf(records);
    for (String name : List.of("a", "b")) {
        log(name);
        consumer.commitSync(offsets);
    }
}
