//! Whose a function is, by its name.

/// What holds a module together: types, imports, exports, the table of functions.
pub const FRAME: &str = "imports, types, table of functions";

/// The rows in the order of the table: first what comes from others, then the model, then the page, then data.
pub fn order(name: &str) -> (usize, &str) {
    let kind = match name {
        _ if FOREIGN.iter().any(|(_, row)| *row == name) => 0,
        OTHERS => 1,
        _ if name.starts_with("partita::") => 2,
        _ if name.starts_with("page") => 3,
        FRAME => 5,
        _ => 4,
    };
    (kind, name)
}

const OTHERS: &str = "other crates";

/// Crates of others, and the row that they stand in.
const FOREIGN: &[(&str, &str)] = &[
    ("tachys", "leptos, tachys"),
    ("leptos", "leptos, tachys"),
    ("leptos_dom", "leptos, tachys"),
    ("next_tuple", "leptos, tachys"),
    ("oco_ref", "leptos, tachys"),
    ("either_of", "leptos, tachys"),
    ("reactive_graph", "reactive_graph"),
    ("any_spawner", "reactive_graph"),
    ("send_wrapper", "reactive_graph"),
    ("core", "core, alloc, std"),
    ("alloc", "core, alloc, std"),
    ("std", "core, alloc, std"),
    ("compiler_builtins", "core, alloc, std"),
    ("dlmalloc", "core, alloc, std"),
    ("hashbrown", "core, alloc, std"),
    ("rustc_demangle", "core, alloc, std"),
    ("__rustc", "core, alloc, std"),
    ("memcpy", "core, alloc, std"),
    ("wasm_bindgen", "wasm-bindgen, js-sys, web-sys"),
    ("wasm_bindgen_futures", "wasm-bindgen, js-sys, web-sys"),
    ("js_sys", "wasm-bindgen, js-sys, web-sys"),
    ("web_sys", "wasm-bindgen, js-sys, web-sys"),
    ("kafka_protocol", "kafka_protocol"),
];

/// The row of a function. Generic code is whose it was made for: where its name says a place of the page or of the
/// model, there; else its crate's.
pub fn room(name: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(name));
    // `page` holds whom it draws by name, too: what is made for a type of the model in a closure of the page is the page's.
    let pages: Vec<&str> = all_behind(&name, "partita_page::").collect();
    // What only makes a view of what another room gives it is that room's.
    let makes_views =
        |path: &&str| ["page::live", "page::lazy", "page::rows"].iter().any(|room| path.starts_with(room));
    if let Some(path) = pages.iter().copied().find(|path| !makes_views(path)).or(pages.first().copied()) {
        let room = path.strip_prefix("page::").and_then(word).filter(|room| is_module(room));
        return room.map_or_else(|| "page".to_owned(), |room| format!("page::{room}"));
    }
    if let Some(room) = all_behind(&name, "partita::").next().and_then(word).filter(|room| is_module(room)) {
        return format!("partita::{room}");
    }
    let start = name.find(|c: char| c.is_ascii_alphabetic() || c == '_').unwrap_or(0);
    let package = word(name[start..].trim_start_matches("dyn ").trim_start_matches("mut ")).unwrap_or_default();
    FOREIGN.iter().find(|(foreign, _)| *foreign == package).map_or(OTHERS, |(_, row)| row).to_owned()
}

/// What has another way that is much smaller, and slips in where one calls the usual: parts of functions' names, and the way.
const UNWANTED: [(&str, &str); 3] = [
    ("dec2flt", "`partita::decimal` reads numbers without the standard library's table of powers of five"),
    ("crc32fast", "`record/checksum` makes its tables when they are needed"),
    ("<str>::to_lowercase", "`to_ascii_lowercase` has no table of all scripts, and names have no other letters"),
];

/// What of these functions should not be in the page, as sentences.
pub fn unwanted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut told = Vec::new();
    for name in names.map(|name| format!("{:#}", rustc_demangle::demangle(name))) {
        let found = UNWANTED.iter().find(|(part, _)| name.contains(part));
        told.extend(found.map(|(_, way)| format!("`{name}` came into the page: {way}.")));
    }
    told.sort();
    told.dedup();
    told
}

/// What stands behind a crate's name, where it is no part of another name.
fn all_behind<'a>(name: &'a str, package: &str) -> impl Iterator<Item = &'a str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let found = name.match_indices(package).filter(move |(at, _)| !name[..*at].ends_with(is_part));
    found.map(|(at, package)| &name[at + package.len()..])
}

fn word(path: &str) -> Option<&str> {
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(path.len());
    (end > 0).then_some(&path[..end])
}

/// A module, rather than a type or a component's own function.
fn is_module(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.starts_with("__") && !word.starts_with("mount")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_whose_it_was_made_for() {
        let rooms = [
            ("partita::broker::dispatch::<impl partita::broker::Broker>::dispatch", "partita::broker"),
            ("<partita::wire::Request as core::clone::Clone>::clone", "partita::wire"),
            ("<partita_page::page::scene::cells::Cell as tachys::view::Render>::build", "page::scene"),
            ("core::ops::function::FnOnce::call_once::<partita_page::page::keys::pressed>", "page::keys"),
            ("partita_page::page::live::live::<(), partita_page::page::scene::cells::{closure#0}>", "page::scene"),
            ("partita_page::page::lazy::Lazy::build", "page::lazy"),
            ("partita_page::page::mount_in::{closure#0}", "page"),
            ("partita_page::main", "page"),
            ("<alloc::vec::Vec<partita::ids::EventId>>::push", "partita::ids"),
            ("<&dyn tachys::view::Render as core::fmt::Debug>::fmt", "leptos, tachys"),
            ("alloc::raw_vec::RawVec<T,A>::grow_one", "core, alloc, std"),
            ("uuid::fmt::format", OTHERS),
            ("", OTHERS),
        ];
        for (name, expected) in rooms {
            assert_eq!(room(name), expected, "{name}");
        }
    }

    #[test]
    fn what_slips_in_is_told() {
        let names = ["core::num::dec2flt::parse::parse_number", "partita::decimal::double", "<str>::to_uppercase"];
        let told = unwanted(names.into_iter());
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].starts_with("`core::num::dec2flt::parse::parse_number` came into the page: `partita::decimal`")
        );
        // As the compiler mangles it.
        let told = unwanted(["_RNvMs4_NtCs1_5alloc3stre12to_lowercase"].into_iter());
        assert_eq!(told.len(), 1, "{told:?}");
    }

    #[test]
    fn rows_stand_by_kind() {
        let mut names = ["Korean", "page::scene", "partita::view", OTHERS, FRAME, "kafka_protocol", "page"];
        names.sort_by(|one, other| order(one).cmp(&order(other)));
        assert_eq!(names, ["kafka_protocol", OTHERS, "partita::view", "page", "page::scene", "Korean", FRAME]);
    }
}
