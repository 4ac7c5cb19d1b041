consumer.subscribe(List.of("orders"));
consumer.seekToBeginning(consumer.assignment());
consumer.seekToEnd(Collections.emptyList());
consumer.seekToBeginning(List.of(new TopicPartition("orders", 0)));
consumer.seek(new TopicPartition("orders", 0), 5L);
while (true) {
    consumer.poll(Duration.ofMillis(200));
}
