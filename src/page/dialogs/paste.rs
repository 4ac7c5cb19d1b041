//! Configuration or code of a real client, pasted: what of it goes to which client, what does not and why, and the
//! program that the code describes.

use leptos::prelude::*;
use partita::draft::{self, Target, refusals};
use partita::input::code::{self, Answers, Asks, PastedText, Together, Whom, together};
use partita::lang::{Lang, Sentence};
use partita::script::ClientKind;

use super::form::Problems;
use crate::page::live::live;
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::settings::apply_from_start;
use crate::page::told::told;

/// What was understood of a text, for the client that is chosen and for the others that are made with it.
#[derive(Clone, Debug, PartialEq)]
struct Meant {
    whom: Whom,
    /// The client, as the list of them has it.
    chosen: String,
    all: Together,
    /// Kafka's own objections to the whole.
    refused: Vec<Sentence>,
}

/// A client that a text can be for: its value in the list, and its words.
type Choice = (String, String, Whom);

/// `by_hand` is the client that the reader has chosen; until then it is the first of the text's kind, and of a text for both
/// a new one, beside which the others are made.
fn read(
    session: Session,
    text: &str,
    (whoms, by_hand): (&[Choice], &str),
    answers: &Answers,
    skipped: &[Option<usize>],
) -> Meant {
    let text = PastedText::read(text);
    let kind = text.as_ref().and_then(PastedText::kind);
    let of_hand = || whoms.iter().find(|(value, ..)| value == by_hand);
    let is_for_both = kind.is_none() && text.as_ref().is_some_and(PastedText::is_for_both);
    let of_kind = || whoms.iter().find(|(.., whom)| kind == Some(whom.kind) || is_for_both && whom.is_new);
    let (chosen, _, whom) = of_hand().or_else(of_kind).unwrap_or(&whoms[0]);
    let (all, refused) = text.map_or_else(Default::default, |text| meant(session, &text, whom, answers, skipped));
    Meant { whom: whom.clone(), chosen: chosen.clone(), all, refused }
}

fn meant(
    session: Session,
    text: &PastedText,
    whom: &Whom,
    answers: &Answers,
    skipped: &[Option<usize>],
) -> (Together, Vec<Sentence>) {
    session.with_run(|run| {
        let simulation = run.timeline.simulation();
        let mut names = vec![whom.name.clone()];
        let mut free = |kind| {
            let name = draft::free_client_but(simulation, stem(kind), &names);
            names.push(name.clone());
            name
        };
        let all = together(text, whom, answers, skipped, &mut free);
        let client = simulation.client(&whom.name).filter(|_| !whom.is_new);
        let now = client.map_or(&[][..], |client| &client.recipe.properties);
        let chosen = (whom, all.pasted.with_those_of(now));
        let others = all.others.iter().filter(|other| other.is_made);
        let others = others.map(|other| (&other.whom, other.pasted.properties()));
        let is_alone = others.clone().next().is_none();
        let mut refused = Vec::new();
        for (whom, properties) in std::iter::once(chosen).chain(others) {
            for Sentence { en, ko } in refusals(simulation, whom.kind, &whom.name, &properties) {
                let of = |text: String| if is_alone { text } else { format!("`{}`: {text}", whom.name) };
                refused.push(Sentence { en: of(en), ko: of(ko) });
            }
        }
        (all, refused)
    })
}

const fn stem(kind: ClientKind) -> &'static str {
    if matches!(kind, ClientKind::Producer) { "producer-" } else { "c" }
}

/// A new client as it is offered.
fn new_client(kind: ClientKind, name: &str, lang: Lang) -> String {
    match kind {
        ClientKind::Producer => lang.pick(format!("a new producer, {name}"), format!("새 프로듀서 {name}")),
        _ => lang.pick(format!("a new consumer, {name}"), format!("새 컨슈머 {name}")),
    }
}

/// The clients that a text can be for: those there are, and a new one of each kind.
fn whoms(session: Session, lang: Lang) -> Vec<Choice> {
    session.with_run(|run| {
        let simulation = run.timeline.simulation();
        let brokers = u32::try_from(simulation.broker_ids().count()).unwrap_or(1);
        let old = draft::all_clients(simulation)
            .into_iter()
            .map(|(name, kind)| (name.clone(), name.clone(), Whom { name, kind, is_new: false, brokers }));
        let new = [ClientKind::Producer, ClientKind::Consumer].map(|kind| {
            let name = draft::free_client(simulation, stem(kind));
            let words = new_client(kind, &name, lang);
            (format!("+{name}"), words, Whom { name, kind, is_new: true, brokers })
        });
        old.chain(new).collect()
    })
}

