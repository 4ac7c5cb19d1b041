//! Properties that Kafka's clients do not have: Kafka goes on without them and logs a line. And those of a cluster that it
//! has, and that change nothing here.

use crate::config::{LogLine, SettingNo, Side, acts_on_cluster, no_property};
use crate::lang::{Sentence, both, grouped};
use crate::script::{ClientKind, MAX_ERRORS, NewCluster, Property, SettingFrom, SettingTarget, Statement};
use crate::simulation::Simulation;
use crate::sorted::InOrder;

/// Characters of a property with its value, when it is told.
const LONGEST: usize = 100;

/// A client that is made, or made anew.
struct Made<'a> {
    name: &'a str,
    kind: ClientKind,
    all: Vec<Property>,
}

/// A property that a statement gives to a client, and that no client of that kind has: the client, the name, and the
/// numbers of the statement and of the property in it.
type Unknown<'a> = (&'a str, &'a str, (usize, usize));

fn side_of(kind: ClientKind) -> Side {
    if kind == ClientKind::Producer { Side::Producer } else { Side::Consumer }
}

/// What Kafka logs when a client is made with these properties it does not have, and what may have been meant.
fn unused(client: &str, side: Side, unknown: &[&str], log: &[LogLine]) -> Option<Sentence> {
    let line = log.iter().find(|line| line.message.ends_with("were supplied but are not used yet."))?;
    let logged = &line.message;
    let mut out = both(
        format!("`{client}`: Kafka logs `{logged}`"),
        format!("`{client}`: 카프카가 남기는 로그는 `{logged}`입니다."),
    );
    for name in unknown {
        let Sentence { en, ko } = no_property(name, side);
        out.en += " ";
        out.en += &en;
        out.ko += " ";
        out.ko += &ko;
    }
    Some(out)
}

/// What there is to say of the properties of the clients that these statements make, or make anew: once of each property of
/// a client that Kafka does not have, as many sentences as errors of a script are told, and how many more there are.
pub fn unused_of(simulation: &Simulation, statements: &mut dyn Iterator<Item = &Statement>) -> Vec<Sentence> {
    let (mut made, mut told) = (Vec::new(), Vec::new());
    let statements: Vec<&Statement> = statements.collect();
    let unknown = first_of_each(simulation, &statements);
    let mut left = unknown.as_slice();
    for (number, statement) in statements.into_iter().enumerate() {
        let own = left.iter().take_while(|(.., (of, _))| *of == number).count();
        let (new, behind) = left.split_at(own);
        if told.len() >= MAX_ERRORS || left.is_empty() {
            break;
        }
        left = behind;
        let Some(client) = making(simulation, &mut made, statement) else { continue };
        if new.is_empty() {
            continue;
        }
        let names: Vec<&str> = new.iter().map(|(_, name, _)| *name).collect();
        let log = simulation.try_client(client.kind, client.name, &client.all);
        told.extend(log.ok().and_then(|log| unused(client.name, side_of(client.kind), &names, &log)));
    }
    if !left.is_empty() {
        let more = grouped(left.len() as u64);
        told.push(both(
            format!("Properties that Kafka does not have stand in {more} more places."),
            format!("카프카에 없는 속성이 {more}곳에 더 있습니다."),
        ));
    }
    told
}

/// What the line of a cluster gives it, and nothing here depends on. Kafka knows it, and the line is played without it.
pub fn without_effect(cluster: &NewCluster) -> Vec<Sentence> {
    let features = cluster.features.iter().map(|feature| format!("features={}={}", feature.name, feature.value));
    let idle = cluster.properties.iter().filter(|property| !acts_on_cluster(&property.name));
    let given = features.chain(idle.map(|property| format!("{}={}", property.name, property.value)));
    let said = |given: String| {
        both(
            format!("Cluster: `{given}` has no effect here: nothing in this playground depends on it."),
            format!(
                "클러스터의 `{given}`: 여기서는 효과가 없습니다. 이 플레이그라운드에는 이에 따라 달라지는 것이 없습니다."
            ),
        )
    };
    given.take(MAX_ERRORS).map(|given| said(given.chars().take(LONGEST).collect())).collect()
}

