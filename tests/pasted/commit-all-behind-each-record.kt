val consumer = KafkaConsumer<String, String>(props)
consumer.subscribe(listOf("orders"))
while (true) {
    consumer.poll(Duration.ofMillis(100)).forEach { record ->
        store(record.value())
        consumer.commitAsync { offsets, e -> log.info("{} {}", offsets, e) }
    }
}
