//! Makes the tree of a program. It never fails: what no rule takes is passed over token by token, each token once.

mod declarations;
mod expressions;
mod statements;

use super::limits::{Limit, MAX_DEPTH, MAX_HEIGHT};
use super::source::Source;
use super::tree::{Call, Expr, Kind, Stmt, Tree};

pub(super) fn parse<'a>(source: &Source<'a>) -> Tree<'a> {
    let tree = Tree { classes: vec![("", 0)], ..Tree::default() };
    let end = source.len();
    let mut parser = Parser { source, at: 0, end, depth: 0, class: 0, annotations: Vec::new(), tree };
    let top = parser.statements();
    parser.tree.top = top;
    parser.tree
}

pub(super) struct Parser<'s, 'a> {
    source: &'s Source<'a>,
    at: usize,
    /// Behind the tokens that are read now: where the bracket around them closes.
    end: usize,
    depth: u32,
    class: u32,
    /// Those that stand before the declaration that comes next.
    annotations: Vec<Call<'a>>,
    tree: Tree<'a>,
}

impl<'a> Parser<'_, 'a> {
    fn is(&self, sign: &str) -> bool {
        self.at < self.end && self.source.is(self.at, sign)
    }

    fn is_at(&self, at: usize, sign: &str) -> bool {
        at < self.end && self.source.is(at, sign)
    }

    fn word(&self) -> Option<&'a str> {
        self.word_at(self.at)
    }

    fn word_at(&self, at: usize) -> Option<&'a str> {
        self.source.word(at).filter(|_| at < self.end)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    /// Whether the token goes on with the line of the one before it.
    fn goes_on(&self, at: usize) -> bool {
        at < self.end && !self.source.is_first(at)
    }

    /// Reads the insides of the bracket at this place, and goes behind it.
    fn inside<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        let end = self.go_inside();
        let out = read(self);
        self.go_outside(end);
        out
    }

    /// Gives where the part around the bracket ends.
    fn go_inside(&mut self) -> usize {
        let close = self.source.closing(self.at).min(self.end);
        self.at += 1;
        std::mem::replace(&mut self.end, close)
    }

    fn go_outside(&mut self, end: usize) {
        let close = std::mem::replace(&mut self.end, end);
        // A bracket that something else ends has no sign of its own.
        let has_sign = close < end && matches!(self.source.sign(close), ")" | "]" | "}");
        self.at = close + usize::from(has_sign);
    }

    /// Goes behind a token, or behind the bracket that it opens.
    fn pass(&mut self) {
        let opens = matches!(self.source.sign(self.at), "(" | "[" | "{");
        self.at = if opens { (self.source.closing(self.at) + 1).min(self.end) } else { self.at + 1 };
    }

    fn expr(&mut self, from: usize, kind: Kind<'a>, below: u16) -> Expr<'a> {
        let is_too_high = below >= MAX_HEIGHT;
        let kind = if is_too_high {
            self.is_beyond(Limit::Height, from);
            Kind::Unknown
        } else {
            kind
        };
        let height = if is_too_high { 1 } else { below + 1 };
        Expr { from: from as u32, to: self.at as u32, height, kind }
    }

    fn unknown(&self, from: usize) -> Expr<'a> {
        Expr { from: from as u32, to: self.at as u32, height: 1, kind: Kind::Unknown }
    }

    /// Whether what stands here lies too deep to be read, which is told.
    fn is_too_deep(&mut self) -> bool {
        let is_too_deep = self.depth >= MAX_DEPTH;
        if is_too_deep {
            self.is_beyond(Limit::Depth, self.at);
        }
        is_too_deep
    }

    fn is_beyond(&mut self, limit: Limit, at: usize) {
        if self.tree.beyond.iter().all(|(other, _)| *other != limit) {
            self.tree.beyond.push((limit, at as u32));
        }
    }

    /// How many assignments and calls were read so far.
    fn counted(&self) -> (u32, u32) {
        (self.tree.assigned.len() as u32, self.tree.calls.len() as u32)
    }

    /// The assignments and the calls since then.
    fn since(&self, (assigned, calls): (u32, u32)) -> ((u32, u32), (u32, u32)) {
        let now = self.counted();
        ((assigned, now.0), (calls, now.1))
    }
}

fn height<'a, 'e>(of: impl IntoIterator<Item = &'e Expr<'a>>) -> u16
where
    'a: 'e,
{
    of.into_iter().map(|of| of.height).max().unwrap_or(0)
}

fn height_of(of: &[Stmt]) -> u16 {
    of.iter().map(|of| of.height).max().unwrap_or(0)
}