/// Each unknown property of a client where a statement gives it first, in the order of the statements.
fn first_of_each<'a>(simulation: &Simulation, statements: &[&'a Statement]) -> Vec<Unknown<'a>> {
    let mut kinds: Vec<(&str, ClientKind)> = Vec::new();
    let mut all: Vec<Unknown> = Vec::new();
    for (number, statement) in statements.iter().enumerate() {
        let (name, kind, given) = match statement {
            Statement::Client(client) => (&*client.id, Some(client.kind), &client.properties),
            Statement::Set(set) if set.from == SettingFrom::Now => match &set.target {
                SettingTarget::Client(name) => (&**name, None, &set.properties),
                _ => continue,
            },
            _ => continue,
        };
        let before = kinds.iter().position(|(other, _)| *other == name);
        let before_kind = before.map(|place| kinds[place].1);
        let there = || simulation.client(name).map(|client| client.recipe.kind);
        let Some(kind) = kind.or(before_kind).or_else(there) else { continue };
        match before {
            Some(place) => kinds[place].1 = kind,
            None => kinds.push((name, kind)),
        }
        let is_unknown = |property: &Property| SettingNo::find(side_of(kind), &property.name).is_none();
        let unknown = given.iter().enumerate().filter(|(_, property)| is_unknown(property));
        all.extend(unknown.map(|(place, property)| (name, &*property.name, (number, place))));
    }
    all.order();
    all.dedup_by_key(|(client, name, _)| (*client, *name));
    all.order_by_key(|(.., place)| *place);
    all
}

/// The client that the statement makes, with all that it is made with.
fn making<'a, 'b>(
    simulation: &Simulation,
    made: &'b mut Vec<Made<'a>>,
    statement: &'a Statement,
) -> Option<&'b Made<'a>> {
    let (name, kind, all) = match statement {
        Statement::Client(client) => (&*client.id, client.kind, client.properties.clone()),
        Statement::Set(set) if set.from == SettingFrom::Now => {
            let SettingTarget::Client(name) = &set.target else { return None };
            let (kind, mut all) = match made.iter_mut().find(|of| of.name == &**name) {
                Some(of) => (of.kind, std::mem::take(&mut of.all)),
                None => simulation.client(name).map(|of| (of.recipe.kind, of.recipe.properties.clone()))?,
            };
            all.retain(|property| !set.properties.iter().any(|other| other.name == property.name));
            all.extend(set.properties.iter().cloned());
            (&**name, kind, all)
        }
        _ => return None,
    };
    let place = made.iter().position(|of| of.name == name).unwrap_or(made.len());
    if place == made.len() {
        made.push(Made { name, kind, all });
    } else {
        made[place] = Made { name, kind, all };
    }
    made.get(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigValue, ConsumerConfig, ProducerConfig};

    #[test]
    fn kafka_s_line_and_what_was_meant() {
        let told = |side, names: &[&str]| {
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
            let unknown: Vec<&str> =
                names.iter().copied().filter(|name| SettingNo::find(side, name).is_none()).collect();
            unused("p1", side, &unknown, &log).map(|told| told.en)
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

    #[test]
    fn what_a_cluster_is_given_without_effect_is_told() {
        let told = |line: &str| {
            let (script, errors) = crate::script::parse(line);
            assert_eq!(errors, []);
            let statements = script.statements().map(|line| &*line.statement).collect::<Vec<_>>();
            let [Statement::Cluster(cluster)] = &statements[..] else { panic!("a cluster") };
            without_effect(cluster).into_iter().map(|told| told.en).collect::<Vec<_>>()
        };
        let all = told("cluster brokers=1 features=transaction.version=1,group.version=0 log.dirs=/x num.partitions=2");
        assert_eq!(all.len(), 3, "{all:?}");
        for (told, given) in
            all.iter().zip(["features=transaction.version=1", "features=group.version=0", "log.dirs=/x"])
        {
            assert!(told.starts_with(&format!("Cluster: `{given}` has no effect here")), "{told}");
        }
        assert!(told("cluster brokers=3 seed=1 controller=separate log.retention.ms=5 message.max.bytes=9").is_empty());
    }

    #[test]
    fn a_property_of_a_client_is_told_once_and_not_too_many() {
        let told = |lines: &str| {
            let (script, errors) = crate::script::parse(&format!("cluster brokers=1\ntopic t\nproducer p1\n{lines}"));
            assert_eq!(errors, []);
            let simulation = Simulation::new(script.clone().into()).expect("a cluster");
            unused_of(&simulation, &mut script.statements().map(|line| &*line.statement))
        };
        let same = "set p1 foo.x=1 from=now\n".repeat(3_000);
        let all = told(&format!("{same}producer p2 foo.x=1 acks=1\nset p1 foo.x=1 foo.y=1 acks=0 from=now\n"));
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(all[1].en.starts_with("`p2`: Kafka logs `These configurations '[foo.x]'"), "{all:?}");
        assert!(all[2].en.contains("`foo.y`.") && !all[2].en.contains("`foo.x`."), "{all:?}");
        let many: String = (0..1_500).map(|i| format!("set p1 foo.x{i}=1 from=now\n")).collect();
        let all = told(&many);
        assert_eq!(all.len(), MAX_ERRORS + 1);
        assert_eq!(all[MAX_ERRORS].en, "Properties that Kafka does not have stand in 1,300 more places.");
    }
}
