fun main() = runBlocking {
    val producer = KafkaProducer<String, String>(
        mapOf("bootstrap.servers" to "localhost:9092", "linger.ms" to "20"),
        StringSerializer(), StringSerializer()
    )
    launch(Dispatchers.IO) {
        while (isActive) {
            producer.send(ProducerRecord("metrics", "host-1", "42"))
            delay(250.milliseconds)
        }
    }
}
