//! Prints the text that a program was pasted from.

use crate::script::ast::{CodePart, PastedCode};
use crate::script::table::name_of;

use super::out::Out;

pub(super) fn print_code(of: &PastedCode, out: &mut Out) {
    out.word(&of.client);
    out.option("text", &of.text);
    if of.kotlin {
        out.option("kotlin", "yes");
    }
    for (part, line) in &of.parts {
        out.option(name_of(*part, &CodePart::ALL), line);
    }
}
