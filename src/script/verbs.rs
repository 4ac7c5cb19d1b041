//! Every verb with the form of its line and the reader of its words.

use super::args::Args;
use super::ast::Statement;
use super::clients::ClientKind;
use super::{admin, calls, cluster, condition, faults, sends};

pub(super) struct Verb {
    pub name: &'static str,
    pub usage: &'static str,
    pub parse: fn(&mut Args) -> Option<Statement>,
}

pub(super) fn verb(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

macro_rules! verbs {
    ($($name:literal $usage:literal $parse:expr;)*) => {
        pub(super) const VERBS: &[Verb] = &[$(Verb { name: $name, usage: $usage, parse: $parse },)*];
    };
}

verbs! {
    "cluster" "cluster brokers=N [seed=N] [start=INSTANT] [hop-us=N] [features=NAME=LEVEL] [controller=separate] [broker properties]" cluster::parse_cluster;
    "topic" "topic NAME [partitions=N] [replication-factor=N] [replicas=1,2;2,3] [topic properties]" cluster::parse_topic;
    "producer" "producer ID [properties]" |args| calls::parse_client(args, ClientKind::Producer);
    "consumer" "consumer ID [properties] [on-revoked=commit-sync]" |args| calls::parse_client(args, ClientKind::Consumer);
    "share-consumer" "share-consumer ID [properties]" |args| calls::parse_client(args, ClientKind::ShareConsumer);
    "send" "send ID TOPIC [key=] [value=|value-size=N] [partition=N] [timestamp=MS|now+MS] [header.NAME=] [times=N] [show=]" |args| sends::parse_send(args, false);
    "send-sync" "send-sync ID TOPIC [key=] [value=|value-size=N] [partition=N] [timestamp=MS|now+MS] [header.NAME=] [times=N] [show=]" |args| sends::parse_send(args, true);
    "produce-loop" "produce-loop ID TOPIC [rate=N/s|interval_ms=N] [count=N] [keys=N] [key=] [value=|value-size=N] [mode=] [partition=N] [timestamp=] [header.NAME=]" sends::parse_loop;
    "consume-loop" "consume-loop ID [poll_ms=N] [process_us=N] [commit=auto|sync|async|none] [commit-every=record|batch]" calls::parse_consume_loop;
    "loop" "loop ID" calls::parse_call;
    "stop-loop" "stop-loop ID" calls::parse_call;
    "flush" "flush ID" calls::parse_call;
    "close" "close ID [timeout_ms=N] [operation=leave_group|remain_in_group]" calls::parse_call;
    "exit" "exit ID" calls::parse_call;
    "outcomes" "outcomes ID" calls::parse_call;
    "init" "init ID" calls::parse_call;
    "begin" "begin ID" calls::parse_call;
    "commit-transaction" "commit-transaction ID" calls::parse_call;
    "abort" "abort ID" calls::parse_call;
    "send-offsets" "send-offsets PRODUCER CONSUMER [PARTITION=OFFSET …] [generation=N] [member=no]" calls::parse_call;
    "subscribe" "subscribe ID TOPIC,TOPIC|pattern:REGEX|re2j:REGEX" calls::parse_call;
    "unsubscribe" "unsubscribe ID" calls::parse_call;
    "assign" "assign ID [PARTITION …]" calls::parse_call;
    "poll" "poll ID [until=N|for_ms=N|times=N|assigned=PARTITIONS] [timeout_ms=N] [show=offsets|count|total]" calls::parse_call;
    "records" "records ID [show=offsets|count|total]" calls::parse_call;
    "callbacks" "callbacks ID" calls::parse_call;
    "commit" "commit ID sync|async [PARTITION=OFFSET …] [metadata=|metadata-size=N] [timeout_ms=N]" calls::parse_call;
    "seek" "seek ID PARTITION=OFFSET …" calls::parse_call;
    "seek-to-beginning" "seek-to-beginning ID [PARTITION …]" calls::parse_call;
    "seek-to-end" "seek-to-end ID [PARTITION …]" calls::parse_call;
    "position" "position ID PARTITION … [timeout_ms=N]" calls::parse_call;
    "committed" "committed ID PARTITION … [timeout_ms=N]" calls::parse_call;
    "pause" "pause ID PARTITION …" calls::parse_call;
    "resume" "resume ID PARTITION …" calls::parse_call;
    "current-lag" "current-lag ID PARTITION …" calls::parse_call;
    "end-offsets" "end-offsets ID PARTITION …" calls::parse_call;
    "beginning-offsets" "beginning-offsets ID PARTITION …" calls::parse_call;
    "offsets-for-times" "offsets-for-times ID PARTITION=MS …" calls::parse_call;
    "assignment" "assignment ID" calls::parse_call;
    "generation" "generation ID" calls::parse_call;
    "enforce-rebalance" "enforce-rebalance ID" calls::parse_call;
    "partitions-for" "partitions-for ID TOPIC" calls::parse_call;
    "acknowledge" "acknowledge ID accept|release|reject|renew PARTITION OFFSET,OFFSET" calls::parse_call;
    "stop" "stop broker-N" faults::parse_fault;
    "crash" "crash broker-N" faults::parse_fault;
    "start" "start broker-N [wait=no]" faults::parse_fault;
    "kill" "kill ID" faults::parse_fault;
    "pause-process" "pause-process broker-N|controller|ID" faults::parse_fault;
    "resume-process" "resume-process broker-N|controller|ID" faults::parse_fault;
    "drop-response" "drop-response broker-N API [nth=N] [client=ID]" faults::parse_fault;
    "answer-error" "answer-error broker-N API ERROR_NAME [times=N] [client=ID]" faults::parse_fault;
    "slow" "slow ID process_us=N" faults::parse_fault;
    "describe" "describe topic T|group G|share-group G|share-offsets G|transaction TXID|producers PARTITION|config T PROPERTY … [show=shape]" admin::parse_admin;
    "list-offsets" "list-offsets TOPIC|PARTITION [latest|earliest|max-timestamp|MS] [isolation.level=read_committed] [timeout_ms=N]" admin::parse_admin;
    "group-offsets" "group-offsets GROUP" admin::parse_admin;
    "dump-log" "dump-log PARTITION [broker=broker-N] [sizes=yes] [records=no]" admin::parse_admin;
    "dump-group" "dump-group GROUP [broker=broker-N]" admin::parse_admin;
    "delete-records" "delete-records PARTITION OFFSET" admin::parse_admin;
    "add-partitions" "add-partitions TOPIC N" admin::parse_admin;
    "alter" "alter topic|group|broker NAME name=value …" admin::parse_admin;
    "delete-topic" "delete-topic TOPIC" admin::parse_admin;
    "delete-group" "delete-group GROUP" admin::parse_admin;
    "alter-offsets" "alter-offsets GROUP PARTITION=OFFSET …" admin::parse_admin;
    "delete-offsets" "delete-offsets GROUP PARTITION" admin::parse_admin;
    "remove-member" "remove-member GROUP INSTANCE" admin::parse_admin;
    "elect-leaders" "elect-leaders preferred|unclean PARTITION" admin::parse_admin;
    "wait" "wait WHAT SUBJECT = VALUE [timeout_ms=N]" condition::parse_wait;
    "run" "run until CONDITION|MS [timeout_ms=N]" condition::parse_run;
    "step" "step [N]" cluster::parse_step;
    "sleep" "sleep MS" cluster::parse_sleep;
    "set" "set ID|topic NAME|broker-N|cluster name=value … [from=start|now]" cluster::parse_set;
}
