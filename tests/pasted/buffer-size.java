consumer.subscribe(List.of("orders"));
List<ConsumerRecord<String, String>> buffer = new ArrayList<>();
while (true) {
    consumer.poll(Duration.ofMillis(200)).forEach(buffer::add);
    if (buffer.size() > 0) {
        for (ConsumerRecord<String, String> record : buffer) {
            write(record);
            Thread.sleep(20);
        }
        consumer.commitSync();
        buffer.clear();
    }
}
