//! The calls of a client by hand: what a program can call, and what can be done to its process.

use leptos::prelude::*;
use partita::lang::Lang;
use partita::script::{ClientKind, line};

use super::creating::micros;
use super::form::{Field, Kind, field, form};
use super::known;
use crate::page::preferences::{Preferences, say};
use crate::page::session::Session;
use crate::page::text::{Text, text};

/// A call: its verb, whose it is, and its words.
const CALLS: [(&str, Option<ClientKind>, Text); 16] = [
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

fn calls(kind: ClientKind, lang: Lang) -> Vec<(String, String)> {
    let own = CALLS.iter().filter(|(_, of, _)| of.is_none_or(|of| of == kind));
    own.map(|(verb, _, words)| ((*verb).to_owned(), lang.pick(words.en, words.ko).to_owned())).collect()
}

/// Chooses the client; the form below is its.
pub fn body(name: Option<String>) -> AnyView {
    let session = Session::get();
    let clients = session.with_run(|run| known::all_clients(run));
    let Some((first, _)) = clients.first().cloned() else {
        return view! { <p class="dlg-p">{say("No client runs: add one first.", "실행 중인 클라이언트가 없습니다. 먼저 추가하십시오.")}</p> }.into_any();
    };
    let chosen = RwSignal::new(name.filter(|name| clients.iter().any(|(known, _)| known == name)).unwrap_or(first));
    let options = clients.iter().map(|(name, _)| {
        let is_chosen = chosen.with_untracked(|chosen| chosen == name);
        view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
    });
    let options = options.collect_view();
    let forms = move || {
        let name = chosen.get();
        let kind = clients.iter().find(|(known, _)| *known == name).map_or(ClientKind::Consumer, |(_, kind)| *kind);
        calls_of(name, kind)
    };
    view! {
        <div class="fld">
            <label for="client">{say("Client", "클라이언트")}</label>
            <select id="client" class="inp" on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
        </div>
        {forms}
    }
    .into_any()
}

fn calls_of(client: String, kind: ClientKind) -> AnyView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let (topics, partitions) = session.with_run(|run| (known::topics(run), known::partitions(run)));
    let calls = calls(kind, lang);
    let first = calls[0].0.clone();
    let call = field("call", text("Call", "호출"), Kind::Choice(calls), first);
    let verb = call.value;
    let is = move |verbs: &'static [&'static str]| move || verbs.contains(&verb.get().as_str());
    let first_topic = topics.first().cloned().unwrap_or_default();
    let first_partition = partitions.first().cloned().unwrap_or_default();

    let topic = field("topic", text("Topic", "토픽"), Kind::Suggest(topics), first_topic)
        .when(is(&["subscribe", "produce-loop"]));
    let places = field("partitions", text("Partitions", "파티션"), Kind::Line, first_partition.clone());
    let places =
        places.hint("Several with a blank between", "여럿이면 빈칸으로 구분").when(is(&["assign", "pause", "resume"]));
    let offsets = field("offsets", text("Offsets", "오프셋"), Kind::Line, "");
    let offsets = offsets
        .hint("As orders-0=5. Empty in a commit: all that was read.", "orders-0=5처럼. 커밋에서 비우면 읽은 것 전부.");
    let offsets = offsets.when(is(&["commit-sync", "commit-async", "seek"]));
    let times = field("times", text("Polls", "poll 횟수"), Kind::Line, "1").when(is(&["poll"]));
    let limit =
        field("limit", text("Timeout, ms", "시간제한(ms)"), Kind::Line, "100").when(is(&["poll", "consume-loop"]));
    let work = field("work", text("Processing of a record, ms", "레코드 처리 시간(ms)"), Kind::Line, "0")
        .when(is(&["consume-loop"]));
    let commit = ["auto", "sync", "async", "none"].map(str::to_owned).to_vec();
    let commit =
        field("commit", text("Commit", "커밋"), Kind::Choice(known::plain(commit)), "auto").when(is(&["consume-loop"]));
    let [every, keys, value, count] = sending_fields(is(&["produce-loop"]));

    let (t, p, o, n, ms, w, c) =
        (topic.value, places.value, offsets.value, times.value, limit.value, work.value, commit.value);
    let (e, k, v, r) = (every.value, keys.value, value.value, count.value);
    let lines = move || {
        let chosen = verb.get();
        let of = match chosen.as_str() {
            "commit-sync" => line("commit").word(&client).word("sync").words(&o.get()),
            "commit-async" => line("commit").word(&client).word("async").words(&o.get()),
            plain => line(plain).word(&client),
        };
        let of = match chosen.as_str() {
            "poll" => of.option("times", n.get().trim()).option("timeout_ms", ms.get().trim()),
            "subscribe" => of.word(&t.get()),
            "assign" | "pause" | "resume" => of.words(&p.get()),
            "seek" => of.words(&o.get()),
            "consume-loop" => {
                let of = of.option("poll_ms", ms.get().trim()).option("process_us", &micros(&w.get()));
                of.option("commit", &c.get())
            }
            "produce-loop" => {
                let of = of.word(&t.get()).option("interval_ms", e.get().trim()).option("count", r.get().trim());
                of.option("keys", k.get().trim()).option("value", &v.get())
            }
            _ => of,
        };
        vec![of.end()]
    };
    let fields = vec![call, topic, places, offsets, times, limit, work, commit, every, keys, value, count];
    form(fields, text("Do it", "실행"), lines)
}

fn sending_fields(shown: impl Fn() -> bool + Copy + Send + Sync + 'static) -> [Field; 4] {
    [
        field("every", text("A record every … ms", "레코드 간격(ms)"), Kind::Line, "100").when(shown),
        field("keys", text("Different keys", "키 종류 수"), Kind::Line, "6").when(shown),
        field("value", text("Value", "값"), Kind::Line, "{\"order\":{i}}").when(shown),
        field("count", text("Records", "레코드 수"), Kind::Line, "20").when(shown),
    ]
}
