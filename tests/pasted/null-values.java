// A tombstone, and one that only looks so
producer.send(new ProducerRecord<String, String>("users", "42", null));
producer.send(new ProducerRecord<>("users", "43", user.orElse(null)));