pub fn body(dropped: Option<String>) -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let whoms = whoms(session, lang);
    let text = RwSignal::new(dropped.unwrap_or_default());
    let by_hand = RwSignal::new(String::new());
    let with_program = RwSignal::new(true);
    let wrong: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let others = StoredValue::new(whoms);
    let answers = RwSignal::new(Answers::default());
    let skipped: RwSignal<Vec<Option<usize>>> = RwSignal::new(Vec::new());
    let reading = Memo::new(move |_| {
        let by_hand = by_hand.get();
        text.with(|text| {
            others.with_value(|whoms| {
                answers.with(|answers| skipped.with(|skipped| read(session, text, (whoms, &by_hand), answers, skipped)))
            })
        })
    });
    // The list is set to its value before it has its options.
    let first = reading.with_untracked(|reading| reading.chosen.clone());
    let option = |(value, words, _): &Choice| {
        view! { <option value=value.clone() selected=*value == first>{words.clone()}</option> }
    };
    let options = others.with_value(|whoms| whoms.iter().map(option).collect_view());
    let apply = Apply { session, text, reading, with_program, wrong };
    let problems = Memo::new(move |_| wrong.get());
    // What is refused is told already, with the reason.
    let is_nothing = move || reading.with(|reading| reading.all.pasted.is_empty() || !reading.refused.is_empty());
    let is_new = move || reading.with(|reading| reading.whom.is_new);
    let chosen = move || reading.with(|reading| reading.chosen.clone());
    let is_alone = move || reading.with(|reading| !reading.all.others.iter().any(|other| other.is_made));
    view! {
        <div class="fld">
            <label for=own("pasted")>{say("A .properties, .yml or .json text (Spring Boot, Quarkus), or code in Java or Kotlin", ".properties, .yml, .json 텍스트(Spring Boot, Quarkus), 또는 Java나 Kotlin 코드")}</label>
            <textarea id=own("pasted") class="inp" rows="8" autofocus spellcheck="false" prop:value=move || text.get()
                aria-keyshortcuts="Control+Enter"
                on:keydown=move |event: leptos::ev::KeyboardEvent| {
                    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !is_nothing() {
                        event.prevent_default();
                        apply.now();
                    }
                }
                on:input=move |event| {
                    wrong.set(Vec::new());
                    skipped.set(Vec::new());
                    text.set(event_target_value(&event));
                }></textarea>
        </div>
        <div class="fld">
            <label for=own("whom")>{say("It goes to", "적용 대상")}</label>
            <select id=own("whom") class="inp" prop:value=chosen
                on:change=move |event| { skipped.set(Vec::new()); by_hand.set(event_target_value(&event)) }>{options}</select>
        </div>
        <ForAnother reading whoms=others by_hand/>
        <Others reading skipped/>
        <Asked reading answers/>
        <Understood reading with_program/>
        <Problems problems/>
        <p class="act" hidden=is_nothing>
            <button type="button" class="btn p" id=own("paste-now") on:click=move |_| apply.now()>
                {live(move || match (is_new(), is_alone()) {
                    (true, true) => lang.pick("Make it", "만들기"),
                    (true, false) => lang.pick("Make them", "모두 만들기"),
                    (false, _) => lang.pick("Apply from now", "지금부터 적용"),
                })}
            </button>
            <button type="button" class="btn o" id=own("paste-start") hidden=is_new on:click=move |_| apply.change_from_start()>
                {say("From the start", "처음부터")}
            </button>
        </p>
    }
}

/// Said when the text is for a client of the other kind, with the clients of that kind to take it to.
#[component]
fn ForAnother(reading: Memo<Meant>, whoms: StoredValue<Vec<Choice>>, by_hand: RwSignal<String>) -> impl IntoView {
    /// So many clients that run are offered; the list above has all.
    const MOST: usize = 3;
    let session = Session::get();
    let preferences = Preferences::get();
    move || {
        let other = reading.with(|reading| reading.all.pasted.for_another.clone())?;
        let said = told(&other.sentence, preferences.lang());
        let fitting: Vec<_> =
            whoms.with_value(|all| all.iter().filter(|(.., whom)| whom.kind == other.kind).cloned().collect());
        let (new, old): (Vec<_>, Vec<_>) = fitting.into_iter().partition(|(.., whom)| whom.is_new);
        let buttons = old.into_iter().take(MOST).chain(new).map(|(value, words, _)| {
            view! { <button type="button" class="btn o" on:click=move |_| { session.dialog_stays(); by_hand.set(value.clone()) }>{words}</button> }
        });
        Some(view! { <p class="hint">{said}</p><p class="act" id=own("for-another")>{buttons.collect_view()}</p> })
    }
}

