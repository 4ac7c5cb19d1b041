//! A program as tokens, with what is found in one pass over them: which brackets belong together, and which names there are.

use super::super::problem::Problem;
use super::gap::Gap;
use super::tokens::{self, Cut, Token};
use crate::sorted::InOrder;

pub(super) struct Source<'a> {
    pub tokens: Vec<Token<'a>>,
    /// For each opening bracket the place where it closes: its closing bracket, or where a bracket around it ends before.
    close: Vec<u32>,
    /// Every word once, in order, so that what is known of a name is found by its number.
    names: Vec<&'a str>,
    /// By its keywords; in Java `$` in a string is a sign as any other.
    pub is_kotlin: bool,
}

/// Type arguments (`<String, String>`) have no more tokens than this.
const MAX_TYPES: usize = 60;

impl<'a> Source<'a> {
    pub fn new(text: &'a str, problems: &mut Vec<Problem>) -> Source<'a> {
        let tokens = tokens::tokens(text, problems);
        let mut words: Vec<&str> = tokens.iter().filter(|token| token.kind == Cut::Word).map(|t| t.source).collect();
        words.order();
        let mut names: Vec<&str> = Vec::new();
        for word in words {
            if names.last() != Some(&word) {
                names.push(word);
            }
        }
        let close = matched(&tokens, problems);
        let mut source = Source { tokens, close, names, is_kotlin: false };
        source.is_kotlin = source.seems_kotlin();
        source
    }

    fn seems_kotlin(&self) -> bool {
        const WORDS: &[&str] = &["in", "until", "repeat", "it", "listOf", "mapOf", "ProducerRecord", "by"];
        let (mut signs, mut kotlin) = (0, 0);
        for (i, token) in self.tokens.iter().enumerate() {
            let declares = matches!(token.source, "fun" | "val") && token.kind == Cut::Word;
            if declares && (self.word(i + 1).is_some() || self.is(i + 1, "(")) {
                return true;
            }
            signs += u32::from(token.is(";"));
            kotlin += u32::from(token.kind == Cut::Word && WORDS.contains(&token.source));
        }
        // Java makes its objects with `new`.
        self.number_of("new").is_none() && (signs == 0 || kotlin > 0)
    }

    /// The number of a name, if it stands in the text.
    pub fn number_of(&self, name: &str) -> Option<usize> {
        self.names.binary_search(&name).ok()
    }

    pub fn names(&self) -> usize {
        self.names.len()
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    pub fn is(&self, i: usize, source: &str) -> bool {
        self.tokens.get(i).is_some_and(|token| token.is(source))
    }

    pub fn word(&self, i: usize) -> Option<&'a str> {
        self.tokens.get(i).filter(|token| token.kind == Cut::Word).map(|token| token.source)
    }

    pub fn sign(&self, i: usize) -> &'a str {
        self.tokens.get(i).filter(|token| token.kind == Cut::Sign).map_or("", |token| token.source)
    }

    /// Whether the token begins a line.
    pub fn is_first(&self, i: usize) -> bool {
        self.tokens.get(i).is_none_or(|token| token.first)
    }

    /// Where the bracket that opens at `open` closes.
    pub fn closing(&self, open: usize) -> usize {
        self.close.get(open).map_or(self.tokens.len(), |close| *close as usize)
    }

    /// Line and column of a token; of the last one for a place behind the end.
    pub fn place(&self, i: usize) -> (u32, u32) {
        let token = self.tokens.get(i).or(self.tokens.last());
        token.map_or((1, 1), |token| (token.line, token.column))
    }

    /// Behind a list of type arguments that begins at `<`.
    pub fn generic_end(&self, at: usize) -> Option<usize> {
        if !self.is(at, "<") {
            return None;
        }
        let mut depth = 0;
        for i in at..self.tokens.len().min(at + MAX_TYPES) {
            let token = &self.tokens[i];
            match token.source {
                "<" => depth += 1,
                ">" => depth -= 1,
                "," | "." | "?" | "[" | "]" | "*" | "&" => {}
                _ if token.kind == Cut::Word => {}
                _ => return None,
            }
            if depth == 0 {
                return Some(i + 1);
            }
        }
        None
    }

    /// The text of tokens as it stands, at most 60 characters of it.
    pub fn text(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        for i in from..to.min(self.tokens.len()).min(from + 60) {
            let spaced = i > from && self.tokens[i - 1].kind != Cut::Sign && self.tokens[i].kind != Cut::Sign;
            out.push_str(if spaced { " " } else { "" });
            out.push_str(self.tokens[i].source);
        }
        match out.char_indices().nth(60) {
            Some((at, _)) => format!("{}…", &out[..at]),
            None => out,
        }
    }
}

/// Where each bracket closes. A bracket that is never closed ends where the one around it does; round and square ones end
/// at a `;` too, but for those of a `for` or `try`. A closing one without its opening is passed over.
fn matched(tokens: &[Token], problems: &mut Vec<Problem>) -> Vec<u32> {
    let mut unclosed: Option<usize> = None;
    let mut close = vec![tokens.len() as u32; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        if token.kind != Cut::Sign {
            continue;
        }
        match token.source {
            "(" | "[" | "{" => open.push(i),
            ";" => {
                while let Some(last) = open.pop_if(|last| is_round(tokens, *last)) {
                    close[last] = i as u32;
                    unclosed = unclosed.or(Some(last));
                }
            }
            ")" | "]" => {
                let wanted = if token.source == ")" { "(" } else { "[" };
                while let Some(last) = open.pop_if(|last| !tokens[*last].is("{")) {
                    close[last] = i as u32;
                    if tokens[last].is(wanted) {
                        break;
                    }
                }
            }
            "}" => {
                while let Some(last) = open.pop() {
                    close[last] = i as u32;
                    if tokens[last].is("{") {
                        break;
                    }
                    unclosed = unclosed.or(Some(last));
                }
            }
            _ => {}
        }
    }
    // Told once: one that is missing makes others seem so.
    let unclosed = unclosed.or_else(|| open.iter().copied().find(|of| !tokens[*of].is("{")));
    if let Some(of) = unclosed {
        problems.push(Problem::new(tokens[of].line, tokens[of].column, Gap::OpenBracket));
    }
    close
}

fn is_round(tokens: &[Token], open: usize) -> bool {
    let keeps = || open > 0 && (tokens[open - 1].is("for") || tokens[open - 1].is("try"));
    !tokens[open].is("{") && !keeps()
}
