//! `partita view`: what the page shows of a run at a step, as JSON.

use std::sync::Arc;

use partita::ids::RecordId;
use partita::lang::Lang;
use partita::scenarios::Scenario;
use partita::script::{Line, Script, Statement};
use partita::simulation::Progress;
use partita::timeline::{Flags, MOVES_AT_A_TIME, STEP_AHEAD_MS, Timeline};
use partita::view::{Lens, Selection, View};

use crate::play::Given;

/// Pixels of the widest screens there are, and more.
const MOST_PIXELS: u64 = 16_384;

/// Which place of which run, seen how.
#[derive(Debug, Default)]
pub struct ViewAsked {
    /// The id of a ready scenario, or a script's text.
    pub scenario: Option<Scenario>,
    pub script: Script,
    pub place: ViewPlace,
    pub lang: Lang,
    /// Pixels of the lanes.
    pub width: Option<u32>,
    /// Routine events that the last step passed.
    pub passed: u64,
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

/// The options behind the script; fails with a sentence.
pub fn asked(words: &[&str], read: impl Fn(&str) -> Result<String, String>) -> Result<ViewAsked, String> {
    let mut asked = ViewAsked::default();
    let mut file = None;
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word {
            "--json" => {}
            "--at" => asked.place = ViewPlace::Step(number(word, value()?)?),
            "--move" => asked.place = ViewPlace::Move(number(word, value()?)?),
            "--width" => {
                let text = value()?;
                let width = number(word, text)?;
                let fits = (1..=MOST_PIXELS).contains(&width);
                let width = fits.then(|| u32::try_from(width).ok()).flatten();
                asked.width =
                    Some(width.ok_or_else(|| {
                        format!("{word} is a number of pixels from 1 to {MOST_PIXELS}, not `{text}`")
                    })?);
            }
            "--passed" => asked.passed = number(word, value()?)?,
            "--lang" => {
                asked.lang = match value()? {
                    "en" => Lang::En,
                    "ko" => Lang::Ko,
                    other => return Err(format!("--lang is `en` or `ko`, not `{other}`")),
                }
            }
            "--follow" => {
                let of = value()?;
                let parts = of.rsplit_once(':').and_then(|(name, n)| Some((name.to_owned(), n.parse().ok()?)));
                let parts = parts.filter(|(_, n): &(String, u32)| *n > 0);
                asked.follow = Some(parts.ok_or_else(|| format!("--follow is `producer-1:7`, not `{of}`"))?);
            }
            _ if word.starts_with("--") => return Err(format!("there is no option `{word}`")),
            _ if file.is_some() => return Err(format!("one script at a time: `{word}` is a second one")),
            _ => file = Some(word),
        }
    }
    let file = file.ok_or("no script is named: a file, or the name of a ready scenario")?;
    asked.scenario = Scenario::by_id(file);
    let text = match &asked.scenario {
        Some(scenario) => scenario.script.to_string(),
        None => read(file)?,
    };
    let given = Given::read(&text).map_err(|errors| {
        errors.iter().map(|error| format!("{file}: {}", error.sentence(Lang::En))).collect::<Vec<_>>().join("\n")
    })?;
    asked.script = given.script;
    Ok(asked)
}

fn number(option: &str, text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{option} is a number from 0, not `{text}`"))
}

/// The view; fails with a sentence.
pub fn view(asked: &ViewAsked) -> Result<View, String> {
    let mut timeline = Timeline::new(&asked.script).map_err(|error| error.why.en)?;
    let mut lens = Lens { lang: asked.lang, routine_passed: asked.passed, ..Lens::default() };
    if let Some(width) = asked.width {
        lens.width = width;
    }
    let mut opening = 0;
    if let Some(scenario) = &asked.scenario {
        lens.title = Some(Arc::from(asked.lang.pick(&*scenario.title.en, &*scenario.title.ko)));
        if let Some((place, record)) = opening_of(timeline.clone(), scenario, &asked.script) {
            lens.followed = Some(record);
            lens.selected = Selection::Record(record);
            opening = place;
            // Not a move more than the page has computed when it opens.
            while timeline.position() < opening && timeline.forward() {}
        }
    }
    match asked.place {
        ViewPlace::Opening => timeline.seek(opening),
        ViewPlace::Step(step) => go_to_step(&mut timeline, step)?,
        ViewPlace::Move(number) => {
            let most = number.min(MOVES_AT_A_TIME);
            while timeline.position() < most && timeline.forward() {}
            timeline.seek(number.min(timeline.moves().len()));
            if timeline.position() == MOVES_AT_A_TIME && number > MOVES_AT_A_TIME {
                return Err(format!("--move {number}: at most {MOVES_AT_A_TIME} moves are computed"));
            }
            if timeline.position() < number {
                return Err(format!("--move {number}: the run has {} moves", timeline.position()));
            }
        }
    }
    if let Some((name, n)) = &asked.follow {
        let client =
            timeline.simulation().client(name).ok_or_else(|| format!("--follow: there is no client {name} here"))?;
        let record = RecordId { client: client.id, number: n - 1 };
        (lens.followed, lens.selected) = (Some(record), Selection::Record(record));
    }
    Ok(View::of(&timeline, &lens))
}

