//! What each verb does, and a line that shows it: what the `:` line's completion and the page of the grammar say beside the
//! form itself (`verbs`). A verb without a row here does not compile; a row that the parser does not take fails a test.

use super::verbs::VERBS;
use crate::lang::{Lang, Text, text};

/// A verb as people learn it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub name: &'static str,
    /// The form of its line.
    pub usage: &'static str,
    pub about: Text,
    /// A line of it.
    pub example: &'static str,
}

struct Row {
    name: &'static str,
    about: Text,
    example: &'static str,
}

macro_rules! rows {
    ($($name:literal $en:literal $ko:literal $example:literal;)*) => {
        const ROWS: &[Row] = &[$(Row { name: $name, about: text($en, $ko), example: $example },)*];
    };
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Each verb has its row, in the order of the verbs.
const _: () = {
    assert!(ROWS.len() == VERBS.len(), "a verb has no row here, or a row no verb");
    let mut row = 0;
    while row < ROWS.len() {
        assert!(same(ROWS[row].name.as_bytes(), VERBS[row].name.as_bytes()), "the rows are in the order of the verbs");
        row += 1;
    }
};

/// All of them.
pub fn forms() -> impl Iterator<Item = Form> {
    let form = |(row, verb): (&Row, &super::verbs::Verb)| Form {
        name: row.name,
        usage: verb.usage,
        about: row.about,
        example: row.example,
    };
    ROWS.iter().zip(VERBS).map(form)
}

/// The form of a verb.
pub fn form(name: &str) -> Option<Form> {
    forms().find(|form| form.name == name)
}

rows! {
    "cluster" "makes the cluster: brokers, seed, brokers' properties; the first line" "클러스터를 만듭니다. 브로커, 시드, 브로커 속성. 첫 줄" "cluster brokers=3 seed=7 num.partitions=2";
    "topic" "makes a topic" "토픽을 만듭니다" "topic payments partitions=3 retention.ms=60000";
    "producer" "makes a producer, with properties by Kafka's names" "프로듀서를 만듭니다. 속성은 카프카 이름 그대로" "producer p2 acks=all linger.ms=5";
    "consumer" "makes a consumer" "컨슈머를 만듭니다" "consumer c2 group.id=billing auto.offset.reset=earliest";
    "share-consumer" "makes a share consumer: read, not played" "공유 컨슈머를 만듭니다. 읽기만 하고 실행하지 않습니다" "share-consumer s2 group.id=shared";
    "send" "a producer sends a record and goes on" "프로듀서가 레코드를 보내고 기다리지 않습니다" "send p1 orders key=mia value={\"order\":7} header.trace=a1";
    "send-sync" "a producer sends a record and waits for its answer" "프로듀서가 레코드를 보내고 응답을 기다립니다" "send-sync p1 orders value=7 times=3";
    "produce-loop" "a program of a producer that sends again and again" "되풀이하여 보내는 프로듀서 프로그램" "produce-loop p1 orders rate=10/s count=100 keys=5 mode=async";
    "consume-loop" "a program of a consumer that polls, works and commits" "poll, 처리, 커밋을 되풀이하는 컨슈머 프로그램" "consume-loop c1 poll_ms=100 process_us=2000 commit=sync commit-every=record";
    "loop" "the program of a client goes on" "클라이언트의 프로그램을 다시 시작합니다" "loop c1";
    "stop-loop" "the program of a client stops" "클라이언트의 프로그램을 멈춥니다" "stop-loop c1";
    "flush" "waits until all that was sent is answered" "보낸 것이 모두 응답받을 때까지 기다립니다" "flush p1";
    "close" "closes a client" "클라이언트를 닫습니다" "close c1 timeout_ms=1000 operation=leave_group";
    "exit" "the process of a client ends without closing it" "클라이언트를 닫지 않고 프로세스를 끝냅니다" "exit c1";
    "outcomes" "shows what became of the sends" "전송 결과를 보여 줍니다" "outcomes p1";
    "init" "initTransactions()" "initTransactions()" "init p1";
    "begin" "beginTransaction()" "beginTransaction()" "begin p1";
    "commit-transaction" "commitTransaction()" "commitTransaction()" "commit-transaction p1";
    "abort" "abortTransaction()" "abortTransaction()" "abort p1";
    "send-offsets" "sendOffsetsToTransaction()" "sendOffsetsToTransaction()" "send-offsets p1 c1 orders-0=5 generation=1";
    "subscribe" "a consumer asks for topics, or for those of a pattern" "컨슈머가 토픽 또는 패턴에 맞는 토픽을 구독합니다" "subscribe c1 orders";
    "unsubscribe" "a consumer leaves its group" "컨슈머가 그룹을 떠납니다" "unsubscribe c1";
    "assign" "a consumer takes partitions without a group" "컨슈머가 그룹 없이 파티션을 맡습니다" "assign c1 orders-0 orders-1";
    "poll" "a consumer polls, once or until something holds" "컨슈머가 poll을 한 번 또는 조건이 맞을 때까지 호출합니다" "poll c1 until=3 timeout_ms=5000 show=offsets";
    "records" "shows what was read" "읽은 레코드를 보여 줍니다" "records c1 show=count";
    "callbacks" "shows which callbacks ran" "실행된 콜백을 보여 줍니다" "callbacks c1";
    "commit" "commitSync() or commitAsync()" "commitSync() 또는 commitAsync()" "commit c1 sync orders-0=5 metadata=note timeout_ms=1000";
    "seek" "goes to offsets" "오프셋으로 이동합니다" "seek c1 orders-0=5";
    "seek-to-beginning" "goes to the first offsets" "첫 오프셋으로 이동합니다" "seek-to-beginning c1 orders-0";
    "seek-to-end" "goes behind the last offsets" "마지막 오프셋 뒤로 이동합니다" "seek-to-end c1 orders-0";
    "position" "shows where a consumer reads next" "다음에 읽을 위치를 보여 줍니다" "position c1 orders-0 timeout_ms=1000";
    "committed" "shows committed offsets" "커밋된 오프셋을 보여 줍니다" "committed c1 orders-0 timeout_ms=1000";
    "pause" "a consumer fetches nothing of these partitions" "이 파티션을 가져오지 않습니다" "pause c1 orders-0";
    "resume" "a consumer fetches them again" "이 파티션을 다시 가져옵니다" "resume c1 orders-0";
    "current-lag" "shows the lag" "랙을 보여 줍니다" "current-lag c1 orders-0";
    "end-offsets" "shows the last offsets" "마지막 오프셋을 보여 줍니다" "end-offsets c1 orders-0";
    "beginning-offsets" "shows the first offsets" "첫 오프셋을 보여 줍니다" "beginning-offsets c1 orders-0";
    "offsets-for-times" "shows the offsets of times" "시각에 해당하는 오프셋을 보여 줍니다" "offsets-for-times c1 orders-0=1000";
    "assignment" "shows what a consumer owns" "컨슈머가 맡은 파티션을 보여 줍니다" "assignment c1";
    "generation" "shows the group's generation" "그룹의 세대를 보여 줍니다" "generation c1";
    "enforce-rebalance" "a consumer asks for a rebalance" "컨슈머가 리밸런스를 요청합니다" "enforce-rebalance c1";
    "partitions-for" "shows the partitions of a topic" "토픽의 파티션을 보여 줍니다" "partitions-for p1 orders";
    "acknowledge" "a share consumer answers for records: read, not played" "공유 컨슈머가 레코드를 확인합니다. 읽기만 하고 실행하지 않습니다" "acknowledge s1 accept orders-0 5,6";
    "stop" "stops a broker in good order" "브로커를 정상 종료합니다" "stop broker-1";
    "crash" "crashes a broker" "브로커에 장애를 냅니다" "crash broker-1";
    "start" "starts a broker again" "브로커를 다시 시작합니다" "start broker-1 wait=no";
    "kill" "kills the process of a client" "클라이언트 프로세스를 강제 종료합니다" "kill c1";
    "pause-process" "a process stands still, as in a long garbage collection" "긴 가비지 컬렉션처럼 프로세스가 멈춥니다" "pause-process c1";
    "resume-process" "it goes on" "프로세스가 다시 움직입니다" "resume-process c1";
    "drop-response" "a response is lost on its way" "응답이 도중에 사라집니다" "drop-response broker-1 Produce nth=1 client=p1";
    "answer-error" "a broker answers with an error" "브로커가 오류로 응답합니다" "answer-error broker-1 Produce NOT_LEADER_OR_FOLLOWER times=2 client=p1";
    "cut" "nothing gets from one process to the other, or back: A and B are `broker-N`, `controller` or a client; what is sent waits" "한 프로세스에서 다른 프로세스로, 또 반대로 아무것도 가지 못합니다. A와 B는 `broker-N`, `controller` 또는 클라이언트. 보낸 것은 기다립니다" "cut p1 broker-1 one-way=yes";
    "slow-link" "what goes between two processes takes so many milliseconds more" "두 프로세스 사이를 오가는 것이 그만큼의 밀리초 더 걸립니다" "slow-link broker-1 broker-2 ms=200 one-way=yes";
    "mend" "a link that is cut or slow is as it was; what waited sets out now" "끊기거나 느린 링크를 되돌립니다. 기다리던 것이 이제 출발합니다" "mend p1 broker-1 one-way=yes";
    "hold" "a message from A to B is held, and all that follows it on its connection" "A에서 B로 가는 메시지 하나와, 같은 연결에서 그 뒤를 따르는 모든 것을 붙듭니다" "hold broker-1 p1 Produce nth=2";
    "release" "what is held from A to B goes on" "A에서 B로 가다가 붙들린 것을 놓아줍니다" "release broker-1 p1";
    "slow" "a consumer works slowly" "컨슈머의 처리가 느려집니다" "slow c1 process_us=400000";
    "describe" "shows a topic, a group, a transaction, producers or settings" "토픽, 그룹, 트랜잭션, 프로듀서, 설정을 보여 줍니다" "describe group billing show=shape";
    "list-offsets" "shows offsets as the administrator asks for them" "관리자가 오프셋을 조회합니다" "list-offsets orders-0 earliest isolation.level=read_committed timeout_ms=1000";
    "group-offsets" "shows what a group has committed" "그룹이 커밋한 오프셋을 보여 줍니다" "group-offsets billing";
    "dump-log" "shows a log's batches" "로그의 배치를 보여 줍니다" "dump-log orders-0 broker=broker-1 sizes=yes records=no";
    "dump-group" "shows what the coordinator has written of a group" "코디네이터가 기록한 그룹 내용을 보여 줍니다" "dump-group billing broker=broker-1";
    "delete-records" "deletes the records before an offset" "오프셋 앞의 레코드를 지웁니다" "delete-records orders-0 5";
    "add-partitions" "gives a topic more partitions" "토픽의 파티션을 늘립니다" "add-partitions orders 6";
    "alter" "changes settings of a topic, a group or a broker" "토픽, 그룹, 브로커의 설정을 바꿉니다" "alter topic orders retention.ms=1000";
    "delete-topic" "deletes a topic" "토픽을 지웁니다" "delete-topic orders";
    "delete-group" "deletes a group" "그룹을 지웁니다" "delete-group billing";
    "alter-offsets" "sets committed offsets of a group" "그룹의 커밋된 오프셋을 바꿉니다" "alter-offsets billing orders-0=5";
    "delete-offsets" "deletes committed offsets of a group" "그룹의 커밋된 오프셋을 지웁니다" "delete-offsets billing orders-0";
    "remove-member" "removes a static member" "정적 멤버를 제거합니다" "remove-member billing instance-1";
    "elect-leaders" "elects leaders" "리더를 선출합니다" "elect-leaders preferred orders-0";
    "wait" "a script waits until something holds" "조건이 맞을 때까지 스크립트가 기다립니다" "wait latest orders-0 = 5 timeout_ms=1000";
    "run" "time passes until something holds, or an instant" "조건이 맞거나 그 시각이 될 때까지 시간이 흐릅니다" "run until 4198.0";
    "step" "so many moves are made" "이동을 그만큼 합니다" "step 3";
    "sleep" "time passes" "시간이 흐릅니다" "sleep 200";
    "set" "changes properties of a client, a topic, a broker or the cluster" "클라이언트, 토픽, 브로커, 클러스터의 속성을 바꿉니다" "set p1 linger.ms=50 from=now";
    "code" "keeps the text that a client's program was pasted from, at most 100,000 bytes, and the lines of its parts, from 1 to its last; between two `code` lines of a client stands a line that it does" "클라이언트의 프로그램이 온 텍스트(최대 100,000바이트)와 각 부분의 행(1부터 마지막 행까지)을 보관합니다. 같은 클라이언트의 두 `code` 줄 사이에는 그 클라이언트가 하는 줄이 있어야 합니다" "code p1 text=\"producer.send(record);\" call=1";
    "chapter" "a chapter of a story begins" "이야기의 챕터가 시작됩니다" "chapter \"The crash\" ko=\"장애\" says=\"A broker crashes.\" ko-says=\"브로커에 장애가 납니다.\" follows=p1";
    "try" "something to try at the end of a story" "이야기 끝에서 해 볼 만한 것" "try \"without idempotence\" ko=\"멱등성 없이\" line=\"set p1 enable.idempotence=false from=start\" instead=\"kill c1\"";
}

/// The page of the grammar, in Markdown.
pub fn page(lang: Lang) -> String {
    let mut page = lang.pick(
        "# The grammar of runs\n\nOne line is one statement: a verb, its subject, `name=value` pairs, Kafka's own property names. What stands in brackets may be left \
         out, `|` parts what one may choose from, `…` says that there may be more. A text with blanks stands in double quotes, a line that begins with `#` is a \
         comment.\n\nEvery line may have `messages=no`, which leaves the messages of exceptions out of what it shows.\n",
        "# 실행의 문법\n\n한 줄이 한 문장입니다. 동사, 대상, `name=value` 쌍, 카프카 이름 그대로의 속성으로 씁니다. 대괄호 안은 생략할 수 있고, `|`는 고를 수 있는 것을 나누며, `…`는 더 \
         쓸 수 있음을 뜻합니다. 공백이 있는 텍스트는 큰따옴표로 묶고, `#`으로 시작하는 줄은 주석입니다.\n\n어느 줄에나 `messages=no`를 쓸 수 있으며, 보여 줄 내용에서 예외 메시지를 뺍니다.\n",
    )
    .to_owned();
    for (title, verbs) in PARTS {
        page.push_str(&format!("\n## {}\n", title.pick(lang)));
        for form in forms().filter(|form| verbs.contains(&form.name)) {
            let Form { usage, about, example, .. } = form;
            page.push_str(&format!("- `{usage}`\n  {}. `{example}`\n", about.pick(lang).trim_end_matches('.')));
        }
    }
    page
}

/// The parts of the page, each with its verbs.
const PARTS: &[(Text, &[&str])] = &[
    (
        text("The cluster and its clients", "클러스터와 클라이언트"),
        &["cluster", "topic", "producer", "consumer", "share-consumer", "set"],
    ),
    (text("Programs", "프로그램"), &["produce-loop", "consume-loop", "loop", "stop-loop", "code"]),
    (
        text("Calls of a producer", "프로듀서 호출"),
        &["send", "send-sync", "flush", "outcomes", "init", "begin", "commit-transaction", "abort", "send-offsets"],
    ),
    (
        text("Calls of a consumer", "컨슈머 호출"),
        &[
            "subscribe",
            "unsubscribe",
            "assign",
            "poll",
            "records",
            "callbacks",
            "commit",
            "seek",
            "seek-to-beginning",
            "seek-to-end",
            "position",
            "committed",
            "pause",
            "resume",
            "current-lag",
            "end-offsets",
            "beginning-offsets",
            "offsets-for-times",
            "assignment",
            "generation",
            "enforce-rebalance",
            "partitions-for",
            "acknowledge",
            "close",
            "exit",
        ],
    ),
    (
        text("What breaks", "고장"),
        &[
            "stop",
            "crash",
            "start",
            "kill",
            "pause-process",
            "resume-process",
            "drop-response",
            "answer-error",
            "cut",
            "slow-link",
            "mend",
            "hold",
            "release",
            "slow",
        ],
    ),
    (
        text("The administrator", "관리자"),
        &[
            "describe",
            "list-offsets",
            "group-offsets",
            "dump-log",
            "dump-group",
            "delete-records",
            "add-partitions",
            "alter",
            "delete-topic",
            "delete-group",
            "alter-offsets",
            "delete-offsets",
            "remove-member",
            "elect-leaders",
        ],
    ),
    (text("Time, and the story", "시간과 이야기"), &["wait", "run", "step", "sleep", "chapter", "try"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse::{ScriptContext, asked, parse, parse_line};

    fn context() -> ScriptContext {
        let (script, errors) = parse(
            "cluster brokers=3\ntopic orders partitions=3\nproducer p1\nconsumer c1 group.id=billing\nshare-consumer s1 group.id=shared\n",
        );
        assert_eq!(errors, []);
        ScriptContext::after(&script)
    }

    /// The names of the options that a form shows.
    fn options(usage: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for word in usage.split([' ', '[', ']', '|']) {
            match word.split_once('=') {
                Some((name, _)) if name.starts_with(|c: char| c.is_ascii_lowercase()) && name != "name" => {
                    found.push(name);
                }
                _ => {}
            }
        }
        found
    }

    #[test]
    fn each_example_is_a_line_of_its_verb() {
        for form in forms() {
            let mut context = if form.name == "cluster" { ScriptContext::default() } else { context() };
            let read = parse_line(form.example, 1, &mut context);
            let errors = read.err().map(|errors| errors[0].sentence(Lang::En));
            assert_eq!(errors, None, "{}", form.example);
            assert_eq!(form.example.split(' ').next(), Some(form.name));
            assert!(form.usage.starts_with(form.name), "{}", form.usage);
            assert!(
                form.about.ko.contains(|c: char| c >= '\u{ac00}') || form.about.ko.ends_with("()"),
                "{}",
                form.about.ko
            );
        }
    }

    /// An option that the parser asks for and no form shows cannot be found by anybody.
    #[test]
    fn the_form_shows_each_option_that_is_read() {
        for form in forms() {
            let shown = options(form.usage);
            let read = asked(form.example, &context());
            for name in &read {
                assert!(shown.contains(name), "`{}` does not show `{name}`", form.usage);
            }
            // What depends on a word is read in other lines; conditions are words.
            if !matches!(form.name, "describe" | "poll" | "wait" | "run") {
                for name in shown {
                    assert!(read.contains(&name), "`{}` shows `{name}`, which is not read", form.usage);
                }
            }
        }
    }

    #[test]
    fn each_verb_stands_on_the_page_once() {
        let all: Vec<&str> = PARTS.iter().flat_map(|(_, verbs)| verbs.iter().copied()).collect();
        for form in forms() {
            assert_eq!(all.iter().filter(|name| **name == form.name).count(), 1, "{}", form.name);
            for lang in [Lang::En, Lang::Ko] {
                assert!(page(lang).contains(&format!("- `{}`", form.usage)));
            }
        }
        assert_eq!(all.len(), forms().count());
    }
}
