//! Reads the text that a program was pasted from.

use std::sync::Arc;

use crate::lang::{Text, text};
use crate::script::ast::{ANY_KIND, CodePart, PastedCode, Statement};
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::limits::MAX_CODE_BYTES;
use crate::script::table::YES_NO;

use super::args::Args;

const _: () = assert!(MAX_CODE_BYTES == 100_000);
const A_TEXT: Text = text("a text of 1 to 100,000 bytes", "1~100,000바이트의 글");

const A_LINE_ABOVE: Text =
    text("a line that the client does between two `code` lines", "두 `code` 줄 사이에 그 클라이언트가 하는 줄");

pub(super) fn parse_code(args: &mut Args) -> Option<Statement> {
    let named = args.words_to_come().next().cloned();
    let client = args.client(ANY_KIND);
    if let (Some(word), Some(first)) =
        (named, client.as_ref().and_then(|client| args.context.coded.get(client).copied()))
    {
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

#[cfg(test)]
mod tests {
    use crate::lang::Lang;
    use crate::script::parse;

    fn told(lines: &str) -> Vec<String> {
        let (_, errors) = parse(&format!("cluster brokers=1\ntopic t\nproducer p\n{lines}"));
        errors.iter().map(|error| error.sentence(Lang::En)).collect()
    }

    #[test]
    fn parts_stand_within_the_text() {
        assert_eq!(told("code p text=\"a\\nb\" make=1 call=2\n"), Vec::<String>::new());
        let beyond = "Line 4, column 25: `99` does not fit make. Allowed: a whole number from 1 to 2.";
        assert_eq!(told("code p text=\"a\\nb\" make=99\n"), [beyond]);
    }

    #[test]
    fn a_second_text_needs_something_between() {
        let loops = "produce-loop p t count=1\n";
        let second = told(&format!("code p text=a\n\n# again\ncode p text=b\n{loops}"));
        assert_eq!(second.len(), 1, "{second:?}");
        assert!(second[0].starts_with("Line 7, column 6: the code of `p` stands on line 4 already"), "{second:?}");
        assert!(
            second[0].contains("and `p` does nothing in between. Allowed: a line that the client does"),
            "{second:?}"
        );
        // Pasted twice: each text has its program.
        assert_eq!(told(&format!("code p text=a\n{loops}code p text=b\n{loops}")), Vec::<String>::new());
        assert_eq!(told(&format!("code p text=a\nset p acks=1\ncode p text=b\n{loops}")), Vec::<String>::new());
        assert_eq!(told("producer q\ncode p text=a\ncode q text=b\n"), Vec::<String>::new());
    }
}
