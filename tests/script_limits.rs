//! Limits of scripts, of their lines and of what is told about them.

use partita::lang::Lang;
use partita::script::{self, stored};

const C: &str = "cluster brokers=3\nproducer p1\nconsumer c1 group.id=g\n";

#[test]
fn limits_are_told() {
    let clients: String = (0..51).map(|i| format!("producer p{i}\n")).collect();
    let topics: String = (0..51).map(|i| format!("topic t{i}\n")).collect();
    let (_, errors) = script::parse(&format!("cluster brokers=1\n{clients}{topics}"));
    let told: Vec<_> = errors.iter().map(|e| (e.line, e.column, e.sentence(Lang::En))).collect();
    assert_eq!((told[0].0, told[0].1, told[1].0, told[1].1), (52, 10, 103, 7));
    assert!(told[0].2.contains("at most 50 clients") && told[1].2.contains("at most 50 topics"), "{told:?}");
    let value = "x".repeat(script::MAX_RECORD_BYTES as usize);
    let (_, errors) = script::parse(&format!("{C}send p1 t value={value}\nsend p1 t key=k value={value}"));
    assert_eq!(errors.iter().map(|e| (e.line, e.column)).collect::<Vec<_>>(), [(5, 23)]);
    let lines = script::MAX_LINES as usize;
    let (script, errors) = script::parse(&format!("{}step\n", "#\n".repeat(lines)));
    assert_eq!((script.lines.len(), errors.len(), errors[0].line), (lines, 1, script::MAX_LINES + 1));
    let (script, errors) = script::parse(&format!("{C}#{}\nstep\n", "x".repeat(script::MAX_SCRIPT_BYTES)));
    assert_eq!((script.statements().count(), errors.len(), errors[0].line), (3, 1, 4));
    assert!(errors[0].sentence(Lang::En).contains("at most 32 MB"));
    let (_, errors) = script::parse(&"nonsense\n".repeat(5000));
    assert_eq!(errors.len(), script::MAX_ERRORS + 1);
    assert!(errors.last().unwrap().sentence(Lang::En).contains("4,800 more"));
    // One line alone may have more errors than are told.
    let options: String = (0..300).map(|i| format!(" x{i}=1")).collect();
    let (_, errors) = script::parse(&format!("{C}step{options}\n"));
    assert_eq!(errors.len(), script::MAX_ERRORS + 1);
    assert!(errors.last().unwrap().sentence(Lang::En).contains("100 more"));
}

/// However much of a line is wrong, it is told in so many sentences, with the number of the others.
#[test]
fn a_line_that_is_wrong_throughout_is_told_in_a_limited_number_of_sentences() {
    let errors = |line: &str| script::parse(&format!("{C}{line}\n")).1;
    let commas = ",".repeat(3_000_000);
    for (line, column) in [
        (format!("assign c1 {commas}"), 10_010),
        (format!("wait assignment c1 = {commas}"), 10_019),
        (format!("poll c1 assigned={commas}"), 10_018),
        (format!("subscribe c1 {commas}"), 10_013),
        (format!("acknowledge c1 accept t-0 {commas}"), 10_024),
        (format!("wait isr t-0 = {commas}"), 10_013),
        (format!("topic t replicas={}", commas.replace(',', ";")), 10_018),
    ] {
        let found = errors(&line);
        let last = found.last().expect("it is told");
        // `c1` is no share consumer, which is told as well.
        assert_eq!(found.len(), 1 + usize::from(line.starts_with("acknowledge")), "{}", &line[..20]);
        let said = last.sentence(Lang::En);
        assert_eq!(last.column, column, "{}", &line[..20]);
        assert!(said.contains("here it has more. Allowed: at most 10,000 words a line."), "{said}");
    }
    for line in [
        format!("assign c1 {}", ",".repeat(9_000)),
        format!("wait assignment c1 = {}", ",".repeat(9_000)),
        format!("poll c1 assigned={}", ",".repeat(9_000)),
        format!("alter-offsets g {}", "x-1=1y- ".repeat(9_001)),
    ] {
        let found = errors(&line);
        assert_eq!(found.len(), script::MAX_ERRORS + 1, "{}", &line[..20]);
        let said = found[script::MAX_ERRORS].sentence(Lang::En);
        assert!(said.starts_with("Line 4, column 1: from here on 8,801 more errors."), "{said}");
    }
    // An option that is given again is one more, too.
    let said = errors(&format!("flush p1 {}", "a=1 ".repeat(2_000))).pop().expect("it is told").sentence(Lang::En);
    assert!(said.contains("from here on 800 more errors"), "{said}");
    // Lines share the sentences.
    let line = "assign c1 ,,,,,,,,,\n";
    let found = script::parse(&format!("{C}{}", line.repeat(50))).1;
    assert_eq!(found.len(), script::MAX_ERRORS + 1);
    assert!(found[script::MAX_ERRORS].sentence(Lang::En).contains("300 more errors"));
}