/// The other clients of the text, which are made as well unless they are taken off.
#[component]
fn Others(reading: Memo<Meant>, skipped: RwSignal<Vec<Option<usize>>>) -> impl IntoView {
    let preferences = Preferences::get();
    let others = Memo::new(move |_| {
        let offered = |all: &Together| {
            all.others.iter().map(|of| (of.client, of.whom.clone(), of.called.clone())).collect::<Vec<_>>()
        };
        reading.with(|reading| offered(&reading.all))
    });
    move || {
        let lang = preferences.lang();
        let rows = others.get().into_iter().map(|(client, whom, called)| {
            let called = called.map(|called| format!(" ({})", called.pick(lang)));
            let toggle = move |event| {
                let is_made = event_target_checked(&event);
                skipped.update(|skipped| {
                    skipped.retain(|other| *other != client);
                    if !is_made {
                        skipped.push(client);
                    }
                });
            };
            view! {
                <label class="check">
                    <input type="checkbox" prop:checked=move || skipped.with(|of| !of.contains(&client)) on:change=toggle/>
                    {new_client(whom.kind, &whom.name, lang)}{called}
                </label>
            }
        });
        let heading = lang
            .pick("The text has more clients. Make these with it:", "텍스트에 클라이언트가 더 있습니다. 함께 만들 것:");
        (!others.with(Vec::is_empty)).then(|| {
            view! { <div role="group" aria-label=heading id=own("others")><p class="hint">{heading}</p>{rows.collect_view()}</div> }
        })
    }
}

/// Which client of the text is meant, and what its program needs that the text does not say.
#[component]
fn Asked(reading: Memo<Meant>, answers: RwSignal<Answers>) -> impl IntoView {
    let preferences = Preferences::get();
    let asks = Memo::new(move |_| reading.with(|reading| reading.all.pasted.asks));
    let choices = Memo::new(move |_| reading.with(|reading| reading.all.pasted.choices.clone()));
    let field = move |id: &'static str, label, now: fn(&Answers) -> String, set: fn(&mut Answers, String)| {
        view! {
            <div class="fld">
                <label for=own(id)>{label}</label>
                <input id=own(id) class="inp" autocomplete="off" spellcheck="false" value=answers.with_untracked(now)
                    on:input=move |event| answers.update(|answers| set(answers, event_target_value(&event)))/>
            </div>
        }
    };
    let which = move || {
        let lang = preferences.lang();
        // Of a text that is changed the one stays chosen that is read.
        let chosen = reading.with_untracked(|reading| reading.all.pasted.client);
        let options = choices.with(|choices| {
            let option =
                |(i, name): &(usize, Sentence)| view! { <option value=*i selected=chosen == Some(*i)>{told(name, lang)}</option> };
            choices.iter().map(option).collect_view()
        });
        (choices.with(Vec::len) > 1).then(|| {
            view! {
                <div class="fld">
                    <label for=own("of-text")>{say("The client of the text", "텍스트의 클라이언트")}</label>
                    <select id=own("of-text") class="inp"
                        on:change=move |event| answers.update(|answers| answers.client = event_target_value(&event).parse().ok())>
                        {options}
                    </select>
                </div>
            }
        })
    };
    let asked = move || {
        let Asks { topic, times, group } = asks.get();
        let topic = topic.then(|| {
            let label = say("Its topic, which the code does not say", "토픽(코드에 없음)");
            field("ask-topic", label, |answers| answers.topic.clone(), |answers, of| answers.topic = of)
        });
        let times = times.then(|| {
            let label = say("How often it sends, which the code does not say", "보내는 횟수(코드에 없음)");
            let set = |answers: &mut Answers, of: String| answers.times = of.trim().parse().unwrap_or(0);
            field("ask-times", label, |answers| answers.times.to_string(), set)
        });
        let group = group.then(|| {
            let label = say("Its group, which the code does not say", "그룹(코드에 없음)");
            field("ask-group", label, |answers| answers.group.clone(), |answers, of| answers.group = of)
        });
        view! { {topic}{times}{group} }
    };
    view! { {which}{asked} }
}

