//! The script that wasm-bindgen writes around a module, made short.

use std::collections::BTreeMap;

use walrus::Module;

/// What wasm-bindgen's names of exports begin with, and those of the compiler for what it calls back.
const EXPORTS: [&str; 5] = ["__wbindgen_", "__wbg_", "__externref_", "_R", "_ZN"];

/// Names of the script itself that are shorter stay.
const LONG_NAME: usize = 6;

/// Gives what module and script ask of each other short names in both, where wasm-bindgen has long ones, and the script's own
/// functions too; and leaves out comments, indents, and names for what is returned at once. Servers that pack nothing send it
/// as it is. Returns the script.
pub fn shortened(script: &str, module: &mut Module) -> String {
    let own = own_names(script);
    let lines = script.lines().map(str::trim);
    let lines =
        lines.filter(|line| !(line.is_empty() || ["//", "/**", "* ", "*/"].iter().any(|sign| line.starts_with(sign))));
    let lines = lines.collect::<Vec<_>>();
    let mut short: BTreeMap<String, String> = BTreeMap::new();
    for import in module.imports.iter_mut().filter(|import| import.name.starts_with("__wb")) {
        let next = format!("_{:x}", short.len());
        import.name = short.entry(import.name.clone()).or_insert(next).clone();
    }
    for export in module.exports.iter_mut().filter(|export| EXPORTS.iter().any(|start| export.name.starts_with(start)))
    {
        let next = format!("_{:x}", short.len());
        export.name = short.entry(export.name.clone()).or_insert(next).clone();
    }
    for name in own {
        let next = format!("${:x}", short.len());
        short.entry(name).or_insert(next);
    }
    short.extend((0..20).map(|number| (format!("arg{number}"), format!("a{number}"))));
    renamed(&returned_at_once(&lines).replace(": function(", "("), &short)
}

/// The functions and variables that stand at the script's top level, where lines are not indented, if nobody else knows them by
/// name. A variable within a function may also be what a browser's object calls its property (`const { instance } = …`).
fn own_names(script: &str) -> Vec<String> {
    let declared = script.lines().filter_map(|line| {
        let rest =
            ["async function ", "function ", "const ", "let "].iter().find_map(|word| line.strip_prefix(word))?;
        rest.split(|c| !is_part(c)).next()
    });
    let is_own = |name: &&str| {
        let property = [format!(".{name}"), format!("{name}:"), format!("as {name}")];
        name.len() >= LONG_NAME && !property.iter().any(|way| script.contains(way.as_str()))
    };
    let exported = script.lines().filter(|line| line.starts_with("export {")).collect::<String>();
    let mut names: Vec<String> =
        declared.filter(is_own).filter(|name| !exported.contains(name)).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

/// `const ret = …; return ret;` as one line.
fn returned_at_once(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut rest = lines;
    while let [line, behind @ ..] = rest {
        let value = line.strip_prefix("const ret = ").filter(|value| value.ends_with(';'));
        match (value, behind) {
            (Some(value), ["return ret;", left @ ..]) => {
                text.push_str("return ");
                text.push_str(value);
                rest = left;
            }
            _ => {
                text.push_str(line);
                rest = behind;
            }
        }
        if !rest.is_empty() {
            text.push('\n');
        }
    }
    text
}

/// Whether it may stand in a name.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// The text with other words for some of its words.
fn renamed(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
        let word = &rest[start..end];
        out.push_str(&rest[..start]);
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_renamed() {
        let names = BTreeMap::from([("__wbg_a_12".to_owned(), "_0".to_owned())]);
        assert_eq!(renamed("x.__wbg_a_12 = $__wbg_a_12; __wbg_a_123()", &names), "x._0 = $__wbg_a_12; __wbg_a_123()");
    }

    #[test]
    fn script_and_module_agree() {
        let mut module = Module::default();
        let empty = module.types.add(&[], &[]);
        module.add_import_func("./x_bg.js", "__wbg_log_0123456789abcdef", empty);
        module.add_import_func("./x_bg.js", "other", empty);
        let table = module.tables.add_local(false, 0, None, walrus::RefType::FUNCREF);
        module.exports.add("__wbindgen_externrefs", table);
        module.exports.add("__indirect_function_table", table);
        let script = "// A comment.\nconst imports = {\n    __wbg_log_0123456789abcdef: function() { log(); },\n\n    other,\n};\n\
            wasm.__wbindgen_externrefs.get(wasm.__indirect_function_table);";
        let short = "const $2 = {\n_0() { log(); },\nother,\n};\nwasm._1.get(wasm.__indirect_function_table);";
        assert_eq!(shortened(script, &mut module), short);
        let names: Vec<&str> = module.imports.iter().map(|import| &*import.name).collect();
        assert_eq!(names, ["_0", "other"]);
    }
    #[test]
    fn a_script_is_made_short() {
        let script = "function addToTable(arg0) {\n  const ret = arg0.value;\n  return ret;\n}\n\
            let cachedView = null, wasm;\nfunction decoded() { return wasm.decoded(cachedView); }\n\
            function initSync() { return addToTable(cachedView); }\nasync function loaded() {\n  const instance = await made();\n\
              return { instance };\n}\nexport { initSync, decoded as default };\n";
        let short = "function $0(a0) {\nreturn a0.value;\n}\nlet $1 = null, wasm;\n\
            function decoded() { return wasm.decoded($1); }\nfunction initSync() { return $0($1); }\n\
            async function $2() {\nconst instance = await made();\nreturn { instance };\n}\nexport { initSync, decoded as default };";
        assert_eq!(shortened(script, &mut Module::default()), short);
    }
}
