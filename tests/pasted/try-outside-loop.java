Properties props = new Properties();
props.put("group.id", "billing");
props.put("enable.auto.commit", "false");
KafkaConsumer<String, String> consumer = new KafkaConsumer<>(props);
try {
    consumer.subscribe(List.of("orders"));
    while (true) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
        for (ConsumerRecord<String, String> record : records) {
            handle(record);
        }
        consumer.commitSync();
    }
} catch (CommitFailedException e) {
    log.error("commit", e);
} finally {
    consumer.close();
}
