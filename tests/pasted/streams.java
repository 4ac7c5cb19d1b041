StreamsBuilder builder = new StreamsBuilder();
builder.<String, String>stream("words").groupByKey().count();
KafkaStreams streams = new KafkaStreams(builder.build(), props);
streams.start();
