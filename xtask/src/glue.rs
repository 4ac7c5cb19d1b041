//! The script that wasm-bindgen writes around a module, made short.

use std::collections::BTreeMap;

use walrus::Module;

/// Gives what the module asks the script for short names in both, where wasm-bindgen has a sign of sixteen digits in each,
/// and leaves out comments and indents. Returns the script.
pub fn shortened(script: &str, module: &mut Module) -> String {
    let mut short: BTreeMap<String, String> = BTreeMap::new();
    for import in module.imports.iter_mut().filter(|import| import.name.starts_with("__wb")) {
        let next = format!("_{:x}", short.len());
        import.name = short.entry(import.name.clone()).or_insert(next).clone();
    }
    let lines = script.lines().map(str::trim);
    let lines =
        lines.filter(|line| !(line.is_empty() || ["//", "/**", "* ", "*/"].iter().any(|sign| line.starts_with(sign))));
    let text = lines.collect::<Vec<_>>().join("\n");
    renamed(&text, &short)
}

/// The text with other words for some of its words.
fn renamed(text: &str, names: &BTreeMap<String, String>) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
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
        let script = "// A comment.\nconst imports = {\n    __wbg_log_0123456789abcdef: function() { log(); },\n\n    other,\n};\n";
        assert_eq!(shortened(script, &mut module), "const imports = {\n_0: function() { log(); },\nother,\n};");
        let names: Vec<&str> = module.imports.iter().map(|import| &*import.name).collect();
        assert_eq!(names, ["_0", "other"]);
    }
}
