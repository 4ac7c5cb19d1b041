//! What changing a setting means: two ways to apply it.

use std::sync::Arc;

use partita::application::Written;
use partita::draft::{Target, edited, with_program};
use partita::script::{Property, Script, Statement};
use partita::simulation::CommandError;

use crate::page::session::{Pasted, Session};

/// From now on: the client is closed and made anew, the topic is altered through the real request.
pub fn apply_now(
    session: Session,
    target: &Target,
    new: &[Property],
    after: impl FnOnce(Result<(), CommandError>) + 'static,
) {
    match session.read_lines(&[target.set_now(new)]) {
        Ok(statements) => session.act(statements, after),
        Err(refusal) => {
            let first = refusal.into_iter().next().unwrap_or_default();
            after(Err(CommandError::named(first)));
        }
    }
}

/// Where the loop of a pasted program begins, in the script that it has come into.
fn pasted(script: &Script, target: &Target, program: &[Statement]) -> Option<Pasted> {
    let Target::Client(client) = target else { return None };
    let is_loop = |of: &Statement| matches!(of, Statement::ProduceLoop(_) | Statement::ConsumeLoop(_));
    let last = program.last().filter(|of| is_loop(of))?;
    let line = script.lines.iter().find(|line| *line.statement == *last)?;
    Some(Pasted { client: Arc::from(client.as_str()), begins: vec![Written::Line(line.number)] })
}

/// From the start: the line that makes the client, the topic or the cluster is another, a client runs `program` if that is
/// one, and the same commands run again.
pub fn apply_from_start(
    session: Session,
    target: &Target,
    new: &[Property],
    program: &[Statement],
    name: String,
    after: impl FnOnce(Result<(), CommandError>) + 'static,
) {
    match session.with_run(|run| edited(&run.timeline.script(), target, new)) {
        Some(script) => {
            let place = session.place_alike();
            let script = match target {
                Target::Client(client) => with_program(script, client, program),
                Target::Topic(_) | Target::Cluster => script,
            };
            let pasted = pasted(&script, target, program);
            session.change_from_start(script, name, move |outcome| {
                let is_done = outcome.is_ok();
                after(outcome);
                match pasted {
                    Some(pasted) if is_done => session.stand_at_pasted(pasted),
                    _ if is_done => session.stand_alike(place),
                    _ => {}
                }
            });
        }
        None => after(Err(CommandError::new(
            "No line of this run makes it: it can only be changed from now",
            "이 실행에는 이것을 만드는 줄이 없습니다. 지금부터만 바꿀 수 있습니다",
        ))),
    }
}
