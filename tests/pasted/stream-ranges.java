IntStream.rangeClosed(0, 9)
    .mapToObj(i -> new ProducerRecord<>("squares", "n" + (i % 2), String.valueOf(i)))
    .forEach(producer::send);
Stream.generate(() -> UUID.randomUUID().toString())
    .limit(5)
    .forEach(id -> producer.send(new ProducerRecord<>("ids", id)));
