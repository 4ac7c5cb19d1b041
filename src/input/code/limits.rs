//! How much of a text is looked at: what goes beyond it is told.

use crate::lang::Lang;

/// Statements and brackets within one another; what lies deeper is passed over.
pub(super) const MAX_DEPTH: u32 = 60;
/// Levels of a tree, so that whoever walks it needs no more of the stack than is there.
pub(super) const MAX_HEIGHT: u16 = 200;
/// Statements and calls within one another, over all methods.
pub(super) const MAX_CALLS: u32 = 160;
/// Methods of one name that are looked at for a call.
pub(super) const MAX_METHODS: usize = 20;
/// Properties that are copied from one map to another, over a whole text.
pub(super) const MAX_COPIED: usize = 20_000;
/// Clients of a text that are looked at.
pub(super) const MAX_CLIENTS: usize = 200;

/// Clients of a text that are offered beside the one that is chosen.
pub(super) const MAX_OTHERS: usize = 20;
/// Milliseconds: a longer poll is no number of a script.
pub(super) const LONGEST_POLL_MS: u64 = crate::script::MAX_MS;

/// What is looked at of a text, so much and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Statements and brackets within one another.
    Depth,
    /// Levels of an expression or a branch.
    Height,
    /// Calls within one another.
    Calls,
    /// Steps of a walk before methods are not walked again.
    Steps(u32),
    /// Methods of one name.
    Methods,
    /// Properties that are copied from one map to another.
    Copies,
}

impl Limit {
    /// What is counted.
    pub fn text(self, lang: Lang) -> &'static str {
        let (en, ko) = match self {
            Limit::Depth => ("statements and brackets within one another", "겹쳐진 문장과 괄호"),
            Limit::Height => ("levels of an expression or a branch", "식이나 분기 하나의 단계"),
            Limit::Calls => ("calls within one another", "겹쳐진 호출"),
            Limit::Steps(_) => ("steps of methods that call one another", "서로 호출하는 메서드의 단계"),
            Limit::Methods => ("methods of this name", "이 이름의 메서드"),
            Limit::Copies => ("properties copied from map to map", "맵에서 맵으로 복사한 속성"),
        };
        lang.pick(en, ko)
    }

    /// How many are looked at.
    pub const fn most(self) -> u32 {
        match self {
            Limit::Depth => MAX_DEPTH,
            Limit::Height => MAX_HEIGHT as u32,
            Limit::Calls => MAX_CALLS,
            Limit::Steps(most) => most,
            Limit::Methods => MAX_METHODS as u32,
            Limit::Copies => MAX_COPIED as u32,
        }
    }
}

/// So many names that Kafka does not have are looked for among Kafka's like them; more are not shown one by one.
pub(super) const MOST_SUGGESTED: usize = 1000;
/// Sentences of one place that the next of that place is compared with.
pub(super) const MOST_NEAR: usize = 300;
