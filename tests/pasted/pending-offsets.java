public class Orders {
    private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();
    private final KafkaConsumer<String, String> consumer = new KafkaConsumer<>(props);

    void run() {
        consumer.subscribe(List.of("orders"));
        while (running) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                handle(record);
                pending.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
            }
            commitPending();
        }
    }

    private void commitPending() {
        if (pending.isEmpty()) return;
        consumer.commitSync(pending);
        pending.clear();
    }
}
