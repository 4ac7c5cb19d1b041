//! The door of the room: a pasted text in, and out what of it goes to a client, what does not and why, and the lines of
//! the grammar that do it.

mod assign;
mod bootstrap;
mod detect;
mod flow;
mod framework_names;
pub mod properties;
mod together;
mod yaml;

use crate::config::{Effect, SettingNo, Side, effect};
use crate::lang::{Lang, Sentence, Text, text};
use crate::script::{ClientKind, MAX_CODE_BYTES, Property, Words, line, serdes_given};
use crate::sorted::InOrder;

pub use assign::{Assigned, RefusalReason, Refused, assign, assign_code};
pub use bootstrap::{Bootstrap, bootstrap};
pub use detect::{Kind, detect};
pub use framework_names::Framework;
pub use together::{Other, Together, together};

use super::super::problem::{Problem, What};
use super::super::said::{NONE, both_filled, unseen};
use super::described::{Code, CodeClient, Role};
use super::gap::Gap;
use super::lines::{Answers, Asks};
use super::property::Found;
use assign::{assigned_code, meant_for_another};
use framework_names::translated;

/// For whom a text is pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whom {
    pub name: String,
    pub kind: ClientKind,
    /// It is made with the text, rather than changed by it.
    pub is_new: bool,
    /// How many brokers its cluster has.
    pub brokers: u32,
}

/// What a pasted text means for one client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// In the order they were found.
    pub taken: Vec<Taken>,
    /// What is left out or was not understood, each with its place and the reason, in the order of the text.
    pub left_out: Vec<Sentence>,
    /// What became of names of a framework, and of hosts that do not exist here.
    pub note: Option<Sentence>,
    /// The lines of the program that the code describes.
    pub program: Vec<String>,
    /// What the program needs and the code does not say; the lines have the answers.
    pub asks: Asks,
    /// The group that stands for the one the code does not say; empty when it is not asked for.
    pub group: String,
    /// The code's rebalance listener commits: the client is made with `on-revoked=commit-sync`.
    pub commits_on_revoked: bool,
    /// The clients of this kind that the code has, when it has several: the place of each, and what it is called.
    pub choices: Vec<(usize, Sentence)>,
    /// The client of the code that is meant: its place among those of the text.
    pub client: Option<usize>,
    pub for_another: Option<ForAnother>,
}

/// A property that goes to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub name: String,
    /// `bootstrap.servers` already names this cluster.
    pub value: String,
    /// Why it does nothing here; none when it acts.
    pub no_effect: Option<Text>,
}

/// The text is for a client of another kind as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForAnother {
    pub kind: ClientKind,
    /// Said before the clients that it can be taken to.
    pub sentence: Sentence,
}

/// Reads a pasted text for a client; `answers` stand for what the text does not say. A text of blanks means nothing.
pub fn pasted(text: &str, whom: &Whom, answers: &Answers) -> Pasted {
    let Some(text) = PastedText::read(text) else { return Pasted::default() };
    let part = text.part(whom, answers, true);
    let left_out = left_out(&text.problems, None, &[&part]);
    Pasted { left_out, ..part.pasted }
}

/// What is read of a text, whoever it is for.
pub struct PastedText {
    read: Read,
    pub(super) problems: Vec<Problem>,
}

enum Read {
    Properties(Vec<Found>),
    Code(Code),
}

/// What a text means for one client, but for what is left out.
struct OfClient {
    pasted: Pasted,
    /// Where the properties stand that it takes.
    accepted: Vec<(u32, u32)>,
    refused: Vec<Refused>,
    /// What is told of this client alone.
    own: Vec<Problem>,
}

impl PastedText {
    /// None: a text of blanks.
    pub fn read(text: &str) -> Option<PastedText> {
        if text.trim().is_empty() {
            return None;
        }
        Some(match detect(text) {
            Kind::Properties => {
                let read = properties::read(text);
                PastedText { read: Read::Properties(read.properties), problems: read.problems }
            }
            Kind::Code => {
                let mut code = super::read(text);
                let mut problems = std::mem::take(&mut code.problems);
                if text.len() > MAX_CODE_BYTES && code.clients.iter().any(|client| client.program.is_some()) {
                    problems.insert(0, Problem::new(1, 1, Gap::NotKept));
                }
                PastedText { read: Read::Code(code), problems }
            }
        })
    }

