//! A file of records: shown before it is sent, and never sent by halves.

use std::sync::Arc;

use leptos::prelude::*;
use partita::config::TimestampType;
use partita::draft;
use partita::explain::grouped;
use partita::input::records::{self, Clock, Format, Objects, Records, Roles};
use partita::lang::{Lang, Sentence, Text, text};
use partita::script::{ClientKind, iso_instant};

use super::form::Problems;
use super::share;
use super::share::FileButton;
use crate::page::dialog::DroppedFile;
use crate::page::live::live;
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::told::with_code;

/// Records that are shown of a file.
const SHOWN: usize = 5;
/// Characters of a key or value that are shown.
const LONGEST: usize = 80;

/// What the timestamp is where the file has none.
const SEND_TIME: Text = text("the time of its send", "send 시각");

/// What the reader has chosen of a file's format; what is not chosen is told by the file.
#[derive(Clone, Debug, Default, PartialEq)]
struct Chosen {
    format: String,
    separator: String,
    objects: Option<Objects>,
    /// What a part of the record is taken from: None is nothing, or for the value the whole row.
    value: Option<Option<String>>,
    key: Option<Option<String>>,
    timestamp: Option<Option<String>>,
}

impl Chosen {
    /// Another format, with the separator that is usual for it.
    fn format(format: String) -> Chosen {
        let separator = if format == "csv" { "," } else { "\\t" }.to_owned();
        Chosen { format, separator, ..Chosen::default() }
    }

    fn has_separator(&self) -> bool {
        matches!(self.format.as_str(), "key-value" | "csv")
    }

    fn read(&self, bytes: &[u8]) -> Records {
        // `\t` is how people write a tab.
        let separator = self.separator.replace("\\t", "\t");
        let format = match self.format.as_str() {
            "lines" => Some(Format::Lines),
            "key-value" => Some(Format::KeyValue { separator }),
            "json" => Some(Format::Json { objects: self.objects }),
            "csv" => Some(Format::Csv { separator: separator.chars().next().unwrap_or(','), roles: None }),
            _ => None,
        };
        let mut read = records::read(bytes, format);
        if let Some(format) = self.changed(&read.format).filter(|format| *format != read.format) {
            read = records::read(bytes, Some(format));
        }
        if self.timestamp == Some(None) {
            read.without_timestamps();
        }
        read
    }

    /// A format that was found, with what the reader has chosen in it.
    fn changed(&self, found: &Format) -> Option<Format> {
        match found {
            Format::Json { .. } => Some(Format::Json { objects: Some(self.objects?) }),
            Format::Csv { separator, roles } => {
                let mut roles = roles.clone()?;
                for (part, chosen) in [
                    (&mut roles.value, &self.value),
                    (&mut roles.key, &self.key),
                    (&mut roles.timestamp, &self.timestamp),
                ] {
                    if let Some(chosen) = chosen {
                        part.clone_from(chosen);
                    }
                }
                Some(Format::Csv { separator: *separator, roles: Some(roles) })
            }
            _ => None,
        }
    }
}

