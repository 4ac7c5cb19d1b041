class Reader implements Runnable {
    private final AtomicBoolean closed = new AtomicBoolean(false);
    private final KafkaConsumer<String, String> consumer;

    Reader(Properties props) {
        props.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, Boolean.FALSE.toString());
        this.consumer = new KafkaConsumer<>(props);
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(List.of("payments"));
            while (!closed.get()) {
                var records = consumer.poll(ofMillis(100));
                for (var record : records) {
                    handle(record);
                }
                consumer.commitAsync((offsets, exception) -> {
                    if (exception != null) log.error("Commit failed for offsets {}", offsets, exception);
                });
            }
        } catch (WakeupException e) {
            if (!closed.get()) throw e;
        } finally {
            try {
                consumer.commitSync();
            } finally {
                consumer.close();
            }
        }
    }

    public void shutdown() {
        closed.set(true);
        consumer.wakeup();
    }
}
