//! Stories: lines with `>` are what happens, the others what follows (virtual milliseconds first).

use partita::coordinator::group::GroupConfig;

use crate::world::check;

fn at_once() -> GroupConfig {
    GroupConfig { initial_rebalance_delay_ms: 0, ..GroupConfig::default() }
}

#[test]
fn two_members_form_a_group_and_one_is_killed() {
    check(
        at_once(),
        "
        > join c1
          0 c1 join: MEMBER_ID_REQUIRED
        > join c1
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1]
        > sync c1 c1=p0,p1
          0 g CompletingRebalance -> Stable
          0 c1 sync: [p0,p1]
        > wait 1000
        > join c2
          1000 c2 join: MEMBER_ID_REQUIRED
        > join c2
          1000 g Stable -> PreparingRebalance
        > beat c1
          1000 c1 beat: REBALANCE_IN_PROGRESS
        > commit c1 offset=5
          1000 c1 commit: NONE
        > join c1
          1000 g PreparingRebalance -> CompletingRebalance
          1000 c1 join: generation 2 range leader c1 members [c1 c2]
          1000 c2 join: generation 2 range leader c1 members []
        > sync c2
        > beat c2
          1000 c2 beat: NONE
        > commit c2 offset=6
          1000 c2 commit: REBALANCE_IN_PROGRESS
        > sync c1 c1=p0 c2=p1
          1000 g CompletingRebalance -> Stable
          1000 c1 sync: [p0]
          1000 c2 sync: [p1]
        > wait 9000
        > beat c1
          10000 c1 beat: NONE
        > wait 1000
          11000 g removed SessionExpired, 1 left
          11000 g Stable -> PreparingRebalance
        > beat c1
          11000 c1 beat: REBALANCE_IN_PROGRESS
        ",
    );
}

#[test]
fn the_first_rebalance_waits_for_more_members() {
    check(
        GroupConfig::default(),
        "
        > join c1 version=3
          0 g Empty -> PreparingRebalance
        > wait 2000
        > join c2 version=3
        > wait 1000
        > wait 2999
        > wait 1
          6000 g PreparingRebalance -> CompletingRebalance
          6000 c1 join: generation 1 range leader c1 members [c1 c2]
          6000 c2 join: generation 1 range leader c1 members []
        ",
    );
}

#[test]
fn an_id_that_was_given_out_holds_up_the_join_phase() {
    check(
        at_once(),
        "
        > join c1
          0 c1 join: MEMBER_ID_REQUIRED
        > join c1
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1]
        > sync c1
          0 g CompletingRebalance -> Stable
          0 c1 sync: []
        > join c2
          0 c2 join: MEMBER_ID_REQUIRED
        > join c1
          0 g Stable -> PreparingRebalance
        > join c2
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 2 range leader c1 members [c1 c2]
          0 c2 join: generation 2 range leader c1 members []
        ",
    );
}

#[test]
fn a_given_id_that_is_not_used_expires() {
    check(
        at_once(),
        "
        > join c1
          0 c1 join: MEMBER_ID_REQUIRED
        > join c1
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1]
        > sync c1
          0 g CompletingRebalance -> Stable
          0 c1 sync: []
        > join c2 session=6000
          0 c2 join: MEMBER_ID_REQUIRED
        > join c1
          0 g Stable -> PreparingRebalance
        > wait 5999
        > wait 1
          6000 g PreparingRebalance -> CompletingRebalance
          6000 c1 join: generation 2 range leader c1 members [c1]
        ",
    );
}

#[test]
fn members_that_do_not_rejoin_are_out() {
    check(
        at_once(),
        "
        > join c1 rebalance=20000
          0 c1 join: MEMBER_ID_REQUIRED
        > join c1 rebalance=20000
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1]
        > sync c1
          0 g CompletingRebalance -> Stable
          0 c1 sync: []
        > join c2 rebalance=20000 version=3
          0 g Stable -> PreparingRebalance
        > wait 8000
        > beat c1
          8000 c1 beat: REBALANCE_IN_PROGRESS
        > wait 8000
        > beat c1
          16000 c1 beat: REBALANCE_IN_PROGRESS
        > wait 4000
          20000 g removed NotRejoined, 1 left
          20000 g PreparingRebalance -> CompletingRebalance
          20000 c2 join: generation 2 range leader c2 members [c2]
        ",
    );
}

