//! Writes a run as its stored text.

use std::sync::Arc;

use super::{Change, Followed, MAX_CHANGES, ReaderState, Stored, StoredBranch, VERSION};
use crate::script::ast::{Anchor, Line, Property, Script};
use crate::script::print::{print, print_line, quoted_value, quoted_word};

/// The stored text of a run.
pub fn encode(stored: &Stored) -> String {
    with_state(&encode_branches(&stored.branches, stored.shown), &encode_state(&stored.state))
}

/// The text of a run whose branches and whose reader's place were stored apart.
pub fn with_state(branches: &str, state: &str) -> String {
    let (version, rest) = branches.split_once('\n').unwrap_or((branches, ""));
    format!("{version}\n{state}{rest}")
}

/// Where the reader stood, a line for each thing.
pub fn encode_state(state: &ReaderState) -> String {
    let mut text = String::new();
    if let Some(position) = state.position {
        let told = state.told.map(|told| format!(" told={told}")).unwrap_or_default();
        text.push_str(&format!("%position {}{told}\n", anchor(position)));
    }
    if let Some(Followed { client, number }) = &state.followed {
        text.push_str(&format!("%followed {} {number}\n", quoted_word(client)));
    }
    let last = state.changes.len().saturating_sub(MAX_CHANGES);
    for Change { branch, place, forks } in &state.changes[last..] {
        let fork = if *forks { " fork" } else { "" };
        text.push_str(&format!("%change {} {}{fork}\n", branch + 1, anchor(*place)));
    }
    for Property { name, value } in &state.page {
        text.push_str(&format!("%page {}={}\n", quoted_word(name), quoted_value(value)));
    }
    text
}

/// The version and all branches, the one that is shown first.
pub fn encode_branches(branches: &[StoredBranch], shown: usize) -> String {
    let mut text = format!("partita {VERSION}\n");
    if branches.len() > 1 {
        text.push_str(&header(branches, shown, None));
    }
    text.push_str(&print(&branches[shown].script));
    let mut above = vec![shown];
    for (index, branch) in branches.iter().enumerate().filter(|(index, _)| *index != shown) {
        let shared = |other: &usize| (shared_lines(&branch.script, &branches[*other].script), *other);
        let like = above.iter().map(shared).max_by_key(|(lines, other)| (*lines, usize::MAX - other));
        let like = like.filter(|(lines, _)| *lines > 0);
        text.push_str(&header(branches, index, like));
        match like {
            Some((lines, _)) => {
                for line in &branch.script.lines[lines..] {
                    text.push_str(&print_line(line));
                    text.push('\n');
                }
            }
            None => text.push_str(&print(&branch.script)),
        }
        above.push(index);
    }
    text
}

/// The line that opens a branch.
fn header(branches: &[StoredBranch], index: usize, like: Option<(usize, usize)>) -> String {
    let branch = &branches[index];
    let mut text = format!("%branch {}", index + 1);
    if let Some((parent, left)) = branch.parent {
        text.push_str(&format!(" of={} at={}", parent + 1, anchor(left)));
    }
    if let Some((lines, other)) = like {
        text.push_str(&format!(" like={} lines={lines}", other + 1));
    }
    if let Some(name) = &branch.name {
        text.push_str(&format!(" name={}", quoted_value(name)));
    }
    text.push('\n');
    text
}

/// How many lines two scripts begin with in common.
fn shared_lines(one: &Script, other: &Script) -> usize {
    let same = |(one, other): &(&Arc<Line>, &Arc<Line>)| {
        let facts = |line: &Line| (line.anchor, line.messages, line.is_broken);
        let alike = facts(one) == facts(other) && one.statement == other.statement && one.comment == other.comment;
        Arc::ptr_eq(one, other) || alike && (!one.is_broken || one.text == other.text)
    };
    if one.about != other.about {
        return 0;
    }
    one.lines.iter().zip(&other.lines).take_while(same).count()
}

fn anchor(Anchor { at, moves }: Anchor) -> String {
    let moves = moves.map_or(String::new(), |moves| format!("+{moves}"));
    format!("@{}{moves}", at.micros())
}
