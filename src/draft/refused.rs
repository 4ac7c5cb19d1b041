//! What a script proposes to try and would be refused, as far as that is known before anything has happened: from the tables of
//! properties, and from the lines that make and end clients, brokers and topics.

use std::sync::Arc;

use super::change::{Target, Trial, edited, try_client, with};
use super::standing::{Standing, Standings};
use crate::config::TopicConfig;
use crate::lang::{Sentence, both, text};
use crate::script::{
    AdminStatement, Allowed, Altered, Call, ClientKind, Described, Fault, NamedProcess, Property, Script,
    ScriptContext, ScriptError, ScriptProblem, Setting, SettingFrom, SettingTarget, Statement, Try, parse_line,
};
use crate::simulation::Simulation;

/// The lines that a script proposes to try and that Kafka or the model would refuse, each at its place. What is known to be
/// wrong with a line already is not told again.
pub fn refused_tries(script: &Script, known: &[ScriptError]) -> Vec<ScriptError> {
    if script.tries().next().is_none() {
        return Vec::new();
    }
    // What is wrong with the cluster itself is told when it is made.
    let Ok(simulation) = Simulation::new(Arc::new(script.clone())) else { return Vec::new() };
    let context = ScriptContext::after(script);
    let before = Before { script, simulation, standings: Standings::behind(script), context };
    let mut refused = Vec::new();
    for line in &script.lines {
        let Statement::Try(of) = &*line.statement else { continue };
        let is_known = known.iter().any(|error| error.line == line.row);
        let read = parse_line(&of.line, 1, &mut before.context.clone()).ok().filter(|_| !is_known);
        if let Some(why) = read.and_then(|read| before.refusal(of, &read.statement)) {
            refused.push(ScriptError {
                line: line.row,
                column: line.option_columns("line").map_or(1, |(_, value)| value),
                found: of.line.to_string(),
                problem: ScriptProblem::Refused(why),
                allowed: Allowed::Form(A_LINE_THAT_CAN_BE_DONE),
                suggestion: None,
            });
        }
    }
    refused
}

const A_LINE_THAT_CAN_BE_DONE: crate::lang::Text =
    text("a line that can be done where this script ends", "이 스크립트가 끝나는 곳에서 할 수 있는 줄");

/// The script whose lines come before what is tried, its cluster at the start, and how its lines leave all others.
struct Before<'a> {
    script: &'a Script,
    simulation: Simulation,
    standings: Standings<'a>,
    context: ScriptContext,
}

