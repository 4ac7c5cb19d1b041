//! Every verb with the form of its line and the family that it belongs to.

use super::ast::ClientKind;

pub(super) struct Verb {
    pub name: &'static str,
    pub usage: &'static str,
    pub family: Family,
}

/// Lines that are read alike.
#[derive(Clone, Copy)]
pub(super) enum Family {
    Cluster,
    Topic,
    Client(ClientKind),
    Send {
        sync: bool,
    },
    ProduceLoop,
    ConsumeLoop,
    /// Any other call by hand of one client.
    Call,
    Fault,
    Admin,
    Wait,
    Run,
    Step,
    Sleep,
    Set,
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
    "cluster" "cluster brokers=N [seed=N] [start=INSTANT] [hop-us=N] [features=NAME=LEVEL] [controller=separate] [broker properties]" Family::Cluster;
    "topic" "topic NAME [partitions=N] [replication-factor=N] [replicas=1,2;2,3] [topic properties]" Family::Topic;
    "producer" "producer ID [properties]" Family::Client(ClientKind::Producer);
    "consumer" "consumer ID [properties] [on-revoked=commit-sync]" Family::Client(ClientKind::Consumer);
    "share-consumer" "share-consumer ID [properties]" Family::Client(ClientKind::ShareConsumer);
    "send" "send ID TOPIC [key=] [value=|value-size=N] [partition=N] [timestamp=MS|now+MS] [header.NAME=] [times=N] [show=]" Family::Send { sync: false };
    "send-sync" "send-sync ID TOPIC [key=] [value=|value-size=N] [partition=N] [timestamp=MS|now+MS] [header.NAME=] [times=N] [show=]" Family::Send { sync: true };
    "produce-loop" "produce-loop ID TOPIC [rate=N/s|interval_ms=N] [count=N] [keys=N] [key=] [value=|value-size=N] [mode=] [partition=N] [timestamp=] [header.NAME=]" Family::ProduceLoop;
    "consume-loop" "consume-loop ID [poll_ms=N] [process_us=N] [commit=auto|sync|async|none] [commit-every=record|batch]" Family::ConsumeLoop;
    "loop" "loop ID" Family::Call;
    "stop-loop" "stop-loop ID" Family::Call;
    "flush" "flush ID" Family::Call;
    "close" "close ID [timeout_ms=N] [operation=leave_group|remain_in_group]" Family::Call;
    "exit" "exit ID" Family::Call;
    "outcomes" "outcomes ID" Family::Call;
    "init" "init ID" Family::Call;
    "begin" "begin ID" Family::Call;
    "commit-transaction" "commit-transaction ID" Family::Call;
    "abort" "abort ID" Family::Call;
    "send-offsets" "send-offsets PRODUCER CONSUMER [PARTITION=OFFSET …] [generation=N] [member=no]" Family::Call;
    "subscribe" "subscribe ID TOPIC,TOPIC|pattern:REGEX|re2j:REGEX" Family::Call;
    "unsubscribe" "unsubscribe ID" Family::Call;
    "assign" "assign ID [PARTITION …]" Family::Call;
    "poll" "poll ID [until=N|for_ms=N|times=N|assigned=PARTITIONS] [timeout_ms=N] [show=offsets|count|total]" Family::Call;
    "records" "records ID [show=offsets|count|total]" Family::Call;
    "callbacks" "callbacks ID" Family::Call;
    "commit" "commit ID sync|async [PARTITION=OFFSET …] [metadata=|metadata-size=N] [timeout_ms=N]" Family::Call;
    "seek" "seek ID PARTITION=OFFSET …" Family::Call;
    "seek-to-beginning" "seek-to-beginning ID [PARTITION …]" Family::Call;
    "seek-to-end" "seek-to-end ID [PARTITION …]" Family::Call;
    "position" "position ID PARTITION … [timeout_ms=N]" Family::Call;
    "committed" "committed ID PARTITION … [timeout_ms=N]" Family::Call;
    "pause" "pause ID PARTITION …" Family::Call;
    "resume" "resume ID PARTITION …" Family::Call;
    "current-lag" "current-lag ID PARTITION …" Family::Call;
    "end-offsets" "end-offsets ID PARTITION …" Family::Call;
    "beginning-offsets" "beginning-offsets ID PARTITION …" Family::Call;
    "offsets-for-times" "offsets-for-times ID PARTITION=MS …" Family::Call;
    "assignment" "assignment ID" Family::Call;
    "generation" "generation ID" Family::Call;
    "enforce-rebalance" "enforce-rebalance ID" Family::Call;
    "partitions-for" "partitions-for ID TOPIC" Family::Call;
    "acknowledge" "acknowledge ID accept|release|reject|renew PARTITION OFFSET,OFFSET" Family::Call;
    "stop" "stop broker-N" Family::Fault;
    "crash" "crash broker-N" Family::Fault;
    "start" "start broker-N [wait=no]" Family::Fault;
    "kill" "kill ID" Family::Fault;
    "pause-process" "pause-process broker-N|controller|ID" Family::Fault;
    "resume-process" "resume-process broker-N|controller|ID" Family::Fault;
    "drop-response" "drop-response broker-N API [nth=N] [client=ID]" Family::Fault;
    "answer-error" "answer-error broker-N API ERROR_NAME [times=N] [client=ID]" Family::Fault;
    "slow" "slow ID process_us=N" Family::Fault;
    "describe" "describe topic T|group G|share-group G|share-offsets G|transaction TXID|producers PARTITION|config T PROPERTY … [show=shape]" Family::Admin;
    "list-offsets" "list-offsets TOPIC|PARTITION [latest|earliest|max-timestamp|MS] [isolation.level=read_committed] [timeout_ms=N]" Family::Admin;
    "group-offsets" "group-offsets GROUP" Family::Admin;
    "dump-log" "dump-log PARTITION [broker=broker-N] [sizes=yes] [records=no]" Family::Admin;
    "dump-group" "dump-group GROUP [broker=broker-N]" Family::Admin;
    "delete-records" "delete-records PARTITION OFFSET" Family::Admin;
    "add-partitions" "add-partitions TOPIC N" Family::Admin;
    "alter" "alter topic|group|broker NAME name=value …" Family::Admin;
    "delete-topic" "delete-topic TOPIC" Family::Admin;
    "delete-group" "delete-group GROUP" Family::Admin;
    "alter-offsets" "alter-offsets GROUP PARTITION=OFFSET …" Family::Admin;
    "delete-offsets" "delete-offsets GROUP PARTITION" Family::Admin;
    "remove-member" "remove-member GROUP INSTANCE" Family::Admin;
    "elect-leaders" "elect-leaders preferred|unclean PARTITION" Family::Admin;
    "wait" "wait WHAT SUBJECT = VALUE [timeout_ms=N]" Family::Wait;
    "run" "run until CONDITION|MS [timeout_ms=N]" Family::Run;
    "step" "step [N]" Family::Step;
    "sleep" "sleep MS" Family::Sleep;
    "set" "set ID|topic NAME|broker-N|cluster name=value … [from=start|now]" Family::Set;
}
