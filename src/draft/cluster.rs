//! A cluster that cannot start: the place in the script of what is to blame.

use std::sync::Arc;

use crate::config::{SettingNo, Side};
use crate::lang::{Lang, Sentence, both, placed};
use crate::script::{Line, Script, Statement};
use crate::simulation::CommandError;

/// Why no cluster can be made of a script, with the line and the column of the property that the sentence names.
pub fn cluster_refused(script: &Script, error: &CommandError) -> Sentence {
    let Sentence { en, ko } = error.alone();
    let of_cluster = |line: &&Arc<Line>| matches!(&*line.statement, Statement::Cluster(_));
    let Some(line) = script.lines.iter().find(of_cluster) else { return both(en, ko) };
    let (row, column) = (line.row, column(line, &error.blamed));
    both(placed(row, column, &en, Lang::En), placed(row, column, &ko, Lang::Ko))
}

/// The column of the first of these properties that the line gives: of its name, where it is unknown, or else of its value.
/// The whole line where it gives none.
fn column(line: &Line, blamed: &[Arc<str>]) -> u32 {
    let found = blamed.iter().find_map(|property| Some((property, line.option_columns(property)?)));
    let Some((property, (name, value))) = found else { return 1 };
    if SettingNo::find(Side::Broker, property).is_none() { name } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse;
    use crate::simulation::Simulation;

    #[test]
    fn what_is_wrong_with_a_cluster_has_its_place() {
        for (text, en, ko) in [
            (
                "# about: x\n\ncluster brokers=1 num.partition=3\n",
                "Line 3, column 19: Cluster: There is no",
                "3행 19열: ",
            ),
            ("cluster seed=1 num.partitions=abc\n", "Line 1, column 31: Cluster: Invalid value abc", "1행 31열: "),
            // What a value says, and what else the sentence names, is not to blame.
            (
                "cluster log.dirs=num.partitions num.partitions=num.partitions\n",
                "Line 1, column 48: Cluster: Invalid value num.partitions",
                "1행 48열: ",
            ),
            (
                "cluster socket.request.max.bytes=9 queued.max.request.bytes=8\n",
                "Line 1, column 61: Cluster: requirement failed: queued.max.request.bytes",
                "1행 61열: ",
            ),
            (
                "cluster log.roll.hours=1 log.roll.ms=0\n",
                "Line 1, column 38: Cluster: requirement failed",
                "1행 38열: ",
            ),
            ("cluster log.cleaner.threads=0\n", "Line 1, column 29: Cluster: / by zero", "1행 29열: "),
            ("cluster num.partitions=500\n", "Line 1, column 24: Cluster: num.partitions=500", "1행 24열: "),
        ] {
            let (script, errors) = parse(text);
            assert_eq!(errors, []);
            let error = Simulation::new(script.clone().into()).map(|_| ()).expect_err("it cannot start");
            let sentence = cluster_refused(&script, &error);
            assert!(sentence.en.starts_with(en) && sentence.ko.starts_with(ko), "{sentence:?}");
        }
    }
}
