var producer = new KafkaProducer<String, String>(Map.of("bootstrap.servers", "localhost:9092"));
var json = """
    {
      "id": 1,
      "name": "tea"
    }
    """;
producer.send(new ProducerRecord<>("goods", "1", json));
