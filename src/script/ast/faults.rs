//! What a user breaks, as types.

use std::sync::Arc;

use crate::error::Code;
use crate::ids::BrokerId;
use crate::script::api::FaultApi;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A controlled shutdown.
    Stop(ClusterNode),
    /// The process dies (SIGKILL), its connections are reset.
    Crash(ClusterNode),
    /// The process starts again; `wait=no`: the script goes on before it is up.
    Start {
        node: ClusterNode,
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
pub enum ClusterNode {
    Broker(BrokerId),
    Controller,
}

/// Any process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NamedProcess {
    Node(ClusterNode),
    Client(Arc<str>),
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
