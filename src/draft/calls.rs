//! The calls of a client by hand: what a program can call, and what can be done to its process.

use super::micros;
use crate::lang::{Text, text};
use crate::script::{ClientKind, line};

/// A call: its name in forms, whose it is, and its words.
pub const CALLS: [(&str, Option<ClientKind>, Text); 16] = [
    ("poll", Some(ClientKind::Consumer), text("poll()", "poll()")),
    ("commit-sync", Some(ClientKind::Consumer), text("commitSync()", "commitSync()")),
    ("commit-async", Some(ClientKind::Consumer), text("commitAsync()", "commitAsync()")),
    ("subscribe", Some(ClientKind::Consumer), text("subscribe()", "subscribe()")),
    ("assign", Some(ClientKind::Consumer), text("assign()", "assign()")),
    ("seek", Some(ClientKind::Consumer), text("seek()", "seek()")),
    ("pause", Some(ClientKind::Consumer), text("pause() partitions", "pause() 파티션")),
    ("resume", Some(ClientKind::Consumer), text("resume() partitions", "resume() 파티션")),
    (
        "consume-loop",
        Some(ClientKind::Consumer),
        text("start a loop: poll, process, commit", "반복 시작: poll, 처리, 커밋"),
    ),
    ("flush", Some(ClientKind::Producer), text("flush()", "flush()")),
    ("produce-loop", Some(ClientKind::Producer), text("start a loop: send", "반복 시작: send")),
    ("stop-loop", None, text("end the loop", "반복 끝내기")),
    ("close", None, text("close()", "close()")),
    ("kill", None, text("kill its process", "프로세스 강제 종료")),
    ("pause-process", None, text("freeze its process", "프로세스 멈추기")),
    ("resume-process", None, text("let its process go on", "프로세스 다시 돌리기")),
];

/// The fields of a call's form, by their names.
pub fn takes(call: &str) -> &'static [&'static str] {
    match call {
        "poll" => &["times", "limit"],
        "commit-sync" | "commit-async" | "seek" => &["offsets"],
        "subscribe" => &["topic"],
        "assign" | "pause" | "resume" => &["partitions"],
        "consume-loop" => &["limit", "work", "commit"],
        "produce-loop" => &["topic", "every", "keys", "value", "count"],
        _ => &[],
    }
}

/// The form as it is filled in; what the call does not take is passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    pub call: String,
    pub client: String,
    pub topic: String,
    /// Several with a blank between.
    pub partitions: String,
    /// `orders-0=5`, several with a blank between; empty in a commit: all that was read.
    pub offsets: String,
    /// How often it polls.
    pub times: String,
    /// The timeout of a poll, in milliseconds.
    pub limit: String,
    /// Milliseconds of processing for a record.
    pub work: String,
    pub commit: String,
    /// Milliseconds between two records.
    pub every: String,
    pub keys: String,
    pub value: String,
    pub count: String,
}

impl Call {
    pub fn line(&self) -> String {
        let begun = match self.call.as_str() {
            "commit-sync" => line("commit").word(&self.client).word("sync"),
            "commit-async" => line("commit").word(&self.client).word("async"),
            plain => line(plain).word(&self.client),
        };
        takes(&self.call)
            .iter()
            .fold(begun, |of, field| match *field {
                "topic" => of.word(&self.topic),
                "partitions" => of.words(&self.partitions),
                "offsets" => of.words(&self.offsets),
                "times" => of.option("times", self.times.trim()),
                "limit" if self.call == "poll" => of.option("timeout_ms", self.limit.trim()),
                "limit" => of.option("poll_ms", self.limit.trim()),
                "work" => of.option("process_us", &micros(&self.work)),
                "commit" => of.option("commit", &self.commit),
                "every" => of.option("interval_ms", self.every.trim()),
                "keys" => of.option("keys", self.keys.trim()),
                "value" => of.option("value", &self.value),
                _ => of.option("count", self.count.trim()),
            })
            .end()
    }
}
