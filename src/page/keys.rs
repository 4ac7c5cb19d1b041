//! The keyboard: one key for each thing a user may want, as the design's table has it.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::tick;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::dialog::Dialog;
use super::preferences;
use super::root::listens;
use super::session::Session;
use super::text::{Text, text};

/// A key, what it does in words, and what it does.
pub struct Key {
    /// As `KeyboardEvent.key` has it; letters in upper case.
    pub key: &'static str,
    pub shift: bool,
    /// As it stands on the page.
    pub shown: &'static str,
    pub does: Text,
    act: fn(Session),
}

const fn key(key: &'static str, shown: &'static str, does: Text, act: fn(Session)) -> Key {
    Key { key, shift: false, shown, does, act }
}

const fn shifted(of: &'static str, shown: &'static str, does: Text, act: fn(Session)) -> Key {
    Key { shift: true, ..key(of, shown, does, act) }
}

/// All keys, in the order in which they are listed.
pub const KEYS: [Key; 37] = [
    key("ArrowRight", "→", text("next step", "다음 스텝"), |s| s.step_forward()),
    key("ArrowLeft", "←", text("previous step", "이전 스텝"), |s| s.step_back()),
    key("]", "]", text("next event, whatever it is", "종류와 관계없이 다음 이벤트"), |s| {
        s.move_forward();
    }),
    key("[", "[", text("previous event", "이전 이벤트"), |s| s.move_back()),
    shifted(
        "ArrowRight",
        "Shift →",
        text("next stage of the followed record", "따라가는 레코드의 다음 단계"),
        |s| s.next_stage(),
    ),
    shifted(
        "ArrowLeft",
        "Shift ←",
        text("previous stage of the followed record", "따라가는 레코드의 이전 단계"),
        |s| {
            s.previous_stage();
        },
    ),
    key("PageDown", "Page ↓", text("next chapter of the story", "이야기의 다음 챕터"), |s| s.next_chapter()),
    key("PageUp", "Page ↑", text("previous chapter", "이전 챕터"), |s| s.previous_chapter()),
    key(" ", "Space", text("play step by step, pause", "한 스텝씩 재생, 멈춤"), |s| s.play_or_pause()),
    key("R", "R", text("run: virtual time passes, pause", "실행: 가상 시간을 흘려 보냄, 멈춤"), |s| {
        s.run_or_pause();
    }),
    key("Home", "Home", text("to the start", "처음으로"), |s| s.home()),
    key("End", "End", text("to the last step so far", "지금까지의 마지막 스텝으로"), |s| s.end()),
    key(".", ".", text("next fault or alarm", "다음 고장 또는 경보"), |s| s.next_mark()),
    key(",", ",", text("previous fault or alarm", "이전 고장 또는 경보"), |s| s.previous_mark()),
    key("G", "G", text("go to a time or a step", "시각 또는 스텝으로 가기"), |s| s.open(Dialog::GoTo)),
    key("F", "F", text("follow what is selected", "고른 것을 따라가기"), |s| s.follow_selected()),
    key("N", "N", text("send a record", "레코드 보내기"), |s| s.open(Dialog::Send)),
    key(
        "A",
        "A",
        text("add: topic, client, configuration, records", "추가: 토픽, 클라이언트, 설정, 레코드"),
        |s| s.open(Dialog::Add),
    ),
    key("T", "T", text("a client's calls, by hand", "클라이언트 호출 직접 하기"), |s| {
        s.open(Dialog::Client(None));
    }),
    key(":", ":", text("a line of the script grammar", "스크립트 문법 한 줄"), |s| s.open(Dialog::Command)),
    key("B", "B", text("crash a broker", "브로커 장애"), |s| s.open(Dialog::Faults('B'))),
    key("D", "D", text("drop a response", "응답 유실"), |s| s.open(Dialog::Faults('D'))),
    key("E", "E", text("answer with an error", "오류 응답"), |s| s.open(Dialog::Faults('E'))),
    key("P", "P", text("pause a process", "프로세스 멈춤"), |s| s.open(Dialog::Faults('P'))),
    key("K", "K", text("kill a client", "클라이언트 강제 종료"), |s| s.open(Dialog::Faults('K'))),
    key("W", "W", text("slow work", "느린 처리"), |s| s.open(Dialog::Faults('W'))),
    key("Z", "Z", text("undo my last change", "내 마지막 변경 되돌리기"), |s| s.undo()),
    key("Y", "Y", text("branches", "브랜치 목록"), |s| s.open(Dialog::Branches)),
    key("L", "L", text("events as a list", "이벤트 목록"), |s| s.open(Dialog::Events)),
    key("I", "I", text("inspector", "인스펙터"), |s| to_panel(s, "inspector")),
    key("S", "S", text("settings", "설정"), |s| to_panel(s, "find-setting")),
    key("/", "/", text("find a setting", "설정 찾기"), |s| to_panel(s, "find-setting")),
    key("O", "O", text("outline of the scene", "장면 개요"), to_outline),
    key("U", "U", text("open a run, a scenario, a file", "실행, 시나리오, 파일 열기"), |s| {
        s.open(Dialog::Open);
    }),
    key("M", "M", text("classroom size, for a projector", "강의실 크기, 프로젝터용"), |s| {
        s.switch_classroom();
    }),
    key("?", "?", text("all keys", "모든 키"), |s| s.open(Dialog::Keys)),
    key("Escape", "Esc", text("close, back to the scene", "닫기, 장면으로"), back_to_scene),
];

