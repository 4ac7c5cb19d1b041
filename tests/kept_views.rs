//! A picture behind other pictures: the same as one that stands alone, with what is as it was being the very same.

use std::sync::Arc;

use partita::lang::Lang;
use partita::scenarios;
use partita::script::parse;
use partita::timeline::Timeline;
use partita::view::{Kept, Lens, SettingsOf, View};

/// Moves that a run is played, and between two pictures of it.
const MOVES: u64 = 3_000;
const EVERY: u64 = 37;

fn played(script: &str) -> Timeline {
    let (script, errors) = parse(script);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("it can be played");
    timeline.forward_until(|timeline| timeline.position() >= MOVES);
    timeline
}

/// Whose settings can be looked at.
fn settings_of(timeline: &Timeline) -> Vec<SettingsOf> {
    let clients = timeline.simulation().clients().iter().map(|client| SettingsOf::Client(client.id));
    [SettingsOf::Nearest, SettingsOf::Cluster].into_iter().chain(clients).collect()
}

#[test]
fn a_picture_behind_others_is_the_one_that_stands_alone() {
    // One for all runs and both languages: as in a window in which one run is opened after another.
    let mut kept = Kept::default();
    for scenario in &scenarios::all() {
        let mut timeline = played(&scenario.script);
        let (end, all) = (timeline.position(), settings_of(&timeline));
        for (number, at) in (0..=end).step_by(EVERY as usize).zip(0_usize..) {
            timeline.seek(number);
            let lang = if at % 5 == 4 { Lang::Ko } else { Lang::En };
            let lens = Lens { lang, settings_of: all[at / 2 % all.len()], ..Lens::default() };
            let view = View::after(&timeline, &lens, &mut kept);
            assert_eq!(view, View::of(&timeline, &lens), "{} at move {number}", scenario.id);
            let again = View::after(&timeline, &lens, &mut kept);
            assert!(Arc::ptr_eq(&view.cluster, &again.cluster) && Arc::ptr_eq(&view.story, &again.story));
        }
    }
}

/// Advice to a client reads its cluster's settings, and what it shows its own.
#[test]
fn equal_clients_of_other_clusters_and_clients_made_anew_have_settings_of_their_own() {
    let script = |cluster: &str, linger: u32| {
        format!(
            "cluster brokers=3 {cluster}\ntopic orders partitions=1\nproducer p1 linger.ms={linger}\nsend p1 orders value=a\nsleep 50\n\
             close p1\nproducer p1 linger.ms={}\nsend p1 orders value=b\n",
            linger + 1
        )
    };
    let scripts = [script("", 5), script("message.max.bytes=2000", 5), script("", 9)];
    let mut kept = Kept::default();
    let mut seen = Vec::new();
    for script in &scripts {
        let mut timeline = played(script);
        let (end, all) = (timeline.position(), settings_of(&timeline));
        for number in (0..=end).step_by(3) {
            timeline.seek(number);
            for settings_of in &all {
                let lens = Lens { settings_of: *settings_of, ..Lens::default() };
                let view = View::after(&timeline, &lens, &mut kept);
                assert_eq!(view.settings, View::of(&timeline, &lens).settings, "move {number} of\n{script}");
                let linger = view.settings.rows.iter().find(|row| row.name == "linger.ms");
                seen.extend(linger.map(|row| row.value.clone()));
            }
        }
    }
    for value in ["5", "6", "9", "10"] {
        assert!(seen.iter().any(|linger| linger == value), "linger.ms={value} was never shown: {seen:?}");
    }
}
