//! What a user breaks.

use std::sync::Arc;

use crate::error::Code;
use crate::ids::BrokerId;
use crate::lang::text;

use super::api::FaultApi;
use super::args::Args;
use super::ast::Statement;
use super::clients::ANY_KIND;
use super::error::Allowed;
use super::print::Out;
use super::suggest::nearest;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A controlled shutdown.
    Stop(Node),
    /// The process dies (SIGKILL), its connections are reset.
    Crash(Node),
    /// The process starts again; `wait=no`: the script goes on before it is up.
    Start {
        node: Node,
        wait: bool,
    },
    /// A client's process dies (SIGKILL).
    Kill {
        client: Arc<str>,
    },
    /// A process's timers and reading stop (SIGSTOP).
    PauseProcess(NamedProcess),
    ResumeProcess(NamedProcess),
    /// The nth next response of that kind is lost: that direction of its connection goes dark until an end closes it.
    DropResponse {
        broker: BrokerId,
        api: FaultApi,
        nth: u32,
        client: Option<Arc<str>>,
    },
    /// The broker answers the next requests of that kind with an error and does nothing else.
    AnswerError {
        broker: BrokerId,
        api: FaultApi,
        error: Code,
        times: u32,
        client: Option<Arc<str>>,
    },
    /// From now on each record takes a consumer's program that many microseconds.
    Slow {
        client: Arc<str>,
        process_us: u64,
    },
}

/// A process of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    Broker(BrokerId),
    Controller,
}

/// Any process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NamedProcess {
    Node(Node),
    Client(Arc<str>),
}

pub(super) fn parse_fault(args: &mut Args) -> Option<Statement> {
    let fault = match args.verb {
        "stop" => Fault::Stop(node(args)?),
        "crash" => Fault::Crash(node(args)?),
        "start" => {
            let node = node(args);
            let wait = args.choice("wait", &[("yes", true), ("no", false)]).unwrap_or(true);
            Fault::Start { node: node?, wait }
        }
        "kill" => Fault::Kill { client: args.client(ANY_KIND)? },
        "pause-process" => Fault::PauseProcess(process(args)?),
        "resume-process" => Fault::ResumeProcess(process(args)?),
        "drop-response" => {
            let (broker, api) = (broker(args), api(args));
            let nth = args.u32("nth", 1, 1_000_000).unwrap_or(1);
            let client = client(args);
            Fault::DropResponse { broker: broker?, api: api?, nth, client }
        }
        "answer-error" => {
            let (broker, api, error) = (broker(args), api(args), error(args));
            let times = args.u32("times", 1, 1_000_000).unwrap_or(1);
            let client = client(args);
            Fault::AnswerError { broker: broker?, api: api?, error: error?, times, client }
        }
        "slow" => {
            let client = args.client(&[super::ClientKind::Consumer, super::ClientKind::ShareConsumer]);
            let process_us = args.u64("process_us");
            if process_us.is_none() && args.errors.is_empty() {
                args.word("process_us=N");
            }
            Fault::Slow { client: client?, process_us: process_us? }
        }
        other => unreachable!("the table of verbs sends `{other}` elsewhere"),
    };
    Some(Statement::Fault(fault))
}

fn node(args: &mut Args) -> Option<Node> {
    let word = args.word("broker-N")?;
    if word.text == "controller" {
        return Some(Node::Controller);
    }
    args.broker_of(&word, "broker-N").map(Node::Broker)
}

fn process(args: &mut Args) -> Option<NamedProcess> {
    match args.peek() {
        Some(text) if text == "controller" || text.starts_with("broker-") => node(args).map(NamedProcess::Node),
        _ => args.client(ANY_KIND).map(NamedProcess::Client),
    }
}

fn broker(args: &mut Args) -> Option<BrokerId> {
    let word = args.word("broker-N")?;
    args.broker_of(&word, "broker-N")
}

fn api(args: &mut Args) -> Option<FaultApi> {
    let word = args.word("API")?;
    let found = FaultApi::from_name(&word.text);
    if found.is_none() {
        args.bad(&word, "API", Allowed::Words(FaultApi::ALL.iter().map(|(name, _)| *name).collect()));
    }
    found
}

fn error(args: &mut Args) -> Option<Code> {
    let word = args.word("ERROR_NAME")?;
    let found = Code::from_name(&word.text).filter(|code| !code.is_ok());
    if found.is_none() {
        let (en, ko) = (
            "an error of Kafka's protocol, such as `NOT_LEADER_OR_FOLLOWER`",
            "`NOT_LEADER_OR_FOLLOWER`처럼 카프카 프로토콜의 에러",
        );
        args.bad(&word, "ERROR_NAME", Allowed::Form(text(en, ko)));
        let suggestion = nearest(&word.text, Code::ALL.iter().filter(|c| !c.is_ok()).map(|c| c.name()));
        if let Some(last) = args.errors.last_mut() {
            last.suggestion = suggestion.map(str::to_string);
        }
    }
    found
}

fn client(args: &mut Args) -> Option<Arc<str>> {
    let word = args.take("client")?;
    args.client_of(&word, ANY_KIND)
}

pub(super) fn print_fault(fault: &Fault, out: &mut Out) {
    match fault {
        Fault::Stop(node) => out.words(&["stop", &node_name(*node)]),
        Fault::Crash(node) => out.words(&["crash", &node_name(*node)]),
        Fault::Start { node, wait } => {
            out.words(&["start", &node_name(*node)]);
            if !wait {
                out.option("wait", "no");
            }
        }
        Fault::Kill { client } => out.words(&["kill", client]),
        Fault::PauseProcess(process) => out.words(&["pause-process", &process_name(process)]),
        Fault::ResumeProcess(process) => out.words(&["resume-process", &process_name(process)]),
        Fault::DropResponse { broker, api, nth, client } => {
            out.words(&["drop-response", &node_name(Node::Broker(*broker)), api.name]);
            if *nth != 1 {
                out.option("nth", nth);
            }
            out.some("client", client.as_ref());
        }
        Fault::AnswerError { broker, api, error, times, client } => {
            out.words(&["answer-error", &node_name(Node::Broker(*broker)), api.name, error.name()]);
            if *times != 1 {
                out.option("times", times);
            }
            out.some("client", client.as_ref());
        }
        Fault::Slow { client, process_us } => {
            out.words(&["slow", client]);
            out.option("process_us", process_us);
        }
    }
}

fn node_name(node: Node) -> String {
    match node {
        Node::Broker(id) => format!("broker-{}", id.0),
        Node::Controller => "controller".to_string(),
    }
}

fn process_name(process: &NamedProcess) -> String {
    match process {
        NamedProcess::Node(node) => node_name(*node),
        NamedProcess::Client(name) => name.to_string(),
    }
}

impl Fault {
    /// Its verb: the first word of its line.
    pub fn verb(&self) -> &'static str {
        match self {
            Fault::Stop(_) => "stop",
            Fault::Crash(_) => "crash",
            Fault::Start { .. } => "start",
            Fault::Kill { .. } => "kill",
            Fault::PauseProcess(_) => "pause-process",
            Fault::ResumeProcess(_) => "resume-process",
            Fault::DropResponse { .. } => "drop-response",
            Fault::AnswerError { .. } => "answer-error",
            Fault::Slow { .. } => "slow",
        }
    }
}