/// What will be done with the text.
#[component]
fn Understood(reading: Memo<Meant>, with_program: RwSignal<bool>) -> impl IntoView {
    let preferences = Preferences::get();
    move || {
        let lang = preferences.lang();
        let Meant { all, refused, .. } = reading.get();
        let (pasted, others) = (all.pasted, all.others);
        let count = pasted.taken.len();
        let taken = (count > 0).then(|| {
            let words = if count == 1 { "property is" } else { "properties are" };
            let heading = if refused.is_empty() {
                lang.pick(format!("{count} {words} taken"), format!("속성 {count}개를 사용합니다"))
            } else {
                let words = if count == 1 { "property, which is" } else { "properties, which are" };
                lang.pick(format!("{count} {words} not taken"), format!("속성 {count}개를 사용하지 않습니다"))
            };
            let rows = pasted.taken.iter().map(|taken| {
                let silent = taken.no_effect.map(|text| lang.pick(text.en, text.ko));
                view! {
                    <li>
                        <span class="mono">{format!("{}={}", taken.name, taken.value)}</span>
                        {silent.map(|text| view! { <small>" "{text}</small> })}
                    </li>
                }
            });
            view! { <h3>{heading}</h3><ul class="taken" id=own("taken") tabindex="0">{rows.collect_view()}</ul> }
        });
        let left = pasted.left_out.len();
        let left_out = (left > 0).then(|| {
            let heading = lang.pick(
                format!("{left} left out, or carried over otherwise"),
                format!("제외하거나 다르게 옮긴 것 {left}개"),
            );
            let rows = pasted.left_out.iter().map(|row| view! { <li>{told(row, lang)}</li> });
            view! { <h3>{heading}</h3><ul class="probs" id=own("left-out") tabindex="0">{rows.collect_view()}</ul> }
        });
        // All lines that will be done: what stands on the client's own line counts as much as its program.
        let lines = move || reading.with(|of| of.all.lines(&of.whom, with_program.get()).join("\n"));
        let has_program = !pasted.program.is_empty() || others.iter().any(|other| !other.pasted.program.is_empty());
        let choice = has_program.then(|| {
            view! {
                <label class="check">
                    <input type="checkbox" id=own("with-program") prop:checked=move || with_program.get()
                        on:change=move |event| with_program.set(event_target_checked(&event))/>
                    {lang.pick("Run the program that the code describes", "코드가 나타내는 프로그램도 실행")}
                </label>
            }
        });
        let program = (has_program || !others.is_empty()).then(|| {
            view! { {choice}<pre class="lines" id=own("program") tabindex="0">{lines}</pre> }
        });
        let note = pasted.note.as_ref().map(|note| view! { <p class="hint">{told(note, lang)}</p> });
        let refused = refused.iter().map(|refused| {
            view! { <p class="msg" role="alert">{told(refused, lang)}</p> }
        });
        let refused = refused.collect_view();
        // Why nothing is taken stands with what is not.
        view! { {taken}{refused}{note}{left_out}{program} }
    }
}

#[derive(Clone, Copy)]
struct Apply {
    session: Session,
    text: RwSignal<String>,
    reading: Memo<Meant>,
    with_program: RwSignal<bool>,
    wrong: RwSignal<Vec<Sentence>>,
}

impl Apply {
    fn now(self) {
        let with_program = self.with_program.get_untracked();
        let mut lines = self.reading.with_untracked(|reading| reading.all.lines(&reading.whom, with_program));
        self.keep(&mut lines, true);
        match self.session.read_lines(&lines) {
            Ok(statements) => self.session.act(statements, move |outcome| self.done(outcome)),
            Err(refusal) => self.wrong.set(refusal),
        }
    }

    /// The text itself for each client whose program it is, so that its own line can be shown as it runs.
    /// It stands before the last line, which is what is told when all is done.
    fn keep(self, lines: &mut Vec<String>, with_others: bool) {
        if !self.with_program.get_untracked() {
            return;
        }
        let kept: Vec<String> = self.reading.with_untracked(|Meant { whom, all, .. }| {
            let others =
                all.others.iter().filter(|other| with_others && other.is_made).map(|other| (other.client, &other.whom));
            let clients = std::iter::once((all.pasted.client, whom)).chain(others);
            self.text.with_untracked(|text| {
                let code = code::read(text);
                clients.filter_map(|(client, whom)| code.kept(text, client?, &whom.name)).collect()
            })
        });
        let last = lines.len().saturating_sub(1);
        lines.splice(last..last, kept);
    }

    fn change_from_start(self) {
        let reading = self.reading.get_untracked();
        let pasted = reading.all.pasted;
        let (properties, name) = (pasted.properties(), pasted.branch_name(&reading.whom));
        let target = Target::Client(reading.whom.name);
        let mut program = if self.with_program.get_untracked() { pasted.program } else { Vec::new() };
        self.keep(&mut program, false);
        match self.session.read_lines(&program) {
            Ok(of) => {
                apply_from_start(self.session, &target, &properties, &of, name, move |outcome| self.done(outcome));
            }
            Err(refusal) => self.wrong.set(refusal),
        }
    }

    fn done(self, outcome: Result<(), partita::simulation::CommandError>) {
        match outcome {
            Ok(()) => self.session.close(),
            Err(error) => self.wrong.set(vec![error.alone()]),
        }
    }
}
