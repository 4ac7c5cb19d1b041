//! Plays a script to its end.

use std::sync::Arc;

use partita::draft::{cluster_refused, refused_tries, unused_of, without_effect};
use partita::event::Event;
use partita::lang::{Lang, grouped};
use partita::scenarios;
use partita::script::stored::{StoredNote, decode};
use partita::script::{
    Anchor, Line, MAX_RUN_MOVES, Script, ScriptError, parse, print_line, print_statement, without_mark,
};
use partita::simulation::{Command, CommandError, Observation, Progress, QUIET_MOVES, Simulation, Sink};
use partita::timeline::{Flags, Timeline};
use serde_json::Value;

use crate::observed::Collector;

/// A script that was played.
pub struct Played {
    pub observations: Vec<Value>,
    /// Why it ended early.
    pub failed: Option<EndedEarly>,
    /// Milliseconds of virtual time.
    pub lasted_ms: u64,
    pub moves: u64,
    /// The lines of a run of the page; none for a script, whose lines are its text's.
    pub lines: Option<Vec<String>>,
    /// What was not understood or not done and left out, and properties without effect.
    pub told: Vec<String>,
}

/// Why a run ended before it was over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedEarly {
    /// The line of the text that could not be carried out; none where no line is to blame.
    pub line: Option<u32>,
    pub sentence: String,
}

impl std::fmt::Display for EndedEarly {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.sentence),
            None => f.write_str(&self.sentence),
        }
    }
}

/// Why a script was not played.
#[derive(Debug)]
pub enum PlayError {
    Script(Vec<ScriptError>),
    /// The file is a run with no line to play, and what was not understood of it.
    Nothing(Vec<String>),
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
            PlayError::Nothing(told) => {
                told.iter().try_for_each(|sentence| writeln!(f, "{sentence}"))?;
                f.write_str("this run has no line to play")
            }
            PlayError::Cluster(sentence) => f.write_str(sentence),
        }
    }
}

/// What the command is given: a script, or a run as the page exports it, with the user's commands at their places.
pub struct Given {
    pub script: Script,
    /// A run of the page goes on until here: where its reader stood.
    until: Option<Anchor>,
    is_run: bool,
    /// What was not understood of a run, and does not keep it from being played.
    pub told: Vec<String>,
}

impl Given {
    /// Fails with what is wrong with the lines.
    pub fn read(text: &str) -> Result<Given, Vec<ScriptError>> {
        let is_run = without_mark(text).starts_with("partita ");
        let (script, errors, until, mut told) = if is_run {
            let (stored, notes) = decode(text);
            let (mut errors, mut told) = (Vec::new(), Vec::new());
            for note in notes {
                match note {
                    StoredNote::Script(error) => errors.push(error),
                    other => told.push(other.sentence(Lang::En)),
                }
            }
            told.extend(scenarios::named(&stored.state.page).1.into_iter().map(|unknown| unknown.en));
            (stored.script().clone(), errors, stored.state.position, told)
        } else {
            let (script, errors) = parse(text);
            (script, errors, None, Vec::new())
        };
        // What is proposed does nothing in a run until it is chosen.
        let refused = refused_tries(&script, &errors);
        if !errors.is_empty() {
            return Err(errors.into_iter().chain(refused).collect());
        }
        told.extend(refused.iter().map(|error| error.sentence(Lang::En)));
        let is_run = is_run || script.lines.iter().any(|line| line.anchor.is_some());
        Ok(Given { script, until, is_run, told })
    }
}

/// Reads and plays a script; `watch` sees every move's events and observations.
pub fn play(text: &str, watch: impl FnMut(&Simulation, &[Event], &[Observation])) -> Result<Played, PlayError> {
    let given = Given::read(text).map_err(PlayError::Script)?;
    if given.is_run && given.script.statements().next().is_none() {
        return Err(PlayError::Nothing(given.told));
    }
    if given.is_run { play_run(given, watch) } else { play_script(given, watch) }
}

