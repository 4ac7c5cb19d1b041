class Worker(private val consumer: KafkaConsumer<String, String>) {
    private val offsets = mutableMapOf<TopicPartition, OffsetAndMetadata>()

    fun run() {
        consumer.subscribe(listOf("orders"))
        while (true) {
            commit(offsets)
            val records = consumer.poll(Duration.ofMillis(200))
            for (record in records) {
                handle(record)
                offsets[TopicPartition(record.topic(), record.partition())] = OffsetAndMetadata(record.offset() + 1)
            }
        }
    }

    private fun commit(waiting: MutableMap<TopicPartition, OffsetAndMetadata>) {
        if (waiting.isNotEmpty()) {
            consumer.commitAsync(waiting, null)
            waiting.clear()
        }
    }
}
