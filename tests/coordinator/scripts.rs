//! Stories, each a file in `stories/`: lines with `>` are what happens, the others what follows (virtual milliseconds first).

use partita::coordinator::group::GroupConfig;

use crate::world::check;

fn at_once() -> GroupConfig {
    GroupConfig { initial_rebalance_delay_ms: 0, ..GroupConfig::default() }
}

#[test]
fn two_members_form_a_group_and_one_is_killed() {
    check(at_once(), "two_members_form_a_group_and_one_is_killed");
}

#[test]
fn the_first_rebalance_waits_for_more_members() {
    check(GroupConfig::default(), "the_first_rebalance_waits_for_more_members");
}

#[test]
fn an_id_that_was_given_out_holds_up_the_join_phase() {
    check(at_once(), "an_id_that_was_given_out_holds_up_the_join_phase");
}

#[test]
fn a_given_id_that_is_not_used_expires() {
    check(at_once(), "a_given_id_that_is_not_used_expires");
}

#[test]
fn members_that_do_not_rejoin_are_out() {
    check(at_once(), "members_that_do_not_rejoin_are_out");
}

#[test]
fn members_that_do_not_sync_are_out() {
    check(at_once(), "members_that_do_not_sync_are_out");
}

#[test]
fn a_static_member_comes_back_without_a_rebalance() {
    check(at_once(), "a_static_member_comes_back_without_a_rebalance");
}

#[test]
fn an_old_static_member_is_fenced() {
    check(at_once(), "an_old_static_member_is_fenced");
}

#[test]
fn a_silent_static_member_stays_until_its_session_ends() {
    check(at_once(), "a_silent_static_member_stays_until_its_session_ends");
}

#[test]
fn the_last_one_to_leave_begins_a_generation() {
    check(at_once(), "the_last_one_to_leave_begins_a_generation");
}

#[test]
fn another_broker_takes_over() {
    check(at_once(), "another_broker_takes_over");
}

#[test]
fn requests_that_are_held_are_answered_when_the_coordinator_goes() {
    check(at_once(), "requests_that_are_held_are_answered_when_the_coordinator_goes");
}

#[test]
fn votes_decide_the_protocol() {
    check(at_once(), "votes_decide_the_protocol");
}

#[test]
fn a_full_group_takes_nobody_in() {
    check(GroupConfig { max_size: 1, ..at_once() }, "a_full_group_takes_nobody_in");
}

#[test]
fn what_a_member_asks_again() {
    check(at_once(), "what_a_member_asks_again");
}

#[test]
fn a_large_comment_is_refused() {
    check(at_once(), "a_large_comment_is_refused");
}

#[test]
fn a_commit_waits_until_it_is_committed() {
    check(at_once(), "a_commit_waits_until_it_is_committed");
}

#[test]
fn a_commit_that_the_log_refuses_has_not_happened() {
    check(at_once(), "a_commit_that_the_log_refuses_has_not_happened");
}

#[test]
fn members_get_their_assignment_when_it_is_committed() {
    check(at_once(), "members_get_their_assignment_when_it_is_committed");
}

#[test]
fn an_assignment_that_is_not_committed_in_time_is_void() {
    check(at_once(), "an_assignment_that_is_not_committed_in_time_is_void");
}

#[test]
fn who_waits_for_a_record_is_told_when_the_coordinator_goes() {
    check(at_once(), "who_waits_for_a_record_is_told_when_the_coordinator_goes");
}

#[test]
fn a_static_member_comes_back_when_its_record_is_committed() {
    check(at_once(), "a_static_member_comes_back_when_its_record_is_committed");
}

#[test]
fn a_group_whose_last_member_leaves_is_empty_though_the_log_refuses() {
    check(at_once(), "a_group_whose_last_member_leaves_is_empty_though_the_log_refuses");
}

#[test]
fn a_new_group_that_the_log_refuses_is_none() {
    check(at_once(), "a_new_group_that_the_log_refuses_is_none");
}
