//! Properties that Kafka's clients do not have: Kafka goes on without them and logs a line.

use crate::config::{LogLine, SettingNo, Side};
use crate::lang::{Lang, Sentence, both};
use crate::script::{ClientKind, Property, SettingFrom, SettingTarget, Statement};
use crate::simulation::Simulation;

use super::super::super::said::filled;
use super::super::property::Found;
use super::assign::{Refused, reason};

/// Whether no client of that kind has such a property.
fn is_unknown(side: Side, name: &str) -> bool {
    SettingNo::find(side, name).is_none()
}

/// What Kafka logs when a client is made with properties it does not have, and what may have been meant. None when it
/// has all of them.
fn unused(client: &str, side: Side, given: &[Property], log: &[LogLine], lang: Lang) -> Option<String> {
    let unknown: Vec<&str> =
        given.iter().map(|property| &*property.name).filter(|name| is_unknown(side, name)).collect();
    let line = log.iter().find(|line| line.message.ends_with("were supplied but are not used yet."))?;
    if unknown.is_empty() {
        return None;
    }
    let logged = &line.message;
    let form = lang.pick("`{0}`: Kafka logs `{1}`", "`{0}`: 카프카가 남기는 로그는 `{1}`입니다.");
    let mut out = filled(form, &[client.into(), logged.into()]);
    for name in unknown {
        let found = Found { name: name.to_string(), value: String::new(), line: 1, column: 1 };
        out.push(' ');
        out.push_str(&Refused { found, reason: reason(name, side) }.why(lang));
    }
    Some(out)
}

/// What there is to say of the properties of the clients that these statements make, or make anew: a sentence for each
/// client that is given some that Kafka does not have.
pub fn unused_of(simulation: &Simulation, statements: &mut dyn Iterator<Item = &Statement>) -> Vec<Sentence> {
    let mut made: Vec<(&str, ClientKind, Vec<Property>)> = Vec::new();
    let mut told = Vec::new();
    for statement in statements {
        let (name, kind, given, all) = match statement {
            Statement::Client(client) => (&*client.id, client.kind, &client.properties, client.properties.clone()),
            Statement::Set(set) if set.from == SettingFrom::Now => {
                let SettingTarget::Client(name) = &set.target else { continue };
                let before = made.iter().rfind(|(id, ..)| *id == &**name).map(|(_, kind, all)| (*kind, all.clone()));
                let Some((kind, mut all)) = before.or_else(|| there(simulation, name)) else { continue };
                all.retain(|property| !set.properties.iter().any(|other| other.name == property.name));
                all.extend(set.properties.iter().cloned());
                (&**name, kind, &set.properties, all)
            }
            _ => continue,
        };
        told.extend(sentence(simulation, name, kind, given, &all));
        made.push((name, kind, all));
    }
    told
}

fn there(simulation: &Simulation, name: &str) -> Option<(ClientKind, Vec<Property>)> {
    simulation.client(name).map(|of| (of.recipe.kind, of.recipe.properties.clone()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigValue, ConsumerConfig, ProducerConfig};

    #[test]
    fn kafka_s_line_and_what_was_meant() {
        let told = |side, names: &[&str]| {
            let given: Vec<Property> = names.iter().map(|name| Property::new(name, "1")).collect();
            let mut pairs: Vec<(&str, ConfigValue)> = names.iter().map(|name| (*name, "1".into())).collect();
            pairs.push(("bootstrap.servers", "broker-1:9092".into()));
            let kind = if side == Side::Producer { "serializer" } else { "deserializer" };
            let (key, value) = (format!("key.{kind}"), format!("value.{kind}"));
            let class = if side == Side::Producer { "StringSerializer" } else { "StringDeserializer" };
            let class = format!("org.apache.kafka.common.serialization.{class}");
            pairs.extend([(key.as_str(), class.as_str().into()), (value.as_str(), class.as_str().into())]);
            let log = match side {
                Side::Producer => ProducerConfig::construct(&pairs).expect("Kafka makes it").1,
                _ => ConsumerConfig::construct(&pairs).expect("Kafka makes it").1,
            };
            unused("p1", side, &given, &log, Lang::En)
        };
        assert_eq!(
            told(Side::Producer, &["asks", "linger.ms"]).as_deref(),
            Some(
                "`p1`: Kafka logs `These configurations '[asks]' were supplied but are not used yet.` \
                 Kafka has no property `asks`. Did you mean `acks`?"
            )
        );
        let other = told(Side::Consumer, &["group.id", "acks", "foo"]).expect("two are unknown");
        assert!(other.contains("`acks` is a property of a producer. Kafka has no property `foo`."), "{other}");
        assert_eq!(told(Side::Producer, &["acks"]), None);
    }
}