pub fn body(dropped: Option<DroppedFile>) -> impl IntoView {
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
    let file: RwSignal<Option<DroppedFile>> = RwSignal::new(dropped);
    let choice = RwSignal::new(Chosen::format("auto".to_owned()));
    let producer = RwSignal::new(producers[0].clone());
    let topic = RwSignal::new(topics.first().cloned().unwrap_or_else(|| "orders".to_owned()));
    let wrong: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let read = Memo::new(move |_| {
        let choice = choice.get();
        file.with(|file| file.as_ref().map(|file| Arc::new(choice.read(&file.bytes))))
    });
    let chosen = move |event| {
        share::read_file(session, &event, move |name, bytes| {
            choice.update(|choice| *choice = Chosen::format(std::mem::take(&mut choice.format)));
            file.set(Some(DroppedFile { name, bytes: bytes.into() }));
        });
    };
    let pasted = move |event| {
        let bytes = event_target_value(&event).into_bytes();
        file.set((!bytes.is_empty()).then(|| DroppedFile { name: String::new(), bytes: bytes.into() }));
    };
    let formats = [
        ("auto", "as it seems", "자동 판별"),
        ("lines", "lines of values", "값만 있는 줄"),
        ("key-value", "key, separator, value", "키, 구분자, 값"),
        ("json", "JSON: lines, objects or an array", "JSON: 줄, 객체, 배열"),
        ("csv", "CSV with a header row", "머리글이 있는 CSV"),
    ];
    let formats = formats.map(|(value, en, ko)| view! { <option value=value>{lang.pick(en, ko)}</option> });
    let choose_format = move |event| choice.set(Chosen::format(event_target_value(&event)));
    let has_separator = move || choice.with(Chosen::has_separator);
    let set_separator = move |event| choice.update(|choice| choice.separator = event_target_value(&event));
    let options = producers.into_iter().map(|name| view! { <option value=name.clone()>{name.clone()}</option> });
    let send = move |_| send_all(session, read.get_untracked(), is_new, producer, topic, wrong);
    let problems = Memo::new(move |_| wrong.get());
    let count = move || read.with(|read| read.as_ref().map_or(0, |read| read.records.len()));
    view! {
        <div class="fld">
            <span class="lbl" id=own("records-file-label")>{say("File, up to 5 MB and 50,000 records", "파일, 최대 5 MB, 레코드 50,000개")}</span>
            <span class="file-row">
                <FileButton id="records-file" accept="" label="records-file-label" chosen/>
                <span class="hint">{live(move || file.with(|file| file.as_ref().map(|file| file.name.clone())))}</span>
            </span>
        </div>
        <div class="fld">
            <label for=own("records-text")>{say("Or the records as text", "또는 텍스트로")}</label>
            <textarea id=own("records-text") class="inp" rows="3" spellcheck="false" on:input=pasted></textarea>
        </div>
        <div class="fld">
            <label for=own("format")>{say("Format", "형식")}</label>
            <select id=own("format") class="inp" on:change=choose_format>{formats.collect_view()}</select>
        </div>
        <div class="fld" hidden=move || !has_separator()>
            <label for=own("separator")>{say("Separator", "구분자")}</label>
            <input id=own("separator") class="inp" type="text" prop:value=move || choice.with(|choice| choice.separator.clone()) on:input=set_separator/>
        </div>
        <Parts read choice/>
        <Shown read topic/>
        <div class="fld">
            <label for=own("records-producer")>{say("Producer", "프로듀서")}</label>
            <select id=own("records-producer") class="inp" on:change=move |event| producer.set(event_target_value(&event))>{options.collect_view()}</select>
        </div>
        <div class="fld">
            <label for=own("records-topic")>{say("Topic", "토픽")}</label>
            <input id=own("records-topic") class="inp" type="text" autocomplete="off" prop:value=move || topic.get() on:input=move |event| topic.set(event_target_value(&event))/>
        </div>
        <Problems problems/>
        <p class="act">
            <button type="button" class="btn p" id=own("send-records") aria-disabled=move || (count() == 0).then_some("true") on:click=send>
                {live(move || {
                    let s = if count() == 1 { "" } else { "s" };
                    let count = grouped(count() as u64);
                    lang.pick(format!("Send {count} record{s}"), format!("레코드 {count}개 보내기"))
                })}
            </button>
        </p>
    }
}

/// How many timestamps the topic refuses, where it refuses some.
fn out_of_time(session: Session, read: &Records, topic: &str) -> Option<Sentence> {
    let clock = session.with_run(|run| {
        let simulation = run.timeline.simulation();
        let topic = draft::topic_settings(simulation, topic.trim())?;
        (topic.message_timestamp_type == TimestampType::CreateTime).then(|| Clock {
            now_ms: simulation.now().wall_ms(),
            before_max_ms: topic.message_timestamp_before_max_ms,
            after_max_ms: topic.message_timestamp_after_max_ms,
        })
    });
    read.out_of_time(clock?)
}

