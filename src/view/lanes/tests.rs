use super::super::{Lens, Selection, View};
use super::ProcessedBox;
use crate::script::parse;
use crate::simulation::Progress;
use crate::timeline::Timeline;

/// What a consumer's lane shows when the script has ended.
fn boxes(lines: &str, name: &str, lens: &Lens) -> Vec<ProcessedBox> {
    let (script, errors) = parse(lines);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("a cluster");
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
    let view = View::of(&timeline, lens);
    view.lanes.lanes.iter().find(|lane| lane.name == name).expect("its lane").processed.clone()
}

const CLUSTER: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic t partitions=1
producer p
";

/// One of three records is processed, and not committed; another consumer processes all three at once.
#[test]
fn a_box_leads_to_the_offset_that_was_processed_before() {
    let lines = format!(
        "{CLUSTER}send p t value=a\nwait sent p\nconsumer c1 group.id=g auto.offset.reset=latest enable.auto.commit=false\n\
         subscribe c1 t\npoll c1 times=3\nsend p t value=b\nwait sent p\npoll c1 until=1\nkill c1\nsend p t value=c\nwait sent p\n\
         consumer c2 group.id=g auto.offset.reset=earliest enable.auto.commit=false\nsubscribe c2 t\npoll c2 until=3 timeout_ms=60000\n"
    );
    let found = boxes(&lines, "c2", &Lens::default());
    let Some(Selection::Offset(_, offset)) = found.iter().find_map(|of| of.twice) else { panic!("{found:?}") };
    assert_eq!((found[0].text.as_str(), offset), ("0–2", 1));
}

#[test]
fn what_has_no_room_for_a_box_is_not_there() {
    let lines = format!(
        "{CLUSTER}consumer c auto.offset.reset=earliest\nassign c t-0\nsend p t value=a times=60\nwait sent p\n\
         consume-loop c poll_ms=100 process_us=2000\nsleep 130\n"
    );
    let near = Lens { zoom_us: 20_000, ..Lens::default() };
    assert!(boxes(&lines, "c", &near).len() > 20, "10 pixels each");
    let far = Lens { zoom_us: 400_000, ..Lens::default() };
    assert_eq!(boxes(&lines, "c", &far), [], "half a pixel each");
}
