public void sendWithRetry(String key, String value) throws InterruptedException {
    int attempt = 0;
    boolean sent = false;
    while (!sent && attempt < 3) {
        try {
            producer.send(new ProducerRecord<>("orders", "k", "v")).get(10, TimeUnit.SECONDS);
            sent = true;
        } catch (ExecutionException | TimeoutException e) {
            attempt++;
            Thread.sleep(100L * attempt);
        }
    }
}
