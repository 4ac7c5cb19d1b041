//! `partita view`: what the page shows of a run at a step, as JSON.

use std::sync::Arc;

use partita::application::Doing;
use partita::draft::cluster_refused;
use partita::event::EventName;
use partita::ids::{ClientId, EventId, RecordId};
use partita::lang::{Lang, grouped};
use partita::scenarios::{self, Scenario};
use partita::script::{ClientKind, Script, Statement};
use partita::simulation::{ClientProcess, Life, Progress};
use partita::time::Instant;
use partita::timeline::{Flags, MOVES_AT_A_TIME, Reader, STEP_AHEAD_MS, Timeline, Walker};
use partita::view::{Lens, Selection, View};

use crate::options::{CommandWords, OptionOf, counted};
use crate::play::{Given, PlayError};
use crate::recorded::{Recorded, Unread};
use crate::story;

/// After so many moves a long way is told of: a second or two, where nothing is optimised.
const TOLD_EACH: u64 = 200_000;
/// Pixels of the widest screens there are, and more.
const MOST_PIXELS: u64 = 16_384;

/// Which place of which run, seen how.
#[derive(Debug, Default)]
pub struct ViewAsked {
    /// The ready scenario that was named; none for a file.
    pub scenario: Option<Scenario>,
    pub script: Script,
    /// The file that it stands in.
    pub file: String,
    pub place: ViewPlace,
    pub lang: Lang,
    /// Pixels of the lanes.
    pub width: Option<u32>,
    /// A record to follow: its producer's name, and its number from 1.
    pub follow: Option<(String, u32)>,
}

/// A place of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewPlace {
    /// Where the page opens: just before the followed record begins its journey, or the start.
    #[default]
    Opening,
    /// After so many moves worth telling.
    Step(u64),
    Move(u64),
}

/// What stands behind `view`.
pub const VIEW: CommandWords = CommandWords {
    name: "view",
    options: &[
        OptionOf { name: "--json", value: None, excludes: &[] },
        OptionOf { name: "--at", value: Some("a step"), excludes: &["--move"] },
        OptionOf { name: "--move", value: Some("the number of a move"), excludes: &[] },
        OptionOf { name: "--width", value: Some("a number of pixels"), excludes: &[] },
        OptionOf { name: "--lang", value: Some("`en` or `ko`"), excludes: &[] },
        OptionOf {
            name: "--follow",
            value: Some("a producer and the number of its record, `producer-1:7`"),
            excludes: &[],
        },
    ],
    files: "one script: a file, or the name of a ready scenario",
    many_files: false,
};

/// The words behind the command; fails with a sentence.
pub fn asked<E: Into<Unread>>(words: &[&str], read: impl Fn(&str) -> Result<Recorded, E>) -> Result<ViewAsked, String> {
    let given = VIEW.read(words)?;
    let mut asked = ViewAsked::default();
    if let Some(step) = given.number("--at", "a step", 0, MOVES_AT_A_TIME)? {
        asked.place = ViewPlace::Step(step);
    }
    if let Some(number) = given.number("--move", "the number of a move", 0, MOVES_AT_A_TIME)? {
        asked.place = ViewPlace::Move(number);
    }
    let width = given.number("--width", "a number of pixels", 1, MOST_PIXELS)?;
    asked.width = width.and_then(|width| u32::try_from(width).ok());
    asked.lang = story::lang(given.value("--lang"))?;
    if let Some(of) = given.value("--follow") {
        let parts = of.rsplit_once(':').and_then(|(name, n)| Some((name.to_owned(), n.parse().ok()?)));
        let parts = parts.filter(|(_, n): &(String, u32)| *n > 0);
        asked.follow = Some(parts.ok_or_else(|| {
            format!("--follow is a producer and the number of its record from 1, such as `producer-1:7`, not `{of}`")
        })?);
    }
    asked.script_of(given.files[0], read)?;
    Ok(asked)
}

impl ViewAsked {
    /// The start of the run; fails with a sentence when no cluster can be made.
    pub fn timeline(&self) -> Result<Timeline, String> {
        Timeline::new(&self.script)
            .map_err(|error| format!("{}: {}", self.file, cluster_refused(&self.script, &error).en))
    }

