consumer.subscribe(List.of("orders"));
consumer.poll(Duration.ofMillis(0));
consumer.seekToBeginning(consumer.assignment());
while (true) {
    consumer.poll(Duration.ofMillis(200));
}
