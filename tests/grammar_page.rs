//! The page of the grammar, in both languages, is what the table of its verbs says: `docs/grammar.md` and
//! `docs/grammar.ko.md`, of which the site is built.

mod kept_text;

use std::path::Path;

use partita::lang::Lang;
use partita::script::page;

#[test]
fn the_page_of_the_grammar_is_made_of_the_table_of_verbs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (lang, file) in [(Lang::En, "grammar.md"), (Lang::Ko, "grammar.ko.md")] {
        kept_text::same_as_kept(&folder.join(file), &page(lang));
    }
}