    /// Reads the script of a file, or of the ready scenario of this name.
    pub fn script_of<E: Into<Unread>>(
        &mut self,
        file: &str,
        read: impl Fn(&str) -> Result<Recorded, E>,
    ) -> Result<(), String> {
        // A file that is there comes first, as everywhere.
        let recorded = match read(file).map_err(Into::into) {
            Ok(recorded) => recorded,
            Err(Unread { sentence, is_missing: false }) => return Err(sentence),
            Err(Unread { sentence, .. }) => {
                let scenario = Scenario::by_id(file).ok_or_else(|| {
                    let names: Vec<String> =
                        scenarios::all().iter().map(|scenario| format!("`{}`", scenario.id)).collect();
                    format!("{sentence}. No ready scenario is called so either: {}", names.join(", "))
                })?;
                let recorded = Recorded::read(file, &scenario.script)?;
                self.scenario = Some(scenario);
                recorded
            }
        };
        let given = Given::read(&recorded.script).map_err(|errors| recorded.placed(&PlayError::Script(errors)))?;
        (self.script, self.file) = (given.script, recorded.place);
        Ok(())
    }
}

/// The view; fails with a sentence.
pub fn view(asked: &ViewAsked) -> Result<View, String> {
    view_telling(asked, &mut |_| {})
}

/// The view. A place far away is minutes away, so `tell` hears a sentence on the way after each 200,000 moves.
pub fn view_telling(asked: &ViewAsked, tell: &mut dyn FnMut(String)) -> Result<View, String> {
    let mut timeline = asked.timeline()?;
    let mut lens = Lens { lang: asked.lang, ..Lens::default() };
    if let Some(width) = asked.width {
        lens.width = width;
    }
    let mut opening = 0;
    if let Some(scenario) = &asked.scenario {
        lens.title = Some(Arc::from(asked.lang.pick(&*scenario.title.en, &*scenario.title.ko)));
        if let Some(place) = opening_of(timeline.clone()) {
            opening = place;
            // Not a move more than the page has computed when it opens.
            while timeline.position() < opening && timeline.forward() {}
        }
    }
    if let Some((name, n)) = &asked.follow {
        check_producer(&asked.script, name, *n)?;
        let record = record_of(timeline.clone(), name, *n)?;
        (lens.followed, lens.selected) = (Some(record), Selection::Record(record));
    }
    match asked.place {
        ViewPlace::Opening => timeline.seek(opening),
        ViewPlace::Step(step) => lens.told = go_to_step(&mut timeline, lens.followed, step, tell)?,
        ViewPlace::Move(number) => {
            while timeline.position() < number && timeline.forward() {
                tell_of(&timeline, tell);
            }
            timeline.seek(number.min(timeline.moves().len()));
            if timeline.position() < number {
                let (number, made) = (grouped(number), counted(timeline.position(), "move"));
                return Err(format!("--move {number}: the run has {made}"));
            }
        }
    }
    Ok(View::of(&timeline, &lens))
}

/// Whether a line of the script makes a producer of this name: nothing has to be computed to know that.
fn check_producer(script: &Script, name: &str, n: u32) -> Result<(), String> {
    let made = || {
        script.statements().filter_map(|line| match &*line.statement {
            Statement::Client(client) => Some(client),
            _ => None,
        })
    };
    let kinds: Vec<ClientKind> = made().filter(|client| *client.id == *name).map(|client| client.kind).collect();
    if kinds.contains(&ClientKind::Producer) {
        return Ok(());
    }
    let mut producers: Vec<String> = Vec::new();
    for client in made().filter(|client| client.kind == ClientKind::Producer) {
        let words = format!("`{}`", client.id);
        if !producers.contains(&words) {
            producers.push(words);
        }
    }
    let producers = if producers.is_empty() { "none".to_owned() } else { producers.join(", ") };
    Err(match kinds.first() {
        Some(kind) => {
            let kind = kind.verb();
            format!(
                "--follow {name}:{n}: {name} is a {kind}, and only producers are given records. Its producers: {producers}"
            )
        }
        None => format!("--follow: there is no client {name} in this run. Its producers: {producers}"),
    })
}

/// The record that a producer is given as its so-manieth, from 1; computed until it is.
fn record_of(mut timeline: Timeline, name: &str, n: u32) -> Result<RecordId, String> {
    let mut told_at = timeline.simulation().now().at;
    while timeline.simulation().client(name).is_none() {
        if timeline.position() >= MOVES_AT_A_TIME || is_over(&timeline, told_at) || !timeline.forward() {
            return Err(format!("--follow: there is no client {name} in this run"));
        }
        if timeline.moves().flags(timeline.position()).has(Flags::TELLING) {
            told_at = timeline.simulation().now().at;
        }
    }
    let client = timeline.simulation().client(name).map(|client| client.id).unwrap_or_default();
    let sent = records_of(timeline, client, n);
    if sent < n {
        return Err(format!("--follow {name}:{n}: there is no such record; {name} is given {sent} in this run"));
    }
    Ok(RecordId { client, number: n - 1 })
}

