//! Which dialog is open: what the session holds of it, and what each way to it names.

use std::sync::Arc;

use super::text::{Text, text};

/// What can be open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Scenarios, an empty run, files.
    Open,
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
    },
}

impl Dialog {
    /// As its heading says it.
    pub const fn title(&self) -> Text {
        match self {
            Dialog::Open => text("Open a run", "실행 열기"),
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

/// A file that was dropped on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct DroppedFile {
    pub name: String,
    pub bytes: Arc<[u8]>,
}
