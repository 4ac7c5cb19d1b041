//! What the runs met: faults, settings, error codes. None of what is drawn may stay at zero.

use std::collections::BTreeMap;
use std::fmt;

use partita::error::Code;
use partita::event::{Event, EventKind};
use partita::simulation::Simulation;

use crate::tables;

#[derive(Default)]
pub struct Tally {
    pub moves: u64,
    pub records: u64,
    faults: BTreeMap<&'static str, u64>,
    settings: BTreeMap<String, u64>,
    codes: BTreeMap<&'static str, u64>,
    broken: BTreeMap<String, u64>,
}

/// The faults that must be met.
const FAULTS: [&str; 10] = [
    "broker crashed",
    "broker stopped",
    "broker started",
    "broker frozen",
    "client frozen",
    "client killed",
    "response dropped",
    "error answered",
    "processing slowed",
    "message fault armed",
];

impl Tally {
    pub fn note(&mut self, event: &Event) {
        use partita::ids::Process;
        let fault = match event.kind {
            EventKind::BrokerCrashed { .. } => Some("broker crashed"),
            EventKind::BrokerStopped { .. } => Some("broker stopped"),
            EventKind::BrokerStarted { .. } => Some("broker started"),
            EventKind::ProcessPaused { process: Process::Broker(_), paused: true } => Some("broker frozen"),
            EventKind::ProcessPaused { process: Process::Client(_), paused: true } => Some("client frozen"),
            EventKind::ClientKilled { .. } => Some("client killed"),
            EventKind::ResponseDropped { .. } => Some("response dropped"),
            EventKind::ErrorAnswered { .. } => Some("error answered"),
            EventKind::ProcessingChanged { .. } => Some("processing slowed"),
            EventKind::FaultArmed { .. } => Some("message fault armed"),
            _ => None,
        };
        if let Some(fault) = fault {
            *self.faults.entry(fault).or_default() += 1;
        }
        if let Some(code) = code_of(&event.kind) {
            *self.codes.entry(code.name()).or_default() += 1;
        }
        self.records += u64::from(matches!(event.kind, EventKind::SendCalled { .. }));
    }

    pub fn note_end(&mut self, simulation: &Simulation, broken: &[String]) {
        for client in simulation.clients() {
            for property in &client.recipe.properties {
                *self.settings.entry(property.name.to_string()).or_default() += 1;
            }
        }
        for kind in broken {
            *self.broken.entry(kind.clone()).or_default() += 1;
        }
    }

    pub fn add(&mut self, other: &Tally) {
        self.moves += other.moves;
        self.records += other.records;
        for (key, count) in &other.faults {
            *self.faults.entry(key).or_default() += count;
        }
        for (key, count) in &other.codes {
            *self.codes.entry(key).or_default() += count;
        }
        for (key, count) in &other.settings {
            *self.settings.entry(key.clone()).or_default() += count;
        }
        for (key, count) in &other.broken {
            *self.broken.entry(key.clone()).or_default() += count;
        }
    }

    /// What is drawn and was not met.
    pub fn missing(&self) -> Vec<String> {
        let faults = FAULTS.iter().filter(|fault| !self.faults.contains_key(*fault)).map(ToString::to_string);
        let settings = tables::PRODUCER.iter().chain(tables::CONSUMER).map(|(name, _)| *name);
        let settings = settings.filter(|name| !self.settings.contains_key(*name)).map(str::to_owned);
        let codes = tables::ERRORS.iter().flat_map(|(_, codes)| *codes);
        let codes = codes.filter(|code| !self.codes.contains_key(*code)).map(ToString::to_string);
        let mut missing: Vec<String> = faults.chain(settings).chain(codes).collect();
        missing.sort();
        missing.dedup();
        missing
    }
}

fn code_of(kind: &EventKind) -> Option<Code> {
    let code = match *kind {
        EventKind::SendFailed { why, .. }
        | EventKind::BatchFailed { why, .. }
        | EventKind::RecordFailed { why, .. } => why.code()?,
        EventKind::BatchRetried { code, .. }
        | EventKind::AppendRefused { code, .. }
        | EventKind::OffsetCommitRefused { code, .. }
        | EventKind::HeartbeatAnswered { code, .. }
        | EventKind::CommitFailed { code, .. }
        | EventKind::ErrorAnswered { code, .. } => code,
        _ => return None,
    };
    (!code.is_ok()).then_some(code)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, name: &str, counts: Vec<(&str, u64)>| {
            let counts: Vec<String> = counts.iter().map(|(key, count)| format!("{key} {count}")).collect();
            writeln!(f, "{name}: {}", counts.join(", "))
        };
        writeln!(f, "{} moves, {} records sent", self.moves, self.records)?;
        list(f, "faults", self.faults.iter().map(|(key, count)| (*key, *count)).collect())?;
        list(f, "settings", self.settings.iter().map(|(key, count)| (key.as_str(), *count)).collect())?;
        list(f, "error codes", self.codes.iter().map(|(key, count)| (*key, *count)).collect())?;
        list(f, "promises broken, runs", self.broken.iter().map(|(key, count)| (key.as_str(), *count)).collect())
    }
}
