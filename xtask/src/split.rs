//! The page's wasm in two parts: what the first picture needs, and the rest, which the page fetches behind it.
//!
//! What the function marked `wasm_split` reaches, and nothing else does, is the rest. `wasm_split_cli_support` cuts it out
//! by the linker's relocations, and writes the script between both.

use std::fs;
use std::path::Path;

use wasm_split_cli_support::{Options, transform};
use xtask::paths;

/// How the first part names the script between both, and how that script names the glue around the first part.
pub const LINK: &str = "./split.js";
pub const GLUE: &str = "./partita.js";

/// How the script names the rest: the name in `wasm_split(rest, …)`, as a file.
const REST: &str = "split_rest.wasm";

/// How the script takes the rest from the network.
const TAKEN: &str = "WebAssembly.instantiateStreaming(src, imports)";

/// The same out of its strands, as the loader takes the first part.
const TAKEN_IN_STRANDS: &str = "WebAssembly.instantiateStreaming(src.then(partita.wasm), imports)";

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
    pub rest: Vec<u8>,
    /// The same, with the names of its functions.
    pub rest_with_names: Vec<u8>,
    /// The script between both; it names the rest as [`Parts::script`] is told.
    script: String,
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
        let [rest] = &split.split_modules[..] else {
            return Err(told(&format_args!("it has {} further parts, where one is meant", split.split_modules.len())));
        };
        let script = fs::read_to_string(folder.join(LINK)).map_err(|error| told(&error))?;
        for part in [GLUE, REST, TAKEN] {
            if script.matches(part).count() != 1 {
                return Err(told(&format_args!("`{part}` does not stand once in the script between its parts")));
            }
        }
        let rest = fs::read(rest).map_err(|error| told(&error))?;
        Ok(Parts {
            first: without_backtraces(&fs::read(&first).map_err(|error| told(&error))?)
                .map_err(|error| told(&error))?,
            rest: packed(&rest, false).map_err(|error| told(&error))?,
            rest_with_names: packed(&rest, true).map_err(|error| told(&error))?,
            script: script.replace(TAKEN, TAKEN_IN_STRANDS),
        })
    }

    /// The script between both parts, when the rest lies beside it under this name.
    pub fn script(&self, rest: &str) -> String {
        self.script.replace(REST, rest)
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
