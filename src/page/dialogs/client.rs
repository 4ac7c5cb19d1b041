//! The calls of a client by hand: what a program can call, and what can be done to its process.

use leptos::prelude::*;
use partita::draft::{self, CALLS, Call};
use partita::lang::Lang;
use partita::script::ClientKind;

use super::form::{FormField, Kind, field, form, plain};
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::text::text;

fn calls(kind: ClientKind, lang: Lang) -> Vec<(String, String)> {
    let own = CALLS.iter().filter(|(_, of, _)| of.is_none_or(|of| of == kind));
    own.map(|(verb, _, words)| ((*verb).to_owned(), lang.pick(words.en, words.ko).to_owned())).collect()
}

/// Chooses the client; the form below is its.
pub fn body(name: Option<String>) -> AnyView {
    let session = Session::get();
    let clients = session.with_run(|run| draft::all_clients(run.timeline.simulation()));
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
            <label for=own("client")>{say("Client", "클라이언트")}</label>
            <select id=own("client") class="inp" on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
        </div>
        {forms}
    }
    .into_any()
}

fn calls_of(client: String, kind: ClientKind) -> AnyView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let (topics, partitions) = session.with_run(|run| {
        let simulation = run.timeline.simulation();
        (draft::topics(simulation), draft::partitions(simulation))
    });
    let calls = calls(kind, lang);
    let first = calls[0].0.clone();
    let call = field("call", text("Call", "호출"), Kind::Choice(calls), first);
    let verb = call.value;
    let takes = move |field: &'static str| move || draft::takes(&verb.get()).contains(&field);
    let first_topic = topics.first().cloned().unwrap_or_default();
    let first_partition = partitions.first().cloned().unwrap_or_default();

    let topic = field("topic", text("Topic", "토픽"), Kind::Suggest(topics), first_topic).when(takes("topic"));
    let places = field("partitions", text("Partitions", "파티션"), Kind::Line, first_partition.clone());
    let places = places.hint("Several with a blank between", "여럿이면 빈칸으로 구분").when(takes("partitions"));
    let offsets = field("offsets", text("Offsets", "오프셋"), Kind::Line, "");
    let offsets = offsets
        .hint("As orders-0=5. Empty in a commit: all that was read.", "orders-0=5처럼. 커밋에서 비우면 읽은 것 전부.");
    let offsets = offsets.when(takes("offsets"));
    let times = field("times", text("Polls", "poll 횟수"), Kind::Line, "1").when(takes("times"));
    let limit = field("limit", text("Timeout, ms", "시간제한(ms)"), Kind::Line, "100").when(takes("limit"));
    let work =
        field("work", text("Processing of a record, ms", "레코드 처리 시간(ms)"), Kind::Line, "0").when(takes("work"));
    let commit = ["auto", "sync", "async", "none"].map(str::to_owned).to_vec();
    let commit = field("commit", text("Commit", "커밋"), Kind::Choice(plain(commit)), "auto").when(takes("commit"));
    let [every, keys, value, count] = sending_fields(takes("every"));

    let (t, p, o, n, ms, w, c) =
        (topic.value, places.value, offsets.value, times.value, limit.value, work.value, commit.value);
    let (e, k, v, r) = (every.value, keys.value, value.value, count.value);
    let lines = move || {
        let filled = Call {
            call: verb.get(),
            client: client.clone(),
            topic: t.get(),
            partitions: p.get(),
            offsets: o.get(),
            times: n.get(),
            limit: ms.get(),
            work: w.get(),
            commit: c.get(),
            every: e.get(),
            keys: k.get(),
            value: v.get(),
            count: r.get(),
        };
        vec![filled.line()]
    };
    let fields = vec![call, topic, places, offsets, times, limit, work, commit, every, keys, value, count];
    form(fields, text("Do it", "실행"), lines)
}

fn sending_fields(shown: impl Fn() -> bool + Copy + Send + Sync + 'static) -> [FormField; 4] {
    [
        field("every", text("A record every … ms", "레코드 간격(ms)"), Kind::Line, "100").when(shown),
        field("keys", text("Different keys", "키 종류 수"), Kind::Line, "6").when(shown),
        field("value", text("Value", "값"), Kind::Line, "{\"order\":{i}}").when(shown),
        field("count", text("Records", "레코드 수"), Kind::Line, "20").when(shown),
    ]
}
