//! What was found in a program, each with the place it stands in.

use crate::script::{CommitMode, SendMode, Subscription};

use super::described::{Role, Seek};
use super::gap::Aside;
use super::value::Value;

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundPlace {
    pub at: usize,
    /// The loops around it, the outermost first.
    pub around: Vec<usize>,
    pub conditions: u32,
    /// How many questions whether a poll returned something are around it, and how many `try` with a `catch`.
    pub asked: u32,
    pub caught: u32,
    pub aside: Option<Aside>,
    /// How many places the walk had come by before.
    pub turn: u32,
}

#[derive(Clone, Debug)]
pub(super) struct FoundClient<'a> {
    pub role: Role,
    pub name: &'a str,
    pub at: usize,
    /// Its properties, and how many of them there were when it was made.
    pub config: Option<(usize, usize)>,
    /// It was made in this text.
    pub is_made: bool,
    /// Serializers that its constructor was given: the property, the class, and where.
    pub classes: Vec<(String, String, usize)>,
    /// Spring's: its template, or a container of listeners.
    pub spring: Option<Spring>,
    pub commits_on_revoked: bool,
}

impl<'a> FoundClient<'a> {
    pub fn new(role: Role, name: &'a str, at: usize, spring: Option<Spring>) -> FoundClient<'a> {
        FoundClient {
            role,
            name,
            at,
            config: None,
            is_made: false,
            classes: Vec::new(),
            spring,
            commits_on_revoked: false,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spring {
    pub group: Option<(String, usize)>,
}

/// A record that a program makes; each part with its tokens, so that what is not known can be told.
#[derive(Clone, Debug)]
pub(super) struct FoundRecord<'t, 'a> {
    pub at: usize,
    pub place: FoundPlace,
    pub topic: FoundValue<'t, 'a>,
    pub partition: Option<FoundValue<'t, 'a>>,
    pub timestamp: Option<FoundValue<'t, 'a>>,
    pub key: Option<FoundValue<'t, 'a>>,
    pub value: Option<FoundValue<'t, 'a>>,
    pub headers: Vec<(String, Option<String>)>,
    /// Headers that are not known.
    pub lost_headers: Vec<(usize, usize)>,
}

/// A value with the tokens that say it.
#[derive(Clone, Debug)]
pub(super) struct FoundValue<'t, 'a> {
    pub value: Value<'t, 'a>,
    pub range: (usize, usize),
}

#[derive(Clone, Debug)]
pub(super) struct FoundSend {
    pub client: usize,
    pub record: Option<usize>,
    pub mode: SendMode,
    pub place: FoundPlace,
}

#[derive(Clone, Debug)]
pub(super) struct FoundPoll {
    pub client: usize,
    pub ms: Option<u64>,
    pub place: FoundPlace,
}

#[derive(Clone, Debug)]
pub(super) struct FoundCommit {
    pub client: usize,
    pub mode: CommitMode,
    pub place: FoundPlace,
    /// How many loops had been entered when what it is given was made; 0: none had, or it is given nothing.
    pub given_in: u32,
    /// It is given no offsets: it commits the positions behind all that was read.
    pub is_whole: bool,
}

/// Where records are handled, as far as a text tells.
#[derive(Clone, Debug)]
pub(super) struct Handled {
    /// A loop that is perhaps over records, by its number; None: a poll's records are given to a call.
    pub round: Option<usize>,
    pub place: FoundPlace,
}

#[derive(Clone, Debug)]
pub(super) struct Pause {
    /// Milliseconds; None: known only when the program runs.
    pub ms: Option<u32>,
    pub place: FoundPlace,
}

#[derive(Clone, Debug)]
pub(super) struct Sought {
    pub client: usize,
    /// None: the partitions or the offset are not known.
    pub to: Option<Seek>,
    /// How many polls there were before it.
    pub polls: usize,
    pub place: FoundPlace,
}

#[derive(Clone, Debug)]
pub(super) struct Subscribed {
    pub client: usize,
    /// None: not known.
    pub to: Option<To>,
    pub place: FoundPlace,
}

#[derive(Clone, Debug)]
pub(super) enum To {
    Topics(Subscription),
    Partitions(Vec<(String, i32)>),
}

/// A method that Spring's container calls.
#[derive(Clone, Debug)]
pub(super) struct Listener {
    pub client: usize,
    pub at: usize,
    /// The token of its method.
    pub method: Option<usize>,
    pub concurrency: Option<i64>,
    pub is_batch: bool,
    pub acknowledges: bool,
    /// The loop in which its method was walked.
    pub round: Option<usize>,
}

/// What is set for all containers of listeners.
#[derive(Clone, Debug, Default)]
pub(super) struct Containers<'a> {
    pub ack: Option<&'a str>,
    pub concurrency: Option<i64>,
}
