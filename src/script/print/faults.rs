//! Prints what a user breaks.

use crate::script::ast::{ClusterNode, Fault, Link, NamedProcess};

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
        Fault::PauseCluster | Fault::ResumeCluster => out.word("cluster"),
        Fault::Cut(link) | Fault::Mend(link) => print_link(link, out),
        Fault::SlowLink { link, ms } => {
            out.words(&[&process_name(&link.from), &process_name(&link.to)]);
            out.option("ms", ms);
            print_one_way(link, out);
        }
        Fault::Hold { from, to, api, nth } => {
            out.words(&[&process_name(from), &process_name(to), api.name]);
            if *nth != 1 {
                out.option("nth", nth);
            }
        }
        Fault::Release { from, to } => out.words(&[&process_name(from), &process_name(to)]),
        Fault::DropResponse { broker, api, nth, asker } => {
            out.words(&[&broker.host(), api.name]);
            if *nth != 1 {
                out.option("nth", nth);
            }
            print_asker(asker.as_ref(), out);
        }
        Fault::AnswerError { broker, api, error, times, asker } => {
            out.words(&[&broker.host(), api.name, error.name()]);
            if *times != 1 {
                out.option("times", times);
            }
            print_asker(asker.as_ref(), out);
        }
        Fault::Slow { client, process_us } => {
            out.word(client);
            out.option("process_us", process_us);
        }
    }
}

fn print_link(link: &Link, out: &mut Out) {
    out.words(&[&process_name(&link.from), &process_name(&link.to)]);
    print_one_way(link, out);
}

fn print_one_way(link: &Link, out: &mut Out) {
    if link.one_way {
        out.option("one-way", "yes");
    }
}

fn print_asker(asker: Option<&NamedProcess>, out: &mut Out) {
    match asker {
        Some(NamedProcess::Client(name)) => out.option("client", name),
        Some(NamedProcess::Node(node)) => out.option("from", node_name(*node)),
        None => {}
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
