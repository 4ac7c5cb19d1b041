class Commits implements ConsumerRebalanceListener {
    private final KafkaConsumer<String, String> consumer;
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        consumer.commitSync();
    }
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) { }
}
class Main {
    void run() {
        consumer.subscribe(List.of("orders"), listeners.forOrders());
        while (true) {
            consumer.poll(Duration.ofMillis(100));
        }
    }
}
