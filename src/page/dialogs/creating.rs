//! Adding topics, producers and consumers, with a program or without.

use leptos::prelude::*;
use partita::draft::{self, ConsumerForm, NO_PROGRAM, ProducerForm, TopicForm};
use partita::script::STRING_SERIALIZERS;

use super::form::{FormField, Kind, field, form};
use crate::page::preferences::Preferences;
use crate::page::session::Session;
use crate::page::text::text;

pub fn topic() -> AnyView {
    let session = Session::get();
    let name = field(
        "name",
        text("Name", "이름"),
        Kind::Line,
        session.with_run(|run| draft::free_topic(run.timeline.simulation())),
    );
    let partitions =
        field("partitions", text("Partitions", "파티션 수"), Kind::Line, "3").hint("1 to 100", "1에서 100까지");
    let properties = properties("");
    let (n, p, more) = (name.value, partitions.value, properties.value);
    let lines = move || TopicForm { name: n.get(), partitions: p.get(), properties: more.get() }.lines();
    form(vec![name, partitions, properties], text("Add the topic", "토픽 추가"), lines)
}

fn properties(value: &str) -> FormField {
    let field = field("properties", text("Properties", "속성"), Kind::Area, value);
    field.hint("By Kafka's own names, one a line: name=value", "Kafka 이름 그대로, 한 줄에 하나: 이름=값")
}

pub fn producer() -> AnyView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let (free, topics) = session.with_run(|run| {
        let simulation = run.timeline.simulation();
        (draft::free_client(simulation, "producer-"), draft::topics(simulation))
    });
    let name = field("name", text("Name", "이름"), Kind::Line, free);
    let properties = properties(STRING_SERIALIZERS);
    let programs = vec![
        (NO_PROGRAM.to_owned(), lang.pick("none: I send by hand", "없음: 직접 보냄").to_owned()),
        ("fire-and-forget".to_owned(), lang.pick("sends in a loop and forgets", "반복해서 보내고 잊음").to_owned()),
        (
            "sync".to_owned(),
            lang.pick("sends in a loop, waits for each result", "반복해서 보내고 결과를 기다림").to_owned(),
        ),
        ("async".to_owned(), lang.pick("sends in a loop, with a callback", "반복해서 콜백과 함께 보냄").to_owned()),
    ];
    let program = field("program", text("Program", "프로그램"), Kind::Choice(programs), NO_PROGRAM);
    let mode = program.value;
    let looped = move || mode.get() != NO_PROGRAM;
    let first = topics.first().cloned().unwrap_or_else(|| "orders".to_owned());
    let topic = field("topic", text("Topic", "토픽"), Kind::Suggest(topics), first).when(looped);
    let every = field("every", text("A record every … ms", "레코드 간격(ms)"), Kind::Line, "100").when(looped);
    let keys = field("keys", text("Different keys", "키 종류 수"), Kind::Line, "6")
        .hint("Empty: null keys", "비우면 null 키")
        .when(looped);
    let value = field("value", text("Value", "값"), Kind::Line, "{\"order\":{i}}").when(looped);
    let count = field("count", text("Records", "레코드 수"), Kind::Line, "20")
        .hint("Empty: without end", "비우면 끝없이")
        .when(looped);
    let (n, more, t, ms, k, v, c) =
        (name.value, properties.value, topic.value, every.value, keys.value, value.value, count.value);
    let lines = move || {
        let (name, properties, program, topic) = (n.get(), more.get(), mode.get(), t.get());
        let (every, keys, value, count) = (ms.get(), k.get(), v.get(), c.get());
        ProducerForm { name, properties, program, topic, every, keys, value, count }.lines()
    };
    form(
        vec![name, properties, program, topic, every, keys, value, count],
        text("Add the producer", "프로듀서 추가"),
        lines,
    )
}

pub fn consumer() -> AnyView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let (free, topics, groups) = session.with_run(|run| {
        let simulation = run.timeline.simulation();
        (draft::free_client(simulation, "c"), draft::topics(simulation), draft::groups(simulation))
    });
    let name = field("name", text("Name", "이름"), Kind::Line, free);
    let first_group = groups.first().cloned().unwrap_or_else(|| "billing".to_owned());
    let group = field("group", text("Group (group.id)", "그룹 (group.id)"), Kind::Suggest(groups), first_group);
    let group =
        group.hint("A new name makes a new group. Empty: no group.", "새 이름이면 새 그룹이 됩니다. 비우면 그룹 없음.");
    let first = topics.first().cloned().unwrap_or_else(|| "orders".to_owned());
    let topic = field("topic", text("Subscribes to", "구독"), Kind::Suggest(topics), first);
    let topic = topic.hint("Several with a comma. Empty: to nothing.", "여럿이면 쉼표로. 비우면 구독 없음.");
    let properties = properties("auto.offset.reset=earliest");
    let commits = [
        (NO_PROGRAM, "none: I poll by hand", "없음: 직접 poll"),
        ("auto", "polls in a loop; poll() commits", "반복해서 poll, 자동 커밋"),
        ("sync", "polls in a loop; commitSync()", "반복해서 poll, commitSync()"),
        ("async", "polls in a loop; commitAsync()", "반복해서 poll, commitAsync()"),
        ("none", "polls in a loop; never commits", "반복해서 poll, 커밋 안 함"),
    ];
    let commits = commits.map(|(of, en, ko)| (of.to_owned(), lang.pick(en, ko).to_owned())).to_vec();
    let program = field("program", text("Program", "프로그램"), Kind::Choice(commits), "auto");
    let mode = program.value;
    let looped = move || mode.get() != NO_PROGRAM;
    let poll = field("poll", text("poll timeout, ms", "poll 시간제한(ms)"), Kind::Line, "100").when(looped);
    let work = field("work", text("Processing of a record, ms", "레코드 처리 시간(ms)"), Kind::Line, "0").when(looped);
    let (n, g, t, more, poll_ms, ms) = (name.value, group.value, topic.value, properties.value, poll.value, work.value);
    let lines = move || {
        let (name, group, topic, properties) = (n.get(), g.get(), t.get(), more.get());
        let (program, poll_timeout, work) = (mode.get(), poll_ms.get(), ms.get());
        ConsumerForm { name, group, topic, properties, program, poll_timeout, work }.lines()
    };
    form(vec![name, group, topic, properties, program, poll, work], text("Add the consumer", "컨슈머 추가"), lines)
}
