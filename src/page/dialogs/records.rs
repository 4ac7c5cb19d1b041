//! A file of records: shown before it is sent, and never sent by halves.

use std::sync::Arc;

use leptos::prelude::*;
use partita::explain::grouped;
use partita::input;
use partita::input::records::{self, Format, Records};
use partita::lang::{Lang, Sentence};
use partita::script::ClientKind;

use super::form::Problems;
use super::share::FileButton;
use super::{close, known, share};
use crate::page::preferences::{Preferences, say};
use crate::page::session::{Session, refused_sentence};
use crate::page::told::with_code;

/// Records that are shown of a file.
const SHOWN: usize = 5;
/// Characters of a key or value that are shown.
const LONGEST: usize = 80;

/// A file that was dropped on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    pub name: String,
    pub bytes: Arc<[u8]>,
}

/// The formats, by the values of the choice.
fn format_of(choice: &str, separator: &str) -> Option<Format> {
    match choice {
        "lines" => Some(Format::Lines),
        "key-value" => Some(Format::KeyValue { separator: unescaped(separator) }),
        "json" => Some(Format::JsonLines),
        "csv" => Some(Format::Csv { separator: unescaped(separator).chars().next().unwrap_or(',') }),
        _ => None,
    }
}

/// `\t` is how people write a tab.
fn unescaped(separator: &str) -> String {
    separator.replace("\\t", "\t")
}

fn name_of(format: &Format, lang: Lang) -> String {
    let (en, ko) = match format {
        Format::Lines => ("lines of values".to_owned(), "값만 있는 줄".to_owned()),
        Format::KeyValue { separator } => {
            let shown = separator.replace('\t', "TAB");
            (format!("key, {shown}, value"), format!("키, {shown}, 값"))
        }
        Format::JsonLines => ("JSON Lines".to_owned(), "JSON Lines".to_owned()),
        Format::Csv { separator } => {
            let shown = separator.to_string().replace('\t', "TAB");
            (format!("CSV with {shown}"), format!("CSV, 구분 {shown}"))
        }
    };
    lang.pick(en, ko)
}

pub fn body(dropped: Option<Dropped>) -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let (mut producers, topics) =
        session.with_run(|run| (known::clients(run, ClientKind::Producer), known::topics(run)));
    let is_new = producers.is_empty();
    if is_new {
        producers.push(session.with_run(|run| known::free_client(run, "producer-")));
    }
    let file: RwSignal<Option<Dropped>> = RwSignal::new(dropped);
    let choice = RwSignal::new("auto".to_owned());
    let separator = RwSignal::new("\\t".to_owned());
    let producer = RwSignal::new(producers[0].clone());
    let topic = RwSignal::new(topics.first().cloned().unwrap_or_else(|| "orders".to_owned()));
    let wrong: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let read = Memo::new(move |_| {
        let format = format_of(&choice.get(), &separator.get());
        file.with(|file| file.as_ref().map(|file| Arc::new(records::read(&file.bytes, format))))
    });
    let chosen = move |event| {
        share::read_file(&event, move |name, bytes| file.set(Some(Dropped { name, bytes: bytes.into() })));
    };
    let pasted = move |event| {
        let bytes = event_target_value(&event).into_bytes();
        file.set((!bytes.is_empty()).then(|| Dropped { name: String::new(), bytes: bytes.into() }));
    };
    let formats = [
        ("auto", "as it seems", "자동 판별"),
        ("lines", "lines of values", "값만 있는 줄"),
        ("key-value", "key, separator, value", "키, 구분자, 값"),
        ("json", "JSON Lines", "JSON Lines"),
        ("csv", "CSV with a header row", "머리글이 있는 CSV"),
    ];
    let formats = formats.map(|(value, en, ko)| view! { <option value=value>{lang.pick(en, ko)}</option> });
    let choose_format = move |event| {
        let value = event_target_value(&event);
        separator.set(if value == "csv" { "," } else { "\\t" }.to_owned());
        choice.set(value);
    };
    let has_separator = move || matches!(choice.get().as_str(), "key-value" | "csv");
    let options = producers.into_iter().map(|name| view! { <option value=name.clone()>{name.clone()}</option> });
    let send = move |_| send_all(session, read.get_untracked(), is_new, producer, topic, wrong);
    let problems = Memo::new(move |_| wrong.get());
    let count = move || read.with(|read| read.as_ref().map_or(0, |read| read.records.len()));
    view! {
        <div class="fld">
            <span class="lbl" id="records-file-label">{say("File, up to 5 MB and 50,000 records", "파일, 최대 5 MB, 레코드 50,000개")}</span>
            <span class="file-row">
                <FileButton id="records-file" accept="" label="records-file-label" chosen/>
                <span class="hint">{move || file.with(|file| file.as_ref().map(|file| file.name.clone()))}</span>
            </span>
        </div>
        <div class="fld">
            <label for="records-text">{say("Or the records as text", "또는 텍스트로")}</label>
            <textarea id="records-text" class="inp" rows="3" spellcheck="false" on:input=pasted></textarea>
        </div>
        <div class="fld">
            <label for="format">{say("Format", "형식")}</label>
            <select id="format" class="inp" on:change=choose_format>{formats.collect_view()}</select>
        </div>
        <div class="fld" hidden=move || !has_separator()>
            <label for="separator">{say("Separator", "구분자")}</label>
            <input id="separator" class="inp" type="text" prop:value=move || separator.get() on:input=move |event| separator.set(event_target_value(&event))/>
        </div>
        <Shown read/>
        <div class="fld">
            <label for="records-producer">{say("Producer", "프로듀서")}</label>
            <select id="records-producer" class="inp" on:change=move |event| producer.set(event_target_value(&event))>{options.collect_view()}</select>
        </div>
        <div class="fld">
            <label for="records-topic">{say("Topic", "토픽")}</label>
            <input id="records-topic" class="inp" type="text" autocomplete="off" prop:value=move || topic.get() on:input=move |event| topic.set(event_target_value(&event))/>
        </div>
        <Problems problems/>
        <p class="act">
            <button type="button" class="btn p" id="send-records" aria-disabled=move || (count() == 0).then_some("true") on:click=send>
                {move || {
                    let s = if count() == 1 { "" } else { "s" };
                    let count = grouped(count() as u64);
                    lang.pick(format!("Send {count} record{s}"), format!("레코드 {count}개 보내기"))
                }}
            </button>
        </p>
    }
}

