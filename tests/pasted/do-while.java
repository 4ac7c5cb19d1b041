int n = 0;
do {
    producer.send(new ProducerRecord<>("t", Integer.toString(n)));
    n++;
} while (n < 20);