/// The move before the line that sends the followed record, and that record.
fn opening_of(mut timeline: Timeline, scenario: &Scenario, script: &Script) -> Option<(u64, RecordId)> {
    let number = scenario.opening_line(script)?;
    loop {
        let before = timeline.position();
        let client = timeline.simulation().client(&scenario.producer).map(|client| client.id);
        let sent = client.map(|client| timeline.observers().index().records_sent(client));
        if !timeline.forward() {
            return None;
        }
        let acts = |line: &&Arc<Line>| !matches!(*line.statement, Statement::Nothing | Statement::Cluster(_));
        let next = timeline.simulation().lines_to_come().iter().find(acts);
        if next.is_none_or(|line| line.number > number) {
            return Some((before, RecordId { client: client?, number: sent? }));
        }
    }
}

/// To the place behind so many moves worth telling.
fn go_to_step(timeline: &mut Timeline, step: u64) -> Result<(), String> {
    let told = |timeline: &Timeline| {
        let moves = timeline.moves();
        (1..=moves.len()).filter(|number| moves.flags(*number).has(Flags::TELLING)).collect::<Vec<_>>()
    };
    let computed = told(timeline);
    if step == 0 {
        timeline.seek(0);
        return Ok(());
    }
    let index = usize::try_from(step - 1).map_err(|error| error.to_string())?;
    if let Some(number) = computed.get(index) {
        timeline.seek(*number);
        return Ok(());
    }
    timeline.seek(timeline.moves().len());
    let mut made = computed.len() as u64;
    let mut told_at = timeline.simulation().now().at;
    while made < step {
        let now = timeline.simulation().now().at;
        let has_ended = !matches!(timeline.simulation().progress(), Progress::Playing(_));
        if has_ended && now > told_at.plus_millis(STEP_AHEAD_MS) || !timeline.forward() {
            return Err(format!("--at {step}: the run has {made} steps"));
        }
        if timeline.position() >= MOVES_AT_A_TIME {
            return Err(format!("--at {step}: {MOVES_AT_A_TIME} moves were computed, and they are {made} steps"));
        }
        let tells = timeline.moves().flags(timeline.position()).has(Flags::TELLING);
        if tells {
            told_at = timeline.simulation().now().at;
        }
        made += u64::from(tells);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Result<View, String> {
        view(&asked(words, |file| Err(format!("{file} cannot be read")))?)
    }

    #[test]
    fn a_scenario_opens_just_before_its_followed_record_is_sent() {
        let view = of(&["lost-response"]).expect("it can be shown");
        let station = &view.producers.producers[0].stations[0];
        assert!(format!("{:?}", station.body).contains("1035"), "{station:?}");
        assert_eq!(station.state, partita::view::StationState::Ahead);
        assert_eq!(view.top.title, "Lost response, safe retry");
    }

    #[test]
    fn steps_and_moves_lead_to_places() {
        let at = of(&["lost-response", "--at", "10"]).expect("it has ten steps");
        assert_eq!(at.transport.step_number, 10);
        let same = of(&["lost-response", "--move", &at.transport.move_number.to_string()]).expect("a move of it");
        assert_eq!(at, same);
        let ko = of(&["lost-response", "--at", "10", "--lang", "ko", "--json"]).expect("in Korean as well");
        assert!(ko.transport.step.starts_with("스텝 10"));
    }

    fn of_script(text: &str, words: &[&str]) -> Result<View, String> {
        let words = [&["script.txt"], words].concat();
        view(&asked(&words, |_| Ok(text.to_owned()))?)
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
        assert!(error.contains("2000000"), "{error}");
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (words, said) in [
            (&["--at", "3"][..], "no script"),
            (&["lost-response", "--at", "x"], "`x`"),
            (&["lost-response", "--at"], "needs a value"),
            (&["lost-response", "--lang", "fr"], "`fr`"),
            (&["lost-response", "--fast"], "`--fast`"),
            (&["lost-response", "--width", "4294967295"], "from 1 to 16384"),
            (&["lost-response", "--width", "0"], "from 1 to 16384"),
            (&["no-such-file"], "cannot be read"),
            (&["lost-response", "--follow", "producer-1"], "`producer-1`"),
            (&["lost-response", "--follow", "nobody:1"], "nobody"),
        ] {
            let error = of(words).map(|view| view.transport.step.clone()).expect_err("it cannot be");
            assert!(error.contains(said), "{error}");
        }
    }
}