    /// The kind of client that a text is for; None: for both, or nothing tells.
    pub fn kind(&self) -> Option<ClientKind> {
        let [producers, consumers] = [Role::Producer, Role::Consumer].map(|role| match &self.read {
            Read::Code(code) => {
                code.of_role(role).count() + code.properties.iter().filter(|of| of.role == Some(role)).count()
            }
            Read::Properties(found) => {
                let side = if role == Role::Producer { Side::Producer } else { Side::Consumer };
                assign(&translated(found.clone(), side).properties, side, 1).accepted.len()
            }
        });
        let is_code = self.code().is_some();
        match (producers, consumers) {
            (of, other) if of == other || is_code && of.min(other) > 0 => None,
            (of, other) => Some(if of > other { ClientKind::Producer } else { ClientKind::Consumer }),
        }
    }

    /// Whether a text makes clients of both kinds, or has what one kind alone is given and what the other is.
    pub fn is_for_both(&self) -> bool {
        [(Role::Producer, Side::Producer), (Role::Consumer, Side::Consumer)].into_iter().all(|(role, side)| match &self
            .read
        {
            Read::Code(code) => code.of_role(role).next().is_some(),
            Read::Properties(found) => {
                let other = if side == Side::Producer { Side::Consumer } else { Side::Producer };
                translated(found.clone(), other).refused.iter().any(|of| of.reason == RefusalReason::Given(side))
            }
        })
    }

    const fn code(&self) -> Option<&Code> {
        if let Read::Code(code) = &self.read { Some(code) } else { None }
    }

    /// `tells_of_others`: what the text gives to other clients is refused, each with its reason.
    fn part(&self, whom: &Whom, answers: &Answers, tells_of_others: bool) -> OfClient {
        let side = side_of(whom.kind);
        let mut note = None;
        let (assigned, described) = match &self.read {
            Read::Properties(found) => {
                let translated = translated(found.clone(), side);
                let mut assigned = assign(&translated.properties, side, whom.brokers);
                let serdes = framework_names::springs_serdes(&translated, side, found);
                assigned.refused.extend(translated.refused);
                assigned.accepted.extend(serdes.iter().cloned());
                assigned.without_own_classes(side, false);
                note = framework_names::note(&translated.taken, &assigned.accepted);
                if let Some(first) = serdes.first() {
                    let said = (
                        "`{0}` is not given, so Spring gives its own: texts.",
                        "`{0}` 속성이 없어 스프링의 기본값인 문자열을 씁니다.",
                        [(&first.name).into(), NONE],
                    );
                    note = both_notes(note, Some(both_filled(&said)));
                }
                (assigned, Described::default())
            }
            Read::Code(code) => {
                let described = Described::of(code, whom, answers);
                (assigned_code(code, side, described.client, whom.brokers, tells_of_others), described)
            }
        };
        let meant = meant_for_another(&assigned, self.code(), side);
        let is_late = described.commits_on_revoked && !whom.is_new;
        let own = is_late.then(|| Problem::new(described.line, 1, Gap::RevokedOfOld));
        let with_unseen = assigned.accepted.iter().filter_map(|of| {
            let value = unseen(&of.value)?;
            Some(Problem::new(of.line, of.column, What::Unseen { name: of.name.clone(), value }))
        });
        let own = own.into_iter().chain(with_unseen).collect();
        let mapped = assigned.bootstrap.filter(|map| !map.mapped.is_empty());
        let accepted = assigned.accepted.iter().map(|found| (found.line, found.column)).collect();
        let taken: Vec<Taken> = assigned.accepted.into_iter().map(|found| taken(side, found)).collect();
        let is_alone = taken.is_empty() && described.program.is_empty();
        let is_program = whom.is_new && !is_alone && self.code().is_some();
        let given = if is_program { given_here(whom.kind, &taken) } else { None };
        let asks_group = described.asks.group && whom.is_new && !taken.iter().any(|taken| taken.name == "group.id");
        let pasted = Pasted {
            taken,
            left_out: Vec::new(),
            note: both_notes(
                both_notes(note, given),
                mapped.map(|map| both(|lang| map.note(lang).unwrap_or_default())),
            ),
            program: described.program,
            asks: Asks { group: asks_group, ..described.asks },
            group: if asks_group { answers.group.clone() } else { String::new() },
            commits_on_revoked: described.commits_on_revoked && whom.is_new,
            choices: described.choices,
            client: described.client,
            for_another: meant.map(|meant| for_another(meant, is_alone)),
        };
        OfClient { pasted, accepted, refused: assigned.refused, own }
    }
}

