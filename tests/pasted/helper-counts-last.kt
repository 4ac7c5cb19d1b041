val producer = KafkaProducer<String, String>(props)
var n = 0
fun next() { n += 1 }
fun main() {
    repeat(5) {
        producer.send(ProducerRecord("numbers", "m$n"))
        next()
    }
}
