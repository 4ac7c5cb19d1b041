//! Whether an answer of the model is the one that Kafka gave, but for what Kafka draws or what a clock says.

use super::tree::Tree;

/// What Kafka drew, and what the model drew for the same thing, each as `{:?}` prints it.
#[derive(Default)]
pub struct Drawn {
    pub pairs: Vec<(String, String)>,
}

/// Fields that differ from run to run of a real cluster as well.
const VOLATILE: [&str; 6] = [
    "throttle_time_ms",
    "finalized_features_epoch",
    "controller_id",
    "producer_id",
    "log_append_time_ms",
    "unknown_tagged_fields",
];

/// Fields with something drawn.
const DRAWN: [&str; 4] = ["topic_id", "session_id", "member_id", "leader"];

/// What says "none" in such a field.
const NOTHING: [&str; 3] = ["0", "\"\"", "00000000-0000-0000-0000-000000000000"];

impl Drawn {
    /// `Err` with the place and both values of the first difference; learns what was drawn.
    pub fn compare(&mut self, ours: &Tree, kafka: &Tree) -> Result<(), String> {
        self.at("", "", ours, kafka)
    }

    fn at(&mut self, path: &str, field: &str, ours: &Tree, kafka: &Tree) -> Result<(), String> {
        let different = || Err(format!("{path}: {}, Kafka has {}", short(ours), short(kafka)));
        match (ours, kafka) {
            _ if VOLATILE.contains(&field) => Ok(()),
            (Tree::Fields(ours), Tree::Fields(kafka)) => {
                for (name, kafka) in kafka {
                    let Some((_, ours)) = ours.iter().find(|(ours, _)| ours == name) else { return different() };
                    self.at(&format!("{path}.{name}"), name, ours, kafka)?;
                }
                Ok(())
            }
            (Tree::List(ours), Tree::List(kafka)) if ours.len() == kafka.len() => {
                // Arrays of topics, partitions and groups come in hash order.
                let (ours, kafka) = (self.in_order(ours, true), self.in_order(kafka, false));
                for (index, (ours, kafka)) in ours.iter().zip(&kafka).enumerate() {
                    self.at(&format!("{path}[{index}]"), field, ours, kafka)?;
                }
                Ok(())
            }
            (Tree::Leaf(ours), Tree::Leaf(kafka)) if ours == kafka => Ok(()),
            (Tree::Leaf(ours), Tree::Leaf(kafka)) if DRAWN.contains(&field) && self.is_drawn(ours, kafka) => Ok(()),
            (Tree::Leaf(ours), Tree::Leaf(kafka)) if field == "records" && is_cut(ours, kafka) => Ok(()),
            (Tree::Leaf(ours), Tree::Leaf(kafka)) if kafka.contains("Timestamp") && folded(ours) == folded(kafka) => {
                Ok(())
            }
            _ => different(),
        }
    }

    /// Whether both drew for the same thing: the same pair as before, or a new one.
    fn is_drawn(&mut self, ours: &str, kafka: &str) -> bool {
        if NOTHING.contains(&ours) || NOTHING.contains(&kafka) {
            return false;
        }
        if let Some((_, known)) = self.pairs.iter().find(|(known, _)| known == kafka) {
            return known == ours;
        }
        self.pairs.push((kafka.to_owned(), ours.to_owned()));
        true
    }

    fn in_order<'a>(&self, items: &'a [Tree], ours: bool) -> Vec<&'a Tree> {
        let mut items: Vec<&Tree> = items.iter().collect();
        items.sort_by_cached_key(|item| self.sort_key(item, ours));
        items
    }

    /// What tells an item of a list from the others, in both worlds.
    fn sort_key(&self, item: &Tree, ours: bool) -> String {
        const NAMES: [&str; 11] = [
            "partition_index",
            "index",
            "partition",
            "name",
            "topic",
            "group_id",
            "key",
            "node_id",
            "api_key",
            "topic_id",
            "member_id",
        ];
        let Tree::Fields(_) = item else { return String::new() };
        let mut key = String::new();
        for name in NAMES {
            let Some(leaf) = item.get(name).and_then(Tree::leaf) else { continue };
            let translated =
                self.pairs.iter().find(|(_, model)| ours && model == leaf).map(|(kafka, _)| kafka.as_str());
            key.push_str(&format!("{:>40}", translated.unwrap_or(leaf)));
        }
        key
    }
}

/// Kafka cuts the last batch of a fetch where the limit is, and the client drops it; the model leaves it out.
fn is_cut(ours: &str, kafka: &str) -> bool {
    let ours = ours.trim_end_matches('"');
    ours.len() > 2 && kafka.starts_with(ours)
}

/// Digits folded into one, so that times do not count.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    for c in text.chars() {
        if !c.is_ascii_digit() {
            folded.push(c);
        } else if !folded.ends_with('#') {
            folded.push('#');
        }
    }
    folded
}

fn short(tree: &Tree) -> String {
    let text = match tree {
        Tree::Leaf(text) => text.clone(),
        other => format!("{other:?}"),
    };
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
