//! The text that a program was pasted from, as code with its own lines.

use super::out::{CodeLine, CodeText, Part};
use super::tree::{Pasted, Program};
use crate::application::Written;
use crate::lang::seen;
use crate::script::{Call, CodePart, PastedCode, Statement};

/// The text, and which of its lines the parts of the program's statements are.
pub(super) fn text(program: &Program<'_>) -> CodeText {
    let Some(Pasted { code, is_made }) = program.pasted else { return CodeText::default() };
    let line = |text: &str| CodeLine { indent: 0, text: seen(text), at: None };
    let lines: Vec<CodeLine> = code.text.lines().map(line).collect();
    let mut places = Vec::new();
    if is_made {
        place(code, program.made, (CodePart::Make, Part::Make), &mut places);
    }
    for step in program.steps.iter().filter(|step| step.is_own) {
        match step.statement {
            Statement::ProduceLoop(_) | Statement::ConsumeLoop(_) => of_loop(code, step.written, &mut places),
            Statement::Call { call: Call::Subscribe(_) | Call::Assign(_), .. } => {
                place(code, step.written, (CodePart::Subscribe, Part::Call), &mut places);
            }
            _ => {}
        }
    }
    places.retain(|(.., at)| *at < lines.len());
    CodeText { lines, places, ..CodeText::default() }
}

fn of_loop(code: &PastedCode, written: Written, places: &mut Vec<(Written, Part, usize)>) {
    const PARTS: [(CodePart, Part); 6] = [
        (CodePart::Call, Part::Call),
        (CodePart::Get, Part::Get),
        (CodePart::Callback, Part::Callback),
        (CodePart::Process, Part::Process),
        (CodePart::Commit, Part::Commit),
        (CodePart::Sleep, Part::Sleep),
    ];
    for part in PARTS {
        place(code, written, part, places);
    }
}

fn place(code: &PastedCode, written: Written, (of, part): (CodePart, Part), to: &mut Vec<(Written, Part, usize)>) {
    let line = code.parts.iter().find(|(other, _)| *other == of);
    to.extend(line.map(|(_, line)| (written, part, *line as usize - 1)));
}
