@Service
class OrderPublisher(private val kafkaTemplate: KafkaTemplate<String, OrderEvent>) {
    fun publish(event: OrderEvent) {
        kafkaTemplate.send("orders.v1", event.id, event)
            .whenComplete { result, ex -> if (ex != null) log.error(ex) { "failed" } }
    }
}

@Component
class OrderListener(private val service: OrderService) {
    @KafkaListener(topics = ["orders.v1", "orders.v2"], groupId = "shop", containerFactory = "orders")
    fun on(record: ConsumerRecord<String, OrderEvent>, ack: Acknowledgment) {
        service.handle(record.value())
        Thread.sleep(50)
        ack.acknowledge()
    }
}

@Configuration
class KafkaConfig {
    @Bean
    fun consumerFactory(): ConsumerFactory<String, OrderEvent> = DefaultKafkaConsumerFactory(
        mapOf(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG to "localhost:9092",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG to 20,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG to JsonDeserializer::class.java,
        )
    )

    @Bean
    fun orders(): ConcurrentKafkaListenerContainerFactory<String, OrderEvent> {
        val factory = ConcurrentKafkaListenerContainerFactory<String, OrderEvent>()
        factory.consumerFactory = consumerFactory()
        factory.containerProperties.ackMode = ContainerProperties.AckMode.MANUAL_IMMEDIATE
        factory.setConcurrency(2)
        return factory
    }
}