/// What is left out, in the order of the text, when all these are made of it: what one of them takes is not.
fn left_out(problems: &[Problem], more: Option<&Problem>, parts: &[&OfClient]) -> Vec<Sentence> {
    let refused = || parts.iter().flat_map(|part| &part.refused);
    // What one of them takes, or refuses for a reason of its own, is not told as another's.
    let accepted = parts.iter().flat_map(|part| part.accepted.iter().copied());
    let mut settled: Vec<(u32, u32)> =
        accepted.chain(refused().filter(|of| !of.is_anothers()).map(|of| (of.found.line, of.found.column))).collect();
    settled.order();
    let is_settled =
        |of: &Refused| of.is_anothers() && settled.binary_search(&(of.found.line, of.found.column)).is_ok();
    let mut all: Vec<((u32, u32), LeftOut)> = Vec::new();
    let own = parts.iter().flat_map(|part| &part.own);
    for problem in problems.iter().chain(more).chain(own) {
        all.push(((problem.line, problem.column), LeftOut::Problem(problem)));
    }
    for refused in refused().filter(|of| !is_settled(of)) {
        all.push(((refused.found.line, refused.found.column), LeftOut::Refused(refused)));
    }
    // What is equal has one place: a property of two clients is left out once.
    all.order_by_key(|(at, _)| *at);
    let mut once: Vec<((u32, u32), LeftOut)> = Vec::new();
    for of in all {
        // Of more at one place than are told at all, the nearest are compared: thousands of lines may speak of one.
        let near = once.iter().rev().take(MOST_TOLD).take_while(|(at, _)| *at == of.0);
        if !near.map(|(_, other)| other).any(|other| *other == of.1) {
            once.push(of);
        }
    }
    let mut told: Vec<Sentence> = once.iter().take(MOST_TOLD).map(|(_, of)| of.sentence()).collect();
    if once.len() > MOST_TOLD {
        let count = (once.len() - MOST_TOLD) as u64;
        told.push(both_filled(&("and {0} more", "그 밖에 {0}개", [count.into(), NONE])));
    }
    told
}

/// Sentences of what is left out that are told; the others are counted.
const MOST_TOLD: usize = 300;

#[derive(PartialEq)]
enum LeftOut<'a> {
    Problem(&'a Problem),
    Refused(&'a Refused),
}

impl LeftOut<'_> {
    fn sentence(&self) -> Sentence {
        both(|lang| match self {
            LeftOut::Problem(of) => of.sentence(lang),
            LeftOut::Refused(of) => of.sentence(lang),
        })
    }
}

fn both_notes(one: Option<Sentence>, other: Option<Sentence>) -> Option<Sentence> {
    match (one, other) {
        (Some(one), Some(other)) => {
            Some(Sentence { en: format!("{} {}", one.en, other.en), ko: format!("{} {}", one.ko, other.ko) })
        }
        (one, other) => one.or(other),
    }
}

/// What code says of one of its clients.
#[derive(Default)]
struct Described {
    client: Option<usize>,
    line: u32,
    program: Vec<String>,
    asks: Asks,
    commits_on_revoked: bool,
    choices: Vec<(usize, Sentence)>,
}

impl Described {
    /// The client that was chosen, or else the first of this kind that does something.
    fn of(code: &Code, whom: &Whom, answers: &Answers) -> Described {
        let role = if whom.kind == ClientKind::Producer { Role::Producer } else { Role::Consumer };
        let all = || code.of_role(role);
        let chosen = answers.client.filter(|chosen| all().any(|(i, _)| i == *chosen));
        let does = all().find(|(_, client)| client.program.is_some()).map(|(i, _)| i);
        let Some(client) = chosen.or(does).or_else(|| all().next().map(|(i, _)| i)) else {
            return Described::default();
        };
        let choices: Vec<_> = all().map(|(i, client)| (i, called(client))).collect();
        let of = &code.clients[client];
        Described {
            client: Some(client),
            line: of.line,
            program: of.lines(&whom.name, answers),
            asks: code.asks(client),
            commits_on_revoked: of.commits_on_revoked,
            choices: if choices.len() > 1 { choices } else { Vec::new() },
        }
    }
}

/// A client of a text as it is offered.
fn called(client: &CodeClient) -> Sentence {
    let (name, line) = (client.name.as_str(), client.line);
    both_filled(&match name {
        "" => ("line {0}", "{0}행", [line.into(), NONE]),
        _ => ("{0}, line {1}", "{0}, {1}행", [name.into(), line.into()]),
    })
}

