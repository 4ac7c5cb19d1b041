//! Texts in the places of other languages: HTML, JavaScript, addresses.

use std::fmt::Write;

/// In HTML: as text, and between double quotes as a value. Two braces mean something to mdBook and Hugo, also in HTML.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '{' => out.push_str("&#123;"),
            '}' => out.push_str("&#125;"),
            c => out.push(c),
        }
    }
    out
}

/// As a value of a shortcode of Hugo, which knows two sorts of quotes. No value has the second of them.
pub fn hugo(value: &str) -> String {
    let quote = if value.contains(['"', '\\']) { '`' } else { '"' };
    format!("{quote}{value}{quote}")
}

/// As an expression of JavaScript, which is a string of Python, YAML and TOML too.
pub fn script(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// As a string of YAML; one that needs no quotation marks has none.
pub fn yaml(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "/:.-_~%".contains(c));
    if is_plain { text.to_owned() } else { script(text) }
}

/// Between single quotes, in which TOML knows no escapes; or else in its other kind of string.
pub fn toml(text: &str) -> String {
    if text.contains('\'') { script(text) } else { format!("'{text}'") }
}

/// As a string of JavaScript between single quotes, as settings are written.
pub fn single(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// In the fragment of an address; commas may stand there.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// On one line, without what cannot be seen.
pub fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
