//! Two menus: which run to open, and what to add to it.

use leptos::prelude::*;
use partita::lang::Lang;
use partita::scenarios;

use super::share::FileButton;
use crate::page::dialog::Dialog;
use crate::page::icon::Icon;
use crate::page::preferences::{Preferences, said, say};
use crate::page::root::own;
use crate::page::session::{Opening, Session};
use crate::page::text::{Text, text};

/// Brokers of an empty run.
const BROKERS: [u32; 4] = [1, 2, 3, 5];

pub fn open() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let current = session.with_run(|run| run.scenario.as_ref().map(|of| of.id.clone()));
    let scenarios = scenarios::all().into_iter().map(|scenario| {
        let (title, about) = (scenario.title.clone(), scenario.about.clone());
        let is_current = current.as_ref() == Some(&scenario.id);
        view! {
            <li>
                <button
                    type="button"
                    class="mi"
                    data-scenario=scenario.id.to_string()
                    aria-current=is_current.then_some("true")
                    on:click=move |_| { session.close(); session.open_run(Opening::of_scenario(scenario.clone())) }
                >
                    <b>{move || title.pick(preferences.lang()).clone()}</b>
                    <span>{move || about.pick(preferences.lang()).clone()}</span>
                </button>
            </li>
        }
    });
    let empty = BROKERS.iter().map(|brokers| {
        let words = move || match (preferences.lang(), brokers) {
            (Lang::En, 1) => "1 broker".to_owned(),
            (Lang::En, n) => format!("{n} brokers"),
            (Lang::Ko, n) => format!("브로커 {n}개"),
        };
        view! {
            <button type="button" class="btn o" data-brokers=brokers.to_string()
                on:click=move |_| { session.close(); session.open_run(Opening::empty(*brokers)) }>{words}</button>
        }
    });
    let former = session.has_former().then(|| {
        view! {
            <p class="act">
                <button type="button" class="btn o" id=own("former-run") on:click=move |_| { session.close(); session.open_former() }>
                    {say("Back to the run that was open before", "전에 열려 있던 실행으로 돌아가기")}
                </button>
            </p>
        }
    });
    view! {
        {former}
        <ul class="menu">{scenarios.collect_view()}</ul>
        <h3>{say("Begin with an empty cluster", "빈 클러스터로 시작")}</h3>
        <p class="act wrap">{empty.collect_view()}</p>
        <h3 id=own("script-file-label")>{say("Open a script file", "스크립트 파일 열기")}</h3>
        <FileInput/>
    }
}

/// A file with a run in it.
#[component]
fn FileInput() -> impl IntoView {
    let session = Session::get();
    let chosen = move |event| {
        super::share::read_file(session, &event, move |name, bytes| {
            let _ = name;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            session.close();
            session.open_text(&text);
        });
    };
    view! {
        <p class="act">
            <FileButton id="script-file" accept=".txt,.partita,text/plain" label="script-file-label" chosen/>
        </p>
    }
}

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
