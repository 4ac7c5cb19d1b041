val consumer = KafkaConsumer<String, String>(props)
consumer.subscribe(listOf("orders"))
while (true) {
    val records = consumer.poll(Duration.ofMillis(100))
    repeat(0) { consumer.commitAsync() }
    repeat(1) { consumer.commitSync() }
}
