// A consumer without a topic or a group
val consumer = KafkaConsumer<String, String>(Properties())
while (true) {
    val records = consumer.poll(1.seconds.toJavaDuration())
    records.groupBy { it.partition() }.forEach { (p, list) -> println("$p ${list.size}") }
}
