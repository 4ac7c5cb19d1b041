//! What a script proposes to try, as what is done: a line at the place where the run stands, or another beginning.

use std::sync::Arc;

use super::change::{Target, edited};
use crate::lang::{Lang, Sentence, both};
use crate::script::{
    Line, Script, ScriptContext, Setting, SettingFrom, SettingTarget, Statement, Try, parse_line, print_line,
};

/// What trying comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Tried {
    /// This is done where the run stands.
    Here(Statement),
    /// The run begins again with this script.
    FromStart(Script),
}

/// What trying comes to in a script. Fails with a sentence: its line cannot be read behind the script's, or the line in whose
/// place it stands is not there.
pub fn tried(script: &Script, of: &Try) -> Result<Tried, Sentence> {
    let lines = || script.lines.iter().filter(|line| line.anchor.is_none());
    let at = match &of.instead {
        Some(instead) => Some(lines().position(|line| line.is_written(instead)).ok_or_else(|| missing(instead))?),
        None => None,
    };
    let mut context = ScriptContext::default();
    for line in lines().take(at.unwrap_or(usize::MAX)) {
        // What cannot be read is told where the script is.
        let _ = parse_line(&print_line(line), line.number, &mut context);
    }
    let statement = match parse_line(&of.line, 1, &mut context) {
        Ok(line) => Arc::unwrap_or_clone(line.statement),
        Err(errors) => {
            let say = |lang| errors.first().map(|error| error.sentence(lang)).unwrap_or_default();
            return Err(both(say(Lang::En), say(Lang::Ko)));
        }
    };
    let begins_again = |script: Option<Script>| script.map(Tried::FromStart).ok_or_else(|| missing(&of.line));
    match (at, statement) {
        (Some(at), statement) => {
            let mut script = script.clone();
            let old = Arc::make_mut(&mut script.lines[at]);
            let made = Line::made(old.number, None, Arc::new(statement));
            (old.statement, old.text) = (made.statement, made.text);
            begins_again(Some(script))
        }
        (None, Statement::Set(Setting { target, properties, from: SettingFrom::Start })) => {
            let target = match target {
                SettingTarget::Cluster => Target::Cluster,
                SettingTarget::Topic(name) => Target::Topic(name.to_string()),
                SettingTarget::Client(name) => Target::Client(name.to_string()),
                SettingTarget::Broker(_) => return Err(missing(&of.line)),
            };
            begins_again(edited(script, &target, &properties))
        }
        (None, statement) => Ok(Tried::Here(statement)),
    }
}

fn missing(line: &str) -> Sentence {
    both(
        format!("Nothing can be tried here: the script has no line for `{line}`."),
        format!("여기서는 해 볼 수 없습니다. 스크립트에 해당하는 줄이 없습니다: `{line}`."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse;

    const SCRIPT: &str = "cluster brokers=1 seed=1\ntopic t\nproducer p acks=1\nsend p t value=1\nsleep 20\n\
                          try \"acks to 0\" line=\"set p acks=0 from=start\"\n\
                          try \"wait longer\" line=\"sleep 500\" instead=\"sleep 20\"\n\
                          try \"kill p\" ko=\"p 종료\" line=\"kill p\"\n\
                          try \"no\" line=\"kill q\"\n\
                          try \"nothing\" line=\"sleep 5\" instead=\"sleep 21\"\n";

    #[test]
    fn what_is_tried_becomes_a_line_or_another_beginning() {
        let (script, errors) = parse(SCRIPT);
        // The last two are told where they stand, and refused when they are tried.
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [9, 10]);
        let all: Vec<Result<Tried, Sentence>> = script.tries().map(|of| tried(&script, of)).collect();
        let texts = |tried: &Result<Tried, Sentence>| match tried {
            Ok(Tried::FromStart(script)) => script.lines[2..5].iter().map(|line| line.text.to_string()).collect(),
            Ok(Tried::Here(statement)) => vec![crate::script::print_statement(statement)],
            Err(sentence) => vec![sentence.en.clone()],
        };
        assert_eq!(texts(&all[0]), ["producer p acks=0", "send p t value=1", "sleep 20"]);
        assert_eq!(texts(&all[1]), ["producer p acks=1", "send p t value=1", "sleep 500"]);
        assert_eq!(texts(&all[2]), ["kill p"]);
        assert!(texts(&all[3])[0].contains("`q`"), "{:?}", all[3]);
        assert!(texts(&all[4])[0].contains("no line for `sleep 21`"), "{:?}", all[4]);
    }
}