/// A run of the page: the script, and the user's commands at their places among its moves.
fn play_run(given: Given, mut watch: impl FnMut(&Simulation, &[Event], &[Observation])) -> Result<Played, PlayError> {
    let Given { script, until, mut told, .. } = given;
    let mut timeline = Timeline::new(&script).map_err(|error| refused(&script, &error))?;
    told.extend(unused(timeline.simulation(), &script));
    let mut collector = Collector::default();
    let mut failed = None;
    let (mut quiet, mut to_come) = (0, commands(&script));
    loop {
        let progress = timeline.simulation().progress();
        if let (Progress::Failed(_, error), None) = (&progress, &failed) {
            failed = Some(EndedEarly { line: timeline.simulation().stopped_at(), sentence: error.why.en.clone() });
        }
        let has_ended = !matches!(progress, Progress::Playing(_)) && !timeline.acts_in_the_past();
        if has_ended && until.is_none_or(|place| timeline.place() >= place) {
            break;
        }
        if timeline.position() >= MAX_RUN_MOVES || quiet >= QUIET_MOVES {
            failed.get_or_insert_with(|| unfinished(&timeline, to_come.next(), until));
            break;
        }
        if !timeline.forward() {
            break;
        }
        // As long as the script is played, the simulation says how long a line is waited for.
        let goes_on =
            matches!(progress, Progress::Playing(_)) || timeline.moves().flags(timeline.position()).has(Flags::TELLING);
        quiet = if goes_on { 0 } else { quiet + 1 };
        if let Some(placed) = timeline.branch().command_of(timeline.position()) {
            let Command(statement) = &placed.command;
            let line = to_come.next().map_or(0, |line| line.row);
            if let Some(error) = timeline.simulation().passed_over() {
                told.push(format!("line {line}: `{}` was passed over: {error}", print_statement(statement)));
            }
        }
        let observations = timeline.take_observations();
        let now_ms = timeline.simulation().now().wall_ms();
        for observation in &observations {
            collector.take(&script, observation, now_ms);
        }
        watch(timeline.simulation(), timeline.events(), &observations);
    }
    let (lasted_ms, moves) = (timeline.simulation().now().ms(), timeline.position());
    let lines = script.lines.iter().map(|line| print_line(line)).collect();
    Ok(Played { observations: collector.finish(&script), failed, lasted_ms, moves, lines: Some(lines), told })
}

fn play_script(
    given: Given,
    mut watch: impl FnMut(&Simulation, &[Event], &[Observation]),
) -> Result<Played, PlayError> {
    let script: Arc<Script> = Arc::new(given.script);
    let mut simulation = Simulation::new(script.clone()).map_err(|error| refused(&script, &error))?;
    let mut told = given.told;
    told.extend(unused(&simulation, &script));
    let mut collector = Collector::default();
    let mut moves = 0;
    let mut failed = None;
    loop {
        match simulation.progress() {
            Progress::Ended => break,
            Progress::Failed(_, error) => {
                failed = Some(EndedEarly { line: simulation.stopped_at(), sentence: error.why.en });
                break;
            }
            Progress::Playing(_) => {}
        }
        let mut sink = Sink::default();
        assert!(simulation.step(&mut sink), "a script that is being played ends, or is given up");
        moves += 1;
        let now_ms = simulation.now().wall_ms();
        for observation in &sink.observations {
            collector.take(&script, observation, now_ms);
        }
        watch(&simulation, &sink.events, &sink.observations);
    }
    let lasted_ms = simulation.now().ms();
    Ok(Played { observations: collector.finish(&script), failed, lasted_ms, moves, lines: None, told })
}

/// Properties that Kafka does not have, and those of a cluster without effect here, as the page tells of them when a run is opened.
fn unused(simulation: &Simulation, script: &Script) -> impl Iterator<Item = String> {
    let idle = script.cluster().map(without_effect).unwrap_or_default();
    let unused = unused_of(simulation, &mut script.statements().map(|line| &*line.statement));
    idle.into_iter().chain(unused).map(|told| told.en)
}

/// The user's commands, which have anchors.
fn commands(script: &Script) -> impl Iterator<Item = &Line> {
    script.lines.iter().map(|line| &**line).filter(|line| line.anchor.is_some())
}

fn refused(script: &Script, error: &CommandError) -> PlayError {
    PlayError::Cluster(cluster_refused(script, error).en)
}

