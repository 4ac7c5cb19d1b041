consumer.subscribe(Pattern.compile("metrics-.*"));
while (running) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ZERO);
    Iterator<ConsumerRecord<String, String>> it = records.iterator();
    while (it.hasNext()) {
        ConsumerRecord<String, String> next = it.next();
        TimeUnit.MILLISECONDS.sleep(5);
        consumer.commitSync(Collections.singletonMap(new TopicPartition(next.topic(), next.partition()), new OffsetAndMetadata(next.offset() + 1)));
    }
}
