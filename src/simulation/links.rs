//! The user cuts, slows and mends links between processes, and holds messages on them.

use std::sync::Arc;

use super::check::{refuse, refuse_name};
use super::{CommandError, Simulation};
use crate::event::EventKind;
use crate::ids::{ClientId, EventId, Process};
use crate::network::{Hold, Way};
use crate::script::{ClusterNode, FaultApi, Link, NamedProcess};
use crate::wire::Api;

/// What a link is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Cut,
    Slow,
    Mended,
}

/// A process as lines of scripts name it.
fn name_of(process: &NamedProcess) -> String {
    match process {
        NamedProcess::Node(ClusterNode::Broker(id)) => id.host(),
        NamedProcess::Node(ClusterNode::Controller) => "controller".to_owned(),
        NamedProcess::Client(name) => name.to_string(),
    }
}

impl Simulation {
    pub(super) fn check_cut(&self, link: &Link) -> Result<(), CommandError> {
        self.check_link(link, Wanted::Cut)
    }

    pub(super) fn check_slow_link(&self, link: &Link) -> Result<(), CommandError> {
        self.check_link(link, Wanted::Slow)
    }

    pub(super) fn check_mend(&self, link: &Link) -> Result<(), CommandError> {
        self.check_link(link, Wanted::Mended)
    }

    fn check_link(&self, link: &Link, wanted: Wanted) -> Result<(), CommandError> {
        self.check_ends(&link.from, &link.to)?;
        let (from, to) = (name_of(&link.from), name_of(&link.to));
        let ways = self.ways(link);
        let network = self.network();
        let is_broken = |way: &Way| network.is_cut(*way) || network.slow_ways().any(|(slow, _)| slow == *way);
        match wanted {
            Wanted::Cut if ways.iter().all(|way| network.is_cut(*way)) => refuse(
                format!("the link between {from} and {to} is cut already: `mend {from} {to}` mends it"),
                format!("{from}, {to}: 링크가 이미 끊겨 있습니다. 되돌리는 줄: `mend {from} {to}`"),
            ),
            Wanted::Mended if !self.all_ways(link).iter().any(is_broken) => refuse(
                format!("the link between {from} and {to} is neither cut nor slow: there is nothing to mend"),
                format!("{from}, {to}: 링크가 끊기지도 느리지도 않아 되돌릴 것이 없습니다"),
            ),
            _ => Ok(()),
        }
    }

    /// Whether two processes speak with one another at all.
    fn check_ends(&self, from: &NamedProcess, to: &NamedProcess) -> Result<(), CommandError> {
        for end in [from, to] {
            self.check_end(end)?;
        }
        let (a, b) = (name_of(from), name_of(to));
        if from == to {
            return refuse_name(
                format!("{a} is one process: a link has two ends"),
                format!("{a}: 같은 프로세스입니다. 링크에는 두 끝이 있어야 합니다"),
            );
        }
        let is_client = |end: &NamedProcess| matches!(end, NamedProcess::Client(_));
        let controller = NamedProcess::Node(ClusterNode::Controller);
        if is_client(from) && is_client(to) {
            return refuse_name(
                format!("{a} and {b} are clients, which never speak with one another: choose a broker"),
                format!("{a}, {b}: 클라이언트끼리는 통신하지 않습니다. 브로커를 고르십시오"),
            );
        }
        if [from, to].contains(&&controller) && (is_client(from) || is_client(to)) {
            return refuse(
                "clients speak with brokers, never with the controller: choose a broker",
                "클라이언트는 브로커와만 통신하고 컨트롤러와는 통신하지 않습니다. 브로커를 고르십시오",
            );
        }
        if self.cluster.is_combined() && [from, to].contains(&&controller) {
            return refuse(
                "broker-1 is the controller as well, in one process: between them there is no link \
                 (`controller=separate` on the `cluster` line parts them)",
                "broker-1이 컨트롤러를 겸하는 한 프로세스라 둘 사이에 링크가 없습니다 \
                 (`cluster` 줄의 `controller=separate`로 나눌 수 있습니다)",
            );
        }
        Ok(())
    }

    fn check_end(&self, end: &NamedProcess) -> Result<(), CommandError> {
        match end {
            NamedProcess::Node(ClusterNode::Controller) => Ok(()),
            NamedProcess::Node(ClusterNode::Broker(broker)) => self.check_is_there(*broker),
            NamedProcess::Client(name) if self.client(name).is_some() => Ok(()),
            NamedProcess::Client(name) => {
                self.check_constructed(name)?;
                refuse(format!("there is no client {name}"), format!("{name}: 그런 클라이언트가 없습니다"))
            }
        }
    }

