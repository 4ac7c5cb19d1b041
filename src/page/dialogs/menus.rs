//! What can be added to a run.

use leptos::prelude::*;

use crate::page::dialog::Dialog;
use crate::page::icon::Icon;
use crate::page::preferences::said;
use crate::page::session::Session;
use crate::page::text::{Text, text};

/// What can be added, and where it leads.
const ADDED: [(Dialog, &str, Text, Text); 8] = [
    (
        Dialog::Send,
        "N",
        text("Send a record", "레코드 보내기"),
        text("topic, key, value, headers, partition, timestamp", "토픽, 키, 값, 헤더, 파티션, 타임스탬프"),
    ),
    (Dialog::Topic, "", text("A topic", "토픽"), text("with its partitions", "파티션 수와 함께")),
    (
        Dialog::Producer,
        "",
        text("A producer", "프로듀서"),
        text("with a program that sends, or without", "보내는 프로그램이 있거나 없거나"),
    ),
    (Dialog::Consumer, "", text("A consumer", "컨슈머"), text("in a group, old or new", "기존 그룹이나 새 그룹에")),
    (
        Dialog::Client(None),
        "T",
        text("A call of a client", "클라이언트 호출"),
        text("poll, commit, seek, pause, close, kill", "poll, commit, seek, pause, close, kill"),
    ),
    (
        Dialog::Paste(None),
        "",
        text("Configuration or code of yours", "내 설정 또는 코드"),
        text(".properties, .yml, Java or Kotlin", ".properties, .yml, Java 또는 Kotlin"),
    ),
    (
        Dialog::Records(None),
        "",
        text("A file of records", "레코드 파일"),
        text("lines, JSON (lines or an array), CSV, TSV", "줄, JSON(줄 또는 배열), CSV, TSV"),
    ),
    (
        Dialog::Command,
        ":",
        text("A line of the script grammar", "스크립트 문법 한 줄"),
        text("everything else", "그 밖의 모든 것"),
    ),
];

pub fn add() -> impl IntoView {
    let session = Session::get();
    let rows = ADDED.iter().map(|(dialog, key, name, about)| {
        view! {
            <li>
                <button type="button" class="fb" on:click=move |_| session.dialog.set(Some(dialog.clone()))>
                    <Icon name="plus"/>
                    <span>{said(*name)}</span>
                    <small>{said(*about)}</small>
                    {(!key.is_empty()).then(|| view! { <kbd>{*key}</kbd> })}
                </button>
            </li>
        }
    });
    view! { <ul class="fpal ink">{rows.collect_view()}</ul> }
}
