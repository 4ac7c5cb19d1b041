@Component
public class Sender {
    @Value("${app.topic}") private String topic;
    private final Producer<String, byte[]> producer;
    public Sender(Producer<String, byte[]> producer) { this.producer = producer; }
    public void sendAll(List<Event> events) {
        events.stream().map(e -> new ProducerRecord<>(topic, e.getKey(), e.getBytes())).forEach(r -> producer.send(r, (m, ex) -> {}));
        producer.flush();
    }
}
