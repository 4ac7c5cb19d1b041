consumer.subscribe(List.of("orders"));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    Iterator<TopicPartition> all = records.partitions().iterator();
    while (all.hasNext()) {
        TopicPartition partition = all.next();
        handle(records.records(partition));
        consumer.commitSync(Map.of(partition, offsets.get(partition)));
    }
}
