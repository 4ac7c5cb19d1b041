//! The properties of each client of a text.

use crate::config::{SettingNo, Side, suggest};
use crate::sorted::InOrder;

use super::super::problem::What;
use super::constants::nearest_constant;
use super::described::{CodeProperty, Role};
use super::entries::{ConfigEntry, Name, is_called_so, is_property};
use super::findings::Findings;
use super::last::Last;
use super::property::Found;
use super::source::Source;
use super::tokens::Cut;
use super::told::Told;

/// A longer name is none that was meant otherwise.
const LONGEST_NAME: usize = 100;

/// The properties of the clients; `number` gives the place of each client among those that are kept.
pub(super) fn properties<'t, 'a>(
    source: &'t Source<'a>,
    found: &Findings<'t, 'a>,
    told: &mut Told<'t, 'a>,
    number: &[Option<usize>],
) -> Vec<CodeProperty> {
    Given { source, found, told }.properties(number)
}

struct Given<'w, 't, 'a> {
    source: &'t Source<'a>,
    found: &'w Findings<'t, 'a>,
    told: &'w mut Told<'t, 'a>,
}

impl Given<'_, '_, '_> {
    fn properties(&mut self, number: &[Option<usize>]) -> Vec<CodeProperty> {
        let mut out = Vec::new();
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
                let is_given = out.iter().any(|of: &CodeProperty| of.client == Some(number) && of.found.name == name);
                if is_given && name != "group.id" {
                    continue;
                }
                let found = Found { name, value, line, column };
                out.push(CodeProperty { found, role: Some(client.role), client: Some(number) });
            }
        }
        out.order_by_key(|of| (of.found.line, of.found.column));
        keep_last(&mut out);
        out
    }

    fn of_config(&mut self, config: usize, users: &[usize], number: &[Option<usize>], out: &mut Vec<CodeProperty>) {
        let of = &self.found.configs[config];
        let is_known = |entry: &ConfigEntry| matches!(entry, ConfigEntry::Pair { name: Name::Known(name), .. } if is_property(name));
        let is_config = !users.is_empty() || of.is_properties || is_called_so(&of.name);
        let role = self.role_of(&of.name, &of.entries);
        for (i, entry) in of.entries.iter().enumerate() {
            if !is_config && !is_known(entry) {
                continue;
            }
            let Some(found) = self.known_property(entry) else { continue };
            // What is put in after a client was made goes to the last that is made of it.
            let last = users.last().copied();
            let takes = |client: &usize| {
                let length = self.found.clients[*client].config.map_or(0, |(_, length)| length);
                i < length || Some(*client) == last
            };
            for client in users.iter().copied().filter(takes) {
                let role = Some(self.found.clients[client].role);
                out.push(CodeProperty { found: found.clone(), role, client: number[client] });
            }
            if users.is_empty() {
                let role = role_by_name(&found.name).or(role);
                out.push(CodeProperty { found, role, client: None });
            }
        }
    }

    /// Whose properties they are that no client is made of: by the variable's name, by properties that one kind of client
    /// has, or by what the text speaks of.
    fn role_of(&self, name: &str, entries: &[ConfigEntry]) -> Option<Role> {
        let lower = name.to_lowercase();
        if lower.contains("producer") {
            return Some(Role::Producer);
        }
        if lower.contains("consumer") {
            return Some(Role::Consumer);
        }
        let mut roles = entries.iter().filter_map(|entry| match entry {
            ConfigEntry::Pair { name: Name::Known(name), .. } => role_by_name(name),
            _ => None,
        });
        if let Some(first) = roles.next() {
            return roles.all(|role| role == first).then_some(first);
        }
        match self.found.mentioned() {
            (true, false) => Some(Role::Producer),
            (false, true) => Some(Role::Consumer),
            _ => None,
        }
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
            ConfigEntry::Pair { name: Name::Known(name), name_range, value, value_range } => {
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

/// Of a property that is set twice for the same client, the last stays, at the place of the first.
fn keep_last(properties: &mut Vec<CodeProperty>) {
    let key = |i: usize| {
        let of = &properties[i];
        (of.client, of.role, of.found.name.as_str())
    };
    let kept = Last::of(properties.len(), &|one, other| key(one).cmp(&key(other))).kept;
    *properties = kept.into_iter().map(|i| properties[i].clone()).collect();
}
