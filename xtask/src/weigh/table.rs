//! The table as text.

use std::fmt::Write;

/// What a row weighs in one part of the program.
#[derive(Clone, Copy, Default)]
pub struct Weight {
    pub functions: usize,
    pub bytes: usize,
    pub packed: usize,
}

/// The parts behind the first one: the dialogs and what only they need, what only embeds need, and what both need.
pub const LATER: [&str; 3] = ["rest", "embed", "shared"];

pub struct Row {
    pub name: String,
    /// In the first part, and in those behind it.
    pub parts: [Weight; 1 + LATER.len()],
}

impl Row {
    pub fn new(name: &str) -> Row {
        Row { name: name.to_owned(), parts: [Weight::default(); 1 + LATER.len()] }
    }
}

const HEAD: &str = "\
# What the page's program weighs

Written by `cargo xtask weigh` (`cargo xtask bench` writes it, too): do not edit. Bytes of WebAssembly; with Brotli what each
row adds behind those above it, in one stream with its module. Generic code is whose it was made for, where its name says
so; the site's files are packed further, so that all sums are above theirs.

| what | functions | first part | with Brotli | rest | with Brotli | embed | with Brotli | shared | with Brotli |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
";

pub fn written(rows: &[Row]) -> String {
    let mut text = HEAD.to_owned();
    let mut sum = Row::new("**all**");
    for row in rows {
        line(&mut text, row);
        for (sum, part) in sum.parts.iter_mut().zip(&row.parts) {
            sum.functions += part.functions;
            sum.bytes += part.bytes;
            sum.packed += part.packed;
        }
    }
    line(&mut text, &sum);
    text
}

fn line(text: &mut String, row: &Row) {
    let functions: usize = row.parts.iter().map(|part| part.functions).sum();
    let _ = write!(text, "| {} | {functions} ", row.name);
    for part in &row.parts {
        let _ = write!(text, "| {} | {} ", part.bytes, part.packed);
    }
    text.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_sum() {
        let mut rows = [Row::new("a"), Row::new("b")];
        rows[0].parts[0] = Weight { functions: 2, bytes: 30, packed: 10 };
        rows[1].parts[1] = Weight { functions: 1, bytes: 7, packed: 5 };
        let text = written(&rows);
        let lines: Vec<&str> = text.lines().rev().take(3).collect();
        assert_eq!(
            lines,
            [
                "| **all** | 3 | 30 | 10 | 7 | 5 | 0 | 0 | 0 | 0 |",
                "| b | 1 | 0 | 0 | 7 | 5 | 0 | 0 | 0 | 0 |",
                "| a | 2 | 30 | 10 | 0 | 0 | 0 | 0 | 0 | 0 |"
            ]
        );
    }
}
