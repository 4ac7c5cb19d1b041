Scanner scanner = new Scanner(System.in);
KafkaProducer<String, String> producer = new KafkaProducer<>(props);
while (scanner.hasNextLine()) {
    String line = scanner.nextLine();
    if ("exit".equals(line)) {
        break;
    }
    producer.send(new ProducerRecord<>("console", line), new Callback() {
        @Override
        public void onCompletion(RecordMetadata metadata, Exception exception) {
            if (exception != null) {
                exception.printStackTrace();
            }
        }
    });
}
