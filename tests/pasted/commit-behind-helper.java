KafkaConsumer<String, String> consumer = new KafkaConsumer<>(props);
consumer.subscribe(List.of("orders"));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    handler.handleAll(records);
    consumer.commitSync();
    for (ConsumerRecord<String, String> record : records) {
        log.info("done {}", record.offset());
    }
}