impl Before<'_> {
    fn refusal(&self, of: &Try, statement: &Statement) -> Option<Sentence> {
        match (&of.instead, statement) {
            (Some(_), _) => self.in_the_place_of_another(statement),
            (None, Statement::Set(Setting { target, properties, from: SettingFrom::Start })) => {
                self.begun_anew(target, properties)
            }
            (None, statement) => self.at_the_end(statement),
        }
    }

    /// Only what a line says by itself: where it stands the run is not known.
    fn in_the_place_of_another(&self, statement: &Statement) -> Option<Sentence> {
        match statement {
            Statement::Client(client) => self.client_refused(client.kind, &client.id, &client.properties),
            Statement::Topic(topic) => {
                self.by_hand(statement).or_else(|| self.topic_refused(&topic.name, &topic.properties))
            }
            _ => None,
        }
    }

    fn begun_anew(&self, target: &SettingTarget, new: &[Property]) -> Option<Sentence> {
        match target {
            SettingTarget::Client(name) => {
                let made = self.standings.client(name)?.beginnings.iter();
                let mut made = made.map(|client| (client.kind, with(&client.properties, new)));
                made.find_map(|(kind, properties)| self.client_refused(kind, name, &properties))
            }
            SettingTarget::Topic(name) if !self.standings.makes(name) => Some(no_topic(name)),
            SettingTarget::Topic(name) => self.topic_refused(name, new),
            SettingTarget::Cluster => {
                // Of the others nothing is looked at before the run begins.
                let line = self.script.lines.iter().find(|line| matches!(&*line.statement, Statement::Cluster(_)))?;
                let alone = Script { lines: vec![line.clone()], ..Script::default() };
                let script = edited(&alone, &Target::Cluster, new)?;
                Simulation::new(Arc::new(script)).err().map(|error| error.alone())
            }
            SettingTarget::Broker(_) => Some(both(
                "a broker by itself has no properties here: `set cluster` sets them for all",
                "여기서는 브로커 하나에만 속성을 줄 수 없습니다. `set cluster`로 모든 브로커에 줍니다",
            )),
        }
    }

    fn at_the_end(&self, statement: &Statement) -> Option<Sentence> {
        let ended = statement.client().and_then(|name| self.ended(name));
        match statement {
            Statement::Client(client) => match self.standing(&client.id) {
                Some((Standing { ended: None, .. }, _)) => Some(both(
                    format!("{} is still running there: close or kill it first, or choose another name", client.id),
                    format!(
                        "{}: 그곳에서 아직 실행 중입니다. 먼저 close 또는 kill 하거나 다른 이름을 쓰십시오",
                        client.id
                    ),
                )),
                _ => self.client_refused(client.kind, &client.id, &client.properties),
            },
            Statement::Topic(topic) if self.standings.has(&topic.name) => Some(both(
                format!("the topic {} is there already", topic.name),
                format!("{}: 이미 있는 토픽입니다", topic.name),
            )),
            Statement::Topic(topic) => {
                self.by_hand(statement).or_else(|| self.topic_refused(&topic.name, &topic.properties))
            }
            Statement::Set(setting) => self.setting(statement, setting),
            Statement::Admin(admin) => self.by_hand(statement).or_else(|| self.admin(admin)),
            Statement::Fault(fault) => self.fault(fault),
            // What a program has seen can be asked of one that is gone, too.
            Statement::Call { call: Call::Callbacks | Call::Records { .. }, .. } => None,
            Statement::Call { .. } | Statement::Send(_) | Statement::ProduceLoop(_) | Statement::ConsumeLoop(_) => {
                ended
            }
            Statement::Sleep(_) | Statement::Step(_) | Statement::RunUntil(_) | Statement::RunUntilInstant(_) => {
                self.by_hand(statement)
            }
            _ => None,
        }
    }

    fn setting(&self, statement: &Statement, setting: &Setting) -> Option<Sentence> {
        match &setting.target {
            SettingTarget::Client(name) => self.ended(name).or_else(|| {
                let (_, (kind, properties)) = self.standing(name)?;
                self.client_refused(kind, name, &with(&properties, &setting.properties))
            }),
            SettingTarget::Topic(name) if !self.is_named(name) => Some(no_topic(name)),
            SettingTarget::Topic(name) => self.topic_refused(name, &setting.properties),
            SettingTarget::Cluster | SettingTarget::Broker(_) => self.by_hand(statement),
        }
    }

    fn admin(&self, admin: &AdminStatement) -> Option<Sentence> {
        let (name, properties) = match admin {
            AdminStatement::Alter { what: Altered::Topic(name), properties } => (name, &properties[..]),
            AdminStatement::Describe(Described::Topic(name))
            | AdminStatement::DeleteTopic { topic: name }
            | AdminStatement::AddPartitions { topic: name, .. }
            | AdminStatement::ListOffsets { topic: name, .. } => (name, &[][..]),
            AdminStatement::DeleteRecords { partition, .. } | AdminStatement::DumpLog { partition, .. } => {
                (&partition.topic, &[][..])
            }
            _ => return None,
        };
        let is_there = self.is_named(name) || name.starts_with("__");
        if is_there { self.topic_refused(name, properties) } else { Some(no_topic(name)) }
    }

    fn fault(&self, fault: &Fault) -> Option<Sentence> {
        let anyones = match fault.clone() {
            Fault::DropResponse { broker, api, nth, .. } => Fault::DropResponse { broker, api, nth, asker: None },
            Fault::AnswerError { broker, api, error, times, .. } => {
                Fault::AnswerError { broker, api, error, times, asker: None }
            }
            Fault::Kill { client } | Fault::Slow { client, .. } => return self.ended(&client),
            Fault::PauseProcess(NamedProcess::Client(name)) => {
                let frozen = || {
                    self.standing(&name)?
                        .0
                        .is_frozen
                        .then(|| both(format!("{name} is frozen already"), format!("{name}: 이미 멈춰 있습니다")))
                };
                return self.ended(&name).or_else(frozen);
            }
            Fault::ResumeProcess(NamedProcess::Client(name)) => {
                let (of, _) = self.standing(&name)?;
                return (of.ended.is_some() || !of.is_frozen)
                    .then(|| both(format!("{name} is not frozen"), format!("{name}: 멈춰 있지 않습니다")));
            }
            // Where no line touches a broker it is as it was at the start.
            other if self.standings.touches(&other) => return None,
            other => other,
        };
        self.by_hand(&Statement::Fault(anyones))
    }

    /// What is refused wherever the run stands, or at the start as well as later.
    fn by_hand(&self, statement: &Statement) -> Option<Sentence> {
        self.simulation.check_by_hand(statement).err().map(|error| error.alone())
    }

    /// A client as the last lines about it leave it, and what it is made of; none: its constructor throws, no line makes it, or
    /// it is not known.
    fn standing(&self, name: &str) -> Option<(&Standing<'_>, (ClientKind, Vec<Property>))> {
        let of = self.standings.client(name)?;
        let made = of.now()?;
        self.client_refused(made.0, name, &made.1).is_none().then_some((of, made))
    }

    /// Why nothing can be done with a client whose process a line has ended.
    fn ended(&self, name: &str) -> Option<Sentence> {
        let verb = self.standing(name)?.0.ended.filter(|verb| *verb == "kill" || *verb == "exit")?;
        Some(both(
            format!("{name}'s process has ended there, by `{verb} {name}`"),
            format!("{name}: 그곳에서는 `{verb} {name}` 때문에 프로세스가 끝나 있습니다"),
        ))
    }

    fn client_refused(&self, kind: ClientKind, name: &str, properties: &[Property]) -> Option<Sentence> {
        if kind == ClientKind::ShareConsumer {
            return Some(both("share groups are not built yet", "셰어 그룹은 아직 구현되지 않았습니다"));
        }
        match try_client(&self.simulation, kind, name, properties) {
            Trial::Refused(sentence) => Some(sentence),
            Trial::Fine(_) => None,
        }
    }

    fn topic_refused(&self, name: &str, properties: &[Property]) -> Option<Sentence> {
        // An empty value takes a property back to its default.
        let given = || properties.iter().filter(|property| !property.value.is_empty());
        let pairs: Vec<_> = given().map(|property| (&*property.name, (&*property.value).into())).collect();
        match TopicConfig::construct(&pairs, self.simulation.controller().config()) {
            Ok(_) => {
                let refused =
                    |of: &Property| crate::config::refused_in_model(crate::config::Side::Topic, &of.name, &of.value);
                let Sentence { en, ko } = given().find_map(refused)?;
                Some(both(format!("topic {name}: {en}"), format!("토픽 {name}: {ko}")))
            }
            Err(error) => Some(both(error.message.clone(), error.message)),
        }
    }

    /// Whether a line makes a topic, or names one that may make itself.
    fn is_named(&self, name: &str) -> bool {
        // A line that cannot be read may make it.
        self.standings.is_broken || self.context.names_topic(name)
    }
}