#[test]
fn members_that_do_not_sync_are_out() {
    check(
        at_once(),
        "
        > join c1 version=3 rebalance=15000
          0 g Empty -> PreparingRebalance
        > join c2 version=3 rebalance=15000
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1 c2]
          0 c2 join: generation 1 range leader c1 members []
        > sync c1 c1=a c2=b
          0 g CompletingRebalance -> Stable
          0 c1 sync: [a]
        > wait 8000
        > beat c1
          8000 c1 beat: NONE
        > beat c2
          8000 c2 beat: NONE
        > wait 7000
          15000 g removed NotSynced, 1 left
          15000 g Stable -> PreparingRebalance
        > join c1
          15000 g PreparingRebalance -> CompletingRebalance
          15000 c1 join: generation 2 range leader c1 members [c1]
        ",
    );
}

#[test]
fn a_static_member_comes_back_without_a_rebalance() {
    check(
        at_once(),
        "
        > join c1 static=one
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader one members [one]
        > sync c1 c1=p0,p1
          0 g CompletingRebalance -> Stable
          0 c1 sync: [p0,p1]
        > join c2 static=two
          0 g Stable -> PreparingRebalance
        > join c1
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 2 range leader one members [one two]
          0 c2 join: generation 2 range leader one members []
        > sync c1 c1=p0 c2=p1
          0 g CompletingRebalance -> Stable
          0 c1 sync: [p0]
        > sync c2
          0 c2 sync: [p1]
        > join c2 anew=1
          0 g removed Replaced, 2 left
          0 c2 join: generation 2 range leader one members []
        > sync c2
          0 c2 sync: [p1]
        > join c1 anew=1
          0 g removed Replaced, 2 left
          0 c1 join: generation 2 range leader one members [one two] skip
        > leave c1
          0 g removed Left, 1 left
          0 g Stable -> PreparingRebalance
          0 c1 leave: NONE
        > join c2
          0 g PreparingRebalance -> CompletingRebalance
          0 c2 join: generation 3 range leader two members [two]
        ",
    );
}

#[test]
fn an_old_static_member_is_fenced() {
    check(
        at_once(),
        "
        > join c1 static=one
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader one members [one]
        > sync c1 c1=p0
          0 g CompletingRebalance -> Stable
          0 c1 sync: [p0]
        > join thief static=one
          0 g removed Replaced, 1 left
          0 thief join: generation 1 range leader one members [one] skip
        > beat c1
          0 c1 beat: FENCED_INSTANCE_ID
        > commit c1 offset=1
          0 c1 commit: FENCED_INSTANCE_ID
        > sync thief
          0 thief sync: [p0]
        > commit thief offset=2
          0 thief commit: NONE
        > leave thief
          0 g removed Left, 0 left
          0 g Stable -> PreparingRebalance
          0 g PreparingRebalance -> Empty
          0 thief leave: NONE
        ",
    );
}

#[test]
fn a_silent_static_member_stays_until_its_session_ends() {
    check(
        at_once(),
        "
        > join c1 static=one session=10000 rebalance=6000
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader one members [one]
        > sync c1 c1=p0
          0 g CompletingRebalance -> Stable
          0 c1 sync: [p0]
        > join c2 version=3 rebalance=6000
          0 g Stable -> PreparingRebalance
        > wait 6000
          6000 g PreparingRebalance -> CompletingRebalance
          6000 c2 join: generation 2 range leader c2 members [c2 one]
        > wait 4000
        > sync c2 c2=p0
          10000 g CompletingRebalance -> Stable
          10000 c2 sync: [p0]
        > wait 2000
          12000 g removed NotSynced, 1 left
          12000 g Stable -> PreparingRebalance
        ",
    );
}

#[test]
fn the_last_one_to_leave_begins_a_generation() {
    check(
        at_once(),
        "
        > join c1
          0 c1 join: MEMBER_ID_REQUIRED
        > join c1
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1]
        > sync c1
          0 g CompletingRebalance -> Stable
          0 c1 sync: []
        > commit c1 offset=7
          0 c1 commit: NONE
        > leave c1
          0 g removed Left, 0 left
          0 g Stable -> PreparingRebalance
          0 g PreparingRebalance -> Empty
          0 c1 leave: NONE
        > beat c1
          0 c1 beat: UNKNOWN_MEMBER_ID
        > commit c1 offset=8
          0 c1 commit: UNKNOWN_MEMBER_ID
        > commit admin outside=1 offset=3
          0 admin commit: NONE
        > join c2
          0 c2 join: MEMBER_ID_REQUIRED
        > join c2
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c2 join: generation 3 range leader c2 members [c2]
        ",
    );
}

