KafkaConsumer<String, String> consumer = new KafkaConsumer<>(props);
consumer.subscribe(List.of("orders"));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    if (records.count() == 0) {
        consumer.commitSync();
    } else {
        for (ConsumerRecord<String, String> record : records) Thread.sleep(5);
        consumer.commitAsync();
    }
}
