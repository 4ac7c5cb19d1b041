//! What is pasted for a client: properties, or client code in Java or Kotlin with the clients it makes, the properties it
//! sets and what its programs do. The door is [`together`], for a client that is chosen and the others of the text; [`read`] below
//! it reads code.
//!
//! Nothing is compiled. The text is cut into tokens, the tokens become a tree (blocks, methods, loops, lambdas) that takes
//! whatever stands there, and the tree is walked in the order a program runs, with the values that are known without running
//! it. What stands in a loop counts for the loop; what is left out, or carried over otherwise, is a problem with its place.

mod apply;
mod arithmetic;
mod assigned;
mod consuming;
mod fills;
mod findings;
mod imports;
mod library;
mod methods;
mod producing;
mod reading;
mod topics;
mod round;
mod property;
mod limits;
mod entries;
mod described;
mod blocks;
mod arguments;
mod branches;
mod calls;
mod clients;
mod configs;
mod constants;
mod eval;
mod found;
mod frameworks;
pub(super) mod gap;
mod gathered;
mod given;
mod handled;
mod kept;
mod lines;
mod listeners;
mod not_played;
mod last;
mod loops;
mod names;
mod parse;
mod pasted;
mod programs;
mod reached;
mod records;
mod scope;
mod source;
mod tokens;
mod tree;
mod value;
mod told;
mod way;
mod walk;
mod written;

use crate::lang::Lang;
use crate::sorted::InOrder;

pub use constants::property_of_constant;
pub use described::{
    Code, CodeClient, CodeProperty, CodeRecord, Consuming, Producing, Program, Reads, Repeat, Role, Seek,
};
pub use gap::{Aside, Gap, SpringCommit};
pub use limits::Limit;
pub use lines::{Answers, Asks};
pub use pasted::{
    Assigned, Bootstrap, ForAnother, Framework, Kind, Other, Pasted, PastedText, RefusalReason, Refused, Taken,
    Together, Whom, assign, assign_code, bootstrap, detect, pasted, properties, together,
};
pub use property::Found;

use gathered::Gathered;
use limits::MOST_NEAR;

use super::problem::{MAX_TEXT_BYTES, Problem, What, too_large};

/// Reads a text.
pub fn read(text: &str) -> Code {
    let mut problems = Vec::new();
    if text.len() > MAX_TEXT_BYTES {
        return Code { problems: vec![Problem::new(1, 1, too_large(text.len()))], ..Code::default() };
    }
    let source = source::Source::new(text, &mut problems);
    let tree = parse::parse(&source);
    let mut gathered = Gathered::default();
    let walk = loop {
        let mut walk = walk::Walk::new(&source, &tree, gathered);
        walk.run();
        // What is asked for before it is filled is known to be filled from the first on.
        if !walk.gathered.is_late() {
            break walk;
        }
        gathered = walk.gathered.known();
    };
    let mut code = programs::of(walk, problems);
    if code.properties.is_empty() && code.clients.is_empty() && code.problems.is_empty() {
        code.problems.push(Problem::new(1, 1, What::NothingFound));
    }
    // What is said of a place once is not said again, however often the walk came by.
    code.problems.order_by_key(|problem| (problem.line, problem.column));
    let mut told: Vec<Problem> = Vec::new();
    let mut said: Vec<String> = Vec::new();
    for problem in code.problems {
        if told.last().is_none_or(|of| (of.line, of.column) != (problem.line, problem.column)) {
            said.clear();
        }
        // Sentences are compared rather than what they are made of, which costs the page less. Of thousands at one place the
        // nearest are compared.
        let sentence = problem.sentence(Lang::En);
        if !said.iter().rev().take(MOST_NEAR).any(|of| *of == sentence) {
            said.push(sentence);
            told.push(problem);
        }
    }
    code.problems = told;
    code
}

#[cfg(test)]
mod tests;
