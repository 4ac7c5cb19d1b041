consumer.subscribe(List.of("orders"));
while (true) {
    List<ConsumerRecord<String, String>> records = consumer.poll(Duration.ofMillis(100)).records("orders");
    for (int i = 0; i < records.size(); i++) {
        process(records.get(i));
        Thread.sleep(5);
        consumer.commitSync();
    }
}
