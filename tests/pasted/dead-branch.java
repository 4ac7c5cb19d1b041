class Demo {
    private static final boolean DEBUG = false;
    private boolean enabled = false;
    private final KafkaProducer<String, String> producer = new KafkaProducer<>(props);

    void run() {
        if (DEBUG) {
            sendTest();
        }
        if (enabled) {
            sendOrder();
        }
    }

    void enable() { enabled = true; }

    private void sendTest() { sendBoth("test"); }

    private void sendBoth(String topic) {
        producer.send(new ProducerRecord<>(topic, "a"));
        sendTest();
    }

    private void sendOrder() {
        producer.send(new ProducerRecord<>("orders", "o"));
    }
}
