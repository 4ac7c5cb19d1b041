//! A member that was removed for a long pause commits: Kafka 4.3.1 throws at once, however long `retry.backoff.ms` is.

use partita_cli::play::play;

fn played(commits: usize) -> (u64, Vec<serde_json::Value>) {
    let mut script = String::from(
        "cluster brokers=1\ntopic t\nproducer p1\nsend-sync p1 t value=a{i} times=4\n\
         consumer c0 group.id=g0\ncommit c0 sync t-0=1\nclose c0\n\
         consumer c1 group.id=g auto.offset.reset=earliest max.poll.interval.ms=3000 session.timeout.ms=30000 \
         heartbeat.interval.ms=500 enable.auto.commit=false retry.backoff.ms=8000 retry.backoff.max.ms=8000\n\
         subscribe c1 t\npoll c1 until=4\nsleep 13000\n",
    );
    script.extend(std::iter::repeat_n("commit c1 sync\n", commits));
    let played = play(&script, |_, _, _| {}).expect("a script");
    assert_eq!(played.failed, None);
    (played.lasted_ms, played.observations)
}

#[test]
fn a_commit_of_a_removed_member_throws_at_once() {
    let (without, _) = played(0);
    let (with, observations) = played(4);
    let threw = observations.iter().filter(|observation| observation["threw"]["exception"] == "CommitFailedException");
    assert_eq!(threw.count(), 4);
    assert!(with - without < 100, "four commits took {} ms", with - without);
}
