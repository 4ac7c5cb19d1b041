//! The text grammar of runs: parsed and printed.
//!
//! One line is one statement: an optional anchor, a verb, its subject, `name=value` pairs, Kafka's own property names.
//! [`parse`] stops at nothing: it gives every line that is valid, and an error with line and column for each that is not.
//! [`print()`] writes the canonical text; what it prints parses to the same script. Nothing here knows the simulation.

mod admin;
mod api;
mod args;
mod ast;
mod calls;
mod civil;
mod clients;
mod cluster;
mod condition;
mod error;
mod faults;
mod lexer;
mod limits;
pub mod link;
mod named;
mod parse;
mod payload;
mod print;
mod sends;
pub mod stored;
mod suggest;
mod verbs;
mod words;

pub use admin::{AdminStatement, Altered, Described, Election, OffsetSpec};
pub use api::FaultApi;
pub use ast::{Anchor, Line, Property, Script, Setting, SettingFrom, SettingTarget, Statement};
pub use civil::{iso_instant, parse_iso_instant};
pub use clients::{
    Acknowledgement, Call, ClientKind, CloseOperation, Commit, CommitEvery, CommitMode, ConsumeLoop, NewClient, Poll,
    PollGoal, ShowRecords, Subscription,
};
pub use cluster::{Cluster, NewTopic};
pub use condition::{Condition, GroupFacts, ReplicaPlace, Wait};
pub use error::{Allowed, ScriptError, ScriptProblem};
pub use faults::{Fault, NamedProcess, Node};
pub use limits::{
    MAX_BROKERS, MAX_CLIENTS, MAX_CLIENTS_MADE, MAX_ERRORS, MAX_GROUPS, MAX_HELD_LINES, MAX_LINES, MAX_OPTIONS,
    MAX_PARTITIONS, MAX_RECORD_BYTES, MAX_RECORDS_AT_ONCE, MAX_RUN_BYTES, MAX_SCRIPT_BYTES, MAX_TOPICS, MAX_WORDS,
};
pub use parse::{ScriptContext, parse, parse_line};
pub use payload::Payload;
pub use print::{print, print_line, print_statement, quoted_value, quoted_word};
pub use sends::{Pace, ProduceLoop, RecordValue, Send, SendMode, ShowOutcomes, Timestamp};
pub use suggest::nearest;
pub use words::{STRING_SERIALIZERS, Words, line};
