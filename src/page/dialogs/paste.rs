//! Configuration or code of a real client, pasted: what of it goes to which client, what does not and why, and the
//! program that the code describes.

use leptos::prelude::*;
use partita::config::{Effect, Sentence, SettingNo, Side, Text, effect};
use partita::input::{Found, Pasted, Problem, assign, assign_code, code, detect, meant_for_another, properties};
use partita::script::{ClientKind, CommitEvery, CommitMode, Lang, Property, SendMode, Subscription};
use partita::sorted::InOrder;

use super::form::{Problems, line};
use super::{close, known};
use crate::page::preferences::{Preferences, say};
use crate::page::session::{Session, both, refused_sentence};
use crate::page::settings::{Target, Trial, apply_from_start, try_client};
use crate::page::told::told;

/// What was understood of a text, for one client.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reading {
    /// Whose properties they are.
    side: Option<Side>,
    accepted: Vec<Found>,
    /// What is left out or was not understood, each with its place and the reason.
    left_out: Vec<Sentence>,
    /// What became of foreign hosts.
    note: Option<Sentence>,
    /// The lines of the program that the code describes.
    program: Vec<String>,
    /// Kafka's own objection to the whole.
    refused: Option<Sentence>,
    /// The text is for a client of this other kind as well.
    meant: Option<Side>,
}

/// For whom the text is.
#[derive(Clone, Debug, PartialEq)]
struct Whom {
    name: String,
    kind: ClientKind,
    /// It is made with the text, rather than changed by it.
    is_new: bool,
}

fn sentence_of(problem: &Problem) -> Sentence {
    both(problem.sentence(Lang::En), problem.sentence(Lang::Ko))
}

fn read(session: Session, text: &str, whom: &Whom) -> Reading {
    if text.trim().is_empty() {
        return Reading::default();
    }
    let side = if whom.kind == ClientKind::Producer { Side::Producer } else { Side::Consumer };
    let brokers = session.with_run(|run| run.timeline.simulation().broker_ids().count());
    let brokers = u32::try_from(brokers).unwrap_or(1);
    let (assigned, problems, program, meant) = match detect(text) {
        Pasted::Properties => {
            let read = properties::read(text);
            let assigned = assign(&read.properties, side, brokers);
            let meant = meant_for_another(&assigned, None, side);
            (assigned, read.problems, Vec::new(), meant)
        }
        Pasted::Code => {
            let code = code::read(text);
            let assigned = assign_code(&code, side, brokers);
            let meant = meant_for_another(&assigned, Some(&code), side);
            let program = program_of(&code, whom);
            (assigned, code.problems, program, meant)
        }
    };
    let mut left_out: Vec<(u32, Sentence)> = problems.iter().map(|of| (of.line, sentence_of(of))).collect();
    let refused = assigned.refused.iter();
    left_out.extend(refused.map(|of| (of.found.line, both(of.sentence(Lang::En), of.sentence(Lang::Ko)))));
    left_out.order_by_key(|(line, _)| *line);
    let left_out = left_out.into_iter().map(|(_, sentence)| sentence).collect();
    let note = assigned.bootstrap.as_ref().and_then(|map| Some(both(map.note(Lang::En)?, map.note(Lang::Ko)?)));
    let accepted = assigned.accepted;
    let mut reading = Reading { side: Some(side), accepted, left_out, note, program, refused: None, meant };
    let trial = session.with_run(|run| {
        let mut all = Vec::new();
        if !whom.is_new
            && let Some(client) = run.timeline.simulation().client(&whom.name)
        {
            all.clone_from(&client.recipe.properties);
        }
        for property in properties_of(&reading) {
            all.retain(|other| other.name != property.name);
            all.push(property);
        }
        try_client(run, whom.kind, &whom.name, &all)
    });
    if let Trial::Refused(refused) = trial {
        reading.refused = Some(refused);
    }
    reading
}

/// Why a property that is taken does nothing here.
fn without_effect(side: Option<Side>, name: &str) -> Option<Text> {
    match effect(SettingNo::find(side?, name)?)? {
        Effect::NoEffect(reason) => Some(reason.text()),
        Effect::Acts { .. } => None,
    }
}

