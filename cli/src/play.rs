//! Plays a script to its end.

use std::sync::Arc;

use partita::event::Event;
use partita::script::{Lang, Script, ScriptError, parse};
use partita::simulation::{Observation, Progress, Simulation, Sink};
use serde_json::Value;

use crate::observed::Collector;

/// Moves after which a script that does not end is given up.
pub const MOVES_LIMIT: u64 = 50_000_000;

/// A script that was played.
pub struct Played {
    pub observations: Vec<Value>,
    /// The line at which it ended early, and the sentence.
    pub failed: Option<(u32, String)>,
    /// Milliseconds of virtual time.
    pub lasted_ms: u64,
    pub moves: u64,
}

/// Why a script was not played.
#[derive(Debug)]
pub enum PlayError {
    Script(Vec<ScriptError>),
    Cluster(String),
}

impl std::fmt::Display for PlayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PlayError::Script(errors) => {
                for (i, error) in errors.iter().enumerate() {
                    write!(f, "{}{}", if i > 0 { "\n" } else { "" }, error.sentence(Lang::En))?;
                }
                Ok(())
            }
            PlayError::Cluster(sentence) => f.write_str(sentence),
        }
    }
}

/// Reads and plays a script; `watch` sees every move's events and observations.
pub fn play(text: &str, mut watch: impl FnMut(&Simulation, &[Event], &[Observation])) -> Result<Played, PlayError> {
    let (script, errors) = parse(text);
    if !errors.is_empty() {
        return Err(PlayError::Script(errors));
    }
    let script: Arc<Script> = Arc::new(script);
    let mut simulation = Simulation::new(script.clone()).map_err(|error| PlayError::Cluster(error.en))?;
    let mut collector = Collector::default();
    let mut moves = 0;
    let mut failed = None;
    loop {
        match simulation.progress() {
            Progress::Ended => break,
            Progress::Failed(line, error) => {
                failed = Some((line, error.en));
                break;
            }
            Progress::Playing(line) if moves >= MOVES_LIMIT => {
                failed = Some((line, format!("{MOVES_LIMIT} moves were made and the script has not ended")));
                break;
            }
            Progress::Playing(_) => {}
        }
        let mut sink = Sink::default();
        if !simulation.step(&mut sink) {
            break;
        }
        moves += 1;
        let now_ms = simulation.now().wall_ms();
        for observation in &sink.observations {
            collector.take(&script, observation, now_ms);
        }
        watch(&simulation, &sink.events, &sink.observations);
    }
    let lasted_ms = simulation.now().ms();
    Ok(Played { observations: collector.finish(&script), failed, lasted_ms, moves })
}
