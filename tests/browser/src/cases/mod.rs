//! The tests. Each is a function of a page in a fresh browser: it opens what it needs, and asserts.
//!
//! After each, an error on the console or a request that leaves the site fails it too.

mod panels;
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
];
