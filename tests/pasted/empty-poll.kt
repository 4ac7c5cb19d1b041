val consumer = KafkaConsumer<String, String>(props)
consumer.subscribe(listOf("orders"))
while (true) {
    val records = consumer.poll(Duration.ofMillis(100))
    if (records.isEmpty || records.count() < 1) {
        consumer.commitSync()
        continue
    }
    records.forEach { println(it.value()) }
    if (records.count() > 100) Thread.sleep(50)
    if (0 < records.count()) consumer.commitAsync()
}
