//! Every verb with the form of its line and the family that it belongs to.

use super::ast::ClientKind;

pub(super) struct Verb {
    pub name: &'static str,
    pub usage: &'static str,
    pub family: VerbFamily,
}

/// Lines that are read alike.
#[derive(Clone, Copy)]
pub(super) enum VerbFamily {
    Cluster,
    Topic,
    Client(ClientKind),
    Send {
        sync: bool,
    },
    ProduceLoop,
    ConsumeLoop,
    Code,
    /// Any other call by hand of one client.
    Call,
    Fault,
    Admin,
    Wait,
    Run,
    Step,
    Sleep,
    Set,
    Chapter,
    Try,
}

pub(super) fn verb(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

macro_rules! verbs {
    ($($name:literal $usage:literal $family:expr;)*) => {
        pub(super) const VERBS: &[Verb] = &[$(Verb { name: $name, usage: $usage, family: $family },)*];
    };
}

verbs! {
    "cluster" "cluster brokers=N [seed=N] [start=INSTANT] [hop-us=N] [features=NAME=LEVEL] [controller=separate] [broker properties]" VerbFamily::Cluster;
    "topic" "topic NAME [partitions=N] [replication-factor=N] [replicas=1;2] [topic properties]" VerbFamily::Topic;
    "producer" "producer ID [properties]" VerbFamily::Client(ClientKind::Producer);
    "consumer" "consumer ID [properties] [on-revoked=commit-sync]" VerbFamily::Client(ClientKind::Consumer);
    "share-consumer" "share-consumer ID [properties]" VerbFamily::Client(ClientKind::ShareConsumer);
    "send" "send ID TOPIC [key=] [value=|value-size=N] [partition=N] [timestamp=MS|now+MS] [header.NAME=] [times=N] [callback=yes] [show=all|spread|distinct|thrown|none]" VerbFamily::Send { sync: false };
    "send-sync" "send-sync ID TOPIC [key=] [value=|value-size=N] [partition=N] [timestamp=MS|now+MS] [header.NAME=] [times=N] [show=all|spread|distinct|thrown|none]" VerbFamily::Send { sync: true };
    "produce-loop" "produce-loop ID TOPIC [rate=N/s|interval_ms=N] [count=N] [keys=N] [key=] [value=|value-size=N] [mode=fire-and-forget|sync|async] [partition=N] [timestamp=] [header.NAME=]" VerbFamily::ProduceLoop;
    "consume-loop" "consume-loop ID [poll_ms=N] [process_us=N] [commit=auto|sync|async|none] [commit-every=record|batch]" VerbFamily::ConsumeLoop;
    "loop" "loop ID" VerbFamily::Call;
    "stop-loop" "stop-loop ID" VerbFamily::Call;
    "flush" "flush ID" VerbFamily::Call;
    "close" "close ID [timeout_ms=N] [operation=leave_group|remain_in_group]" VerbFamily::Call;
    "exit" "exit ID" VerbFamily::Call;
    "outcomes" "outcomes ID" VerbFamily::Call;
    "init" "init ID" VerbFamily::Call;
    "begin" "begin ID" VerbFamily::Call;
    "commit-transaction" "commit-transaction ID" VerbFamily::Call;
    "abort" "abort ID" VerbFamily::Call;
    "send-offsets" "send-offsets PRODUCER CONSUMER [PARTITION=OFFSET …] [generation=N] [member=no]" VerbFamily::Call;
    "subscribe" "subscribe ID TOPIC,TOPIC|pattern:REGEX|re2j:REGEX" VerbFamily::Call;
    "unsubscribe" "unsubscribe ID" VerbFamily::Call;
    "assign" "assign ID [PARTITION …]" VerbFamily::Call;
    "poll" "poll ID [until=N|for_ms=N|times=N|assigned=PARTITIONS] [timeout_ms=N] [show=offsets|count|total]" VerbFamily::Call;
    "records" "records ID [show=offsets|count|total]" VerbFamily::Call;
    "callbacks" "callbacks ID" VerbFamily::Call;
    "commit" "commit ID sync|async [PARTITION=OFFSET …] [metadata=|metadata-size=N] [timeout_ms=N]" VerbFamily::Call;
    "seek" "seek ID PARTITION=OFFSET …" VerbFamily::Call;
    "seek-to-beginning" "seek-to-beginning ID [PARTITION …]" VerbFamily::Call;
    "seek-to-end" "seek-to-end ID [PARTITION …]" VerbFamily::Call;
    "position" "position ID PARTITION … [timeout_ms=N]" VerbFamily::Call;
    "committed" "committed ID PARTITION … [timeout_ms=N]" VerbFamily::Call;
    "pause" "pause ID PARTITION …" VerbFamily::Call;
    "resume" "resume ID PARTITION …" VerbFamily::Call;
    "current-lag" "current-lag ID PARTITION …" VerbFamily::Call;
    "end-offsets" "end-offsets ID PARTITION …" VerbFamily::Call;
    "beginning-offsets" "beginning-offsets ID PARTITION …" VerbFamily::Call;
    "offsets-for-times" "offsets-for-times ID PARTITION=MS …" VerbFamily::Call;
    "assignment" "assignment ID" VerbFamily::Call;
    "generation" "generation ID" VerbFamily::Call;
    "enforce-rebalance" "enforce-rebalance ID" VerbFamily::Call;
    "partitions-for" "partitions-for ID TOPIC" VerbFamily::Call;
    "acknowledge" "acknowledge ID accept|release|reject|renew PARTITION OFFSET,OFFSET" VerbFamily::Call;
    "stop" "stop broker-N" VerbFamily::Fault;
    "crash" "crash broker-N" VerbFamily::Fault;
    "start" "start broker-N [wait=no]" VerbFamily::Fault;
    "kill" "kill ID" VerbFamily::Fault;
    "pause-process" "pause-process broker-N|controller|cluster|ID" VerbFamily::Fault;
    "resume-process" "resume-process broker-N|controller|cluster|ID" VerbFamily::Fault;
    "drop-response" "drop-response broker-N API [nth=N] [client=ID|from=broker-N]" VerbFamily::Fault;
    "answer-error" "answer-error broker-N API ERROR_NAME [times=N] [client=ID|from=broker-N]" VerbFamily::Fault;
    "cut" "cut A B [one-way=yes]" VerbFamily::Fault;
    "slow-link" "slow-link A B ms=N [one-way=yes]" VerbFamily::Fault;
    "mend" "mend A B [one-way=yes]" VerbFamily::Fault;
    "hold" "hold A B API [nth=N]" VerbFamily::Fault;
    "release" "release A B" VerbFamily::Fault;
    "slow" "slow ID process_us=N" VerbFamily::Fault;
    "describe" "describe topic T|group G|share-group G|share-offsets G|transaction TXID|producers PARTITION|config T PROPERTY … [show=shape]" VerbFamily::Admin;
    "list-offsets" "list-offsets TOPIC|PARTITION [latest|earliest|max-timestamp|MS] [isolation.level=read_committed] [timeout_ms=N]" VerbFamily::Admin;
    "group-offsets" "group-offsets GROUP" VerbFamily::Admin;
    "dump-log" "dump-log PARTITION [broker=broker-N] [sizes=yes] [records=no]" VerbFamily::Admin;
    "dump-group" "dump-group GROUP [broker=broker-N]" VerbFamily::Admin;
    "delete-records" "delete-records PARTITION OFFSET" VerbFamily::Admin;
    "add-partitions" "add-partitions TOPIC N" VerbFamily::Admin;
    "alter" "alter topic|group|broker NAME name=value …" VerbFamily::Admin;
    "delete-topic" "delete-topic TOPIC" VerbFamily::Admin;
    "delete-group" "delete-group GROUP" VerbFamily::Admin;
    "alter-offsets" "alter-offsets GROUP PARTITION=OFFSET …" VerbFamily::Admin;
    "delete-offsets" "delete-offsets GROUP PARTITION" VerbFamily::Admin;
    "remove-member" "remove-member GROUP INSTANCE" VerbFamily::Admin;
    "elect-leaders" "elect-leaders preferred|unclean PARTITION" VerbFamily::Admin;
    "wait" "wait WHAT SUBJECT = VALUE [timeout_ms=N]" VerbFamily::Wait;
    "run" "run until CONDITION|MS [timeout_ms=N]" VerbFamily::Run;
    "step" "step [N]" VerbFamily::Step;
    "sleep" "sleep MS" VerbFamily::Sleep;
    "set" "set ID|topic NAME|broker-N|cluster name=value … [from=start|now]" VerbFamily::Set;
    "code" "code ID text=TEXT [kotlin=yes] [make=LINE] [subscribe=LINE] [call=LINE] [get=LINE] [callback=LINE] [process=LINE] [commit=LINE] [sleep=LINE]" VerbFamily::Code;
    "chapter" "chapter TITLE [ko=TITLE] [says=TEXT] [ko-says=TEXT] [follows=PRODUCER]" VerbFamily::Chapter;
    "try" "try LABEL [ko=LABEL] line=LINE [instead=LINE]" VerbFamily::Try;
}
