//! A record that is sent by hand.

use crate::script::{STRING_SERIALIZERS, line};

/// The form as it is filled in. Empty key, value, partition and timestamp: none; `""` is an empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendForm {
    /// `send` or `send-sync`.
    pub verb: String,
    pub producer: String,
    /// No producer runs: one of this name is made first.
    pub is_new: bool,
    pub topic: String,
    pub key: String,
    pub value: String,
    /// One a line, `name=value`; a name alone has a null value.
    pub headers: String,
    pub partition: String,
    /// Milliseconds since 1970, or `now-1000`.
    pub timestamp: String,
    pub times: String,
}

impl SendForm {
    pub fn lines(&self) -> Vec<String> {
        let mut send = line(&self.verb).word(&self.producer).word(&self.topic);
        send = send.option("key", &self.key).option("value", &self.value);
        send = send.option("partition", self.partition.trim()).option("timestamp", self.timestamp.trim());
        for row in self.headers.lines().filter(|row| !row.trim().is_empty()) {
            send = match row.split_once('=') {
                Some((name, value)) => send.given(&format!("header.{}", name.trim()), value.trim()),
                None => send.word(&format!("header.{}", row.trim())),
            };
        }
        let times = self.times.trim();
        let send = if times == "1" { send } else { send.option("times", times) };
        let maker = self.is_new.then(|| line("producer").word(&self.producer).properties(STRING_SERIALIZERS).end());
        maker.into_iter().chain([send.end()]).collect()
    }
}
