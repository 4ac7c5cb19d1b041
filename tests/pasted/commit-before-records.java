class Fast {
    private final KafkaConsumer<String, String> consumer;
    private final Handler handler;

    Fast(Properties props) {
        props.put("group.id", "fast");
        props.put("enable.auto.commit", "false");
        consumer = new KafkaConsumer<>(props);
    }

    void run() {
        consumer.subscribe(List.of("orders"));
        while (true) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
            System.out.println(records);
            consumer.commitSync();
            for (ConsumerRecord<String, String> record : records) {
                handler.handle(record);
            }
        }
    }
}
