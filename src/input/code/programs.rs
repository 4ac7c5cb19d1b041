//! From what was found to the programs of the clients: which client is which, and what each of them does.

use crate::script::{CommitMode, SendMode};

use super::super::problem::Problem;
use super::described::{Code, CodeClient, CodeProperty, Program, Role};
use super::findings::Findings;
use super::found::{FoundClient, FoundSend};
use super::gap::Gap;
use super::given;
use super::reading::ProgramReading;
use super::told::ToldOfCode;
use super::walk::Walk;

/// `problems` are those of the text itself.
pub(super) fn of(walk: Walk, problems: Vec<Problem>) -> Code {
    let Walk { source, mut told, mut found, way, .. } = walk;
    told.problems.extend(problems);
    let merged = merge(&mut found, &mut told);
    let used = vec![false; found.pauses.len()];
    let mut reading = ProgramReading { source, found: &found, rounds: &way.rounds, told: &mut told, used };
    let mut clients: Vec<CodeClient> = Vec::new();
    let mut numbers = vec![None; found.clients.len()];
    for (i, number) in numbers.iter_mut().enumerate() {
        if merged[i] != i || found.factories.contains(&i) {
            continue;
        }
        let client = &found.clients[i];
        let program = match client.role {
            Role::Producer => reading.producing(i).map(Program::Produces),
            Role::Consumer => reading.consuming(i).map(Program::Consumes),
        };
        *number = Some(clients.len());
        clients.push(CodeClient {
            role: client.role,
            name: client.name.to_owned(),
            line: source.place(client.at).0,
            program,
            commits_on_revoked: client.commits_on_revoked,
        });
    }
    if !clients.is_empty() {
        reading.other_pauses();
    }
    if found.commits.iter().any(|of| !of.is_whole) {
        found.own_offsets.iter().for_each(|at| reading.told.problem(*at, Gap::OwnOffset));
    }
    let properties = given::properties(source, &found, &mut told, &numbers);
    let mut code = Code { properties, clients, problems: told.problems };
    code.by_auto_commit();
    code
}

impl Code {
    /// A loop that commits nothing by itself leaves it to `enable.auto.commit` of its client.
    fn by_auto_commit(&mut self) {
        for (i, client) in self.clients.iter_mut().enumerate() {
            let Some(Program::Consumes(of)) = &mut client.program else { continue };
            let own = |p: &&CodeProperty| p.client == Some(i) || p.client.is_none() && p.role != Some(Role::Producer);
            let auto = self.properties.iter().filter(own).rfind(|p| p.found.name == "enable.auto.commit");
            if of.commit == CommitMode::Auto && auto.is_some_and(|auto| auto.found.value == "false") {
                of.commit = CommitMode::None;
            }
        }
    }
}

/// A client that is called under a name, and one that is made, are the same when there is no other.
fn merge<'t, 'a>(found: &mut Findings<'t, 'a>, told: &mut ToldOfCode<'t, 'a>) -> Vec<usize> {
    let mut merged: Vec<usize> = (0..found.clients.len()).collect();
    for role in [Role::Producer, Role::Consumer] {
        let all = || found.clients.iter().enumerate().filter(|(_, client)| client.role == role);
        let made: Vec<usize> = all().filter(|(_, client)| client.is_made).map(|(i, _)| i).collect();
        // A container of listeners has a client of its own.
        let is_called = |of: &FoundClient| !of.is_made && (of.spring.is_none() || role == Role::Producer);
        let called: Vec<usize> = all().filter(|(_, client)| is_called(client)).map(|(i, _)| i).collect();
        for one in &called {
            let same = made.iter().find(|made| found.clients[**made].name == found.clients[*one].name);
            let only = if let ([made], [_]) = (&made[..], &called[..]) { Some(made) } else { None };
            if let Some(made) = same.or(only) {
                merged[*one] = *made;
                found.clients[*made].commits_on_revoked |= found.clients[*one].commits_on_revoked;
            }
        }
    }
    found.sends.iter_mut().for_each(|of| of.client = merged[of.client]);
    found.polls.iter_mut().for_each(|of| of.client = merged[of.client]);
    found.commits.iter_mut().for_each(|of| of.client = merged[of.client]);
    found.subscribed.iter_mut().for_each(|of| of.client = merged[of.client]);
    found.sought.iter_mut().for_each(|of| of.client = merged[of.client]);
    // A text that only makes records is taken for one that sends them.
    if found.sends.is_empty() && !found.records.is_empty() {
        let first = found.records[0].at;
        let client = found.client_named(told, Role::Producer, "", false, first);
        if client == merged.len() {
            merged.push(client);
        }
        for (i, record) in found.records.iter().enumerate() {
            let place = record.place.clone();
            found.sends.push(FoundSend { client, record: Some(i), mode: SendMode::FireAndForget, place });
        }
    }
    merged
}
