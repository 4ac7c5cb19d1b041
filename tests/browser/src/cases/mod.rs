//! The tests. Each is a function of a page in a fresh browser: it opens what it needs, and asserts.
//!
//! After each, an error on the console or a request that leaves the site fails it too.

mod acting;
mod branches;
mod command;
mod keeping;
mod keyboard;
mod limits;
mod looks;
mod moving;
mod panels;
mod promises;
mod questions;
mod real_input;
mod rest;
mod runs;
mod scene;
mod setting;
mod shell;
mod sizes;
mod together;

use crate::page::Page;

/// A test's name and what it does.
pub type Case = (&'static str, fn(&Page));

/// In the order they run.
pub const CASES: &[Case] = &[
    ("opens", shell::opens),
    ("opens_at_a_servers_root", shell::opens_at_a_servers_root),
    ("keeps_the_readers_language_and_theme", shell::keeps_the_readers_language_and_theme),
    ("follows_the_systems_theme", shell::follows_the_systems_theme),
    ("skip_links_lead_to_the_landmarks", shell::skip_links_lead_to_the_landmarks),
    ("a_panic_shows_the_panel", shell::a_panic_shows_the_panel),
    ("a_program_that_does_not_load_shows_the_panel", shell::a_program_that_does_not_load_shows_the_panel),
    ("about_lists_what_the_model_simplifies", shell::about_lists_what_the_model_simplifies),
    ("about_says_when_its_list_cannot_be_had", shell::about_says_when_its_list_cannot_be_had),
    ("the_page_plays_without_its_second_part", rest::the_page_plays_without_its_second_part),
    ("what_is_typed_before_a_dialog_is_there_goes_into_it", rest::what_is_typed_before_a_dialog_is_there_goes_into_it),
    ("a_second_part_that_does_not_come_is_told", rest::a_second_part_that_does_not_come_is_told),
    (
        "a_key_that_comes_while_a_run_is_opened_leaves_its_place",
        keeping::a_key_that_comes_while_a_run_is_opened_leaves_its_place,
    ),
    ("what_waits_for_a_run_is_not_done_in_another", keeping::what_waits_for_a_run_is_not_done_in_another),
    ("a_file_that_is_dropped_early_is_read", rest::a_file_that_is_dropped_early_is_read),
    ("a_second_part_of_another_type_is_taken", rest::a_second_part_of_another_type_is_taken),
    ("says_what_the_native_command_says", panels::says_what_the_native_command_says),
    ("the_outline_is_walked_with_arrows", panels::the_outline_is_walked_with_arrows),
    ("the_scrubber_has_keys", panels::the_scrubber_has_keys),
    ("a_step_is_spoken", panels::a_step_is_spoken),
    ("a_term_explains_itself", panels::a_term_explains_itself),
    ("axe_finds_nothing_in_any_look", panels::axe_finds_nothing_in_any_look),
    ("what_happens_now_is_in_sight_on_every_screen", sizes::what_happens_now_is_in_sight_on_every_screen),
    ("a_large_screen_shows_a_larger_picture", sizes::a_large_screen_shows_a_larger_picture),
    ("six_stations_pass_in_order", scene::six_stations_pass_in_order),
    ("a_cell_appears_with_the_append", scene::a_cell_appears_with_the_append),
    ("cells_say_less_the_more_there_are", scene::cells_say_less_the_more_there_are),
    ("partitions_that_nothing_touches_fold", scene::partitions_that_nothing_touches_fold),
    ("the_idle_member_is_parked", scene::the_idle_member_is_parked),
    ("a_killed_member_counts_down", scene::a_killed_member_counts_down),
    ("faults_are_drawn_where_they_act", scene::faults_are_drawn_where_they_act),
    ("send_blocks_and_fails", scene::send_blocks_and_fails),
    ("a_low_window_keeps_everything_in_reach", scene::a_low_window_keeps_everything_in_reach),
    ("the_divider_is_moved_and_stays", scene::the_divider_is_moved_and_stays),
    ("without_motion_the_path_stands_still", scene::without_motion_the_path_stands_still),
    ("words_of_the_scene_explain_themselves", scene::words_of_the_scene_explain_themselves),
    ("another_run_has_the_whole_width", scene::another_run_has_the_whole_width),
    ("wires_follow_a_scrolled_column", scene::wires_follow_a_scrolled_column),
    ("names_of_faults_are_never_cut", scene::names_of_faults_are_never_cut),
    ("long_names_and_offsets_have_room", scene::long_names_and_offsets_have_room),
    ("steps_forward_and_back", moving::steps_forward_and_back),
    ("goes_to_times_and_steps", moving::goes_to_times_and_steps),
    ("follows_stages_and_marks", moving::follows_stages_and_marks),
    ("a_step_stays_where_only_routine_is_ahead", moving::a_step_stays_where_only_routine_is_ahead),
    ("plays_and_pauses", moving::plays_and_pauses),
    ("runs_and_pauses", moving::runs_and_pauses),
    ("a_story_ends", moving::a_story_ends),
    ("the_code_is_that_of_the_run_that_is_open", moving::the_code_is_that_of_the_run_that_is_open),
    ("plays_by_steps_with_reduced_motion", moving::plays_by_steps_with_reduced_motion),
    ("letters_can_be_switched_off", moving::letters_can_be_switched_off),
    ("the_keyboard_alone", moving::the_keyboard_alone),
    ("what_are_the_six_stages", questions::what_are_the_six_stages),
    ("play_alone_shows_the_six_stages", questions::play_alone_shows_the_six_stages),
    ("what_does_linger_ms_do", questions::what_does_linger_ms_do),
    ("how_do_the_three_ways_to_send_differ", questions::how_do_the_three_ways_to_send_differ),
    ("what_becomes_of_a_record_when_its_broker_crashes", questions::what_becomes_of_a_record_when_its_broker_crashes),
    ("why_was_this_processed_twice", questions::why_was_this_processed_twice),
    ("what_do_four_consumers_do_and_when_one_is_killed", questions::what_do_four_consumers_do_and_when_one_is_killed),
    ("commit_sync_or_async_and_the_story_of_2_4_5", questions::commit_sync_or_async_and_the_story_of_2_4_5),
    ("what_does_acks_0_risk", questions::what_does_acks_0_risk),
    ("what_does_my_own_class_do", questions::what_does_my_own_class_do),
    ("what_does_my_own_class_do_in_a_story", questions::what_does_my_own_class_do_in_a_story),
    ("what_does_auto_offset_reset_do", questions::what_does_auto_offset_reset_do),
    ("a_promise_explains_itself", promises::a_promise_explains_itself),
    ("every_red_mark_leads_to_its_chain", promises::every_red_mark_leads_to_its_chain),
    ("the_top_bar_has_room_for_title_and_promises", promises::the_top_bar_has_room_for_title_and_promises),
    ("a_low_window_has_the_main_steps_of_a_chain", promises::a_low_window_has_the_main_steps_of_a_chain),
    ("what_was_never_sent_is_counted_and_listed", promises::what_was_never_sent_is_counted_and_listed),
    ("sends_a_record_by_hand", acting::sends_a_record_by_hand),
    ("a_change_in_the_past_makes_a_branch", acting::a_change_in_the_past_makes_a_branch),
    ("undo_takes_the_last_command_back", acting::undo_takes_the_last_command_back),
    ("topics_and_clients_are_added", acting::topics_and_clients_are_added),
    ("things_are_broken_and_mended", acting::things_are_broken_and_mended),
    ("a_dialog_follows_what_lands_behind_it", acting::a_dialog_follows_what_lands_behind_it),
    ("only_a_record_that_was_made_is_followed", acting::only_a_record_that_was_made_is_followed),
    ("a_setting_is_edited_under_its_chip", setting::a_setting_is_edited_under_its_chip),
    ("a_setting_is_edited_in_korean", setting::a_setting_is_edited_in_korean),
    ("settings_are_checked_by_kafka_and_applied", acting::settings_are_checked_by_kafka_and_applied),
    ("properties_are_pasted", real_input::properties_are_pasted),
    ("code_is_pasted", real_input::code_is_pasted),
    ("unknown_properties_are_told", real_input::unknown_properties_are_told),
    ("a_loop_of_code_is_carried_over", real_input::a_loop_of_code_is_carried_over),
    ("faults_without_a_target_say_why", real_input::faults_without_a_target_say_why),
    ("a_header_can_be_null", real_input::a_header_can_be_null),
    ("code_for_another_client_is_taken_to_it", real_input::code_for_another_client_is_taken_to_it),
    ("one_paste_makes_all_clients_of_a_text", real_input::one_paste_makes_all_clients_of_a_text),
    ("a_file_of_records_is_shown_and_sent", real_input::a_file_of_records_is_shown_and_sent),
    ("what_was_chosen_of_a_file_can_be_changed", real_input::what_was_chosen_of_a_file_can_be_changed),
    ("fifty_thousand_records_are_sent_whole", real_input::fifty_thousand_records_are_sent_whole),
    ("bad_inputs_get_sentences", real_input::bad_inputs_get_sentences),
    ("a_reload_brings_the_run_back", keeping::a_reload_brings_the_run_back),
    ("steps_without_a_rest_are_kept", keeping::steps_without_a_rest_are_kept),
    ("a_link_hands_the_run_on", keeping::a_link_hands_the_run_on),
    ("broken_links_open_as_far_as_they_are_valid", keeping::broken_links_open_as_far_as_they_are_valid),
    ("branches_come_back_after_a_reload", branches::branches_come_back_after_a_reload),
    ("undo_survives_a_reload", branches::undo_survives_a_reload),
    ("a_change_of_another_branch_is_taken_back_there", branches::a_change_of_another_branch_is_taken_back_there),
    ("a_broken_stored_run_opens_as_far_as_it_is_valid", branches::a_broken_stored_run_opens_as_far_as_it_is_valid),
    ("what_is_exported_is_played_by_the_command", branches::what_is_exported_is_played_by_the_command),
    (
        "a_cluster_property_is_checked_before_the_run_is_made_anew",
        branches::a_cluster_property_is_checked_before_the_run_is_made_anew,
    ),
    ("a_file_brings_the_run_back", keeping::a_file_brings_the_run_back),
    ("every_scenario_opens", keeping::every_scenario_opens),
    ("a_panic_of_the_model_names_the_step", keeping::a_panic_of_the_model_names_the_step),
    ("limits_are_enforced_with_a_sentence", limits::limits_are_enforced_with_a_sentence),
    ("a_run_has_at_most_two_hundred_branches", limits::a_run_has_at_most_two_hundred_branches),
    ("after_two_million_moves_it_asks", limits::after_two_million_moves_it_asks),
    ("every_dialog_in_english_and_light", looks::every_dialog_in_english_and_light),
    ("every_dialog_in_english_and_dark", looks::every_dialog_in_english_and_dark),
    ("every_dialog_in_korean_and_light", looks::every_dialog_in_korean_and_light),
    ("every_dialog_in_korean_and_dark", looks::every_dialog_in_korean_and_dark),
    ("what_stands_in_backquotes_is_shown_as_code", looks::what_stands_in_backquotes_is_shown_as_code),
    ("the_focus_stays_and_comes_back", keyboard::the_focus_stays_and_comes_back),
    ("a_key_that_comes_early_is_kept", keyboard::a_key_that_comes_early_is_kept),
    ("the_tabs_of_the_code_go_by_keys", keyboard::the_tabs_of_the_code_go_by_keys),
    ("the_eight_points_by_keyboard_alone", keyboard::the_eight_points_by_keyboard_alone),
    ("korean_has_no_english_sentence", keyboard::korean_has_no_english_sentence),
    ("korean_once_through", keeping::korean_once_through),
    ("two_runs_live_in_one_page", together::two_runs_live_in_one_page),
    ("a_run_that_is_taken_out_of_the_page_ends", together::a_run_that_is_taken_out_of_the_page_ends),
    ("a_run_that_is_taken_out_at_once_ends", together::a_run_that_is_taken_out_at_once_ends),
    ("two_windows_do_not_overwrite_each_other", runs::two_windows_do_not_overwrite_each_other),
    ("a_window_comes_back_where_it_stood", runs::a_window_comes_back_where_it_stood),
    ("a_reload_stands_at_the_event_that_was_told", runs::a_reload_stands_at_the_event_that_was_told),
    ("a_link_leaves_the_readers_own_run_alone", runs::a_link_leaves_the_readers_own_run_alone),
    ("a_run_is_named", runs::a_run_is_named),
    ("a_run_is_deleted_and_had_back", runs::a_run_is_deleted_and_had_back),
    ("the_one_run_of_former_times_is_taken_over", runs::the_one_run_of_former_times_is_taken_over),
    ("a_storage_that_fails_is_told_once", runs::a_storage_that_fails_is_told_once),
    ("a_line_is_completed_by_keyboard", command::a_line_is_completed_by_keyboard),
    ("the_grammar_has_a_page", command::the_grammar_has_a_page),
    ("what_was_typed_stands_there_again", command::what_was_typed_stands_there_again),
    ("what_was_said_can_be_read_again", command::what_was_said_can_be_read_again),
    ("the_run_before_is_opened_again", keeping::the_run_before_is_opened_again),
];
