val consumer = KafkaConsumer<String, String>(props)

fun main() {
    consumer.subscribe(listOf("orders"))
    var records = consumer.poll(Duration.ofMillis(100))
    while (!closed.get()) {
        handle(records)
        records = consumer.poll(Duration.ofMillis(100))
    }
}

fun handle(records: ConsumerRecords<String, String>) {
    consumer.commitAsync { offsets, e -> log.info("{} {}", offsets, e) }
    records.forEach { record -> store(record) }
}
