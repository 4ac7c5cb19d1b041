val record = ProducerRecord("audit", 1, 1700000000000L, "user-7", "login")
record.headers().add("trace-id", "abc".toByteArray())
record.headers().add(RecordHeader("source", "web".toByteArray()))
producer.send(record) { meta, ex ->
    if (ex != null) log.warn("failed", ex) else println(meta.offset())
}
