val producer = KafkaProducer<String, String>(props)
repeat(0) {
    producer.send(ProducerRecord("orders", "never"))
}
