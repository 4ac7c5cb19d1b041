//! Sending a record by hand.

use leptos::prelude::*;
use partita::draft::{self, SendForm};
use partita::script::ClientKind;

use super::form::{Kind, field, form, plain};
use crate::page::preferences::Preferences;
use crate::page::session::Session;
use crate::page::text::text;

pub fn body() -> AnyView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let (mut producers, topics) = session.with_run(|run| {
        let simulation = run.timeline.simulation();
        (draft::clients(simulation, ClientKind::Producer), draft::topics(simulation))
    });
    let is_new = producers.is_empty();
    if is_new {
        producers.push(session.with_run(|run| draft::free_client(run.timeline.simulation(), "producer-")));
    }
    let first_producer = producers[0].clone();
    let first_topic = topics.first().cloned().unwrap_or_else(|| "orders".to_owned());
    let modes = vec![
        ("send".to_owned(), lang.pick("send(record): go on at once", "send(record): 바로 계속").to_owned()),
        (
            "send-sync".to_owned(),
            lang.pick("send(record).get(): wait for the result", "send(record).get(): 결과를 기다림").to_owned(),
        ),
    ];
    let producer = field("producer", text("Producer", "프로듀서"), Kind::Choice(plain(producers)), first_producer);
    let topic = field("topic", text("Topic", "토픽"), Kind::Suggest(topics), first_topic);
    let key = field("key", text("Key", "키"), Kind::Line, "mia")
        .hint("Empty: null. “\"\"” is an empty text.", "비우면 null. “\"\"”는 빈 텍스트입니다.");
    let value = field("value", text("Value", "값"), Kind::Line, "{\"order\":2001}")
        .hint("Empty: null. {i} counts.", "비우면 null. {i}는 번호가 됩니다.");
    let headers = field("headers", text("Headers", "헤더"), Kind::Area, "")
        .hint("One a line: name=value. A name alone: a null value.", "한 줄에 하나: 이름=값. 이름만 쓰면 null 값.");
    let partition = field("partition", text("Partition", "파티션"), Kind::Line, "")
        .hint("Empty: the partitioner chooses.", "비우면 파티셔너가 고릅니다.");
    let timestamp = field("timestamp", text("Timestamp", "타임스탬프"), Kind::Line, "")
        .hint("Milliseconds since 1970, or now-1000. Empty: now.", "1970년부터 밀리초, 또는 now-1000. 비우면 현재.");
    let times = field("times", text("Times", "횟수"), Kind::Line, "1");
    let mode = field("mode", text("How", "방법"), Kind::Choice(modes), "send");
    let (of, to, k, v) = (producer.value, topic.value, key.value, value.value);
    let (h, p, at, n, how) = (headers.value, partition.value, timestamp.value, times.value, mode.value);
    let lines = move || {
        let (verb, producer, topic, key, value) = (how.get(), of.get(), to.get(), k.get(), v.get());
        let (headers, partition, timestamp, times) = (h.get(), p.get(), at.get(), n.get());
        SendForm { verb, producer, is_new, topic, key, value, headers, partition, timestamp, times }.lines()
    };
    let fields = vec![producer, topic, key, value, mode, times, partition, timestamp, headers];
    form(fields, text("Send", "보내기"), lines)
}
