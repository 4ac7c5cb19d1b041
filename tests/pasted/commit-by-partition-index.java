consumer.subscribe(List.of("orders"));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    List<TopicPartition> parts = new ArrayList<>(records.partitions());
    Set<TopicPartition> all = records.partitions();
    for (int i = 0; i < all.size(); i++) {
        handle(i);
        consumer.commitSync(offsets);
    }
}