    pub(super) fn check_hold(&self, from: &NamedProcess, to: &NamedProcess, api: FaultApi) -> Result<(), CommandError> {
        if Api::from_key(api.key).is_none() {
            return refuse("that request is not built yet", "그 요청은 아직 구현되지 않았습니다");
        }
        self.check_ends(from, to)
    }

    pub(super) fn check_release(&self, from: &NamedProcess, to: &NamedProcess) -> Result<(), CommandError> {
        self.check_ends(from, to)?;
        let ways = self.all_ways(&Link { from: from.clone(), to: to.clone(), one_way: true });
        let network = self.network();
        let is_held = |way: &Way| network.held().any(|(held, _)| held == *way);
        let is_armed = |way: &Way| network.armed_holds().iter().any(|hold| hold.way == *way);
        if ways.iter().any(|way| is_held(way) || is_armed(way)) {
            return Ok(());
        }
        let (from, to) = (name_of(from), name_of(to));
        refuse(
            format!("nothing is held on its way from {from} to {to}: there is nothing to release"),
            format!("{from} → {to}: 이 방향에 붙들린 것이 없어 놓아줄 것이 없습니다"),
        )
    }

    pub(super) fn cut_link(&mut self, link: &Link) {
        for way in self.ways(link) {
            self.cluster.cut(way);
        }
        let (from, to) = self.ends(link);
        self.out.emit(EventId::NONE, EventKind::LinkCut { from, to, both: !link.one_way });
    }

    pub(super) fn slow_link(&mut self, link: &Link, ms: u32) {
        for way in self.ways(link) {
            self.cluster.slow(way, u64::from(ms) * 1000);
        }
        let (from, to) = self.ends(link);
        self.out.emit(EventId::NONE, EventKind::LinkSlowed { from, to, both: !link.one_way, ms });
    }

    pub(super) fn mend_link(&mut self, link: &Link) {
        let mut waiting = 0;
        for way in self.all_ways(link) {
            waiting += self.cluster.mend(way, &mut self.clock);
        }
        let (from, to) = self.ends(link);
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        self.out.emit(EventId::NONE, EventKind::LinkMended { from, to, both: !link.one_way, waiting });
    }

    pub(super) fn hold(&mut self, from: &NamedProcess, to: &NamedProcess, api: FaultApi, nth: u32) {
        let api = Api::from_key(api.key).expect("`check` has refused an API that the model does not speak");
        let way = Way { from: self.process(from), to: self.process(to) };
        self.cluster.hold(Hold { way, api, skip: nth - 1 });
        self.out.emit(EventId::NONE, EventKind::HoldArmed { from: way.from, to: way.to, api });
    }

    pub(super) fn release(&mut self, from: &NamedProcess, to: &NamedProcess) {
        let link = Link { from: from.clone(), to: to.clone(), one_way: true };
        let mut waiting = 0;
        for way in self.all_ways(&link) {
            waiting += self.cluster.release(way, &mut self.clock);
        }
        let (from, to) = self.ends(&link);
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        self.out.emit(EventId::NONE, EventKind::HoldReleased { from, to, waiting });
    }

    fn ends(&self, link: &Link) -> (Process, Process) {
        (self.process(&link.from), self.process(&link.to))
    }

    /// The ways of a link that the user means, each in its direction.
    fn ways(&self, link: &Link) -> Vec<Way> {
        let (from, to) = self.ends(link);
        let there = Way { from, to };
        if link.one_way { vec![there] } else { vec![there, there.back()] }
    }

    /// The same, those of clients that had the names before as well: what is broken of theirs is mended with it.
    fn all_ways(&self, link: &Link) -> Vec<Way> {
        let (froms, tos) = (self.processes(&link.from), self.processes(&link.to));
        let there = froms.iter().flat_map(|from| tos.iter().map(|to| Way { from: *from, to: *to }));
        there.flat_map(|way| if link.one_way { vec![way] } else { vec![way, way.back()] }).collect()
    }

    fn processes(&self, named: &NamedProcess) -> Vec<Process> {
        let NamedProcess::Client(name) = named else { return vec![self.process(named)] };
        let its = |client: &&super::ClientProcess| client.recipe.name == *name;
        self.clients().iter().filter(its).map(|client| Process::Client(client.id)).collect()
    }

    /// A client that is made anew has the broken links of the one before it.
    pub(super) fn inherit_links(&mut self, former: Option<ClientId>, id: ClientId) {
        if let Some(former) = former {
            self.cluster.inherit(former, id);
        }
    }
}

/// The name of a client in a message fault, if it is one's.
pub(super) fn client_of(asker: Option<&NamedProcess>) -> Option<&Arc<str>> {
    match asker {
        Some(NamedProcess::Client(name)) => Some(name),
        _ => None,
    }
}
