//! The text grammar of runs: parsed and printed.
//!
//! One line is one statement: an optional anchor, a verb, its subject, `name=value` pairs, Kafka's own property names.
//! [`parse`] stops at nothing: it gives every line that is valid, and an error with line and column for each that is not.
//! [`print()`] writes the canonical text; what it prints parses to the same script. Nothing here knows the simulation.

mod api;
mod ast;
mod beyond;
mod civil;
mod error;
mod forms;
mod lexer;
mod limits;
pub mod link;
mod parse;
mod payload;
mod print;
pub mod stored;
mod suggest;
mod table;
mod verbs;
mod words;

pub use api::FaultApi;
pub use ast::{
    Acknowledgement, AdminStatement, Altered, Anchor, Call, Chapter, ClientKind, CloseOperation, ClusterNode, CodePart,
    Commit, CommitEvery, CommitMode, Condition, ConsumeLoop, Described, Election, Fault, GroupFacts, Line, Link,
    NamedProcess, NewClient, NewCluster, NewTopic, OffsetSpec, Pace, PastedCode, Poll, PollGoal, ProduceLoop, Property,
    RecordValue, ReplicaPlace, Script, Send, SendMode, Setting, SettingFrom, SettingTarget, ShowOutcomes, ShowRecords,
    Statement, Subscription, Timestamp, Try, Wait,
};
pub use beyond::Beyond;
pub use civil::{iso_instant, parse_iso_instant};
pub use error::{Allowed, ScriptError, ScriptProblem};
pub use forms::{Form, form, forms, page};
pub use limits::{
    MAX_BROKERS, MAX_CLIENTS, MAX_CLIENTS_MADE, MAX_CODE_BYTES, MAX_COUNT, MAX_ERRORS, MAX_GROUPS, MAX_HELD_LINES,
    MAX_HELD_MOVES, MAX_LINES, MAX_LINK, MAX_MOVES, MAX_MS, MAX_OPTIONS, MAX_PARTITIONS, MAX_RECORD_BYTES,
    MAX_RECORDS_AT_ONCE, MAX_RUN_BYTES, MAX_RUN_MOVES, MAX_SCRIPT_BYTES, MAX_TOPICS, MAX_WORDS,
};
pub use parse::{ScriptContext, asked, parse, parse_line, without_mark};
pub use payload::Payload;
pub use print::{escape, print, print_line, print_statement, quoted_value, quoted_word};
pub use suggest::nearest;
pub use words::{STRING_SERIALIZERS, Words, line, serdes_given};
