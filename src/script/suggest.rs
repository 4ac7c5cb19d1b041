//! The nearest of the allowed words to a misspelt one.

/// The nearest of `allowed` to `found`, when it is near enough to have been meant: at most a third of its letters
/// (and at least one) inserted, dropped, exchanged or swapped with the neighbour. Of equally near ones the first.
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = found.to_lowercase().chars().collect();
    if letters.is_empty() || letters.len() > 80 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for word in allowed {
        let other: Vec<char> = word.to_lowercase().chars().collect();
        let limit = (letters.len().max(other.len()) / 3).max(1);
        if letters.len().abs_diff(other.len()) > limit {
            continue;
        }
        let distance = distance(&letters, &other);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

/// Optimal string alignment: insertions, deletions, exchanges, and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let exchange = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = exchange.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
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
