//! Which run to open: where a newcomer starts, the stories in the order of the course, the reader's own, an empty one, a
//! file.

use leptos::prelude::*;
use partita::lang::{Both, Lang};
use partita::scenarios::{self, Scenario, Section};

use super::own_runs::OwnRuns;
use super::share::read_file;
use crate::page::icon::Icon;
use crate::page::live::live;
use crate::page::preferences::{Preferences, said, say};
use crate::page::root::own;
use crate::page::session::{Opening, Session};

/// Brokers of an empty run.
const BROKERS: [u32; 4] = [1, 2, 3, 5];
/// The sections of the left column; the others stand in the right one.
const LEFT: usize = 2;

pub fn body() -> impl IntoView {
    let session = Session::get();
    // A run of one's own is open as that, whatever it began as.
    let current = if session.is_own() { None } else { session.with_run(|run| Some(run.scenario.as_ref()?.id.clone())) };
    let is_open = |scenario: &Scenario| current.as_ref() == Some(&scenario.id);
    let all = scenarios::all();
    let starts_here = current.is_none() || all.first().is_some_and(is_open);
    let section = |section: Section| {
        let stories = || all.iter().filter(move |scenario| scenario.section == Some(section));
        stories().next().is_some().then(|| {
            let rows = stories().map(|scenario| view! { <Story scenario=scenario.clone() is_open=is_open(scenario)/> });
            view! {
                <section>
                    <h3>{said(section.title())}</h3>
                    <ol>{rows.collect_view()}</ol>
                </section>
            }
        })
    };
    let (left, right) = Section::ALL.split_at(LEFT);
    view! {
        <div class="ru">
            <div class="ru-l">
                {all.first().map(|scenario| view! { <Start scenario=scenario.clone() has_focus=starts_here/> })}
                <div class="ru-g">
                    <div>{left.iter().map(|of| section(*of)).collect_view()}</div>
                    <div>{right.iter().map(|of| section(*of)).collect_view()}</div>
                </div>
            </div>
            <div class="ru-r">
                <OwnRuns>
                    <Empty/>
                    <File/>
                    <small>
                        {say(
                            "A run from a link or a file is kept from your first change on. Nothing leaves this browser.",
                            "링크나 파일로 연 실행은 첫 변경부터 보존합니다. 아무것도 이 브라우저를 떠나지 않습니다.",
                        )}
                    </small>
                </OwnRuns>
            </div>
        </div>
    }
}

fn open_scenario(session: Session, scenario: Scenario) {
    session.close();
    session.open_run(Opening::of_scenario(scenario));
}

/// What a text says in the reader's language.
fn of(text: &Both<String>) -> impl Fn() -> String + Send + Sync + 'static + use<> {
    let (preferences, text) = (Preferences::get(), text.clone());
    move || text.pick(preferences.lang()).clone()
}

/// The first of all, boxed.
#[component]
fn Start(scenario: Scenario, has_focus: bool) -> impl IntoView {
    let session = Session::get();
    let (title, about, id) = (of(&scenario.title), of(&scenario.about), scenario.id.to_string());
    view! {
        <div class="ru-first">
            <b>{title}</b>
            <span>{say("Start here: ", "여기서 시작: ")}{about}</span>
            <button type="button" class="btn p" data-scenario=id autofocus=has_focus
                on:click=move |_| open_scenario(session, scenario.clone())>
                <Icon name="play"/>
                {say("Start", "시작")}
            </button>
        </div>
    }
}

#[component]
fn Story(scenario: Scenario, is_open: bool) -> impl IntoView {
    let session = Session::get();
    let (title, about, id) = (of(&scenario.title), of(&scenario.about), scenario.id.to_string());
    let (preferences, chapters) = (Preferences::get(), scenario.chapters());
    let state = move || match (preferences.lang(), chapters) {
        (Lang::En, _) if is_open => "open now".to_owned(),
        (Lang::Ko, _) if is_open => "지금 열림".to_owned(),
        (Lang::En, 1) => "1 chapter".to_owned(),
        (Lang::En, n) => format!("{n} chapters"),
        (Lang::Ko, n) => format!("챕터 {n}개"),
    };
    view! {
        <li>
            <button type="button" class="rw" data-scenario=id autofocus=is_open aria-current=is_open.then_some("true")
                on:click=move |_| open_scenario(session, scenario.clone())>
                <b>{title}</b>
                <small>{state}</small>
                <span>{about}</span>
            </button>
        </li>
    }
}

/// How many brokers an empty cluster has is asked where it is chosen.
#[component]
fn Empty() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let is_asked = RwSignal::new(false);
    let counts = move || {
        BROKERS.map(|brokers| {
            let words = move || match (preferences.lang(), brokers) {
                (Lang::En, 1) => "1 broker".to_owned(),
                (Lang::En, n) => format!("{n} brokers"),
                (Lang::Ko, n) => format!("브로커 {n}개"),
            };
            view! {
                <button type="button" class="btn o" data-brokers=brokers.to_string()
                    on:click=move |_| { session.close(); session.open_run(Opening::empty(brokers)) }>{words}</button>
            }
        })
        .collect_view()
    };
    view! {
        <button type="button" class="btn o" id=own("empty") aria-expanded=move || is_asked.get().to_string()
            on:click=move |_| { session.dialog_stays(); is_asked.update(|is_asked| *is_asked = !*is_asked) }>
            <Icon name="plus"/>
            {say("Begin with an empty cluster", "빈 클러스터로 시작")}
        </button>
        {live(move || is_asked.get().then(|| view! { <div class="ru-n">{counts()}</div> }))}
    }
}

/// A file with a run in it.
#[component]
fn File() -> impl IntoView {
    let session = Session::get();
    let chosen = move |event| {
        read_file(session, &event, move |_, bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            session.close();
            session.open_text(&text);
        });
    };
    view! {
        <label class="btn o file">
            <input type="file" id=own("script-file") class="sr" accept=".txt,.partita,text/plain" on:change=chosen/>
            <Icon name="file"/>
            {say("Open a file", "파일 열기")}
        </label>
    }
}