/// How many records the client is given in the run, as far as so many.
fn records_of(mut timeline: Timeline, client: ClientId, most: u32) -> u32 {
    let mut told_at = timeline.simulation().now().at;
    loop {
        let sent = timeline.observers().index().records_sent(client);
        if sent >= most
            || has_sent_all(&timeline, client)
            || timeline.position() >= MOVES_AT_A_TIME
            || is_over(&timeline, told_at)
            || !timeline.forward()
        {
            return sent;
        }
        if timeline.moves().flags(timeline.position()).has(Flags::TELLING) {
            told_at = timeline.simulation().now().at;
        }
    }
}

/// Whether the script has ended, and the client's program has nothing left to send.
fn has_sent_all(timeline: &Timeline, client: ClientId) -> bool {
    let simulation = timeline.simulation();
    let process = usize::from(client.0).checked_sub(1).and_then(|at| simulation.clients().get(at));
    let is_idle = |of: &ClientProcess| {
        let program = &of.application;
        of.life == Life::Gone
            || program.doing().0 == Doing::Nothing && program.loop_written().is_none() && program.records_to_come() == 0
    };
    !matches!(simulation.progress(), Progress::Playing(_)) && process.is_some_and(is_idle)
}

/// Whether the script has ended, and nothing worth telling has come for so long that none is waited for.
fn is_over(timeline: &Timeline, told_at: Instant) -> bool {
    let has_ended = !matches!(timeline.simulation().progress(), Progress::Playing(_));
    has_ended && timeline.simulation().now().at > told_at.plus_millis(STEP_AHEAD_MS)
}

/// The move in which the first chapter begins.
fn opening_of(mut timeline: Timeline) -> Option<u64> {
    loop {
        let moves = timeline.moves();
        if moves.story().of_move(moves.len()).iter().any(|told| told.name == EventName::ChapterBegan) {
            return Some(moves.len());
        }
        if !timeline.forward() {
            return None;
        }
    }
}

fn tell_of(timeline: &Timeline, tell: &mut dyn FnMut(String)) {
    let made = timeline.position();
    if made.is_multiple_of(TOLD_EACH) {
        let (made, most) = (grouped(made), grouped(MOVES_AT_A_TIME));
        tell(format!("{made} moves are computed, of at most {most}"));
    }
}

