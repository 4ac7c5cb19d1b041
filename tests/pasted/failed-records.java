consumer.subscribe(List.of("orders"));
while (true) {
    List<String> failed = new ArrayList<>();
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
        try {
            handle(record);
        } catch (Exception e) {
            failed.add(record.key());
        }
    }
    if (failed.isEmpty()) {
        consumer.commitSync();
    }
}
