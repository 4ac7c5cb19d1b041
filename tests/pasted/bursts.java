for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 25; i++) {
        producer.send(new ProducerRecord<>("bursts", "key-" + i, "x"));
    }
    Thread.sleep(2000);
}
