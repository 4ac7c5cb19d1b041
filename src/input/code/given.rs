//! The properties of each client of a text.

use crate::config::{SettingNo, Side, suggest};
use crate::sorted::InOrder;

use super::super::problem::{Problem, What};
use super::constants::nearest_constant;
use super::described::{CodeProperty, Role};
use super::entries::{ConfigEntry, Name, is_called_so, is_property};
use super::findings::Findings;
use super::last::{Last, holders};
use super::limits::MOST_SUGGESTED;
use super::property::Found;
use super::source::Source;
use super::tokens::Cut;
use super::told::ToldOfCode;

/// A longer name is none that was meant otherwise.
const LONGEST_NAME: usize = 100;

/// The properties of the clients; `number` gives the place of each client among those that are kept.
pub(super) fn properties<'t, 'a>(
    source: &'t Source<'a>,
    found: &Findings<'t, 'a>,
    told: &mut ToldOfCode<'t, 'a>,
    number: &[Option<usize>],
) -> Vec<CodeProperty> {
    Given { source, found, told, suggested: 0 }.properties(number)
}

/// A property as it is put.
struct Put {
    of: CodeProperty,
    is_conditional: bool,
}

struct Given<'w, 't, 'a> {
    source: &'t Source<'a>,
    found: &'w Findings<'t, 'a>,
    told: &'w mut ToldOfCode<'t, 'a>,
    /// Names that were looked for among Kafka's like them.
    suggested: usize,
}