fn properties_of(reading: &Reading) -> Vec<Property> {
    reading.accepted.iter().map(|found| Property::new(&found.name, &found.value)).collect()
}

/// The lines of the program that the code describes.
fn program_of(code: &code::Code, whom: &Whom) -> Vec<String> {
    match (whom.kind == ClientKind::Producer, &code.producer, &code.consumer) {
        (true, Some(producing), _) => producing_lines(&whom.name, producing),
        (false, _, Some(consuming)) => consuming_lines(&whom.name, consuming),
        _ => Vec::new(),
    }
}

fn producing_lines(name: &str, producing: &code::Producing) -> Vec<String> {
    let mode = match producing.mode() {
        SendMode::Sync => "sync",
        SendMode::Async => "async",
        _ => "fire-and-forget",
    };
    let record = producing.record();
    let (count, pause) = match producing.repeat {
        Some(code::Repeat { times: Some(times), pause_ms, .. }) => (times.max(1).to_string(), pause_ms.unwrap_or(0)),
        Some(code::Repeat { endless: true, pause_ms, .. }) => (String::new(), pause_ms.unwrap_or(100)),
        Some(code::Repeat { pause_ms, .. }) => ("10".to_owned(), pause_ms.unwrap_or(100)),
        None if record.is_some() => ("1".to_owned(), 0),
        None => ("10".to_owned(), 100),
    };
    let topic = producing.topic().unwrap_or("orders");
    let mut of = line("produce-loop").word(name).word(topic).option("interval_ms", &pause.to_string());
    of = of.option("count", &count);
    if let Some(key) = record.and_then(|record| record.key.as_ref()) {
        of = of.given("key", &key.to_string());
    }
    let keys = record.and_then(|record| record.keys).map(|keys| keys.to_string()).unwrap_or_default();
    of = of.option("keys", &keys);
    if let Some(value) = producing.value() {
        of = of.given("value", &value);
    }
    let number = |of: Option<i64>| of.map(|of| of.to_string()).unwrap_or_default();
    of = of.option("partition", &number(record.and_then(|record| record.partition.map(i64::from))));
    of = of.option("timestamp", &number(record.and_then(|record| record.timestamp)));
    vec![of.option("mode", mode).end()]
}

fn consuming_lines(name: &str, consuming: &code::Consuming) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(Subscription::Topics(topics)) = &consuming.subscription {
        let topics: Vec<&str> = topics.iter().map(|topic| &**topic).collect();
        lines.push(line("subscribe").word(name).word(&topics.join(",")).end());
    }
    let commit = match consuming.commit {
        CommitMode::Auto => "auto",
        CommitMode::Sync => "sync",
        CommitMode::Async => "async",
        CommitMode::None => "none",
    };
    let every = if consuming.every == CommitEvery::Record { "record" } else { "" };
    let poll = consuming.poll_ms.map(|ms| ms.to_string()).unwrap_or_default();
    let of = line("consume-loop").word(name).option("poll_ms", &poll).option("commit", commit);
    lines.push(of.option("commit-every", every).end());
    lines
}

/// The clients that a text can be for: those there are, and a new one of each kind.
fn whoms(session: Session, lang: Lang) -> Vec<(String, String, Whom)> {
    session.with_run(|run| {
        let old = known::all_clients(run)
            .into_iter()
            .map(|(name, kind)| (name.clone(), name.clone(), Whom { name, kind, is_new: false }));
        let new = [(ClientKind::Producer, "producer-"), (ClientKind::Consumer, "c")].map(|(kind, stem)| {
            let name = known::free_client(run, stem);
            let words = match kind {
                ClientKind::Producer => lang.pick(format!("a new producer, {name}"), format!("새 프로듀서 {name}")),
                _ => lang.pick(format!("a new consumer, {name}"), format!("새 컨슈머 {name}")),
            };
            (format!("+{name}"), words, Whom { name, kind, is_new: true })
        });
        old.chain(new).collect()
    })
}

