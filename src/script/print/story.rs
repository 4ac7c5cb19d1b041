//! Prints chapters, and what one can try.

use std::sync::Arc;

use crate::lang::Both;
use crate::script::ast::{Chapter, Try};

use super::out::Out;

pub(super) fn print_chapter(of: &Chapter, out: &mut Out) {
    texts(&of.title, out);
    if !of.says.en.is_empty() {
        out.option("says", &of.says.en);
        if of.says.ko != of.says.en {
            out.option("ko-says", &of.says.ko);
        }
    }
    out.some("follows", of.follows.as_ref());
}

pub(super) fn print_try(of: &Try, out: &mut Out) {
    texts(&of.label, out);
    out.option("line", &of.line);
    out.some("instead", of.instead.as_ref());
}

/// The English text, and the Korean one where it says something of its own.
fn texts(of: &Both<Arc<str>>, out: &mut Out) {
    out.title(&of.en);
    if of.ko != of.en {
        out.option("ko", &of.ko);
    }
}
