    props.put("linger.ms", 5
    props.put("batch.size", 32 * 1024);
    producer.send(new ProducerRecord<>("t", "k", "v"
    if (x) {
        producer.send(record);
