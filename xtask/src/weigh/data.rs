//! What a module's data says: words in both languages, the ready scenarios, and the rest.

use std::fs;
use std::path::Path;

use xtask::paths;

/// Bytes that look like text for less than this are no words: numbers do so by chance.
const SHORTEST: usize = 5;

/// By their names.
pub fn told_apart(segments: &[&[u8]]) -> Vec<(&'static str, Vec<u8>)> {
    let scenarios = texts_below(&paths::root().join("scenarios"));
    let [mut ready, mut korean, mut words, mut tables] = [const { Vec::new() }; 4];
    for segment in segments {
        let (texts, others) = parted(segment, &scenarios);
        ready.extend(texts);
        for mut rest in others {
            while !rest.is_empty() {
                let (bytes, into) = match words_at(rest) {
                    0 => (1, &mut tables),
                    length if is_korean(&rest[..length]) => (length, &mut korean),
                    length => (length, &mut words),
                };
                into.extend(&rest[..bytes]);
                rest = &rest[bytes..];
            }
        }
    }
    vec![
        ("data: scenarios", ready),
        ("data: Korean, with the words in it", korean),
        ("data: English, names, markup", words),
        ("data: numbers, pointers", tables),
    ]
}

/// What of these bytes are these texts, joined, and the stretches between them.
fn parted<'a>(bytes: &'a [u8], texts: &[Vec<u8>]) -> (Vec<u8>, Vec<&'a [u8]>) {
    let place = |text: &Vec<u8>| bytes.windows(text.len()).position(|window| window == text);
    let mut places: Vec<(usize, usize)> = texts.iter().filter_map(|text| Some((place(text)?, text.len()))).collect();
    places.sort_unstable();
    let (mut joined, mut others, mut at) = (Vec::new(), Vec::new(), 0);
    for (start, length) in places {
        // One that stands in another has been told with it.
        if start < at {
            continue;
        }
        others.push(&bytes[at..start]);
        joined.extend(&bytes[start..start + length]);
        at = start + length;
    }
    others.push(&bytes[at..]);
    (joined, others)
}

/// How many bytes of text stand at the start: up to a line's end, a change of language, or the first byte that is none.
fn words_at(bytes: &[u8]) -> usize {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    };
    let end = valid.find(|c: char| c.is_control() && c != '\n').unwrap_or(valid.len());
    let text = &valid[..end];
    if text.len() < SHORTEST {
        return 0;
    }
    let first = text.find(is_hangul).unwrap_or(text.len());
    if first >= SHORTEST {
        return first;
    }
    // Names in a Korean sentence are short; what goes on longer is another text.
    let mut korean = 0;
    for (at, c) in text.char_indices() {
        if is_hangul(c) {
            korean = at + c.len_utf8();
        } else if at > korean + 24 {
            break;
        }
    }
    korean
}

fn is_korean(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.contains(is_hangul))
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

fn texts_below(folder: &Path) -> Vec<Vec<u8>> {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
    files.filter_map(|file| fs::read(file.path()).ok()).filter(|text| text.len() > SHORTEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_numbers() {
        let mut data = b"\x10\x02\x00\x00".to_vec();
        data.extend("The record is sent.".as_bytes());
        data.extend("레코드를 orders-0에 보냅니다.".as_bytes());
        data.extend(b"\x00\x01ab\x02");
        let told = told_apart(&[&data]);
        let text = |at: usize| String::from_utf8_lossy(&told[at].1).into_owned();
        assert_eq!(text(1), "레코드를 orders-0에 보냅니다");
        assert_eq!(text(2), "The record is sent.");
        assert_eq!(told[3].1, b"\x10\x02\x00\x00.\x00\x01ab\x02");
        assert!(told[0].1.is_empty());
    }
}
