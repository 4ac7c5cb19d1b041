//! The menu of a small window: all that a wide one has buttons and keys for.

use std::time::Duration;

use leptos::prelude::*;

use crate::page::dialog::Dialog;
use crate::page::icon::Icon;
use crate::page::keys::to_panel;
use crate::page::preferences::{Preferences, said};
use crate::page::root::own;
use crate::page::session::{PACES, SPEEDS, Session};
use crate::page::text::{self, Text, text};

/// What a row does.
enum Deed {
    Open(Dialog),
    /// A panel of the drawer, by what gets the focus in it.
    Panel(&'static str),
    /// Something that is done at once.
    Act(fn(Session)),
}

/// A row: its icon, its words, and what it does.
type Row = (&'static str, Text, Deed);

const DO: [Row; 6] = [
    ("arrow", text("Send a record", "레코드 보내기"), Deed::Open(Dialog::Send)),
    ("plus", text("Add, paste", "추가, 붙여넣기"), Deed::Open(Dialog::Add)),
    ("drop", text("Break something", "고장 내기"), Deed::Open(Dialog::Faults('B'))),
    ("head", text("A client's calls, by hand", "클라이언트 호출 직접 하기"), Deed::Open(Dialog::Client(None))),
    ("pen", text("A line of the script grammar", "스크립트 문법 한 줄"), Deed::Open(Dialog::Command)),
    ("restart", text("Undo my last change", "내 마지막 변경 되돌리기"), Deed::Act(|session| session.undo())),
];

const LOOK: [Row; 6] = [
    ("grip", text("Settings", "설정"), Deed::Panel("find-setting")),
    ("glass", text("Inspector: fields, bytes, code", "인스펙터: 필드, 바이트, 코드"), Deed::Panel("inspector")),
    ("ring", text("Follow what is selected", "고른 것을 따라가기"), Deed::Act(|session| session.follow_selected())),
    ("fork", text("Branches", "브랜치"), Deed::Open(Dialog::Branches)),
    ("clock", text("Events as a list", "이벤트 목록"), Deed::Open(Dialog::Events)),
    ("arrow", text("Go to a time or a step", "시각 또는 스텝으로 가기"), Deed::Open(Dialog::GoTo)),
];

const GO: [Row; 11] = [
    ("restart", text("To the start", "처음으로"), Deed::Act(|session| session.home())),
    ("chback", text("Previous chapter", "이전 챕터"), Deed::Act(|session| session.previous_chapter())),
    ("chfwd", text("Next chapter", "다음 챕터"), Deed::Act(|session| session.next_chapter())),
    ("arrow", text("To the last step so far", "지금까지의 마지막 스텝으로"), Deed::Act(|session| session.end())),
    (
        "fwd",
        text("Next event, whatever it is", "종류와 관계없이 다음 이벤트"),
        Deed::Act(|session| session.move_forward()),
    ),
    ("back", text("Previous event", "이전 이벤트"), Deed::Act(|session| session.move_back())),
    ("stage", text("Next stage of the record", "레코드의 다음 단계"), Deed::Act(|session| session.next_stage())),
    ("back", text("Previous stage of the record", "레코드의 이전 단계"), Deed::Act(|session| session.previous_stage())),
    ("hint", text("Next fault or alarm", "다음 고장 또는 경보"), Deed::Act(|session| session.next_mark())),
    ("hint", text("Previous fault or alarm", "이전 고장 또는 경보"), Deed::Act(|session| session.previous_mark())),
    (
        "run",
        text("Run: virtual time passes", "실행: 가상 시간을 흘려 보냄"),
        Deed::Act(|session| session.run_or_pause()),
    ),
];

const PAGE: [Row; 6] = [
    ("book", text("Open a run", "실행 열기"), Deed::Open(Dialog::Open)),
    ("share", text("Share and keep", "공유와 보관"), Deed::Open(Dialog::Share)),
    ("compare", text("Classroom size", "강의실 크기"), Deed::Act(|session| session.switch_classroom())),
    ("file", text("About, and what is simplified", "소개, 단순화한 것"), Deed::Open(Dialog::About)),
    ("pen", text("All lines of the grammar", "문법의 모든 줄"), Deed::Open(Dialog::Grammar)),
    ("hint", text("All keys", "모든 키"), Deed::Open(Dialog::Keys)),
];

pub fn body() -> impl IntoView {
    let section = |title: Text, rows: Vec<AnyView>| {
        view! { <h3>{said(title)}</h3><ul class="fpal ink menu-l">{rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view()}</ul> }
    };
    let rows = |rows: Vec<Row>| rows.into_iter().map(row).collect::<Vec<_>>();
    let mut page = rows(PAGE.into());
    page.extend([language(), theme()]);
    let mut go = rows(GO.into());
    go.extend([pace(), speed()]);
    view! {
        {section(text("Do", "하기"), rows(DO.into()))}
        {section(text("Look", "보기"), rows(LOOK.into()))}
        {section(text("Go", "이동"), go)}
        {section(text("Partita", "Partita"), page)}
    }
}

fn row((icon, words, deed): Row) -> AnyView {
    let session = Session::get();
    let press = move |_| match &deed {
        Deed::Open(dialog) => session.dialog.set(Some(dialog.clone())),
        Deed::Panel(id) => {
            let id = *id;
            once_closed(session, move || to_panel(session, id));
        }
        Deed::Act(act) => {
            let act = *act;
            once_closed(session, move || act(session));
        }
    };
    view! { <button type="button" class="fb" on:click=press><Icon name=icon/><span>{said(words)}</span></button> }
        .into_any()
}

/// Closes the menu, and acts when it has given the focus back: the deed may take it elsewhere.
fn once_closed(session: Session, act: impl FnOnce() + 'static) {
    session.close();
    wait_until_closed(session, act);
}

fn wait_until_closed(session: Session, act: impl FnOnce() + 'static) {
    request_animation_frame(move || match session.lives() && session.dialog.get_untracked().is_some() {
        true => wait_until_closed(session, act),
        false => set_timeout(
            move || {
                if session.lives() {
                    act();
                }
            },
            Duration::ZERO,
        ),
    });
}

fn language() -> AnyView {
    let preferences = Preferences::get();
    view! {
        <button type="button" class="fb" id=own("menu-language") on:click=move |_| preferences.switch_lang()>
            <Icon name="open"/>
            <span>{said(text("한국어로 바꾸기", "Switch to English"))}</span>
        </button>
    }
    .into_any()
}

fn theme() -> AnyView {
    let preferences = Preferences::get();
    view! {
        <button type="button" class="fb" id=own("menu-theme") on:click=move |_| preferences.switch_theme()>
            <Icon name="theme"/>
            <span>{move || *preferences.theme().name().pick(preferences.lang())}</span>
        </button>
    }
    .into_any()
}

fn pace() -> AnyView {
    let session = Session::get();
    let options = PACES.iter().enumerate().map(|(place, pace)| (place.to_string(), format!("×{pace}"))).collect();
    chosen(
        "pace",
        text::PACE,
        options,
        move || session.pace.get().to_string(),
        move |chosen| {
            session.set_pace(chosen.parse().unwrap_or(0));
        },
    )
}

fn speed() -> AnyView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let words = |speed: u32| lang.pick(format!("{speed} ms/s"), format!("{speed} ms/초"));
    let options = SPEEDS.iter().map(|speed| (speed.to_string(), words(*speed))).collect();
    chosen(
        "speed",
        text::SPEED,
        options,
        move || session.speed.get().to_string(),
        move |chosen| {
            session.set_speed(chosen.parse().unwrap_or(1));
        },
    )
}

/// A row with a list to choose from: values and their words.
fn chosen(
    id: &'static str,
    name: Text,
    options: Vec<(String, String)>,
    value: impl Fn() -> String + Copy + Send + Sync + 'static,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let now = value();
    let options = options.into_iter().map(|(value, words)| {
        let is_chosen = value == now;
        view! { <option value=value selected=is_chosen>{words}</option> }
    });
    view! {
        <label class="fb pick-l">
            <Icon name="clock"/>
            <span>{said(name)}</span>
            <select id=own(&format!("menu-{id}")) class="inp" prop:value=value on:change=move |event| choose(event_target_value(&event))>
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}
