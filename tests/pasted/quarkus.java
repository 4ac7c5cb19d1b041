@ApplicationScoped
public class PriceConverter {
    @Incoming("prices")
    @Outgoing("converted")
    public double process(int price) { return price * 0.88; }
}
