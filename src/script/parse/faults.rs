//! Reads what a user breaks.

use crate::error::Code;
use crate::ids::BrokerId;
use crate::lang::text;
use crate::script::api::FaultApi;
use crate::script::ast::{ANY_KIND, ClientKind, ClusterNode, Fault, Link, NamedProcess, Statement};
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::limits::{MAX_SLOW_LINK_MS, MAX_TIMES};
use crate::script::suggest::nearest;
use crate::script::table::YES_NO;

use super::args::Args;

pub(super) fn parse_fault(args: &mut Args) -> Option<Statement> {
    let is_cluster = matches!(args.verb, "pause-process" | "resume-process") && takes_cluster(args);
    let fault = match args.verb {
        "stop" => Fault::Stop(node(args)?),
        "crash" => Fault::Crash(node(args)?),
        "start" => {
            let node = node(args);
            let wait = args.choice("wait", YES_NO).unwrap_or(true);
            Fault::Start { node: node?, wait }
        }
        "kill" => Fault::Kill { client: args.client(ANY_KIND)? },
        "pause-process" if is_cluster => Fault::PauseCluster,
        "resume-process" if is_cluster => Fault::ResumeCluster,
        "pause-process" => Fault::PauseProcess(process(args)?),
        "resume-process" => Fault::ResumeProcess(process(args)?),
        "drop-response" => {
            let (broker, api) = (broker(args), api(args, FaultApi::PLAYED));
            let nth = args.u32("nth", 1, MAX_TIMES).unwrap_or(1);
            let asker = asker(args);
            Fault::DropResponse { broker: broker?, api: api?, nth, asker }
        }
        "answer-error" => {
            let (broker, api, error) = (broker(args), api(args, FaultApi::ANSWERABLE), error(args));
            let times = args.u32("times", 1, MAX_TIMES).unwrap_or(1);
            let asker = asker(args);
            Fault::AnswerError { broker: broker?, api: api?, error: error?, times, asker }
        }
        "cut" => Fault::Cut(link(args)?),
        "mend" => Fault::Mend(link(args)?),
        "slow-link" => slow_link(args)?,
        "hold" => {
            let (from, to) = ends(args)?;
            let api = api(args, FaultApi::HELD);
            let nth = args.u32("nth", 1, MAX_TIMES).unwrap_or(1);
            Fault::Hold { from, to, api: api?, nth }
        }
        "release" => {
            let (from, to) = ends(args)?;
            Fault::Release { from, to }
        }
        "slow" => {
            let client = args.client(&[ClientKind::Consumer, ClientKind::ShareConsumer]);
            let process_us = args.us("process_us");
            // A word in its place is one too many, and told as such.
            if process_us.is_none() && args.is_well() && args.peek().is_none() {
                args.word("process_us=N");
            }
            Fault::Slow { client: client?, process_us: process_us? }
        }
        other => unreachable!("the table of verbs sends `{other}` elsewhere"),
    };
    Some(Statement::Fault(fault))
}

fn node(args: &mut Args) -> Option<ClusterNode> {
    let word = args.word("broker-N")?;
    if word.text == "controller" {
        return Some(ClusterNode::Controller);
    }
    args.broker_of(&word, "broker-N").map(ClusterNode::Broker)
}

/// Takes the word `cluster`, unless a client has that name.
fn takes_cluster(args: &mut Args) -> bool {
    let is_so = args.peek() == Some("cluster") && !args.context.clients.contains_key("cluster");
    if is_so {
        args.next();
    }
    is_so
}

/// Two processes, and whether only one way between them is meant.
fn link(args: &mut Args) -> Option<Link> {
    let ends = ends(args);
    let one_way = args.choice("one-way", YES_NO).unwrap_or(false);
    let (from, to) = ends?;
    Some(Link { from, to, one_way })
}

fn ends(args: &mut Args) -> Option<(NamedProcess, NamedProcess)> {
    let from = process(args)?;
    Some((from, process(args)?))
}

fn slow_link(args: &mut Args) -> Option<Fault> {
    let link = link(args);
    let ms = args.u32("ms", 1, MAX_SLOW_LINK_MS);
    if ms.is_none() && args.is_well() && args.peek().is_none() {
        args.word("ms=N");
    }
    Some(Fault::SlowLink { link: link?, ms: ms? })
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

/// A request by its name; `allowed` are those that the verb can do something with.
fn api(args: &mut Args, allowed: &[&'static str]) -> Option<FaultApi> {
    let word = args.word("API")?;
    let found = FaultApi::from_name(&word.text);
    if found.is_none() {
        args.bad(&word, "API", Allowed::Words(allowed.to_vec()));
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
        let suggestion = nearest(&word.text, Code::ALL.iter().filter(|c| !c.is_ok()).map(|c| c.name()));
        let (problem, allowed) =
            (ScriptProblem::BadValue { of: "ERROR_NAME".to_string() }, Allowed::Form(text(en, ko)));
        args.tell(word.column, &word.text, problem, allowed, suggestion.map(str::to_string));
    }
    found
}

/// Whose requests a message fault waits for: `client=ID` or `from=broker-N`.
fn asker(args: &mut Args) -> Option<NamedProcess> {
    args.exclude("client", "from");
    let (client, broker) = (args.take("client"), args.take("from"));
    if let Some(word) = client {
        return args.client_from(&word, ANY_KIND).map(NamedProcess::Client);
    }
    let broker = args.broker_of(&broker?, "from")?;
    Some(NamedProcess::Node(ClusterNode::Broker(broker)))
}
