//! What the parts of the page's program may weigh.

use xtask::figure::Figure;

use crate::embed;

pub fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

/// All files of the site together, as a host sends them, beside their budget.
pub fn whole(files: &[(String, [usize; 3])]) -> Figure {
    let all: usize = files.iter().map(|(_, [_, packed, _])| packed).sum();
    Figure::at_most("everything-with-brotli", kilobytes(all), "kB", 1000.0)
}

/// The figures of a file of the site: plain and with Brotli, each beside its budget. Only the parts of the program and the
/// embed's element have one.
///
/// A reader waits for the first part; the rest comes behind the first picture, and `embed` (with what it shares with the
/// rest) is fetched in embeds alone.
pub fn figures(file: &str, bytes: usize, brotli: usize) -> Vec<Figure> {
    if file == "partita-embed.js" {
        let most = kilobytes(embed::ELEMENT_BYTES);
        return vec![Figure::at_most("embed-element-with-brotli", kilobytes(brotli), "kB", most)];
    }
    let (name, most, most_packed) = match file {
        _ if !file.ends_with(".wasm") => return Vec::new(),
        _ if file.starts_with("partita-") => ("wasm-first-part", 2450.0, 800.0),
        _ if file.starts_with("rest-") => ("wasm-rest", 780.0, 264.0),
        _ if file.starts_with("embed-") => ("wasm-embed", 63.0, 25.0),
        _ => ("wasm-shared", 7.0, 3.5),
    };
    let packed = format!("{name}-with-brotli");
    vec![
        Figure::at_most(name, kilobytes(bytes), "kB", most),
        Figure::at_most(&packed, kilobytes(brotli), "kB", most_packed),
    ]
}