/// How many records a file has, the first of them, and the lines that were refused.
#[component]
fn Shown(read: Memo<Option<Arc<Records>>>, topic: RwSignal<String>) -> impl IntoView {
    let (session, preferences) = (Session::get(), Preferences::get());
    move || {
        let lang = preferences.lang();
        read.get().map(|read| {
            let sum = read.summary(lang);
            let rows = read.records.iter().take(SHOWN).enumerate().map(|(i, record)| {
                // Where several begin on a line, each by its column.
                let is_here = |i: usize| read.records.get(i).is_some_and(|other| other.line == record.line);
                let column = (is_here(i + 1) || i > 0 && is_here(i - 1)).then(|| format!(":{}", record.column));
                view! {
                    <tr>
                        <td>{record.line}{column}</td>
                        <td class="mono">{shown(record.key.as_deref())}</td>
                        <td class="mono">{shown(record.value.as_deref())}</td>
                        <td>{record.partition}</td>
                        <td class="mono">{record.timestamp.map(|ms| iso_instant(ms).unwrap_or_else(|| ms.to_string()))}</td>
                        <td class="mono">{shown_headers(&record.headers)}</td>
                    </tr>
                }
            });
            let rows = rows.collect_view();
            let table = (!read.records.is_empty()).then(|| {
                view! {
                    <table class="recs">
                        <thead><tr>
                            <th>{lang.pick("line", "줄")}</th><th>{lang.pick("key", "키")}</th>
                            <th>{lang.pick("value", "값")}</th><th>{lang.pick("partition", "파티션")}</th>
                            <th>{lang.pick("timestamp", "타임스탬프")}</th><th>{lang.pick("headers", "헤더")}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
            });
            let told = read.odd.iter().chain(&read.refused).map(|problem| view! { <li>{with_code(&problem.sentence(lang))}</li> });
            let told = told.collect_view();
            let list = (read.odd.is_some() || !read.refused.is_empty())
                .then(|| view! { <ul class="probs" id=own("refused") tabindex="0">{told}</ul> });
            // The topic alone changes this, and not the rows.
            let clock = move || {
                let told = out_of_time(session, &read, &topic.get())?;
                let told = view! { <li>{with_code(told.pick(lang))}</li> };
                Some(view! { <ul class="probs" id=own("records-clock")>{told}</ul> })
            };
            view! {
                <p class="dlg-p" id=own("records-sum") role="status">{with_code(&sum)}</p>
                {clock}
                {table}
                {list}
            }
        })
    }
}

/// Bytes as text, shortened.
fn shown(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else { return "null".to_owned() };
    let text = String::from_utf8_lossy(bytes);
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn shown_headers(headers: &[(String, Option<Vec<u8>>)]) -> String {
    headers.iter().map(|(name, value)| format!("{name}={}", shown(value.as_deref()))).collect::<Vec<_>>().join(", ")
}

/// Where the parts of a record are taken from, where that can be chosen.
#[component]
fn Parts(read: Memo<Option<Arc<Records>>>, choice: RwSignal<Chosen>) -> impl IntoView {
    let preferences = Preferences::get();
    // Drawn anew where another file or format is read, not where another part is chosen: the focus stays.
    let kind = Memo::new(move |_| {
        read.with(|read| match read.as_ref().map(|read| (&read.format, &read.columns)) {
            Some((Format::Json { .. }, _)) => Some(None),
            Some((Format::Csv { roles: Some(_), .. }, columns)) => Some(Some(columns.clone())),
            _ => None,
        })
    });
    move || {
        let lang = preferences.lang();
        kind.get().map(|columns| match columns {
            None => json_parts(read, choice, lang).into_any(),
            Some(columns) => table_parts(read, choice, &columns, lang).into_any(),
        })
    }
}

/// What each document is: the value, or the description of a record.
fn json_parts(read: Memo<Option<Arc<Records>>>, choice: RwSignal<Chosen>, lang: Lang) -> impl IntoView {
    let objects = move || match read.get().map(|read| read.format.clone()) {
        Some(Format::Json { objects: Some(Objects::Records) }) => "records",
        _ => "values",
    };
    let choose = move |event| {
        let objects = if event_target_value(&event) == "records" { Objects::Records } else { Objects::Values };
        choice.update(|choice| choice.objects = Some(objects));
    };
    let has_time = Memo::new(move |_| objects() == "records");
    let time = move || choice.with(|choice| if choice.timestamp == Some(None) { "0" } else { "1" });
    let choose_time = move |event| {
        let is_own = event_target_value(&event) != "0";
        choice.update(|choice| choice.timestamp = (!is_own).then_some(None));
    };
    view! {
        <div class="fld">
            <label for=own("objects")>{lang.pick("Each document is", "문서 하나는")}</label>
            <select id=own("objects") class="inp" prop:value=objects on:change=choose>
                <option value="values">{lang.pick("the value, as a whole", "값 전체")}</option>
                <option value="records">{lang.pick("a record: key, value, headers, partition, timestamp", "레코드: key, value, headers, partition, timestamp")}</option>
            </select>
        </div>
        <div class="fld" hidden=move || !has_time.get()>
            <label for=own("timestamp-field")>{lang.pick("Timestamp", "타임스탬프")}</label>
            <select id=own("timestamp-field") class="inp" prop:value=time on:change=choose_time>
                <option value="1">"timestamp"</option>
                <option value="0">{lang.pick(SEND_TIME.en, SEND_TIME.ko)}</option>
            </select>
        </div>
    }
}

/// A part of the record that a column may be chosen for.
struct Part {
    id: &'static str,
    label: &'static str,
    /// What it is without a column; empty where that is the row.
    none: &'static str,
    of: fn(&Roles) -> &Option<String>,
    chosen: fn(&mut Chosen) -> &mut Option<Option<String>>,
}

/// Which columns are value, key and timestamp.
fn table_parts(
    read: Memo<Option<Arc<Records>>>,
    choice: RwSignal<Chosen>,
    columns: &[String],
    lang: Lang,
) -> impl IntoView {
    let parts = [
        Part {
            id: "value-column",
            label: lang.pick("Value", "값"),
            none: "",
            of: |roles| &roles.value,
            chosen: |choice| &mut choice.value,
        },
        Part {
            id: "key-column",
            label: lang.pick("Key", "키"),
            none: "null",
            of: |roles| &roles.key,
            chosen: |choice| &mut choice.key,
        },
        Part {
            id: "timestamp-column",
            label: lang.pick("Timestamp", "타임스탬프"),
            none: lang.pick(SEND_TIME.en, SEND_TIME.ko),
            of: |roles| &roles.timestamp,
            chosen: |choice| &mut choice.timestamp,
        },
    ];
    let selects = parts.map(|Part { id, label, none, of, chosen }| {
        // A column may have any name: its number is its value, and 0 is none.
        let names = columns.to_vec();
        // What is left for the value depends on what the other columns are for.
        let none = move || match read.get().as_ref().map(|read| (&read.format, &read.columns)) {
            Some((Format::Csv { roles: Some(roles), .. }, columns)) if none.is_empty() => roles.row(columns, lang),
            _ => none,
        };
        let place = move || {
            let read = read.get();
            let place = match read.as_ref().map(|read| (&read.format, &read.columns)) {
                Some((Format::Csv { roles: Some(roles), .. }, columns)) => {
                    of(roles).as_ref().and_then(|name| columns.iter().position(|column| column == name))
                }
                _ => None,
            };
            place.map_or(0, |place| place + 1).to_string()
        };
        let options = columns.iter().enumerate().map(|(i, name)| {
            view! { <option value=(i + 1).to_string()>{shown(Some(name.as_bytes()))}</option> }
        });
        let options = options.collect_view();
        let choose = move |event| {
            let place: usize = event_target_value(&event).parse().unwrap_or(0);
            let name = place.checked_sub(1).and_then(|i| names.get(i)).cloned();
            choice.update(|choice| *chosen(choice) = Some(name));
        };
        view! {
            <div class="fld">
                <label for=own(id)>{label}</label>
                <select id=own(id) class="inp" prop:value=place on:change=choose>
                    <option value="0">{none}</option>
                    {options}
                </select>
            </div>
        }
    });
    selects.collect_view()
}

/// Sends all of a file's records, or none.
fn send_all(
    session: Session,
    read: Option<Arc<Records>>,
    is_new: bool,
    producer: RwSignal<String>,
    topic: RwSignal<String>,
    wrong: RwSignal<Vec<Sentence>>,
) {
    let Some(read) = read.filter(|read| !read.records.is_empty()) else { return };
    let (producer, topic) = (producer.get_untracked(), topic.get_untracked());
    let mut statements = match session.read_lines(&Records::first_lines(&producer, &topic, is_new)) {
        Ok(statements) => statements,
        Err(refusal) => {
            wrong.set(refusal);
            return;
        }
    };
    statements.pop();
    statements.extend(read.sends(&producer, &topic));
    session.act(statements, move |outcome| match outcome {
        Ok(()) => session.close(),
        Err(error) => wrong.set(vec![error.alone()]),
    });
}
