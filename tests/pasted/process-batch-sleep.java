while (true) {
    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
    records.forEach(r -> System.out.println(r));
    Thread.sleep(500);
    consumer.commitSync();
}