fn no_topic(name: &str) -> Sentence {
    both(format!("no line makes a topic {name}"), format!("{name} 토픽을 만드는 줄이 없습니다"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::script::parse;

    const SCRIPT: &str = "cluster brokers=2 seed=1\ntopic t\nproducer p1 acks=1 enable.idempotence=false\n\
                          producer p2\nconsumer c1 group.id=g\nsubscribe c1 t\nkill p2\nsend p1 auto value=1\nsleep 20\n\
                          crash broker-2\n";

    /// What is said in both languages of what the script proposes to try, with its place.
    fn said(try_line: &str) -> Option<(String, String)> {
        let (script, errors) = parse(&format!("{SCRIPT}try \"x\" {try_line}\n"));
        assert_eq!(errors, [], "{try_line}");
        let refused = refused_tries(&script, &errors);
        assert!(refused.len() <= 1, "{refused:?}");
        refused.first().map(|error| (error.sentence(Lang::En), error.sentence(Lang::Ko)))
    }

    #[test]
    fn what_would_be_refused_is_told_at_its_place() {
        for (line, en, ko) in [
            ("line=\"set p1 acks=7\"", "String must be one of: all, -1, 0, 1", "String must be one of"),
            ("line=\"set p1 acks=7 from=start\"", "Invalid value 7 for configuration acks", "Invalid value 7"),
            ("line=\"set p1 enable.idempotence=true\"", "Must set acks to all", "Must set acks to all"),
            ("line=\"producer p1\"", "p1 is still running there", "아직 실행 중"),
            ("line=\"producer p9 linger.ms=-1\"", "linger.ms", "linger.ms"),
            ("line=\"producer p1 acks=7\" instead=\"producer p1 acks=1 enable.idempotence=false\"", "acks", "acks"),
            ("line=\"set cluster num.partitions=0 from=start\"", "num.partitions", "num.partitions"),
            ("line=\"set cluster num.partitions=2 from=now\"", "only be changed from the start", "처음부터만"),
            ("line=\"topic t\"", "the topic t is there already", "이미 있는 토픽"),
            ("line=\"topic u retention.ms=x\"", "retention.ms", "retention.ms"),
            (
                "line=\"set topic nope retention.ms=5\"",
                "no line makes a topic nope",
                "nope 토픽을 만드는 줄이 없습니다",
            ),
            ("line=\"set topic nope retention.ms=5 from=start\"", "no line makes a topic nope", "nope 토픽"),
            ("line=\"set topic t retention.ms=x\"", "retention.ms", "retention.ms"),
            ("line=\"delete-topic nope\"", "no line makes a topic nope", "nope 토픽"),
            ("line=\"kill p2\"", "p2's process has ended there, by `kill p2`", "`kill p2` 때문에"),
            ("line=\"send p2 t value=1\"", "p2's process has ended there", "프로세스가 끝나"),
            ("line=\"start broker-1\"", "broker-1 is running", "broker-1: 실행 중"),
            ("line=\"stop controller\"", "always available", "항상 사용 가능"),
            ("line=\"resume-process c1\"", "c1 is not frozen", "c1: 멈춰 있지 않습니다"),
            ("line=\"sleep 500\"", "lines of a script alone", "스크립트의 줄로만"),
        ] {
            let (said_en, said_ko) = said(line).unwrap_or_else(|| panic!("{line} is refused"));
            assert!(said_en.starts_with("Line 11, column 14: `") && said_en.contains(en), "{line}: {said_en}");
            assert!(
                said_en.contains("would be refused: ") && said_en.ends_with("where this script ends."),
                "{said_en}"
            );
            assert!(said_ko.starts_with("11행 14열: `") && said_ko.contains(ko), "{line}: {said_ko}");
            assert!(said_ko.contains("줄은 거부됩니다: "), "{said_ko}");
        }
    }

    #[test]
    fn what_can_be_done_is_not() {
        for line in [
            "line=\"set p1 acks=0\"",
            "line=\"set p1 acks=0 from=start\"",
            "line=\"producer p2\"",
            "line=\"producer p9 acks=1 enable.idempotence=false\"",
            "line=\"kill c1\"",
            "line=\"pause-process c1\"",
            "line=\"send p1 t value=1\"",
            "line=\"set topic auto retention.ms=5\"",
            "line=\"delete-topic t\"",
            "line=\"start broker-2\"",
            "line=\"crash broker-1\"",
            "line=\"sleep 500\" instead=\"sleep 20\"",
            "line=\"drop-response broker-1 Produce client=p1\"",
            "line=\"set cluster num.partitions=2 from=start\"",
        ] {
            assert_eq!(said(line), None, "{line}");
        }
    }

    /// What is tried stands among the commands of a run that is stored, and what those did is no matter of the script's.
    #[test]
    fn what_the_users_commands_did_refuses_nothing() {
        let tried = "try \"x\" line=\"kill c1\"\ntry \"y\" line=\"kill p2\"\ntry \"z\" line=\"topic t\"\n\
                     try \"a\" line=\"start broker-1\"\ntry \"b\" line=\"set p1 acks=7\"\n";
        let commands = "@90000 kill c1\n@91000 producer p2\n@92000 delete-topic t\n@93000 crash broker-1\n";
        let lines = |commands: &str| {
            let (script, errors) = parse(&format!("{SCRIPT}{tried}{commands}"));
            assert_eq!(errors, []);
            refused_tries(&script, &errors).iter().map(|error| error.line).collect::<Vec<_>>()
        };
        assert_eq!(lines(""), [12, 13, 14, 15]);
        assert_eq!(lines(commands), [15], "what is wrong with a line by itself is told all the same");
        assert_eq!(lines("@90000 kill p1\n"), [12, 13, 14], "of p1 nothing is known any more");
    }

    /// The lines are read once, however many are tried.
    #[test]
    fn many_lines_are_read_once() {
        let sets: String = (0..60_000).map(|i| format!("set p1 foo.x{}={i} from=now\n", i % 900)).collect();
        let made: String = (0..4_000).map(|i| format!("kill p2\nproducer p2 linger.ms={i}\n")).collect();
        let tries: String = (0..10).map(|_| "try \"x\" line=\"set p1 acks=7\"\n").collect();
        let anew: String = (0..10).map(|_| "try \"x\" line=\"set p2 acks=all from=start\"\n").collect();
        let (script, errors) = parse(&format!("{}{sets}{made}{tries}{anew}", SCRIPT.replace("kill p2\n", "")));
        assert_eq!(errors, []);
        assert_eq!(refused_tries(&script, &errors).len(), 10);
        let standings = Standings::behind(&script);
        assert_eq!(standings.client("p2").map(|of| of.beginnings.len()), Some(20));
        let (_, properties) = standings.client("p1").and_then(Standing::now).expect("it is known");
        assert_eq!(properties.len(), 902);
        assert!(properties.iter().any(|of| &*of.name == "foo.x899" && &*of.value == "59399"));
    }
}
