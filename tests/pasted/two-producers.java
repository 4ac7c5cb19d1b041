Properties fast = new Properties();
fast.put(ProducerConfig.CLIENT_ID_CONFIG, "fast");
fast.put(ProducerConfig.ACKS_CONFIG, "0");
Producer<String, String> fastProducer = new KafkaProducer<>(fast);

Properties safe = new Properties();
safe.putAll(fast);
safe.put(ProducerConfig.CLIENT_ID_CONFIG, "safe");
safe.put(ProducerConfig.ACKS_CONFIG, "all");
Producer<String, String> safeProducer = new KafkaProducer<>(safe);

fastProducer.send(new ProducerRecord<>("logs", "line"));
safeProducer.send(new ProducerRecord<>("payments", "p-1", "100")).get();
