//! What the lines before a line have made.

use std::sync::Arc;

use crate::script::ast::{ClientKind, Script, Statement};
use crate::script::beyond::Beyond;
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::lexer::{is_blank, lex};
use crate::script::limits::{MAX_CHAPTERS, MAX_GROUPS, MAX_TOPICS, MAX_TRIES};
use crate::sorted::{SortedMap, SortedSet};

use super::named;

/// What the lines before a line have made: lines after them are checked against it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptContext {
    /// The number of brokers; None before the `cluster` line, or when that could not be read.
    pub(super) brokers: Option<u32>,
    /// Whether the first statement was seen.
    pub(super) begun: bool,
    /// Each client's kind as last made.
    pub(super) clients: SortedMap<Arc<str>, ClientKind>,
    /// Those whose last line was refused: it makes no client, but the lines after it are not to blame.
    pub(super) doubtful: SortedSet<Arc<str>>,
    /// Those that were named so far.
    pub(super) topics: SortedSet<Arc<str>>,
    pub(super) groups: SortedSet<Arc<str>>,
    /// Clients whose program's text was given, and on which line, while nothing of that program has come.
    pub(super) coded: SortedMap<Arc<str>, u32>,
    /// How many there were so far.
    pub(super) chapters: usize,
    pub(super) tries: usize,
    /// Whether errors are only counted from here on: nobody reads what may have been meant.
    pub(super) only_counts: bool,
}

impl ScriptContext {
    /// The context behind the last line of a script.
    pub fn after(script: &Script) -> ScriptContext {
        let mut context = ScriptContext { begun: script.statements().next().is_some(), ..ScriptContext::default() };
        for line in &script.lines {
            if line.is_broken {
                forgive(&line.text, &mut context);
            }
            context.note(&line.statement, line.row);
        }
        context
    }

    /// Whether a line makes this topic, or does something by which it may make itself.
    pub fn names_topic(&self, name: &str) -> bool {
        self.topics.iter().any(|topic| **topic == *name)
    }

    /// Notes what a line makes and names; gives the first name beyond a limit of the run, and then has noted nothing.
    pub(super) fn note(&mut self, statement: &Statement, row: u32) -> Option<(Arc<str>, ScriptProblem, Allowed)> {
        let beyond = |name, what: Beyond| Some((name, ScriptProblem::Beyond(what), Allowed::Form(what.allowed())));
        let topics = match fresh(&self.topics, named::topics(statement), MAX_TOPICS) {
            Ok(topics) => topics,
            Err(name) => return beyond(name, Beyond::Topics),
        };
        let groups = match fresh(&self.groups, named::groups(statement), MAX_GROUPS) {
            Ok(groups) => groups,
            Err(name) => return beyond(name, Beyond::Groups),
        };
        match statement {
            Statement::Chapter(of) if self.chapters >= MAX_CHAPTERS => {
                return beyond(of.title.en.clone(), Beyond::Chapters);
            }
            Statement::Try(of) if self.tries >= MAX_TRIES => return beyond(of.label.en.clone(), Beyond::Tries),
            Statement::Chapter(_) => self.chapters += 1,
            Statement::Try(_) => self.tries += 1,
            _ => {}
        }
        self.topics.extend(topics);
        self.groups.extend(groups);
        // A text that stands there already holds until its client does something.
        if let Some(client) = statement.client() {
            self.coded.remove(client);
        }
        match statement {
            Statement::Code(code) => {
                self.coded.insert(code.client.clone(), row);
            }
            Statement::Cluster(cluster) => self.brokers = Some(cluster.brokers),
            Statement::Client(client) => {
                self.clients.insert(client.id.clone(), client.kind);
                self.doubtful.remove(&client.id);
            }
            _ => {}
        }
        None
    }
}

/// The names that are not known yet, each once; an error with the first of them beyond the limit.
fn fresh(known: &SortedSet<Arc<str>>, named: Vec<&Arc<str>>, limit: usize) -> Result<Vec<Arc<str>>, Arc<str>> {
    let mut fresh: Vec<Arc<str>> = Vec::new();
    for name in named {
        if known.contains(name) || fresh.contains(name) {
            continue;
        }
        if known.len() + fresh.len() >= limit {
            return Err(name.clone());
        }
        fresh.push(name.clone());
    }
    Ok(fresh)
}

/// A line that was refused makes no client, but the lines after it that speak of it are not to blame; nor are they, when
/// its words cannot be told apart, for a cluster that it may have made.
pub(super) fn forgive(text: &str, context: &mut ScriptContext) {
    let words: Vec<String> = match lex(text) {
        Ok(lexed) => lexed.words.into_iter().map(|word| word.text).collect(),
        Err(_) => text.split(is_blank).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
    };
    let mut words = words.iter().skip_while(|word| word.starts_with('@'));
    let verb = words.next().map_or("", String::as_str);
    context.begun |= verb == "cluster";
    if let ("producer" | "consumer" | "share-consumer", Some(id)) = (verb, words.next()) {
        context.doubtful.insert(Arc::from(id.as_str()));
    }
}