/// Listens for keys on the whole page, and acts on those that are meant for this session.
pub fn listen(session: Session) {
    listens(window_event_listener(leptos::ev::keyup, move |_| {
        if !session.root.has_left() {
            session.let_go();
        }
    }));
    listens(window_event_listener(leptos::ev::keydown, move |event| {
        if session.root.has_left() {
            return;
        }
        if event.default_prevented() || event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key()
        {
            return;
        }
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let Some(name) = named(&event) else { return };
        // A button of the transport that is held is pressed once: each repetition would wait as a press of its own.
        let is_on = |button: &str| target.as_ref().is_some_and(|of| of.closest(button).is_ok_and(|of| of.is_some()));
        if event.repeat() && name == "Enter" && is_on(".tr button") {
            event.prevent_default();
            return;
        }
        if !session.root.is_meant(target.as_ref()) || is_taken(target.as_ref(), &name) || session.has_dialog() {
            return;
        }
        let is_letter = name.len() == 1 && name != " ";
        if is_letter && !session.letters.get_untracked() {
            return;
        }
        let is_meant = |key: &Key| key.key == name && (is_letter || key.shift == event.shift_key());
        if let Some(place) = KEYS.iter().position(is_meant) {
            let found = &KEYS[place];
            event.prevent_default();
            // Play that is switched by a key that is held would stand and go by turns.
            let is_switch = matches!(found.key, " " | "R");
            if is_switch && event.repeat() || session.is_behind(event.repeat()) {
                return;
            }
            session.shows_key(place);
            let act = found.act;
            // The settings and the outline may not be built yet. They are before the next key comes, which is theirs.
            let is_early = matches!(found.key, "S" | "/" | "O") && session.root.find("[role=tree]").is_none();
            match is_early {
                true => {
                    session.see();
                    spawn_local(async move {
                        tick().await;
                        if session.lives() {
                            act(session);
                        }
                    });
                }
                false => act(session),
            }
        }
    }));
}

/// The key's name; a letter in upper case, also while the keyboard writes Hangul.
fn named(event: &KeyboardEvent) -> Option<String> {
    let key = event.key();
    if key.len() == 1 {
        return Some(key.to_ascii_uppercase());
    }
    if key.is_ascii() {
        return Some(key);
    }
    event.code().strip_prefix("Key").map(str::to_owned)
}

/// Whether the element that has the focus uses the key itself.
fn is_taken(target: Option<&Element>, key: &str) -> bool {
    let Some(target) = target else { return false };
    let is = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if is("textarea, select, input:not([type=range]):not([type=checkbox]), [contenteditable]") {
        return key != "Escape";
    }
    let arrows = key.starts_with("Arrow") || matches!(key, "Home" | "End");
    if arrows && is("[role=tree], [role=slider], input[type=range]") {
        return true;
    }
    key == " " && is("button, a, summary, [role=button], [role=treeitem], input")
}

/// Shows a panel of the right column and puts the focus into it.
pub fn to_panel(session: Session, id: &'static str) {
    session.drawer.set(true);
    request_animation_frame(move || {
        if session.lives() {
            focus_first(session.root.by_id(id));
        }
    });
}

fn focus_first(element: Option<Element>) {
    let Some(element) = element else { return };
    let inner = element.query_selector("input, a[href], button, [tabindex]").ok().flatten();
    let element = if element.has_attribute("tabindex") || element.tag_name() == "INPUT" {
        element
    } else {
        inner.unwrap_or(element)
    };
    if let Ok(element) = element.dyn_into::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}

fn to_outline(session: Session) {
    focus_first(session.root.find("[role=tree] [tabindex='0'], [role=tree]"));
}

/// Ends what goes on, closes the drawer, and gives the focus back to the scene.
fn back_to_scene(session: Session) {
    session.stand_still();
    session.drawer.set(false);
    if let Some(active) = session.root.focused().and_then(|active| active.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = active.blur();
    }
    focus_first(session.root.by_id("scene"));
}

/// Letter keys may be in the way of those who speak to their computer (WCAG 2.1.4).
pub fn switch_letters(session: Session) {
    let on = !session.letters.get_untracked();
    preferences::keep("letters", if on { "on" } else { "off" });
    session.letters.set(on);
}
