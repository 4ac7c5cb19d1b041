//! Reads the text that a program was pasted from.

use std::sync::Arc;

use crate::lang::{Text, text};
use crate::script::ast::{ANY_KIND, CodePart, PastedCode, Setting, SettingTarget, Statement};
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::limits::MAX_CODE_BYTES;
use crate::script::table::YES_NO;

use super::args::Args;

const _: () = assert!(MAX_CODE_BYTES == 100_000);
const A_TEXT: Text = text("a text of 1 to 100,000 bytes", "1~100,000바이트의 글");

const A_LINE_ABOVE: Text = text(
    "one `code` line for what the client does until the next one: a line of its program between them",
    "다음 `code` 줄까지 클라이언트가 하는 일에 `code` 한 줄: 둘 사이에 그 프로그램의 줄",
);

pub(super) fn parse_code(args: &mut Args) -> Option<Statement> {
    let named = args.words_to_come().next().cloned();
    let client = args.client(ANY_KIND);
    if let (Some(word), Some(first)) = (named, client.as_ref().and_then(|client| args.context.coded.get(client).copied())) {
        args.fail(word.column, &word.text, ScriptProblem::SecondCode { first }, Allowed::Form(A_LINE_ABOVE));
    }
    let word = args.take("text");
    if word.is_none() {
        args.needed("text");
    }
    let fits = |text: &str| (1..=MAX_CODE_BYTES).contains(&text.len()).then(|| Arc::<str>::from(text));
    let text = word.and_then(|word| args.read_of(&word, "text", fits, A_TEXT));
    let kotlin = args.choice("kotlin", YES_NO).unwrap_or(false);
    // Of a text that cannot be read, any of its lines may be meant.
    let lines = text.as_ref().map_or(MAX_CODE_BYTES, |text| text.lines().count()) as u32;
    let parts = CodePart::ALL.iter().filter_map(|(name, part)| Some((*part, args.u32(name, 1, lines)?)));
    let parts = parts.collect();
    Some(Statement::Code(PastedCode { client: client?, text: text?, kotlin, parts }))
}

/// The client whose program or making a statement is.
pub(super) fn client_of(statement: &Statement) -> Option<&Arc<str>> {
    match statement {
        Statement::Client(client) => Some(&client.id),
        Statement::Send(send) => Some(&send.client),
        Statement::ProduceLoop(of) => Some(&of.client),
        Statement::ConsumeLoop(of) => Some(&of.client),
        Statement::Call { client, .. } => Some(client),
        Statement::Set(Setting { target: SettingTarget::Client(client), .. }) => Some(client),
        _ => None,
    }
}
