val valid = mutableListOf<ConsumerRecord<String, String>>()
consumer.subscribe(listOf("orders"))
while (true) {
    val records = consumer.poll(Duration.ofMillis(100))
    for (record in records) {
        if (check(record)) valid += record
    }
    if (valid.isEmpty()) continue
    store(valid)
    consumer.commitSync()
    valid.clear()
}
