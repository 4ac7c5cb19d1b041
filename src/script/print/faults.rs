//! Prints what a user breaks.

use crate::script::ast::{ClusterNode, Fault, NamedProcess};

use super::out::Out;

pub(super) fn print_fault(fault: &Fault, out: &mut Out) {
    match fault {
        Fault::Stop(node) | Fault::Crash(node) => out.word(&node_name(*node)),
        Fault::Start { node, wait } => {
            out.word(&node_name(*node));
            if !wait {
                out.option("wait", "no");
            }
        }
        Fault::Kill { client } => out.word(client),
        Fault::PauseProcess(process) | Fault::ResumeProcess(process) => out.word(&process_name(process)),
        Fault::DropResponse { broker, api, nth, client } => {
            out.words(&[&broker.host(), api.name]);
            if *nth != 1 {
                out.option("nth", nth);
            }
            out.some("client", client.as_ref());
        }
        Fault::AnswerError { broker, api, error, times, client } => {
            out.words(&[&broker.host(), api.name, error.name()]);
            if *times != 1 {
                out.option("times", times);
            }
            out.some("client", client.as_ref());
        }
        Fault::Slow { client, process_us } => {
            out.word(client);
            out.option("process_us", process_us);
        }
    }
}

fn node_name(node: ClusterNode) -> String {
    match node {
        ClusterNode::Broker(id) => id.host(),
        ClusterNode::Controller => "controller".to_string(),
    }
}

fn process_name(process: &NamedProcess) -> String {
    match process {
        NamedProcess::Node(node) => node_name(*node),
        NamedProcess::Client(name) => name.to_string(),
    }
}
