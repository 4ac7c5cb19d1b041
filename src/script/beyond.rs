//! What there is more of than a script or one of its lines may have, and the sentences for it.

use super::limits::{
    MAX_CHAPTERS, MAX_CLIENTS, MAX_GROUPS, MAX_LINES, MAX_OPTIONS, MAX_RECORD_BYTES, MAX_SCRIPT_BYTES, MAX_TOPICS,
    MAX_TRIES, MAX_WORDS,
};
use crate::lang::{Sentence, Text, both, grouped, text};

/// What there is more of than there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Of a run: clients, topics and groups that its script names.
    Clients,
    Topics,
    Groups,
    /// Of a script.
    Chapters,
    Tries,
    /// Of a line.
    Options,
    Words,
    /// Bytes of a record, and of a whole script.
    Record(u64),
    Script(u64),
    Lines,
}

impl Beyond {
    /// What is wrong; `found` is the first that is too much.
    pub(super) fn what(self, found: &str) -> Sentence {
        let run = |limit: usize, en: &str, of: &str, one: &str| {
            both(
                format!("a run holds at most {} {en}, and `{found}` is one more", grouped(limit as u64)),
                format!("{of} 최대 {}개인데 `{found}` {one} 하나 더 있습니다", grouped(limit as u64)),
            )
        };
        let line = |limit: usize, en: &str, of: &str, one: &str| {
            let limit = grouped(limit as u64);
            match found {
                // Between two commas.
                "" => both(
                    format!("a line has at most {limit} {en}, and here it has more"),
                    format!("한 줄의 {of} 최대 {limit}개인데 여기서 그보다 많아집니다"),
                ),
                _ => both(
                    format!("a line has at most {limit} {en}, and `{found}` is one more"),
                    format!("한 줄의 {of} 최대 {limit}개인데 `{found}` {one} 하나 더 있습니다"),
                ),
            }
        };
        match self {
            Beyond::Clients => run(MAX_CLIENTS, "clients", "클라이언트는", "클라이언트가"),
            Beyond::Topics => run(MAX_TOPICS, "topics", "토픽은", "토픽이"),
            Beyond::Groups => run(MAX_GROUPS, "groups", "그룹은", "그룹이"),
            Beyond::Chapters => run(MAX_CHAPTERS, "chapters", "챕터는", "챕터가"),
            Beyond::Tries => run(MAX_TRIES, "`try` lines", "`try` 줄은", "줄이"),
            Beyond::Options => line(MAX_OPTIONS, "options", "옵션은", "옵션이"),
            Beyond::Words => line(MAX_WORDS, "words", "단어는", "단어가"),
            Beyond::Record(bytes) => both(
                format!("this record has {} bytes", grouped(bytes)),
                format!("이 레코드는 {}바이트입니다", grouped(bytes)),
            ),
            Beyond::Script(bytes) => both(
                format!("the script has {} bytes; what follows was not read", grouped(bytes)),
                format!("스크립트가 {}바이트입니다. 이 뒤는 읽지 않았습니다", grouped(bytes)),
            ),
            Beyond::Lines => both(
                "the script is too long; what follows was not read",
                "스크립트의 줄이 너무 많습니다. 이 뒤는 읽지 않았습니다",
            ),
        }
    }

    /// As many as there may be.
    pub(super) fn allowed(self) -> Text {
        // The numbers in these sentences.
        const { assert!(MAX_CHAPTERS == 50 && MAX_TRIES == 20) }
        const { assert!(MAX_CLIENTS == 50 && MAX_TOPICS == 50 && MAX_GROUPS == 1_000) }
        const { assert!(MAX_OPTIONS == 1_000 && MAX_WORDS == 10_000 && MAX_LINES == 200_000) }
        const { assert!(MAX_RECORD_BYTES == 1_048_576 && MAX_SCRIPT_BYTES == 33_554_432) }
        match self {
            Beyond::Clients => text("at most 50 clients", "클라이언트는 최대 50개"),
            Beyond::Topics => text("at most 50 topics", "토픽은 최대 50개"),
            Beyond::Groups => text("at most 1,000 groups", "그룹은 최대 1,000개"),
            Beyond::Chapters => text("at most 50 chapters", "챕터는 최대 50개"),
            Beyond::Tries => text("at most 20 `try` lines", "`try` 줄은 최대 20개"),
            Beyond::Options => text("at most 1,000 options a line", "한 줄에 옵션은 최대 1,000개"),
            Beyond::Words => text("at most 10,000 words a line", "한 줄에 단어는 최대 10,000개"),
            Beyond::Record(_) => {
                text("at most 1 MB (1,048,576 bytes) a record", "레코드 하나에 최대 1 MB(1,048,576바이트)")
            }
            Beyond::Script(_) => {
                text("at most 32 MB (33,554,432 bytes) a script", "스크립트 하나에 최대 32 MB(33,554,432바이트)")
            }
            Beyond::Lines => text("at most 200,000 lines a script", "스크립트 하나에 최대 200,000줄"),
        }
    }
}
