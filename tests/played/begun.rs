//! A run at its start.

use partita::script::parse;
use partita::timeline::Timeline;

pub fn run(lines: &str) -> Timeline {
    let (script, errors) = parse(lines);
    assert!(errors.is_empty(), "{errors:?}");
    Timeline::new(&script).expect("a cluster")
}
