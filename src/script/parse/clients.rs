//! Reads clients, and the programs that consume with them.

use std::sync::Arc;

use crate::lang::text;
use crate::script::ast::{ClientKind, CommitEvery, CommitMode, ConsumeLoop, NewClient, Statement};
use crate::script::beyond::Beyond;
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::limits::MAX_CLIENTS;

use super::args::Args;

pub(super) fn parse_client(args: &mut Args, kind: ClientKind) -> Option<Statement> {
    let word = args.word("ID")?;
    let id: Arc<str> = Arc::from(word.text.as_str());
    if id.is_empty() {
        args.bad(&word, "ID", Allowed::Form(text("a name for the client", "클라이언트 이름")));
    }
    if is_reserved(&id) {
        let (en, ko) = (
            "any name but `admin`, `controller`, `cluster`, `topic` and `broker-…`",
            "`admin`, `controller`, `cluster`, `topic`, `broker-…`가 아닌 이름",
        );
        args.fail(word.column, &word.text, ScriptProblem::ReservedName, Allowed::Form(text(en, ko)));
    }
    if !args.context.clients.contains_key(&id) && args.context.clients.len() >= MAX_CLIENTS {
        args.beyond(word.column, &word.text, Beyond::Clients);
    }
    let commit_on_revoked =
        kind == ClientKind::Consumer && args.choice("on-revoked", &[("commit-sync", true)]).unwrap_or(false);
    let properties = args.properties();
    Some(Statement::Client(NewClient { id, kind, properties, commit_on_revoked }))
}

/// A name that a client may not have: a node of the cluster or the administrator has it, or `set` says something else by it.
fn is_reserved(name: &str) -> bool {
    matches!(name, "admin" | "controller" | "cluster" | "topic") || name.starts_with("broker-")
}

pub(super) fn parse_consume_loop(args: &mut Args) -> Option<Statement> {
    let client = args.client(&[ClientKind::Consumer]);
    let poll_ms = args.ms("poll_ms").unwrap_or(ConsumeLoop::DEFAULT_POLL_MS);
    let process_us = args.us("process_us").unwrap_or(0);
    let commit = args.choice("commit", CommitMode::ALL).unwrap_or_default();
    let every = args.choice("commit-every", CommitEvery::ALL).unwrap_or_default();
    Some(Statement::ConsumeLoop(ConsumeLoop { client: client?, poll_ms, process_us, commit, every }))
}
