consumer.subscribe(listOf("orders"))
while (true) {
    val records = consumer.poll(Duration.ofMillis(100))
    val count = records.partitions().size
    repeat(count) { consumer.commitSync() }
}
