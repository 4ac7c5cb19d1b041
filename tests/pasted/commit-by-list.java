TopicPartition one = new TopicPartition("orders", 0), two = new TopicPartition("orders", 1);
consumer.assign(List.of(one, two));
while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    for (TopicPartition partition : List.of(one, two)) {
        consumer.commitSync(Map.of(partition, offsets.get(partition)));
    }
}
