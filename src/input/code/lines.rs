//! The program of a client as lines of a script.

use std::sync::Arc;

use crate::ids::TopicPartition;
use crate::script::{
    Call, ConsumeLoop, MAX_COUNT, MAX_MS, Pace, ProduceLoop, RecordValue, Statement, Subscription, Timestamp,
    print_statement,
};

use super::described::{Code, CodeClient, CodeProperty, Consuming, Producing, Program, Reads, Repeat, Seek};

/// What a program needs that its text does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    pub topic: bool,
    /// How often it sends.
    pub times: bool,
    /// The group of a consumer that subscribes.
    pub group: bool,
}

/// What is said in place of what a text does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub topic: String,
    /// From 1.
    pub times: u64,
    pub group: String,
    /// The place of the client among those of the text. None: the first that does something.
    pub client: Option<usize>,
}

impl Default for Answers {
    fn default() -> Answers {
        Answers { topic: "orders".to_owned(), times: 10, group: "group-1".to_owned(), client: None }
    }
}

impl Code {
    /// What the program of a client needs beside its text.
    pub fn asks(&self, client: usize) -> Asks {
        let Some(of) = self.clients.get(client) else { return Asks::default() };
        let has_group = || {
            let own = |p: &&CodeProperty| p.client.is_none_or(|of| of == client);
            self.properties.iter().filter(own).any(|p| p.found.name == "group.id" && !p.found.value.is_empty())
        };
        match &of.program {
            Some(Program::Produces(of)) => {
                let times = matches!(of.repeat, Some(Repeat { times: None, endless: false, .. }));
                Asks { topic: of.topic().is_none(), times, group: false }
            }
            Some(Program::Consumes(of)) => {
                let is_assigned = matches!(of.reads, Reads::Assigned(..));
                Asks { topic: of.reads == Reads::NotKnown, times: false, group: !is_assigned && !has_group() }
            }
            None => Asks::default(),
        }
    }
}

impl CodeClient {
    /// The lines of its program, for a client that is called so here.
    pub fn lines(&self, name: &str, answers: &Answers) -> Vec<String> {
        let statements = match &self.program {
            Some(Program::Produces(of)) => vec![producing(name, of, answers)],
            Some(Program::Consumes(of)) => consuming(name, of, answers),
            None => Vec::new(),
        };
        statements.iter().map(print_statement).collect()
    }
}

fn producing(name: &str, of: &Producing, answers: &Answers) -> Statement {
    let record = of.record.clone().unwrap_or_default();
    let (count, pause) = match of.repeat {
        None => (Some(1), 0),
        Some(Repeat { endless: true, pause_ms, .. }) => (None, pause_ms.unwrap_or(0)),
        // A count above what a line may say is as good as that: a run ends before. An answer above it is refused as the line is.
        Some(Repeat { times, pause_ms, .. }) => {
            (Some(times.map_or(answers.times, |times| times.clamp(1, MAX_COUNT))), pause_ms.unwrap_or(0))
        }
    };
    // A pause of more than 30 days becomes 30 days.
    let pause = pause.min(MAX_MS as u32);
    let value = of.value().and_then(|value| crate::script::Payload::parse(&value));
    let text = |text: &str| -> Arc<str> { Arc::from(text) };
    Statement::ProduceLoop(ProduceLoop {
        client: text(name),
        topic: text(of.topic().unwrap_or(&answers.topic)),
        pace: Pace::IntervalMs(pause),
        count,
        key: record.key,
        keys: record.keys,
        value: value.map(RecordValue::Payload),
        mode: of.mode,
        partition: record.partition,
        timestamp: record.timestamp.map(Timestamp::At),
        headers: record.headers.iter().map(|(name, value)| (text(name), value.as_deref().map(text))).collect(),
    })
}

fn consuming(name: &str, of: &Consuming, answers: &Answers) -> Vec<Statement> {
    let client: Arc<str> = Arc::from(name);
    let partition = |topic: &str, partition: i32| TopicPartition { topic: Arc::from(topic), partition };
    let all = |of: &[(String, i32)]| of.iter().map(|(topic, number)| partition(topic, *number)).collect::<Vec<_>>();
    let mut calls = Vec::new();
    match &of.reads {
        Reads::NotKnown => {
            calls.push(Call::Subscribe(Subscription::Topics(vec![Arc::from(answers.topic.as_str())])));
        }
        Reads::Subscribed(to) => calls.push(Call::Subscribe(to.clone())),
        Reads::Assigned(partitions, seeks) => {
            calls.push(Call::Assign(all(partitions)));
            calls.extend(seeks.iter().map(|seek| match seek {
                Seek::To(topic, number, offset) => Call::Seek(vec![(partition(topic, *number), *offset)]),
                Seek::Beginning(of) => Call::SeekToBeginning(all(of)),
                Seek::End(of) => Call::SeekToEnd(all(of)),
            }));
        }
    }
    let consume = ConsumeLoop {
        client: client.clone(),
        poll_ms: of.poll_ms.unwrap_or(ConsumeLoop::DEFAULT_POLL_MS),
        process_us: of.process_us,
        commit: of.commit,
        every: of.every,
    };
    let calls = calls.into_iter().map(|call| Statement::Call { client: client.clone(), call });
    calls.chain([Statement::ConsumeLoop(consume)]).collect()
}
