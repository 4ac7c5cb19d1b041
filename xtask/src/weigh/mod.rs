//! `cargo xtask weigh`: what the page's bytes are made of, printed and kept in `docs/weight.md`, so that a change shows in
//! its diff what it costs.

mod data;
mod rooms;
mod table;

use std::fs;
use std::io::Write;

use wasmparser::{KnownCustom, Name, Parser, Payload};
use xtask::paths;

use crate::arguments::Arguments;
use crate::compress;
use crate::site::{self, Build};
use crate::split::Parts;
use table::{Row, Weight};

/// What belongs together, and its bytes one behind the other.
struct Group {
    name: String,
    functions: usize,
    bytes: Vec<u8>,
}

/// `cargo xtask weigh`.
pub fn weigh(arguments: Arguments) -> Result<(), String> {
    arguments.finish()?;
    write()
}

/// Prints the table and keeps it.
pub fn write() -> Result<(), String> {
    let (wasm, parts) = site::parts(Build::Release)?;
    let table = of(&wasm, &parts)?;
    print!("{table}");
    let file = paths::root().join("docs/weight.md");
    fs::write(&file, table).map_err(|error| format!("{}: {error}", file.display()))
}

/// The table of all parts of the program. Fails when something is in them that has a smaller way.
fn of(wasm: &std::path::Path, parts: &Parts) -> Result<String, String> {
    let first = site::bindgen(wasm, Some(&parts.first), "partita", true)?.wasm;
    let mut rows: Vec<Row> = Vec::new();
    let mut unwanted = Vec::new();
    let modules = [Some(&first)].into_iter().chain(table::LATER.map(|stem| parts.named(stem)));
    for (column, module) in modules.enumerate() {
        let Some(module) = module else { continue };
        let told = |error| format!("a part of the page is not read: {error}");
        unwanted.extend(rooms::unwanted(names(module).map_err(told)?.into_iter().map(|(_, name)| name)));
        let groups = groups(module).map_err(told)?;
        for (group, packed) in groups.iter().zip(packed(&groups)) {
            let found = rows.iter().position(|row| row.name == group.name).unwrap_or_else(|| {
                rows.push(Row::new(&group.name));
                rows.len() - 1
            });
            rows[found].parts[column] = Weight { functions: group.functions, bytes: group.bytes.len(), packed };
        }
    }
    if !unwanted.is_empty() {
        return Err(unwanted.join("\n"));
    }
    rows.sort_by(|one, other| rooms::order(&one.name).cmp(&rooms::order(&other.name)));
    Ok(table::written(&rows))
}

/// Code by room, data by what it says, and what holds a module together.
fn groups(module: &[u8]) -> Result<Vec<Group>, wasmparser::BinaryReaderError> {
    let (mut imported, mut bodies, mut segments) = (0, Vec::new(), Vec::new());
    let names = names(module)?;
    let mut frame = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                frame.extend(&module[imports.range()]);
                imported = imports.into_imports().filter(|import| is_function(import.as_ref())).count();
            }
            Payload::CodeSectionEntry(body) => bodies.push(&module[body.range()]),
            Payload::DataSection(data) => {
                for segment in data {
                    segments.push(segment?.data);
                }
            }
            Payload::CustomSection(_) => {}
            other => frame.extend(other.as_section().map_or(&[][..], |(id, range)| match id {
                // The code and the data are told apart above.
                10 | 11 => &[],
                _ => &module[range],
            })),
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for (at, body) in bodies.into_iter().enumerate() {
        let name = names.binary_search_by_key(&(imported + at), |(index, _)| *index).map_or("", |found| names[found].1);
        let room = rooms::room(name);
        let group = groups.iter().position(|group| group.name == room).unwrap_or_else(|| {
            groups.push(Group { name: room, functions: 0, bytes: Vec::new() });
            groups.len() - 1
        });
        groups[group].functions += 1;
        groups[group].bytes.extend(body);
    }
    let more = data::told_apart(&segments).into_iter().chain([(rooms::FRAME, frame)]);
    groups.extend(more.map(|(name, bytes)| Group { name: name.to_owned(), functions: 0, bytes }));
    groups.sort_by(|one, other| rooms::order(&one.name).cmp(&rooms::order(&other.name)));
    Ok(groups)
}

/// The names of functions by their numbers, in order.
fn names(module: &[u8]) -> Result<Vec<(usize, &str)>, wasmparser::BinaryReaderError> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            let Name::Function(map) = subsection? else { continue };
            for naming in map {
                names.push(naming.map(|naming| (naming.index as usize, naming.name))?);
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}

pub fn is_function(import: Result<&wasmparser::Import, &wasmparser::BinaryReaderError>) -> bool {
    import.is_ok_and(|import| matches!(import.ty, wasmparser::TypeRef::Func(_)))
}

/// What each adds with Brotli behind those before it: one stream, flushed behind each.
fn packed(groups: &[Group]) -> Vec<usize> {
    let mut encoder = brotli::CompressorWriter::with_params(Vec::new(), 1 << 16, &compress::parameters());
    let mut before = 0;
    let mut sizes = Vec::new();
    for group in groups {
        encoder.write_all(&group.bytes).and_then(|()| encoder.flush()).expect("a vector takes every byte");
        let now = encoder.get_ref().len();
        sizes.push(now - before);
        before = now;
    }
    sizes
}
