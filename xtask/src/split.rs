//! The page's wasm in parts: what the first picture needs, and what the page fetches behind it or in an embed only.
//!
//! What a function marked `wasm_split(NAME, …)` reaches, and nothing else does, is the part of that name; what only two of
//! them reach is a part for both. `wasm_split_cli_support` cuts them out by the linker's relocations, and writes the script
//! between all.

use std::fs;
use std::path::Path;

use wasm_split_cli_support::{Options, transform};
use xtask::paths;

/// How the first part names the script between both, and how that script names the glue around the first part.
pub const LINK: &str = "./split.js";
pub const GLUE: &str = "./partita.js";

/// How the script takes a part from the network.
const TAKEN: &str = "WebAssembly.instantiateStreaming(src, imports)";

/// The same out of its strands, as the loader takes the first part.
const TAKEN_IN_STRANDS: &str = "WebAssembly.instantiateStreaming(src.then(partita.wasm), imports)";

/// How the script asks for the part of a file, and how the loader does: where the page is one file, out of that.
fn asked(file: &str) -> [String; 2] {
    [format!("fetch(new URL(\"./{file}\", import.meta.url))"), format!("partita.file(\"{file}\")")]
}

/// What prints a backtrace, by parts of names. The large functions alone: a small one may be one with another that has the same
/// bytes, whatever it is called.
const BACKTRACES: [[&str; 2]; 4] = [
    ["rustc_demangle", "10print_path"],
    ["rustc_demangle", "13DemangleStyle"],
    ["backtrace_rs", "21print_raw_with_column"],
    ["backtrace_rs", "10SymbolName"],
];

pub struct Parts {
    /// Still to be given to wasm-bindgen.
    pub first: Vec<u8>,
    pub later: Vec<Later>,
    /// The script between all; it names the later ones as [`Parts::script`] is told.
    script: String,
}

/// A part that is not needed for the first picture.
pub struct Later {
    /// The name in `wasm_split(NAME, …)`; of one that several need `shared`.
    pub stem: String,
    pub bytes: Vec<u8>,
    /// The same, with the names of its functions.
    pub with_names: Vec<u8>,
    /// The names of those that cannot do without it: its own, or those that share it.
    pub for_whom: Vec<String>,
    /// How the script names it.
    file: String,
}

impl Parts {
    /// Cuts a wasm file that was linked with `--emit-relocs`.
    pub fn of(wasm: &Path) -> Result<Parts, String> {
        let folder = paths::target().join("split");
        let told = |error: &dyn std::fmt::Display| format!("{} is not split: {error:#}", wasm.display());
        let bytes = fs::read(wasm).map_err(|error| told(&error))?;
        let _ = fs::remove_dir_all(&folder);
        let first = folder.join("first.wasm");
        let mut options = Options::new(&bytes);
        options.output_dir = &folder;
        options.main_out_path = &first;
        options.link_name = LINK;
        options.main_module = GLUE;
        let split = transform(options).map_err(|error| told(&error))?;
        let script = fs::read_to_string(folder.join(LINK)).map_err(|error| told(&error))?;
        let mut later = Vec::new();
        for file in &split.split_modules {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let needs =
                |(of, files): (&String, &Vec<String>)| files.iter().any(|file| *file == *name).then(|| of.clone());
            let mut for_whom: Vec<String> = split.prefetch_map.iter().filter_map(needs).collect();
            for_whom.sort();
            let bytes = fs::read(file).map_err(|error| told(&error))?;
            later.push(Later {
                stem: name.strip_prefix("split_").unwrap_or("shared").to_owned(),
                bytes: packed(&bytes, false).map_err(|error| told(&error))?,
                with_names: packed(&bytes, true).map_err(|error| told(&error))?,
                for_whom,
                file: format!("{name}.wasm"),
            });
        }
        later.sort_by(|one, other| one.file.cmp(&other.file));
        let all: Vec<[String; 2]> = later.iter().map(|part| asked(&part.file)).collect();
        let meant = [(GLUE, 1), (TAKEN, later.len())];
        for (part, times) in meant.into_iter().chain(all.iter().map(|[theirs, _]| (&**theirs, 1))) {
            if script.matches(part).count() != times {
                return Err(told(&format_args!("the script between its parts does not hold `{part}` {times} times")));
            }
        }
        Ok(Parts {
            first: without_backtraces(&fs::read(&first).map_err(|error| told(&error))?)
                .map_err(|error| told(&error))?,
            later,
            script: all
                .iter()
                .fold(script.replace(TAKEN, TAKEN_IN_STRANDS), |script, [theirs, ours]| script.replace(theirs, ours)),
        })
    }

    /// The part of this stem, with the names of its functions, where there is one.
    pub fn named(&self, stem: &str) -> Option<&Vec<u8>> {
        self.later.iter().find(|part| part.stem == stem).map(|part| &part.with_names)
    }

    /// The script between all parts, when the later ones lie beside it under these names.
    pub fn script(&self, names: &[String]) -> String {
        self.later.iter().zip(names).fold(self.script.clone(), |script, (part, name)| script.replace(&part.file, name))
    }
}

/// The module without what prints a backtrace. An error of the messages' crate would print one, if the standard library
/// could take one in WebAssembly: it cannot, but no compiler knows that.
fn without_backtraces(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = walrus::Module::from_buffer(wasm).map_err(|error| format!("{error:#}"))?;
    let never_run = |name: &str| BACKTRACES.iter().any(|parts| parts.iter().all(|part| name.contains(part)));
    for function in module.funcs.iter_mut().filter(|function| function.name.as_deref().is_some_and(never_run)) {
        if let walrus::FunctionKind::Local(local) = &mut function.kind {
            let entry = local.entry_block();
            local.block_mut(entry).instrs =
                vec![(walrus::ir::Unreachable {}.into(), walrus::ir::InstrLocId::default())];
        }
    }
    Ok(module.emit_wasm())
}

/// The module as short as it can be written: without names unless they are asked for, and without the room that a linker leaves in each number.
pub fn packed(wasm: &[u8], names: bool) -> Result<Vec<u8>, String> {
    let mut config = walrus::ModuleConfig::new();
    config.generate_name_section(names).generate_producers_section(false);
    config.parse(wasm).map(|mut module| module.emit_wasm()).map_err(|error| format!("{error:#}"))
}
