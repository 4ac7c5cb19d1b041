//! Reads the text that a program was pasted from.

use std::sync::Arc;

use crate::lang::{Text, text};
use crate::script::ast::{ANY_KIND, CodePart, PastedCode, Statement};
use crate::script::limits::MAX_CODE_BYTES;
use crate::script::table::YES_NO;

use super::args::Args;

const _: () = assert!(MAX_CODE_BYTES == 100_000);
const A_TEXT: Text = text("a text of 1 to 100,000 bytes", "1~100,000바이트의 글");

pub(super) fn parse_code(args: &mut Args) -> Option<Statement> {
    let client = args.client(ANY_KIND);
    let word = args.take("text");
    if word.is_none() {
        args.needed("text");
    }
    let fits = |text: &str| (1..=MAX_CODE_BYTES).contains(&text.len()).then(|| Arc::<str>::from(text));
    let text = word.and_then(|word| args.read_of(&word, "text", fits, A_TEXT));
    let kotlin = args.choice("kotlin", YES_NO).unwrap_or(false);
    let parts =
        CodePart::ALL.iter().filter_map(|(name, part)| Some((*part, args.u32(name, 1, MAX_CODE_BYTES as u32)?)));
    let parts = parts.collect();
    Some(Statement::Code(PastedCode { client: client?, text: text?, kotlin, parts }))
}