/// How many records a file has, the first of them, and the lines that were refused.
#[component]
fn Shown(read: Memo<Option<Arc<Records>>>) -> impl IntoView {
    let preferences = Preferences::get();
    move || {
        let lang = preferences.lang();
        read.get().map(|read| {
            let count = grouped(read.records.len() as u64);
            let refused = grouped(read.refused_count);
            let format = name_of(&read.format, lang);
            let s = |count: u64| if count == 1 { "" } else { "s" };
            let (of_records, of_lines) = (s(read.records.len() as u64), s(read.refused_count));
            let sum = lang.pick(
                format!("{count} record{of_records} ({format}), {refused} line{of_lines} refused."),
                format!("레코드 {count}개 ({format}), 거부된 줄 {refused}개."),
            );
            let rows = read.records.iter().take(SHOWN).map(|record| {
                view! {
                    <tr>
                        <td>{record.line}</td>
                        <td class="mono">{shown(record.key.as_deref())}</td>
                        <td class="mono">{shown(record.value.as_deref())}</td>
                        <td>{record.partition}</td>
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
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
            });
            let told = read.refused.iter().map(|problem| view! { <li>{with_code(&problem.sentence(lang))}</li> });
            let told = told.collect_view();
            let list =
                (!read.refused.is_empty()).then(|| view! { <ul class="probs" id="refused" tabindex="0">{told}</ul> });
            view! {
                <p class="dlg-p" id="records-sum" role="status">{sum}</p>
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
        Ok(()) => close(),
        Err(error) => wrong.set(vec![refused_sentence(&error)]),
    });
}

/// A file was dropped on the page: a run is opened, records are shown, other texts are read as configuration or code.
pub fn dropped(session: Session, name: String, bytes: Vec<u8>) {
    let text = || String::from_utf8_lossy(&bytes).into_owned();
    match input::Dropped::of(&name, &bytes) {
        input::Dropped::Run => session.open_text(&text()),
        input::Dropped::Pasted => session.open(super::Dialog::Paste(Some(text()))),
        input::Dropped::Records => session.open(super::Dialog::Records(Some(Dropped { name, bytes: bytes.into() }))),
    }
}
