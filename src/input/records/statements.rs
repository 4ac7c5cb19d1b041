//! Records of a file as statements of the grammar.

use std::sync::Arc;

use super::taken::{Record, Records};
use crate::script::{
    Payload, RecordValue, STRING_SERIALIZERS, Send, SendMode, ShowOutcomes, Statement, Timestamp, line,
};

impl Records {
    /// The lines before the records: the producer, when it is yet to be made. The last one sends a record as one would
    /// type it, so that the grammar says what is wrong with the producer's or the topic's name; it is not done itself.
    pub fn first_lines(producer: &str, topic: &str, is_new: bool) -> Vec<String> {
        let maker = is_new.then(|| line("producer").word(producer).properties(STRING_SERIALIZERS).end());
        maker.into_iter().chain([line("send").word(producer).word(topic).end()]).collect()
    }

    /// One `send` for each record, in the order of the file.
    pub fn sends(&self, producer: &str, topic: &str) -> Vec<Statement> {
        let (client, topic): (Arc<str>, Arc<str>) = (producer.trim().into(), topic.trim().into());
        self.records.iter().map(|record| send(&client, &topic, record)).collect()
    }
}

fn send(client: &Arc<str>, topic: &Arc<str>, record: &Record) -> Statement {
    // The grammar's headers are texts: bytes that are none are written as far as they are.
    let text = |bytes: &Vec<u8>| Arc::from(String::from_utf8_lossy(bytes));
    let headers = record.headers.iter().map(|(name, value)| (Arc::from(name.as_str()), value.as_ref().map(text)));
    Statement::Send(Send {
        client: client.clone(),
        topic: topic.clone(),
        mode: SendMode::FireAndForget,
        key: record.key.as_deref().map(Payload::literal),
        value: record.value.as_deref().map(|value| RecordValue::Payload(Payload::literal(value))),
        partition: record.partition,
        timestamp: record.timestamp.map(Timestamp::At),
        headers: headers.collect(),
        times: 1,
        show: ShowOutcomes::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::script::print_statement;

    #[test]
    fn a_file_becomes_a_send_for_each_record() {
        let file = "{\"key\":\"mia\",\"value\":\"a {i}\",\"partition\":1,\"timestamp\":5,\"headers\":{\"h\":\"x\",\"n\":null}}\n\
                    {\"value\":null}\n";
        let sends = read(file.as_bytes(), None).sends(" p1 ", "orders");
        let printed: Vec<String> = sends.iter().map(print_statement).collect();
        assert_eq!(printed.len(), 2);
        assert!(printed[0].starts_with("send p1 orders key=mia") && printed[0].contains("partition=1"), "{printed:?}");
        // What looks like a counter in a file is a text.
        assert!(!printed[0].contains("value=\"a {i}\""), "{printed:?}");
        assert_eq!(printed[1], "send p1 orders");
        let lines = Records::first_lines("p 1", "orders", true);
        assert!(
            lines[0].starts_with("producer \"p 1\" key.serializer=") && lines[1] == "send \"p 1\" orders",
            "{lines:?}"
        );
        assert_eq!(Records::first_lines("p1", "t", false), ["send p1 t"]);
    }
}
