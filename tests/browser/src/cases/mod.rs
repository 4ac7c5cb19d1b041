//! The tests. Each is a function of a page in a fresh browser: it opens what it needs, and asserts.
//!
//! After each, an error on the console or a request that leaves the site fails it too.

mod acting;
mod keeping;
mod moving;
mod panels;
mod real_input;
mod shell;

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
    ("says_what_the_native_command_says", panels::says_what_the_native_command_says),
    ("the_outline_is_walked_with_arrows", panels::the_outline_is_walked_with_arrows),
    ("the_scrubber_has_keys", panels::the_scrubber_has_keys),
    ("a_step_is_spoken", panels::a_step_is_spoken),
    ("a_term_explains_itself", panels::a_term_explains_itself),
    ("axe_finds_nothing_in_any_look", panels::axe_finds_nothing_in_any_look),
    ("steps_forward_and_back", moving::steps_forward_and_back),
    ("goes_to_times_and_steps", moving::goes_to_times_and_steps),
    ("follows_stages_and_marks", moving::follows_stages_and_marks),
    ("plays_and_pauses", moving::plays_and_pauses),
    ("plays_by_steps_with_reduced_motion", moving::plays_by_steps_with_reduced_motion),
    ("letters_can_be_switched_off", moving::letters_can_be_switched_off),
    ("the_keyboard_alone", moving::the_keyboard_alone),
    ("sends_a_record_by_hand", acting::sends_a_record_by_hand),
    ("a_change_in_the_past_makes_a_branch", acting::a_change_in_the_past_makes_a_branch),
    ("undo_takes_the_last_command_back", acting::undo_takes_the_last_command_back),
    ("topics_and_clients_are_added", acting::topics_and_clients_are_added),
    ("things_are_broken_and_mended", acting::things_are_broken_and_mended),
    ("settings_are_checked_by_kafka_and_applied", acting::settings_are_checked_by_kafka_and_applied),
    ("properties_are_pasted", real_input::properties_are_pasted),
    ("code_is_pasted", real_input::code_is_pasted),
    ("a_file_of_records_is_shown_and_sent", real_input::a_file_of_records_is_shown_and_sent),
    ("fifty_thousand_records_are_sent_whole", real_input::fifty_thousand_records_are_sent_whole),
    ("bad_inputs_get_sentences", real_input::bad_inputs_get_sentences),
    ("a_reload_brings_the_run_back", keeping::a_reload_brings_the_run_back),
    ("a_link_hands_the_run_on", keeping::a_link_hands_the_run_on),
    ("broken_links_open_as_far_as_they_are_valid", keeping::broken_links_open_as_far_as_they_are_valid),
    ("a_file_brings_the_run_back", keeping::a_file_brings_the_run_back),
    ("every_scenario_opens", keeping::every_scenario_opens),
    ("a_panic_of_the_model_names_the_step", keeping::a_panic_of_the_model_names_the_step),
    ("korean_once_through", keeping::korean_once_through),
];
