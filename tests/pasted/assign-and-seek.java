KafkaConsumer<String, String> c = new KafkaConsumer<>(props);
TopicPartition p0 = new TopicPartition("ledger", 0);
TopicPartition p1 = new TopicPartition("ledger", 1);
c.assign(Arrays.asList(p0, p1));
c.seekToBeginning(List.of(p0));
c.seek(p1, 42L);
while (true) {
    c.poll(Duration.ofSeconds(1)).forEach(r -> System.out.println(r.value()));
}
