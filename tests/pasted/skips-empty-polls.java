KafkaConsumer<String, String> consumer = new KafkaConsumer<>(props);
consumer.subscribe(List.of("orders"));
while (running) {
    try {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
        if (records.isEmpty()) {
            continue;
        }
        records.forEach(this::handle);
        consumer.commitSync();
    } catch (CommitFailedException e) {
        log.error("commit", e);
    }
}
