//! A message as a tree, read from what `{:?}` prints of it: the one view that all message structs share.

use std::fmt::Debug;

/// A node of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tree {
    /// A struct or a struct variant: its fields, in order.
    Fields(Vec<(String, Tree)>),
    List(Vec<Tree>),
    /// Numbers, words, texts with their quotes.
    Leaf(String),
}

impl Tree {
    pub fn of(message: &impl Debug) -> Tree {
        let text = format!("{message:?}");
        let mut reader = Reader { rest: &text };
        let tree = reader.value();
        assert!(reader.rest.trim().is_empty(), "unread: {}", reader.rest);
        tree
    }

    pub fn get(&self, field: &str) -> Option<&Tree> {
        match self {
            Tree::Fields(fields) => fields.iter().find(|(name, _)| name == field).map(|(_, tree)| tree),
            Tree::List(_) | Tree::Leaf(_) => None,
        }
    }

    pub fn leaf(&self) -> Option<&str> {
        match self {
            Tree::Leaf(text) => Some(text),
            Tree::Fields(_) | Tree::List(_) => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', ',', '\n']);
    }

    fn eat(&mut self, text: &str) -> bool {
        self.skip();
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn value(&mut self) -> Tree {
        self.skip();
        if self.eat("[") {
            let mut items = Vec::new();
            while !self.eat("]") {
                items.push(self.value());
            }
            return Tree::List(items);
        }
        if self.eat("{") {
            return self.entries();
        }
        if self.rest.starts_with('"') || self.rest.starts_with("b\"") {
            return Tree::Leaf(self.quoted());
        }
        let end = self.rest.find(|c: char| " ,)]}({:".contains(c)).unwrap_or(self.rest.len());
        let word = self.rest[..end].to_owned();
        self.rest = &self.rest[end..];
        if self.rest.starts_with(" {") && self.eat("{") {
            return self.entries();
        }
        if self.eat_here("(") {
            // `Some(x)`, a new type: what it holds.
            let inner = self.value();
            assert!(self.eat(")"), "a new type holds one value: {}", self.rest);
            return inner;
        }
        Tree::Leaf(word)
    }

    fn eat_here(&mut self, text: &str) -> bool {
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// `field: value, …}` of a struct, `key: value, …}` of a map.
    fn entries(&mut self) -> Tree {
        let mut fields = Vec::new();
        while !self.eat("}") {
            let end = self.rest.find(':').expect("a field has a value");
            let name = self.rest[..end].to_owned();
            self.rest = &self.rest[end + 1..];
            fields.push((name, self.value()));
        }
        Tree::Fields(fields)
    }

    fn quoted(&mut self) -> String {
        let open = self.rest.find('"').expect("it begins with a quote") + 1;
        let mut escaped = false;
        for (at, c) in self.rest[open..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let end = open + at + 1;
                    let text = self.rest[..end].to_owned();
                    self.rest = &self.rest[end..];
                    return text;
                }
                _ => {}
            }
        }
        panic!("a quote without an end: {}", self.rest)
    }
}
