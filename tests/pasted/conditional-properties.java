static KafkaProducer<String, String> make(boolean fast) {
    Properties props = new Properties();
    props.put("linger.ms", 5);
    props.put("acks", "all");
    if (fast) {
        props.put("acks", "0");
    } else {
        props.put("acks", "1");
    }
    props.put("linger.ms", 20);
    if (System.getenv("SMALL") != null) props.put("batch.size", 100);
    return new KafkaProducer<>(props);
}