pub fn body(dropped: Option<String>) -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let whoms = whoms(session, lang);
    let pasted = RwSignal::new(dropped.unwrap_or_default());
    let chosen = RwSignal::new(whoms[0].0.clone());
    let with_program = RwSignal::new(true);
    let wrong: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let options = whoms.iter().map(|(value, words, _)| view! { <option value=value.clone()>{words.clone()}</option> });
    let options = options.collect_view();
    let others = StoredValue::new(whoms.clone());
    let whom = Memo::new(move |_| {
        let chosen = chosen.get();
        whoms
            .iter()
            .find(|(value, ..)| *value == chosen)
            .map(|(.., whom)| whom.clone())
            .unwrap_or_else(|| whoms[0].2.clone())
    });
    let reading = Memo::new(move |_| pasted.with(|text| read(session, text, &whom.get())));
    let apply = Apply { session, whom, reading, with_program, wrong };
    let problems = Memo::new(move |_| wrong.get());
    let is_empty = move || reading.with(|reading| reading.accepted.is_empty() && reading.program.is_empty());
    let is_new = move || whom.with(|whom| whom.is_new);
    view! {
        <div class="fld">
            <label for="pasted">{say("A .properties text, or code in Java or Kotlin", ".properties 텍스트, 또는 Java나 Kotlin 코드")}</label>
            <textarea id="pasted" class="inp" rows="8" autofocus spellcheck="false" prop:value=move || pasted.get()
                on:input=move |event| { wrong.set(Vec::new()); pasted.set(event_target_value(&event)) }></textarea>
        </div>
        <div class="fld">
            <label for="whom">{say("It goes to", "적용 대상")}</label>
            <select id="whom" class="inp" prop:value=chosen
                on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
        </div>
        <ForAnother reading whoms=others chosen/>
        <Understood reading with_program/>
        <Problems problems/>
        <p class="act" hidden=is_empty>
            <button type="button" class="btn p" id="paste-now" on:click=move |_| apply.now()>
                {move || if is_new() { lang.pick("Make it", "만들기") } else { lang.pick("Apply from now", "지금부터 적용") }}
            </button>
            <button type="button" class="btn o" id="paste-start" hidden=is_new on:click=move |_| apply.change_from_start()>
                {say("From the start", "처음부터")}
            </button>
        </p>
    }
}

/// Said when the text is for a client of the other kind, with the clients of that kind to take it to.
#[component]
fn ForAnother(
    reading: Memo<Reading>,
    whoms: StoredValue<Vec<(String, String, Whom)>>,
    chosen: RwSignal<String>,
) -> impl IntoView {
    /// So many clients that run are offered; the list above has all.
    const MOST: usize = 3;
    let preferences = Preferences::get();
    move || {
        let lang = preferences.lang();
        let (meant, is_alone) =
            reading.with(|reading| (reading.meant, reading.accepted.is_empty() && reading.program.is_empty()));
        let meant = meant?;
        let (wanted, en, ko) = match meant {
            Side::Producer => (ClientKind::Producer, "a producer", "프로듀서"),
            _ => (ClientKind::Consumer, "a consumer", "컨슈머"),
        };
        let said = if is_alone {
            lang.pick(
                format!("This is for {en}, and another kind of client is chosen. Take it to:"),
                format!("{ko}용인데 다른 종류의 클라이언트를 골랐습니다. 적용 대상을 바꿀 수 있습니다."),
            )
        } else {
            lang.pick(
                format!("A part of this is for {en}. Take that part to:"),
                format!("일부는 {ko}용입니다. 그 부분은 다음 클라이언트에 적용할 수 있습니다."),
            )
        };
        let fitting: Vec<_> =
            whoms.with_value(|all| all.iter().filter(|(.., whom)| whom.kind == wanted).cloned().collect());
        let (new, old): (Vec<_>, Vec<_>) = fitting.into_iter().partition(|(.., whom)| whom.is_new);
        let buttons = old.into_iter().take(MOST).chain(new).map(|(value, words, _)| {
            view! { <button type="button" class="btn o" on:click=move |_| chosen.set(value.clone())>{words}</button> }
        });
        Some(view! { <p class="hint">{said}</p><p class="act" id="for-another">{buttons.collect_view()}</p> })
    }
}