/// Branches share the sentences as well.
#[test]
fn a_run_that_is_wrong_throughout_is_told_in_a_limited_number_of_sentences() {
    let told = |text: &str| stored::decode(text).1.iter().map(|note| note.sentence(Lang::En)).collect::<Vec<_>>();
    let branch = |number: usize| format!("%branch {number}\ncluster brokers=1\n{}", "sned\n".repeat(150));
    let all = told(&(1..=3).map(branch).fold("partita 1\n".to_owned(), |text, branch| text + &branch));
    assert_eq!(all.len(), script::MAX_ERRORS + 1);
    assert!(all[script::MAX_ERRORS].contains("from here on 250 more errors"), "{}", all[script::MAX_ERRORS]);
    let all = told(&format!("partita 1\n{}cluster brokers=1\nsned\n", "%colour blue\n".repeat(1_000)));
    assert_eq!(all.len(), script::MAX_ERRORS + 2);
    assert!(all[script::MAX_ERRORS].contains("from here on 800 more errors"), "{}", all[script::MAX_ERRORS]);
    // None of these branches can be held any more.
    let first = format!("partita 1\n%branch 1\ncluster brokers=1\n{}", "step\n".repeat(199_998));
    let more = (2..=1_001).map(|number| format!("%branch {number}\nstep\n")).collect::<String>();
    let all = told(&format!("{first}step\n{more}"));
    assert_eq!(all.len(), script::MAX_ERRORS + 1);
    assert!(all[script::MAX_ERRORS].contains("from here on 800 more errors"), "{}", all[script::MAX_ERRORS]);
}

/// What commas part counts for each, in all words of a line together.
#[test]
fn the_words_of_a_line_are_counted_together() {
    let is_read = |line: &str| script::parse(&format!("{C}consumer c2 group.id=g\n{line}\n")).1;
    let list = |from: usize, to: usize| (from..to).map(|i| format!("t-{i}")).collect::<Vec<_>>().join(",");
    let words = |count: usize| (0..count).map(|n| list(n * 333, (n + 1) * 333)).collect::<Vec<_>>().join(" ");
    assert_eq!(is_read(&format!("assign c1 {}", words(30))), [], "c1 and 9,990 partitions");
    let told = is_read(&format!("assign c1 {}", words(31)));
    let said = told[0].sentence(Lang::En);
    assert!(told.len() == 1 && said.contains("10,000 words, and `t-9999` is one more"), "{said}");
    let offsets = |count: usize| (0..count).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    let share = "share-consumer s1 group.id=s\nacknowledge s1 accept t-0 ";
    assert_eq!(is_read(&format!("{share}{}", offsets(9_997))), []);
    let said = is_read(&format!("{share}{}", offsets(9_998)))[0].sentence(Lang::En);
    assert!(said.contains("`9997` is one more"), "{said}");
    let said = is_read(&format!("subscribe c1 {}", offsets(10_000)))[0].sentence(Lang::En);
    assert!(said.contains("at most 10,000 words"), "{said}");
}

/// The last record of a line is its longest.
#[test]
fn a_record_is_limited_by_the_longest_that_its_line_sends() {
    let counters = "{i}".repeat(400_000);
    let told = |line: &str| script::parse(&format!("{C}{line}\n")).1.pop().map(|error| error.sentence(Lang::En));
    for line in [
        format!("send p1 t value={counters}"),
        format!("send p1 t value={counters} times=100"),
        format!("produce-loop p1 t value={counters} count=100"),
        format!("produce-loop p1 t key={counters} keys=100"),
    ] {
        assert_eq!(told(&line), None, "{}", &line[line.len() - 20..]);
    }
    for (line, bytes) in [
        (format!("send p1 t value={counters} times=101"), "1,200,000 bytes"),
        (format!("produce-loop p1 t value={counters} count=1001"), "1,600,000 bytes"),
        (format!("produce-loop p1 t value={counters}"), "3,200,000 bytes"),
        (format!("produce-loop p1 t key={counters} keys=101"), "1,200,000 bytes"),
    ] {
        let said = told(&line).expect("it is too large");
        assert!(said.contains(bytes) && said.contains("at most 1 MB (1,048,576 bytes) a record"), "{said}");
    }
}

/// What a run names may come by itself: subscriptions and sends make topics, commits make groups.
#[test]
fn topics_and_groups_are_limited_by_every_way_to_them() {
    let first = |text: &str| {
        let (_, errors) = script::parse(&format!("{C}consumer c1 group.id=g\n{text}"));
        errors.first().map(|error| (error.line, error.column, error.sentence(Lang::En)))
    };
    let names = |count: usize| (0..count).map(|i| format!("x{i}")).collect::<Vec<_>>().join(",");
    assert_eq!(first(&format!("subscribe c1 {}\n", names(50))), None);
    let told = first(&format!("subscribe c1 {}\n", names(9_000))).expect("too many");
    assert!(
        (told.0, told.1) == (5, 204) && told.2.contains("`x50`") && told.2.contains("at most 50 topics"),
        "{told:?}"
    );
    let sends: String = (0..51).map(|i| format!("send p1 x{i} value=a\n")).collect();
    assert_eq!(first(&sends).expect("too many").0, 55);
    let assigned = (0..51).map(|i| format!("x{i}-0")).collect::<Vec<_>>().join(" ");
    assert_eq!(first(&format!("assign c1 {assigned}\n")).expect("too many").0, 5);
    let groups: String = (0..1000).map(|i| format!("alter-offsets g{i} t-0=5\n")).collect();
    let told = first(&groups).expect("too many");
    assert!(told.0 == 1004 && told.2.contains("`g999`") && told.2.contains("at most 1,000 groups"), "{told:?}");
    let options = (0..1001).map(|i| format!("o{i}=1")).collect::<Vec<_>>().join(" ");
    let told = first(&format!("producer p2 {options}\n")).expect("too many");
    assert!(told.2.contains("`o1000`") && told.2.contains("at most 1,000 options"), "{told:?}");
}
