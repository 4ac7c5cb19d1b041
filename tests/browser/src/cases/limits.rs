//! What a run may hold: each limit is enforced with a sentence, and the run stays.

use partita::script::stored::MAX_BRANCHES;

use super::acting::closed;
use super::branches::put;
use super::moving::opened;
use super::real_input::{choose_file, refused};
use crate::page::Page;

pub fn limits_are_enforced_with_a_sentence(page: &Page) {
    opened(page);
    let topics: String = (1..=50).map(|n| format!("topic t{n}\n")).collect();
    let clients: String = (1..=50).map(|n| format!("producer p{n}\n")).collect();
    page.open_script(&format!("cluster brokers=9 seed=1\n{topics}{clients}"), None);
    page.wait_text(".clock", "step ");
    refused(page, "topic t51", "at most 50 topics");
    refused(page, "producer p51", "at most 50 clients");
    refused(page, "topic t1 partitions=101", "from 1 to 100");
    refused(page, "send p1 t1 value-size=1048577", "from 0 to 1,048,576");
    page.open_script("cluster brokers=10\nproducer p1\n", None);
    page.wait_text(".notices ul", "from 1 to 9");
    // A record of more than 1 MB in a file: its line is refused, the others are not.
    page.press("Escape");
    page.press("a");
    page.click("dialog .fpal li:nth-child(7) button");
    page.wait_visible("#records-file");
    choose_file(page, "#records-file", "big.txt", &format!("small\n{}\nlast\n", "x".repeat(1_048_577)));
    page.wait_text("#records-sum", "2 records");
    page.wait_text("#refused", "Line 2");
    // More than 5 MB: nothing of it.
    choose_file(page, "#records-file", "huge.txt", &"0123456789\n".repeat(500_000));
    page.wait_text("#records-sum", "0 records");
    page.wait_text("#refused", "5,242,880");
    page.press("Escape");
}

pub fn a_run_has_at_most_two_hundred_branches(page: &Page) {
    opened(page);
    let header = |number: usize| format!("%branch {number} of=1 at=@5 like=1 lines=2 name=\"branch {number}\"\n");
    let others: String = (2..=MAX_BRANCHES).map(header).collect();
    let first = "partita 1\n%branch 1\ncluster brokers=2 seed=3\nproducer p1\n@4000000 crash broker-2\n";
    put(page, &format!("{first}{others}"));
    page.reload();
    page.wait_text(".clock", "step 0");
    assert!(!page.text(".notices").contains("could be opened"), "{}", page.text(".notices"));
    let branches = |page: &Page| {
        page.press("y");
        page.wait_visible("dialog [data-branch='0']");
        let count = page.count("dialog [data-branch]");
        page.press("Escape");
        closed(page);
        count
    };
    assert_eq!(branches(page), MAX_BRANCHES as u64);
    // The crash is still to come: what is done before it would begin one more.
    refused(page, "crash broker-1", "A run has at most 200 branches");
    assert_eq!(branches(page), MAX_BRANCHES as u64);
    // From the start as well.
    page.fill("#find-setting", "group.initial");
    page.fill("#cfg-group\\.initial\\.rebalance\\.delay\\.ms", "250");
    page.wait_visible(".cr-a [data-from='start']");
    page.click(".cr-a [data-from='start']");
    page.wait_text(".cr.err .msg", "A run has at most 200 branches");
    // What needs no branch is done.
    page.press("Escape");
    page.press("Escape");
    page.press("y");
    page.click("dialog [data-branch='1']");
    closed(page);
    super::acting::command(page, "crash broker-1");
    assert_eq!(branches(page), MAX_BRANCHES as u64);
}

pub fn after_two_million_moves_it_asks(page: &Page) {
    opened(page);
    // A consumer without work polls for ever: moves without end, and nothing to tell.
    let script = "cluster brokers=1 seed=3\ntopic orders partitions=1\nconsumer c1 enable.auto.commit=false\nassign c1 orders-0\n\
                  seek c1 orders-0=0\nconsume-loop c1 poll_ms=1 commit=none\n";
    page.open_script(script, None);
    page.wait_text(".clock", "step ");
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("100000000");
    page.press("Enter");
    page.wait_text(".notices", "Computing");
    page.wait_while_it_goes_on(
        "the question",
        ".notices",
        "return document.querySelector('.notices').innerText.includes('2,000,000 moves were computed.')",
    );
    page.shot("go-on");
    page.click(".notices .nl-d");
    page.wait_text(".notices", "Computing");
    page.click(".notices .nl-d");
    page.wait_true("the end of it", "return !document.querySelector('.notices').innerText.includes('Computing')");
}
