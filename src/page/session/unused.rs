//! Clients that are made with properties Kafka does not know: what it logs then, and what may have been meant.

use partita::config::Side;
use partita::input::code::{is_unknown, unused};
use partita::lang::{Lang, Sentence, both};
use partita::script::{ClientKind, Property, SettingFrom, SettingTarget, Statement};
use partita::simulation::Simulation;
use std::sync::Arc;

use super::notice::{About, PageNotice};

/// What there is to say of the clients that these statements make, or make anew.
pub fn of<'a>(simulation: &Simulation, statements: impl Iterator<Item = &'a Statement>) -> Option<PageNotice> {
    let mut made: Vec<(Arc<str>, ClientKind, Vec<Property>)> = Vec::new();
    let mut told = Vec::new();
    for statement in statements {
        match statement {
            Statement::Client(client) => {
                told.extend(sentence(simulation, &client.id, client.kind, &client.properties, &client.properties));
                made.push((client.id.clone(), client.kind, client.properties.clone()));
            }
            Statement::Set(set) if set.from == SettingFrom::Now => {
                let SettingTarget::Client(name) = &set.target else { continue };
                let there = || simulation.client(name).map(|of| (of.recipe.kind, of.recipe.properties.clone()));
                let before = made.iter().rfind(|(id, ..)| id == name).map(|(_, kind, all)| (*kind, all.clone()));
                let Some((kind, mut all)) = before.or_else(there) else { continue };
                all.retain(|property| !set.properties.iter().any(|other| other.name == property.name));
                all.extend(set.properties.iter().cloned());
                told.extend(sentence(simulation, name, kind, &set.properties, &all));
                made.push((name.clone(), kind, all));
            }
            _ => {}
        }
    }
    if told.is_empty() {
        return None;
    }
    let strong = both("Kafka goes on without some properties.", "카프카가 쓰지 않는 속성이 있습니다.");
    let text = both("It has none of that name:", "그런 이름의 속성이 없습니다.");
    Some(PageNotice::new(About::Unused, "hint", strong, text).listing(told))
}

/// Of a client that is made with `all`, of which `given` is new.
fn sentence(
    simulation: &Simulation,
    name: &str,
    kind: ClientKind,
    given: &[Property],
    all: &[Property],
) -> Option<Sentence> {
    let side = if kind == ClientKind::Producer { Side::Producer } else { Side::Consumer };
    if !given.iter().any(|property| is_unknown(side, &property.name)) {
        return None;
    }
    let log = simulation.try_client(kind, name, all).ok()?;
    Some(both(unused(name, side, given, &log, Lang::En)?, unused(name, side, given, &log, Lang::Ko)?))
}
