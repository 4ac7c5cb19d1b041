//! The stories of the ready scenarios, as the page tells them, in both languages: who changes a sentence, or what is a step,
//! sees here what becomes of each.
//!
//! `PARTITA_BLESS=1 cargo test -p partita-cli --test stories` writes them anew; read the difference before you commit it.

#[path = "../../tests/kept_text/mod.rs"]
mod kept_text;

use std::path::PathBuf;

use kept_text::same_as_kept;

use partita::lang::Lang;
use partita::scenarios::all;
use partita_cli::story::lines;
use partita_cli::view::ViewAsked;

#[test]
fn every_story_is_told_as_it_is_kept() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/stories");
    for scenario in &all() {
        for (lang, word) in [(Lang::En, "en"), (Lang::Ko, "ko")] {
            let asked = ViewAsked { script: scenario.parsed(), lang, ..ViewAsked::default() };
            let mut text = lines(&asked).unwrap_or_else(|error| panic!("{}: {error}", scenario.id)).join("\n");
            text.push('\n');
            same_as_kept(&folder.join(format!("{}.{word}.txt", scenario.id)), &text);
        }
    }
}
