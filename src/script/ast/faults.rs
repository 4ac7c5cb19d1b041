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
    /// Every broker and the controller at once.
    PauseCluster,
    ResumeCluster,
    /// Nothing gets from one process to the other until the link is mended; what is sent meanwhile waits.
    Cut(Link),
    /// Whatever goes over the link takes so many milliseconds more, 1 to 60,000.
    SlowLink {
        link: Link,
        ms: u32,
    },
    /// The link is as it was.
    Mend(Link),
    /// The nth next message of that kind from one process to another is held, and with it all that follows in its direction
    /// of its connection, until it is released.
    Hold {
        from: NamedProcess,
        to: NamedProcess,
        api: FaultApi,
        nth: u32,
    },
    /// What is held on that way goes on, in its order; what was still waited for is waited for no more.
    Release {
        from: NamedProcess,
        to: NamedProcess,
    },
    /// The nth next response of that kind is lost: that direction of its connection goes dark until an end closes it.
    DropResponse {
        broker: BrokerId,
        api: FaultApi,
        nth: u32,
        /// Who asks; none: any client.
        asker: Option<NamedProcess>,
    },
    /// The broker answers the next requests of that kind with an error and does nothing else.
    AnswerError {
        broker: BrokerId,
        api: FaultApi,
        error: Code,
        times: u32,
        /// Who asks; none: any client.
        asker: Option<NamedProcess>,
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

/// The link between two processes: both ways unless it says one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    pub from: NamedProcess,
    pub to: NamedProcess,
    /// Only what goes from the first to the second.
    pub one_way: bool,
}

impl Fault {
    /// Its verb: the first word of its line.
    pub fn verb(&self) -> &'static str {
        match self {
            Fault::Stop(_) => "stop",
            Fault::Crash(_) => "crash",
            Fault::Start { .. } => "start",
            Fault::Kill { .. } => "kill",
            Fault::PauseProcess(_) | Fault::PauseCluster => "pause-process",
            Fault::ResumeProcess(_) | Fault::ResumeCluster => "resume-process",
            Fault::Cut(_) => "cut",
            Fault::SlowLink { .. } => "slow-link",
            Fault::Mend(_) => "mend",
            Fault::Hold { .. } => "hold",
            Fault::Release { .. } => "release",
            Fault::DropResponse { .. } => "drop-response",
            Fault::AnswerError { .. } => "answer-error",
            Fault::Slow { .. } => "slow",
        }
    }
}
