object Topics { const val ORDERS = "shop.orders" }
enum class Mode { FAST, SAFE }
val mode = Mode.SAFE
val config = mutableMapOf<String, Any>("bootstrap.servers" to System.getenv("KAFKA"), "retries" to Int.MAX_VALUE)
config["acks"] = when (mode) { Mode.FAST -> "0"; Mode.SAFE -> "all" }
val p = KafkaProducer<String, String>(config)
for (i in 1..5) p.send(ProducerRecord(Topics.ORDERS, "order-$i"))
