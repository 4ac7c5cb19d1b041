//! The ready scenarios: scripts that open paused just before a followed record begins its journey.

/// A ready scenario.
#[derive(Debug, PartialEq, Eq)]
pub struct Scenario {
    /// In links and file names.
    pub id: &'static str,
    pub title_en: &'static str,
    pub title_ko: &'static str,
    pub about_en: &'static str,
    pub about_ko: &'static str,
    pub script: &'static str,
    /// The producer whose record is followed.
    pub producer: &'static str,
    /// The value that the followed record's line has in it: the run opens paused before that line.
    pub followed: &'static str,
}

impl Scenario {
    pub fn by_id(id: &str) -> Option<&'static Scenario> {
        ALL.iter().find(|scenario| scenario.id == id)
    }

    /// The number of the line that sends the followed record.
    pub fn opening_line(&self, script: &crate::script::Script) -> Option<u32> {
        let sends = |line: &&crate::script::Line| {
            matches!(&line.statement, crate::script::Statement::Send(send) if &*send.client == self.producer)
                && line.text.contains(self.followed)
        };
        script.lines.iter().find(sends).map(|line| line.number)
    }
}

macro_rules! scenario {
    ($id:literal, $title_en:literal, $title_ko:literal, $about_en:literal, $about_ko:literal) => {
        Scenario {
            id: $id,
            title_en: $title_en,
            title_ko: $title_ko,
            about_en: $about_en,
            about_ko: $about_ko,
            script: include_str!(concat!($id, ".txt")),
            producer: "producer-1",
            followed: "\"order\":1035",
        }
    };
}

/// All of them; the first is the one that the page opens with.
pub const ALL: [Scenario; 8] = [
    scenario!(
        "lost-response",
        "Lost response, safe retry",
        "사라진 응답, 안전한 재시도",
        "A response is lost. The idempotent producer sends the batch again, and the broker finds that it has it already.",
        "응답이 사라집니다. 멱등 프로듀서가 배치를 다시 보내고, 브로커는 이미 가지고 있음을 알아냅니다."
    ),
    scenario!(
        "fire-and-forget",
        "Fire and forget",
        "보내고 잊기",
        "send() returns at once, and nobody looks at what became of the record.",
        "send()가 바로 돌아오고, 레코드가 어떻게 되었는지 아무도 보지 않습니다."
    ),
    scenario!(
        "synchronous",
        "Synchronous send",
        "동기 전송",
        "send().get() waits for each answer before the next record goes.",
        "send().get()이 응답을 기다린 뒤에야 다음 레코드를 보냅니다."
    ),
    scenario!(
        "asynchronous",
        "Asynchronous send",
        "비동기 전송",
        "send() returns at once, and a callback runs when the answer is there.",
        "send()가 바로 돌아오고, 응답이 오면 콜백이 실행됩니다."
    ),
    scenario!(
        "auto-commit",
        "Auto commit",
        "자동 커밋",
        "poll() commits what earlier polls returned. After a crash, what was not committed is read again.",
        "poll()이 이전 poll이 돌려준 것까지 커밋합니다. 장애 뒤에는 커밋되지 않은 것을 다시 읽습니다."
    ),
    scenario!(
        "commit-sync",
        "commitSync",
        "commitSync",
        "The program waits until the coordinator has stored the offsets; a retriable error is retried.",
        "코디네이터가 오프셋을 저장할 때까지 프로그램이 기다립니다. 재시도 가능한 오류는 재시도합니다."
    ),
    scenario!(
        "commit-async",
        "commitAsync, and why it does not retry",
        "commitAsync가 재시도하지 않는 이유",
        "Commits of 2 and 4 fail, 5 succeeds. A program that retries 2 by itself sets the group back.",
        "2와 4의 커밋이 실패하고 5가 성공합니다. 프로그램이 2를 다시 커밋하면 그룹이 뒤로 돌아갑니다."
    ),
    scenario!(
        "four-consumers",
        "Four consumers, three partitions",
        "컨슈머 넷, 파티션 셋",
        "One consumer is idle, until another one leaves; a killed one is missed only after session.timeout.ms.",
        "컨슈머 하나는 쉬고 있다가 다른 하나가 떠나면 일을 받습니다. kill된 컨슈머는 session.timeout.ms 뒤에야 알아챕니다."
    ),
];
