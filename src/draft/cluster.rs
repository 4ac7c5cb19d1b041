//! A cluster that cannot start: the place in the script of what is to blame.

use crate::config::{SettingNo, Side};
use crate::lang::{Lang, Sentence, both, placed};
use crate::script::{Line, NewCluster, Script, Statement};
use crate::simulation::CommandError;

/// Why no cluster can be made of a script, with the line and the column of the property that the sentence names.
pub fn cluster_refused(script: &Script, error: &CommandError) -> Sentence {
    let Sentence { en, ko } = error.alone();
    let found = script.lines.iter().find_map(|line| match &*line.statement {
        Statement::Cluster(cluster) => Some((line, cluster)),
        _ => None,
    });
    let Some((line, cluster)) = found else { return both(en, ko) };
    let (row, column) = (line.row, column(line, cluster, &en));
    both(placed(row, column, &en, Lang::En), placed(row, column, &ko, Lang::Ko))
}

/// The column of the property that the sentence names; of several the one with the longest name, since names are parts of
/// others. The whole line where it names none.
fn column(line: &Line, cluster: &NewCluster, sentence: &str) -> u32 {
    let named = cluster.properties.iter().filter(|property| sentence.contains(&*property.name));
    let Some(property) = named.max_by_key(|property| property.name.len()) else { return 1 };
    let is_unknown = SettingNo::find(Side::Broker, &property.name).is_none();
    line.option_columns(&property.name).map_or(1, |(name, value)| if is_unknown { name } else { value })
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