/// What will be done with the text.
#[component]
fn Understood(reading: Memo<Reading>, with_program: RwSignal<bool>) -> impl IntoView {
    let preferences = Preferences::get();
    move || {
        let lang = preferences.lang();
        let reading = reading.get();
        let count = reading.accepted.len();
        let taken = (count > 0).then(|| {
            let words = if count == 1 { "property is" } else { "properties are" };
            let heading = lang.pick(format!("{count} {words} taken"), format!("속성 {count}개를 사용합니다"));
            let rows = reading.accepted.iter().map(|found| {
                let silent = without_effect(reading.side, &found.name).map(|text| lang.pick(text.en, text.ko));
                view! {
                    <li>
                        <span class="mono">{format!("{}={}", found.name, found.value)}</span>
                        {silent.map(|text| view! { <small>" "{text}</small> })}
                    </li>
                }
            });
            view! { <h3>{heading}</h3><ul class="taken" id="taken" tabindex="0">{rows.collect_view()}</ul> }
        });
        let left = reading.left_out.len();
        let left_out = (left > 0).then(|| {
            let heading = lang.pick(format!("{left} left out"), format!("{left}개 제외"));
            let rows = reading.left_out.iter().map(|row| view! { <li>{told(row, lang)}</li> });
            view! { <h3>{heading}</h3><ul class="probs" id="left-out" tabindex="0">{rows.collect_view()}</ul> }
        });
        let program = (!reading.program.is_empty()).then(|| {
            view! {
                <label class="check">
                    <input type="checkbox" id="with-program" prop:checked=move || with_program.get()
                        on:change=move |event| with_program.set(event_target_checked(&event))/>
                    {lang.pick("Run the program that the code describes", "코드가 나타내는 프로그램도 실행")}
                </label>
                <pre class="lines" id="program" tabindex="0">{reading.program.join("\n")}</pre>
            }
        });
        let note = reading.note.as_ref().map(|note| view! { <p class="hint">{told(note, lang)}</p> });
        let refused = reading.refused.as_ref().map(|refused| {
            view! { <p class="msg" role="alert">{told(refused, lang)}</p> }
        });
        view! { {taken}{note}{left_out}{refused}{program} }
    }
}

#[derive(Clone, Copy)]
struct Apply {
    session: Session,
    whom: Memo<Whom>,
    reading: Memo<Reading>,
    with_program: RwSignal<bool>,
    wrong: RwSignal<Vec<Sentence>>,
}

impl Apply {
    /// The lines that do it at this place.
    fn lines(self) -> Vec<String> {
        let (whom, reading) = (self.whom.get_untracked(), self.reading.get_untracked());
        let mut lines = Vec::new();
        let options = |of: super::form::Words| {
            reading.accepted.iter().fold(of, |of, found| of.given(&found.name, &found.value)).end()
        };
        if whom.is_new {
            lines.push(options(line(whom.kind.verb()).word(&whom.name)));
        }
        if self.with_program.get_untracked() {
            lines.extend(reading.program.clone());
        }
        // The program runs on in the client that is made anew, so it begins before.
        if !whom.is_new && !reading.accepted.is_empty() {
            lines.push(format!("{} from=now", options(line("set").word(&whom.name))));
        }
        lines
    }

    fn now(self) {
        let refused = self.reading.with_untracked(|reading| reading.refused.clone());
        if let Some(refused) = refused {
            self.wrong.set(vec![refused]);
            return;
        }
        match self.session.read_lines(&self.lines()) {
            Ok(statements) => self.session.act(statements, move |outcome| self.done(outcome)),
            Err(refusal) => self.wrong.set(refusal),
        }
    }

    fn change_from_start(self) {
        let (whom, reading) = (self.whom.get_untracked(), self.reading.get_untracked());
        if let Some(refused) = reading.refused {
            self.wrong.set(vec![refused]);
            return;
        }
        let properties: Vec<Property> =
            reading.accepted.iter().map(|found| Property::new(&found.name, &found.value)).collect();
        let name = format!(
            "{}: {}",
            whom.name,
            properties.iter().map(|property| &*property.name).collect::<Vec<_>>().join(", ")
        );
        let target = Target::Client(whom.name);
        apply_from_start(self.session, &target, &properties, name, move |outcome| self.done(outcome));
    }

    fn done(self, outcome: Result<(), partita::simulation::CommandError>) {
        match outcome {
            Ok(()) => close(),
            Err(error) => self.wrong.set(vec![refused_sentence(&error)]),
        }
    }
}