fn side_of(kind: ClientKind) -> Side {
    if kind == ClientKind::Producer { Side::Producer } else { Side::Consumer }
}

fn both(sentence: impl Fn(Lang) -> String) -> Sentence {
    Sentence { en: sentence(Lang::En), ko: sentence(Lang::Ko) }
}

/// The classes that a new client is given because the text names none, as where its constructor is left out.
fn given_here(kind: ClientKind, taken: &[Taken]) -> Option<Sentence> {
    let given = serdes_given(kind);
    let missing: Vec<String> = given
        .iter()
        .filter(|(name, _)| taken.iter().all(|taken| taken.name != *name))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    let class = given[0].1.rsplit('.').next().unwrap_or_default();
    let said = |and: &str| missing.join(and);
    (!missing.is_empty()).then(|| Sentence {
        en: format!("The text does not say {}; the client here gets `{class}`.", said(" and ")),
        ko: format!("텍스트에 없는 속성: {}. 여기서는 `{class}` 클래스를 씁니다.", said(", ")),
    })
}

fn taken(side: Side, found: Found) -> Taken {
    let no_effect = SettingNo::find(side, &found.name).and_then(effect).and_then(|effect| match effect {
        Effect::NoEffect(reason) => Some(reason.text()),
        Effect::Acts { .. } => None,
    });
    Taken { name: found.name, value: found.value, no_effect }
}

fn for_another(meant: Side, is_alone: bool) -> ForAnother {
    let kind = if meant == Side::Producer { ClientKind::Producer } else { ClientKind::Consumer };
    let sentence = match (kind, is_alone) {
        (ClientKind::Producer, true) => text(
            "This is for a producer, and another kind of client is chosen. Take it to:",
            "프로듀서용인데 다른 종류의 클라이언트를 골랐습니다. 적용 대상을 바꿀 수 있습니다.",
        ),
        (ClientKind::Producer, false) => text(
            "A part of this is for a producer. Take that part to:",
            "일부는 프로듀서용입니다. 그 부분은 다음 클라이언트에 적용할 수 있습니다.",
        ),
        (_, true) => text(
            "This is for a consumer, and another kind of client is chosen. Take it to:",
            "컨슈머용인데 다른 종류의 클라이언트를 골랐습니다. 적용 대상을 바꿀 수 있습니다.",
        ),
        (_, false) => text(
            "A part of this is for a consumer. Take that part to:",
            "일부는 컨슈머용입니다. 그 부분은 다음 클라이언트에 적용할 수 있습니다.",
        ),
    };
    ForAnother { kind, sentence: sentence.into() }
}

impl Pasted {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.program.is_empty()
    }

    pub fn properties(&self) -> Vec<Property> {
        self.taken.iter().map(|taken| Property::new(&taken.name, &taken.value)).collect()
    }

    /// All properties that the client has once the text is applied, given those that it has now: Kafka's objections are
    /// asked of them.
    pub fn with_those_of(&self, now: &[Property]) -> Vec<Property> {
        let mut all = now.to_vec();
        for property in self.properties() {
            all.retain(|other| other.name != property.name);
            all.push(property);
        }
        all
    }

    /// The lines that do it at one place of a run: the client is made, or changed from now on; with its program or not.
    pub fn lines(&self, whom: &Whom, with_program: bool) -> Vec<String> {
        let options = |of: Words| self.taken.iter().fold(of, |of, taken| of.given(&taken.name, &taken.value));
        let made = whom.is_new.then(|| {
            let of = options(line(whom.kind.verb()).word(&whom.name)).option("group.id", &self.group);
            of.option("on-revoked", if self.commits_on_revoked { "commit-sync" } else { "" }).end()
        });
        // The client is made anew, and what it is told meanwhile waits for that: a program that began before would begin again.
        let changed = (!whom.is_new && !self.taken.is_empty())
            .then(|| options(line("set").word(&whom.name)).given("from", "now").end());
        let program = if with_program { self.program.as_slice() } else { &[] };
        made.into_iter().chain(changed).chain(program.iter().cloned()).collect()
    }

    /// What the branch is called in which the client had these properties from the start; without any it has the program.
    pub fn branch_name(&self, whom: &Whom) -> String {
        let names: Vec<&str> = self.taken.iter().map(|taken| &*taken.name).collect();
        let names = names.join(", ");
        let verb = self.program.last().and_then(|line| line.split(' ').next()).filter(|_| names.is_empty());
        format!("{}: {names}{}", whom.name, verb.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_told;
