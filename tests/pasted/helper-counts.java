class Numbers {
    private final KafkaProducer<String, String> producer = new KafkaProducer<>(props);
    private int n = 0;

    void run() throws Exception {
        while (true) {
            send();
            Thread.sleep(100);
        }
    }

    private void send() {
        producer.send(new ProducerRecord<>("numbers", "k" + this.n, "m" + n++));
    }
}
