//! Which dialog is open: what the session holds of it, and what each way to it names.

use std::sync::Arc;

use leptos::prelude::window;
use wasm_bindgen::JsCast;

use super::text::{Text, text};

/// What can be open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Scenarios, an empty run, files.
    Open,
    /// All that a small window has no button for.
    Menu,
    /// What can be added.
    Add,
    Send,
    Topic,
    Producer,
    Consumer,
    /// The calls of a client by hand, of this one or the first.
    Client(Option<String>),
    /// With a text that was dropped.
    Paste(Option<String>),
    Records(Option<DroppedFile>),
    /// A file that was dropped, until it is known what it holds.
    Dropped(DroppedFile),
    /// What a fault can act on; its key.
    Faults(char),
    Share,
    /// The run for a document of somebody's own.
    Embed,
    Keys,
    /// What this is, and what the model simplifies.
    About,
    GoTo,
    Branches,
    Events,
    Command,
    /// Every line of it.
    Grammar,
    /// A setting of a client or topic, edited where it acts.
    Setting {
        of: String,
        name: String,
        under: Option<Under>,
    },
}

impl Dialog {
    /// As its heading says it.
    pub const fn title(&self) -> Text {
        match self {
            Dialog::Open => text("Open a run", "실행 열기"),
            Dialog::Menu => text("Menu", "메뉴"),
            Dialog::Add => text("Add", "추가"),
            Dialog::Send => text("Send a record", "레코드 보내기"),
            Dialog::Topic => text("Add a topic", "토픽 추가"),
            Dialog::Producer => text("Add a producer", "프로듀서 추가"),
            Dialog::Consumer => text("Add a consumer", "컨슈머 추가"),
            Dialog::Client(_) => text("A client's calls, by hand", "클라이언트 호출 직접 하기"),
            Dialog::Paste(_) => text("Paste configuration or code", "설정 또는 코드 붙여넣기"),
            Dialog::Records(_) => text("A file of records", "레코드 파일"),
            Dialog::Dropped(_) => text("A file", "파일"),
            Dialog::Faults(_) => text("Break something", "고장 내기"),
            Dialog::Share => text("Share and keep", "공유와 보관"),
            Dialog::Embed => text("Embed in a document", "문서에 넣기"),
            Dialog::Keys => text("All keys", "모든 키"),
            Dialog::About => text("About Partita", "Partita에 대하여"),
            Dialog::GoTo => text("Go to a time or a step", "시각 또는 스텝으로 가기"),
            Dialog::Branches => text("Branches", "브랜치"),
            Dialog::Events => text("Events as a list", "이벤트 목록"),
            Dialog::Command => text("A line of the script grammar", "스크립트 문법 한 줄"),
            Dialog::Grammar => text("The grammar of runs", "실행의 문법"),
            Dialog::Setting { .. } => text("Setting", "설정"),
        }
    }
}

/// What a popover stands under, in pixels of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Under {
    middle: f64,
    top: f64,
    bottom: f64,
}

/// A popover's width, its distance from what it stands under, and from the window's edge.
const WIDTH: f64 = 416.0;
const GAP: f64 = 8.0;
/// Where there is less room than this below, it stands above if that has more.
const ROOM: f64 = 320.0;

impl Under {
    /// What the reader has just pressed, by mouse or key.
    pub fn what_was_pressed() -> Option<Under> {
        let event = window().event().dyn_into::<web_sys::Event>().ok()?;
        let pressed = event.target()?.dyn_into::<web_sys::Element>().ok()?.closest("a, button").ok()??;
        Some(Under::of(&pressed))
    }

    pub fn of(element: &web_sys::Element) -> Under {
        let place = element.get_bounding_client_rect();
        Under { middle: place.left() + place.width() / 2.0, top: place.top(), bottom: place.bottom() }
    }

    /// Puts a popover there.
    pub fn put(self, popover: &web_sys::HtmlElement) {
        let (style, is_above) = self.style();
        let other = if is_above { "top" } else { "bottom" };
        let _ = popover.style().set_property(other, "auto");
        // Each by itself: a whole style is refused by the page's policy.
        for (name, pixels) in style {
            let _ = popover.style().set_property(name, &format!("{pixels:.0}px"));
        }
        let _ = popover.class_list().toggle_with_force("above", is_above);
    }

    /// Where the popover stands, by the names of its style, and whether it stands above.
    fn style(self) -> ([(&'static str, f64); 4], bool) {
        let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|size| size.as_f64()).unwrap_or(0.0);
        let (width, height) = (size(window().inner_width()), size(window().inner_height()));
        let left = (self.middle - WIDTH * 0.8).min(width - WIDTH - GAP).max(GAP);
        let nib = (self.middle - left).clamp(16.0, WIDTH - 16.0);
        let (below, above) = (height - self.bottom, self.top);
        let is_above = below < ROOM && above > below;
        let (side, at, room) = match is_above {
            true => ("bottom", height - self.top + GAP, above),
            false => ("top", self.bottom + GAP, below),
        };
        ([("left", left), (side, at), ("--nib", nib), ("--room", room - 2.0 * GAP)], is_above)
    }
}

/// A file that was dropped on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct DroppedFile {
    pub name: String,
    pub bytes: Arc<[u8]>,
}
