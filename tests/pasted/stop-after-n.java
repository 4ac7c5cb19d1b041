int seen = 0;
consumer.subscribe(Collections.singleton("t"));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    if (records.count() == 0) {
        if (++seen > 10) break;
        else continue;
    }
    for (ConsumerRecord<String, String> record : records) process(record);
    consumer.commitSync();
}
consumer.close();
