//! The nearest of the allowed words to a misspelt one.

use strsim::osa_distance;

/// The nearest of `allowed` to `found`, when it is near enough to have been meant: at most a third of its letters
/// (and at least one) inserted, dropped, exchanged or swapped with the neighbour. Of equally near ones the first.
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_ascii_lowercase();
    let letters = found.chars().count();
    if letters == 0 || letters > 80 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for word in allowed {
        let other = word.to_ascii_lowercase();
        let length = other.chars().count();
        let limit = (letters.max(length) / 3).max(1);
        if letters.abs_diff(length) > limit {
            continue;
        }
        let distance = osa_distance(&found, &other);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        let verbs = ["send", "send-sync", "seek", "sleep", "subscribe", "topic"];
        for (found, expected) in [
            ("sned", Some("send")),
            ("tpic", Some("topic")),
            ("subscrbie", Some("subscribe")),
            ("sendsync", Some("send-sync")),
            ("SEND", Some("send")),
            ("produce", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, verbs), expected, "{found}");
        }
    }
}
