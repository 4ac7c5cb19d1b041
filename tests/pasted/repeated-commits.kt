val consumer = KafkaConsumer<String, String>(props)
consumer.subscribe(listOf("orders"))
while (true) {
    val records = consumer.poll(Duration.ofMillis(100))
    records.forEach { println(it.value()) }
    repeat(3) { consumer.commitSync() }
}
