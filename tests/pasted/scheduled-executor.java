ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
KafkaProducer<String, String> producer = new KafkaProducer<>(loadConfig());
executor.scheduleAtFixedRate(() -> {
    producer.send(new ProducerRecord<>("heartbeats", "node-1", "alive"));
}, 0, 5, TimeUnit.SECONDS);