/// Why a run with commands ends that makes more moves than one may: what has not come yet, of its commands the next.
fn unfinished(timeline: &Timeline, next: Option<&Line>, until: Option<Anchor>) -> EndedEarly {
    let at = timeline.simulation().now().at;
    let awaited = match next.and_then(|line| line.anchor) {
        Some(anchor) => format!("this command at {} ms", anchor.at),
        None => format!("the place where its reader stood, {} ms", until.map_or(at, |place| place.at)),
    };
    let moves = grouped(timeline.position());
    let sentence = format!(
        "{moves} moves were made up to {at} ms, and the run still waits for {awaited}. Allowed: {} moves, and {} in a row \
         with nothing worth telling behind the end of its script",
        grouped(MAX_RUN_MOVES),
        grouped(QUIET_MOVES)
    );
    EndedEarly { line: next.map(|line| line.row), sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str =
        "cluster brokers=1 seed=3\ntopic orders partitions=1\nproducer p1\nsend p1 orders value=1\nwait sent p1\n";

    fn events(text: &str) -> (Played, usize) {
        let mut appended = 0;
        let played = play(text, |_, events, _| {
            let of_a_batch = |event: &&Event| matches!(event.kind, partita::event::EventKind::Appended { .. });
            appended += events.iter().filter(of_a_batch).count();
        });
        (played.expect("it can be played"), appended)
    }

    /// What the page exports: a version, where its reader stood, the lines, and the commands at their places.
    #[test]
    fn a_run_of_the_page_is_played_with_its_commands_as_far_as_its_reader_was() {
        let (alone, once) = events(RUN);
        let (played, twice) = events(&format!("partita 1\n%position @900000\n{RUN}@500000+0 send p1 orders value=2\n"));
        assert_eq!((played.failed.clone(), twice), (None, once + 1));
        assert_eq!(played.observations, alone.observations);
        assert!(played.lasted_ms >= 899, "{}", played.lasted_ms);
        let lines = played.lines.expect("the lines of the run");
        assert_eq!(lines.last().map(String::as_str), Some("@500000+0 send p1 orders value=2"));
    }

    #[test]
    fn a_property_that_kafka_does_not_have_is_told_with_what_was_meant() {
        for (line, said) in [
            ("producer p2 linger.mss=5", "Kafka has no property `linger.mss`. Did you mean `linger.ms`?"),
            ("consumer c1 group.di=g", "Did you mean `group.id`?"),
            ("set p1 acsk=1 from=now", "Did you mean `acks`?"),
        ] {
            for text in [format!("{RUN}{line}\n"), format!("partita 1\n{RUN}@500000+0 {line}\n")] {
                let (played, _) = events(&text);
                assert!(matches!(&played.told[..], [told] if told.contains(said)), "{line}: {:?}", played.told);
                assert!(played.told[0].contains("were supplied but are not used yet."), "{:?}", played.told);
            }
        }
        assert_eq!(events(RUN).0.told, Vec::<String>::new());
    }

    /// Each `set` makes its client anew, with all that it was given before: without a limit many lines take their square.
    #[test]
    fn a_client_has_a_limited_number_of_properties() {
        let many: String = (0..1_000).map(|i| format!(" foo.x{i}=1")).collect();
        let within = format!("{RUN}set p1{many}\nset p1 foo.x7=2\n");
        assert_eq!(events(&within).0.failed, None);
        let failed = events(&format!("{within}set p1 foo.y=1\n")).0.failed.expect("it is one too many");
        assert_eq!(failed.line, Some(8));
        assert!(failed.sentence.starts_with("p1: a client has at most 1000 properties"), "{failed}");
    }

    /// "kill c2 too" was chosen: the command stands at its place, and what was proposed stands in the script as before.
    #[test]
    fn what_was_tried_does_not_keep_an_exported_run_from_being_played() {
        let proposed = format!("{RUN}consumer c2 group.id=g\ntry \"kill c2 too\" line=\"kill c2\"\n");
        let (played, _) = events(&format!("partita 1\n%position @900000\n{proposed}@500000+0 kill c2\n"));
        assert_eq!((played.failed, played.told), (None, Vec::new()));
        for text in [format!("{proposed}kill c2\n"), format!("partita 1\n{proposed}kill c2\n")] {
            let (played, _) = events(&text);
            assert_eq!(played.failed, None);
            assert!(
                matches!(&played.told[..], [told] if told.contains("c2's process has ended there")),
                "{:?}",
                played.told
            );
        }
    }

    #[test]
    fn what_a_cluster_is_given_without_effect_is_told() {
        for text in [RUN.to_owned(), format!("partita 1\n{RUN}@500000+0 send p1 orders value=2\n")] {
            let (played, _) = events(&text.replace("seed=3", "features=transaction.version=1"));
            let said = "Cluster: `features=transaction.version=1` has no effect here";
            assert!(matches!(&played.told[..], [told] if told.starts_with(said)), "{:?}", played.told);
        }
    }

    #[test]
    fn what_is_broken_is_told_with_its_place_in_the_file() {
        let (played, _) = events(&format!("partita 9\n%colour blue\n{RUN}"));
        let (page, _) = events(&format!("partita 1\n%page scenario=nosuch\n%page xx=yy\n{RUN}"));
        assert!(
            matches!(&page.told[..], [a, b] if a.contains("scenario=nosuch") && b.contains("xx=yy")),
            "{:?}",
            page.told
        );
        assert_eq!(played.told.len(), 2);
        assert!(played.told[1].starts_with("Line 2, column 1"), "{}", played.told[1]);
        let refused = play(&format!("partita 1\n{RUN}sned p1 orders\n"), |_, _, _| {});
        let error = refused.err().expect("it cannot be played").to_string();
        assert!(error.starts_with("Line 7, column 1: `sned`"), "{error}");
    }
}