impl Given<'_, '_, '_> {
    fn properties(&mut self, number: &[Option<usize>]) -> Vec<CodeProperty> {
        let mut out: Vec<Put> = Vec::new();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.found.configs.len()];
        for (i, client) in self.found.clients.iter().enumerate() {
            if let (Some((config, _)), Some(_)) = (client.config, number[i]) {
                users[config].push(i);
            }
        }
        for (i, users) in users.iter().enumerate() {
            self.of_config(i, users, number, &mut out);
        }
        for (i, client) in self.found.clients.iter().enumerate() {
            let Some(number) = number[i] else { continue };
            let mut extra: Vec<_> = client.classes.clone();
            if let Some(spring) = client.spring.as_ref().filter(|_| client.role == Role::Consumer && !client.is_made) {
                extra.extend(spring.group.clone().map(|(group, at)| ("group.id".to_owned(), group, at)));
                extra.push(("enable.auto.commit".to_owned(), "false".to_owned(), client.at));
            }
            for (name, value, at) in extra {
                let (line, column) = self.source.place(at);
                // What the container gives holds over what its factory does, but for the commits of a program.
                let is_given = out.iter().any(|Put { of, .. }| of.client == Some(number) && of.found.name == name);
                if is_given && name != "group.id" {
                    continue;
                }
                let found = Found { name, value, line, column };
                let of = CodeProperty { found, role: Some(client.role), client: Some(number) };
                out.push(Put { of, is_conditional: false });
            }
        }
        out.order_by_key(|Put { of, .. }| (of.found.line, of.found.column));
        self.last_of(&out)
    }

    /// Of a property that is set twice for the same client, the last stays, at the place of the first. That one is told, and
    /// what was put under a condition.
    fn last_of(&mut self, all: &[Put]) -> Vec<CodeProperty> {
        let key = |i: usize| {
            let of = &all[i].of;
            (of.client, of.role, of.found.name.as_str())
        };
        let last = Last::of(all.len(), &|one, other| key(one).cmp(&key(other)));
        let mut is_conditional: Vec<bool> = all.iter().map(|of| of.is_conditional).collect();
        let repeated = holders(&last, all.len());
        for (before, holder) in &repeated {
            is_conditional[*holder] |= is_conditional[*before];
        }
        for (before, holder) in repeated {
            let (first, found) = (&all[before].of.found, &all[holder].of.found);
            if !is_conditional[holder] && (first.line, first.column) != (found.line, found.column) {
                self.tell(found, What::GivenTwice { name: found.name.clone(), first: first.line });
            }
        }
        for of in last.kept.iter().filter(|of| is_conditional[**of]) {
            let found = &all[*of].of.found;
            self.tell(found, What::PutIf { name: found.name.clone(), value: found.value.clone() });
        }
        last.kept.into_iter().map(|i| all[i].of.clone()).collect()
    }

    fn tell(&mut self, found: &Found, what: What) {
        self.told.problems.push(Problem { line: found.line, column: found.column, what });
    }

    fn of_config(&mut self, config: usize, users: &[usize], number: &[Option<usize>], out: &mut Vec<Put>) {
        let of = &self.found.configs[config];
        let is_known = |entry: &ConfigEntry| matches!(entry, ConfigEntry::Pair { name: Name::Known(name), .. } if is_property(name));
        let is_config = !users.is_empty() || of.is_properties || is_called_so(&of.name);
        let roles: Vec<Option<Role>> = of.entries.iter().map(|entry| self.role_of_entry(entry)).collect();
        let role = self.role_of(&of.name, &roles);
        for (i, entry) in of.entries.iter().enumerate() {
            if !is_config && !is_known(entry) {
                continue;
            }
            let Some(found) = self.known_property(entry) else { continue };
            let is_conditional = matches!(entry, ConfigEntry::Pair { is_conditional: true, .. });
            // What is put in after a client was made goes to the last that is made of it.
            let last = users.last().copied();
            let takes = |client: &usize| {
                let length = self.found.clients[*client].config.map_or(0, |(_, length)| length);
                i < length || Some(*client) == last
            };
            for client in users.iter().copied().filter(takes) {
                let role = Some(self.found.clients[client].role);
                let of = CodeProperty { found: found.clone(), role, client: number[client] };
                out.push(Put { of, is_conditional });
            }
            if users.is_empty() {
                let role = roles[i].or(role);
                out.push(Put { of: CodeProperty { found, role, client: None }, is_conditional });
            }
        }
    }

    /// Whose properties they are that no client is made of: by the variable's name, by properties that one kind of client
    /// has, or by what the text speaks of.
    fn role_of(&self, name: &str, roles: &[Option<Role>]) -> Option<Role> {
        let lower = name.to_ascii_lowercase();
        if lower.contains("producer") {
            return Some(Role::Producer);
        }
        if lower.contains("consumer") {
            return Some(Role::Consumer);
        }
        let mut roles = roles.iter().flatten().copied();
        if let Some(first) = roles.next() {
            return roles.all(|role| role == first).then_some(first);
        }
        match self.found.mentioned() {
            (true, false) => Some(Role::Producer),
            (false, true) => Some(Role::Consumer),
            _ => None,
        }
    }

    fn role_of_entry(&mut self, entry: &ConfigEntry) -> Option<Role> {
        let ConfigEntry::Pair { name: Name::Known(name), .. } = entry else { return None };
        self.suggested += usize::from(!is_property(name));
        if self.suggested > MOST_SUGGESTED { None } else { role_by_name(name) }
    }

    /// A property; what is not known of it is told.
    fn known_property(&mut self, entry: &ConfigEntry) -> Option<Found> {
        let (name, at, value, value_range) = match entry {
            ConfigEntry::Loaded(from, to) => {
                self.told.loaded(*from, *to);
                return None;
            }
            ConfigEntry::Pair { name: Name::Unknown, name_range: (from, to), .. } => {
                self.told.problem(*from, What::NameNotKnown { text: self.source.text(*from, *to) });
                return None;
            }
            ConfigEntry::Pair { name: Name::NoConstant(name), name_range, .. } => {
                let suggestion = nearest_constant(name);
                self.told.problem(name_range.0, What::UnknownConstant { name: name.clone(), suggestion });
                return None;
            }
            ConfigEntry::Pair { name: Name::Known(name), name_range, value, value_range, .. } => {
                (name, name_range.0, value, *value_range)
            }
        };
        if name.is_empty() {
            return None;
        }
        let (line, column) = self.source.place(at);
        let Some(value) = value else {
            let (from, to) = value_range;
            // A string that does not end, or with half a character, was told already.
            let first = self.source.tokens.get(from).filter(|token| token.kind == Cut::Template);
            let is_told = first.is_some_and(|token| !token.source.contains('$') || !token.source.ends_with('"'));
            if !is_told {
                let text = self.source.text(from, to);
                self.told.problem(from, What::ValueNotKnown { name: name.clone(), text });
            }
            return None;
        };
        Some(Found { name: name.clone(), value: value.clone(), line, column })
    }
}

pub(super) fn role_by_name(name: &str) -> Option<Role> {
    let of = |side| SettingNo::find(side, name).is_some();
    match (of(Side::Producer), of(Side::Consumer)) {
        (true, false) => Some(Role::Producer),
        (false, true) => Some(Role::Consumer),
        (true, true) => None,
        (false, false) if name.len() > LONGEST_NAME => None,
        (false, false) => match (suggest(Side::Producer, name).is_some(), suggest(Side::Consumer, name).is_some()) {
            (true, false) => Some(Role::Producer),
            (false, true) => Some(Role::Consumer),
            _ => None,
        },
    }
}
