ConsumerRecords<String, String> records;
while (!(records = consumer.poll(Duration.ofMillis(300))).isEmpty()) {
    for (ConsumerRecord<String, String> r : records) {
        store(r);
    }
    consumer.commitSync();
}