#[test]
fn another_broker_takes_over() {
    check(
        at_once(),
        "
        > join c1
          0 c1 join: MEMBER_ID_REQUIRED
        > join c1
          0 g Empty -> PreparingRebalance
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1]
        > sync c1 c1=p0
          0 g CompletingRebalance -> Stable
          0 c1 sync: [p0]
        > commit c1 offset=5
          0 c1 commit: NONE
        > join c2
          0 c2 join: MEMBER_ID_REQUIRED
        > failover
          0 g loaded generation 1, 1 members
        > beat c1
          0 c1 beat: NONE
        > commit c1 offset=6
          0 c1 commit: NONE
        > join c2
          0 c2 join: UNKNOWN_MEMBER_ID
        > wait 10000
          10000 g removed SessionExpired, 0 left
          10000 g Stable -> PreparingRebalance
          10000 g PreparingRebalance -> Empty
        ",
    );
}

#[test]
fn requests_that_are_held_are_answered_when_the_coordinator_goes() {
    check(
        at_once(),
        "
        > join c1 version=3
          0 g Empty -> PreparingRebalance
        > join c2 version=3
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1 c2]
          0 c2 join: generation 1 range leader c1 members []
        > sync c2
        > failover
          0 c2 sync: NOT_COORDINATOR
          0 g loaded generation 0, 0 members
        ",
    );
}

#[test]
fn votes_decide_the_protocol() {
    check(
        at_once(),
        "
        > join c1 version=3 protocols=range,roundrobin
          0 g Empty -> PreparingRebalance
        > join c2 version=3 protocols=roundrobin,range
        > join c3 version=3 protocols=roundrobin,sticky,range
        > join c4 version=3 protocols=sticky
          0 c4 join: INCONSISTENT_GROUP_PROTOCOL
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c3 join: generation 1 roundrobin leader c1 members []
          0 c1 join: generation 1 roundrobin leader c1 members [c1 c2 c3]
          0 c2 join: generation 1 roundrobin leader c1 members []
        ",
    );
}

#[test]
fn a_full_group_takes_nobody_in() {
    check(
        GroupConfig { max_size: 1, ..at_once() },
        "
        > join c1 version=3
          0 g Empty -> PreparingRebalance
        > join c2 version=3
          0 c2 join: GROUP_MAX_SIZE_REACHED
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1]
        > sync c1
          0 g CompletingRebalance -> Stable
          0 c1 sync: []
        > join c3
          0 c3 join: GROUP_MAX_SIZE_REACHED
        > join c1
          0 g Stable -> PreparingRebalance
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 2 range leader c1 members [c1]
        ",
    );
}

#[test]
fn what_a_member_asks_again() {
    check(
        at_once(),
        "
        > join c1 version=3
          0 g Empty -> PreparingRebalance
        > join c2 version=3
        > wait 0
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 1 range leader c1 members [c1 c2]
          0 c2 join: generation 1 range leader c1 members []
        > join c2
          0 c2 join: generation 1 range leader c1 members []
        > join c2 metadata=other
          0 g CompletingRebalance -> PreparingRebalance
        > join c1
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 2 range leader c1 members [c1 c2]
          0 c2 join: generation 2 range leader c1 members []
        > sync c1 c1=a c2=b
          0 g CompletingRebalance -> Stable
          0 c1 sync: [a]
        > join c2 metadata=other
          0 c2 join: generation 2 range leader c1 members []
        > sync c2 generation=1
          0 c2 sync: ILLEGAL_GENERATION
        > sync c2
          0 c2 sync: [b]
        > join c2 metadata=third
          0 g Stable -> PreparingRebalance
        > beat c1
          0 c1 beat: REBALANCE_IN_PROGRESS
        > join c1
          0 g PreparingRebalance -> CompletingRebalance
          0 c1 join: generation 3 range leader c1 members [c1 c2]
          0 c2 join: generation 3 range leader c1 members []
        ",
    );
}

#[test]
fn a_large_comment_is_refused() {
    check(
        at_once(),
        "
        > commit admin outside=1 offset=3 metadata=4096
          0 admin commit: NONE
        > commit admin outside=1 offset=3 metadata=4097
          0 admin commit: OFFSET_METADATA_TOO_LARGE
        > commit c1 offset=3
          0 c1 commit: UNKNOWN_MEMBER_ID
        ",
    );
}
