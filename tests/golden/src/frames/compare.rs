//! Whether an answer of the model is the one that Kafka gave, but for what the masks let pass.

use super::cut::Limits;
use super::tree::Tree;
use crate::masks::{self, Pass};
use crate::verdict::Difference;

/// What Kafka drew, and what the model drew for the same thing, each as `{:?}` prints it.
#[derive(Default)]
pub struct Drawn {
    pub pairs: Vec<(String, String)>,
}

/// What says "none" in a field with something drawn.
const NOTHING: [&str; 3] = ["0", "\"\"", "00000000-0000-0000-0000-000000000000"];

/// One comparison: the answer's differences so far, and what its request allowed.
pub struct Comparison<'a> {
    pub drawn: &'a mut Drawn,
    pub limits: Limits,
    pub differences: Vec<Difference>,
}

impl Comparison<'_> {
    /// Notes every difference with its place; learns what was drawn.
    pub fn compare(&mut self, ours: &Tree, kafka: &Tree) {
        self.at("", "", ours, kafka);
    }

    fn differ(&mut self, path: &str, ours: &Tree, kafka: &Tree) {
        let text = format!("{}, Kafka has {}", short(ours), short(kafka));
        self.differences.push(Difference { place: path.to_owned(), text });
    }

    fn at(&mut self, path: &str, field: &str, ours: &Tree, kafka: &Tree) {
        let pass = masks::of(field);
        match (ours, kafka) {
            _ if pass == Some(Pass::AnyValue) => {}
            (Tree::Fields(ours_fields), Tree::Fields(kafka_fields)) => {
                self.limits.enter(kafka);
                for (name, kafka_value) in kafka_fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    match ours_fields.iter().find(|(other, _)| other == name) {
                        Some((_, value)) => self.at(&path, name, value, kafka_value),
                        None => self.differ(&path, &Tree::Leaf("no such field".into()), kafka_value),
                    }
                }
            }
            (Tree::List(ours), Tree::List(kafka)) if ours.len() == kafka.len() => {
                let (ours, kafka) = (self.drawn.in_order(ours, true), self.drawn.in_order(kafka, false));
                for (ours, kafka) in ours.iter().zip(&kafka) {
                    self.at(path, field, ours, kafka);
                }
            }
            (Tree::Leaf(ours_text), Tree::Leaf(kafka_text)) => {
                let is_equal = match pass {
                    Some(Pass::Cut) => self.limits.explain(ours_text, kafka_text),
                    _ if ours_text == kafka_text => true,
                    Some(Pass::Drawn) => self.drawn.is_pair(ours_text, kafka_text),
                    Some(Pass::Known) => self.drawn.is_known(ours_text, kafka_text),
                    Some(Pass::Digits) => folded(ours_text) == folded(kafka_text),
                    _ => false,
                };
                if !is_equal {
                    self.differ(path, ours, kafka);
                }
            }
            _ => self.differ(path, ours, kafka),
        }
    }
}

impl Drawn {
    /// Whether both drew for the same thing: the same pair as before, or a new one.
    fn is_pair(&mut self, ours: &str, kafka: &str) -> bool {
        if NOTHING.contains(&ours) || NOTHING.contains(&kafka) {
            return false;
        }
        if let Some((_, known)) = self.pairs.iter().find(|(known, _)| known == kafka) {
            return known == ours;
        }
        self.pairs.push((kafka.to_owned(), ours.to_owned()));
        true
    }

    fn is_known(&self, ours: &str, kafka: &str) -> bool {
        self.pairs.iter().any(|(known, model)| known == kafka && model == ours)
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
