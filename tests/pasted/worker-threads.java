public class Pool {
    private final ExecutorService pool = Executors.newFixedThreadPool(4);

    void start(Properties props) {
        for (int n = 0; n < 3; n++) {
            pool.submit(new Worker(props));
        }
    }

    static class Worker implements Runnable {
        private final Consumer<String, String> consumer;

        Worker(Properties props) {
            props.put("group.id", "workers");
            consumer = new KafkaConsumer<>(props);
        }

        @Override public void run() {
            consumer.subscribe(List.of("jobs"));
            while (!Thread.currentThread().isInterrupted()) {
                for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(500))) {
                    work(r);
                }
            }
        }

        private void work(ConsumerRecord<String, String> r) {
            try { Thread.sleep(20); } catch (InterruptedException e) { Thread.currentThread().interrupt(); }
        }
    }
}
