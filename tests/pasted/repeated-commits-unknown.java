consumer.subscribe(List.of("orders"));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    for (int i = 0; i < attempts; i++) {
        consumer.commitSync();
    }
}
