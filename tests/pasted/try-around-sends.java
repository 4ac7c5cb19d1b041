KafkaProducer<String, String> outside = new KafkaProducer<>(props);
try {
    for (int i = 0; i < 5; i++) {
        outside.send(new ProducerRecord<>("orders", "v" + i)).get();
    }
} catch (ExecutionException e) {
    log.error("send", e);
}
KafkaProducer<String, String> inside = new KafkaProducer<>(props);
try {
    for (int i = 0; i < 5; i++) {
        try {
            inside.send(new ProducerRecord<>("orders", "v" + i)).get();
        } catch (ExecutionException e) {
            log.error("send", e);
        }
    }
} finally {
    inside.close();
}