/// To the step of this number, of who follows a record or the story's own; the event that is told there.
fn go_to_step(
    timeline: &mut Timeline,
    follow: Option<RecordId>,
    number: u64,
    tell: &mut dyn FnMut(String),
) -> Result<Option<EventId>, String> {
    if number == 0 {
        timeline.seek(0);
        return Ok(None);
    }
    let mut walker =
        Walker::behind(timeline.moves().story(), Reader { follows: follow, opened: None }, (0, EventId::NONE));
    loop {
        if let Some(step) = walker.step(timeline.moves().story(), number) {
            timeline.seek(step.number);
            return Ok(Some(step.event));
        }
        timeline.seek(timeline.moves().len());
        let told_at = timeline.moves().at(walker.last());
        if is_over(timeline, told_at) || !timeline.forward() {
            let (number, made) = (grouped(number), counted(walker.gone(), "step"));
            return Err(format!("--at {number}: the run has {made}"));
        }
        if timeline.position() >= MOVES_AT_A_TIME {
            let ([number, moves], made) = ([number, MOVES_AT_A_TIME].map(grouped), counted(walker.gone(), "step"));
            return Err(format!("--at {number}: {moves} moves were computed, and they are {made}"));
        }
        tell_of(timeline, tell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Result<View, String> {
        let missing = |file: &str| Unread { sentence: format!("{file} cannot be read"), is_missing: true };
        view(&asked(words, |file| Err(missing(file)))?)
    }

    #[test]
    fn a_scenario_opens_just_before_its_followed_record_is_sent() {
        let view = of(&["lost-response"]).expect("it can be shown");
        let station = &view.producers.producers[0].stations[0];
        assert!(format!("{:?}", station.body).contains("1035"), "{station:?}");
        assert_eq!(station.state, partita::view::StationState::Ahead);
        assert_eq!(view.top.title, "The response is lost");
    }

    #[test]
    fn steps_and_moves_lead_to_places() {
        let at = of(&["lost-response", "--at", "10"]).expect("it has ten steps");
        assert_eq!(at.transport.step_number, 10);
        let same = of(&["lost-response", "--move", &at.transport.move_number.to_string()]).expect("a move of it");
        assert_eq!(at, same);
        let ko = of(&["lost-response", "--at", "10", "--lang", "ko", "--json"]).expect("in Korean as well");
        assert_eq!(ko.transport.step, "준비, 스텝 10");
    }

    fn of_script(text: &str, words: &[&str]) -> Result<View, String> {
        let words = [&["script.txt"], words].concat();
        view(&asked(&words, |file| Recorded::read(file, text))?)
    }

    /// A consumer that polls for ever has no last move, but it has a last step.
    #[test]
    fn a_place_behind_the_last_step_is_told() {
        let looping = "cluster brokers=1\ntopic t\nconsumer c1\nassign c1 t-0\nloop c1\n";
        for (text, words) in [(looping, ["--at", "1000"]), ("cluster brokers=1\nproducer p1\n", ["--at", "1000"])] {
            let error = of_script(text, &words).map(|view| view.transport.step.clone()).expect_err("it is no step");
            let steps: u64 = error
                .split("the run has ")
                .nth(1)
                .and_then(|rest| rest.split(' ').next()?.parse().ok())
                .expect("a number");
            let last = of_script(text, &["--at", &steps.to_string()]).expect("the last step");
            assert_eq!(last.transport.step_number, steps);
        }
        let error = of_script("cluster brokers=1\n", &["--move", "9"]).map(|_| ()).expect_err("it is no move");
        assert!(error.starts_with("--move 9: the run has "), "{error}");
        let error = of_script(looping, &["--move", "2000001"]).map(|_| ()).expect_err("it is too far");
        assert!(error.contains("from 0 to 2,000,000"), "{error}");
    }

    #[test]
    fn a_long_way_is_told_of() {
        let read =
            |file: &str| Recorded::read(file, "cluster brokers=1\ntopic t\nconsumer c1\nassign c1 t-0\nloop c1\n");
        let mut told = Vec::new();
        let asked = asked(&["script.txt", "--move", "400001"], read).expect("it is understood");
        view_telling(&asked, &mut |sentence| told.push(sentence)).expect("it has so many moves");
        let of = |made: &str| format!("{made} moves are computed, of at most 2,000,000");
        assert_eq!(told, [of("200,000"), of("400,000")]);
    }

    #[test]
    fn a_file_that_is_there_is_not_looked_for_among_the_scenarios() {
        let error = of_script("{\"script\": [", &[]).map(|_| ()).expect_err("it is no JSON");
        assert!(error.contains("script.txt begins as JSON") && !error.contains("scenario"), "{error}");
    }

    #[test]
    fn a_file_with_a_scenario_s_name_comes_first() {
        let read = |file: &str| Recorded::read(file, "cluster brokers=1\n");
        let asked = asked(&["lost-response"], read).expect("it is understood");
        assert!(asked.scenario.is_none() && asked.script.lines.len() == 1, "{asked:?}");
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (words, said) in [
            (&["--at", "3"][..], "one script: a file, or the name of a ready scenario"),
            (&["lost-response", "--at", "x"], "`x`"),
            (&["lost-response", "--at"], "needs a value"),
            (&["lost-response", "--lang", "fr"], "`fr`"),
            (&["lost-response", "--fast"], "`--fast`"),
            (&["lost-response", "--width", "4294967295"], "from 1 to 16,384"),
            (&["lost-response", "--width", "0"], "from 1 to 16,384"),
            (&["lost-response", "--width", "-1"], "--width is a number of pixels from 1 to 16,384, not `-1`"),
            (&["lost-response", "--at", "1", "--at", "2"], "--at is given twice"),
            (&["lost-response", "--at", "1", "--move", "2"], "--at and --move exclude each other"),
            (&["lost-response", "--at", "-1"], "from 0 to 2,000,000"),
            (
                &["lost-response", "--follow", "producer-1:9999"],
                "producer-1:9999: there is no such record; producer-1 is given ",
            ),
            (&["no-such-file"], "cannot be read"),
            (&["no-such-file"], "`lost-response`"),
            (&["lost-response", "--follow", "producer-1"], "`producer-1`"),
            (&["lost-response", "--follow", "nobody:1"], "nobody"),
            (
                &["auto-commit", "--follow", "c1:1"],
                "c1 is a consumer, and only producers are given records. Its producers: `producer-1`",
            ),
        ] {
            let error = of(words).map(|view| view.transport.step.clone()).expect_err("it cannot be");
            assert!(error.contains(said), "{error}");
        }
    }
}
