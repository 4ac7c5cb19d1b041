val publisher = KafkaProducer<String, String>(Properties().apply {
    this[ProducerConfig.BOOTSTRAP_SERVERS_CONFIG] = "kafka:9092"
    this[ProducerConfig.ACKS_CONFIG] = "all"
})

fun main() {
    publisher.use { p ->
        (0 until 3).forEach { n ->
            ProducerRecord("events", "k$n", "v$n").let(p::send).get()
        }
    }
}
