//! The world: [`Simulation`], [`Command`], `step`.
//!
//! Everything that happens is a move: a command from outside, or else one `step`, which lets exactly one thing happen:
//! the earliest delivery, timer or stage of a call. Things due at the same instant happen in the order of their
//! sequence numbers, never in the order of a map.

mod admin;
mod ahead;
mod awaited;
mod bytes;
mod check;
mod cluster;
mod command;
mod doors;
mod drive;
mod driver;
mod faults;
mod giving_up;
mod links;
mod look;
mod make;
mod observation;
mod owners;
mod patience;
mod perform;
mod performed;
mod process;
mod remake;
mod settle;
mod standing;
mod wait;

use std::sync::Arc;

use crate::client::admin::Admin;
use crate::cluster::{Cluster, Timer, Turn};
use crate::error::Exception;
use crate::event::Event;
use crate::ids::{ClientId, EventId, Names};
use crate::network::Network;
use crate::node::{Input, Outbox};
use crate::rng::Rng;
use crate::script::{NewCluster, Script};
use crate::sorted::SortedMap;
use crate::time::{Clock, Instant, Now};

pub use crate::cluster::Life;
pub use bytes::no_room_for_branch;
pub use cluster::is_of_every_cluster;
pub use command::{Command, CommandError};
pub use driver::Progress;
pub use make::Unmakeable;
pub use observation::{
    ActiveProducer, DescribedGroup, DescribedMember, DescribedPartition, DumpedBatch, DumpedGroupRecord, Observation,
    Seen,
};
pub use patience::QUIET_MOVES;
pub use process::{ClientNode, ClientProcess, Recipe};

use driver::Driver;
use owners::Owners;
use patience::{Repeats, end_of_time};

/// The administrator's client has the first number.
const ADMIN: ClientId = ClientId(0);

/// What came out of a move.
#[derive(Debug, Default)]
pub struct Sink {
    pub events: Vec<Event>,
    pub observations: Vec<Observation>,
}

/// A cluster, its clients, the network between them, and the script that is being played on them.
#[derive(Clone, Debug)]
pub struct Simulation {
    clock: Clock,
    /// Moves made at the present instant.
    moves_here: u64,
    /// How many moves are left to a run that keeps its history, and how many it had.
    moves_left: Option<bytes::MovesLeft>,
    out: Outbox,
    cluster: Cluster,
    /// Client n is at n - 1; number 0 is the administrator.
    clients: Vec<ClientProcess>,
    /// Indices of clients for which something may be due, ascending. Those that are gone leave it when the next one is
    /// made, and with them those that were closed, have nothing due, and whose name is another's by then.
    living: Vec<usize>,
    by_name: SortedMap<Arc<str>, ClientId>,
    /// Names of clients whose constructor threw, and what; the newest last.
    not_constructed: Vec<(Arc<str>, Exception)>,
    /// Why the command of the last move was passed over.
    passed_over: Option<Arc<CommandError>>,
    /// The run has come to one of its limits: why nothing happens any more.
    full: Option<Arc<CommandError>>,
    admin: Admin,
    admin_timer: Timer,
    owners: Owners,
    next_call: u32,
    /// Of each command that was applied, or would have been: the line of the script that was played then, or last.
    heard: Vec<u32>,
    driver: Driver,
    driver_timer: Timer,
    repeats: Repeats,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WhoseMove {
    Cluster(Turn),
    Client(usize),
    Program(usize),
    Admin,
    Driver,
}

impl Simulation {
    /// The world at the start of a run: a cluster as its script's first line says, and the script before its next line.
    /// A script without a cluster line gets one broker. Fails with the sentence for a person when the cluster cannot start,
    /// as with a broker property that Kafka refuses.
    pub fn new(script: Arc<Script>) -> Result<Simulation, CommandError> {
        let cluster = script.cluster().cloned().unwrap_or_else(|| NewCluster { brokers: 1, ..NewCluster::default() });
        let now = Now { at: Instant::ZERO, start_ms: cluster.start_ms() };
        let mut names = Names::default();
        names.add_client(&Arc::from("admin"), false);
        let mut out = Outbox::new(names, Rng::new(cluster.seed()));
        out.begin(now);
        let mut clock = Clock::new(now);
        let cluster = cluster::start(&cluster, &mut clock, &mut out)?;
        let mut simulation = Simulation {
            clock,
            moves_here: 0,
            moves_left: None,
            out,
            cluster,
            clients: Vec::new(),
            living: Vec::new(),
            by_name: SortedMap::new(),
            not_constructed: Vec::new(),
            passed_over: None,
            full: None,
            admin: Admin::new(ADMIN),
            admin_timer: Timer::OFF,
            owners: Owners::default(),
            next_call: 0,
            heard: Vec::new(),
            driver: Driver::new(script),
            driver_timer: Timer::OFF,
            repeats: Repeats::default(),
        };
        simulation.follow_driver();
        Ok(simulation)
    }

    pub const fn now(&self) -> Now {
        self.clock.now
    }

    /// Moves made at the present instant: with the instant, the exact place of a move.
    pub const fn moves_here(&self) -> u64 {
        self.moves_here
    }

    pub const fn names(&self) -> &Names {
        &self.out.names
    }

    /// The number that the next event will get.
    pub fn next_event(&self) -> EventId {
        self.out.next_event()
    }

    pub const fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    pub const fn network(&self) -> &Network {
        self.cluster.network()
    }

    /// When the next thing happens, be it that a script is given up because nothing is left that could; none when the run
    /// is over.
    pub fn next_event_at(&self) -> Option<Instant> {
        self.next_turn().map(|(at, _)| at)
    }

    /// When the next thing happens by itself, be it only that brokers say they live; none when nothing is scheduled.
    pub fn scheduled_at(&self) -> Option<Instant> {
        self.scheduled().map(|(at, _)| at)
    }

    /// The next turn of a run to which nobody does anything more.
    fn next_turn(&self) -> Option<(Instant, WhoseMove)> {
        // With nothing left that could happen, a script that still waits for it is given up.
        let in_vain = || self.driver.is_playing().then_some((self.clock.at(), WhoseMove::Driver));
        let others = self.due_of_others();
        // Brokers that only say that they live would do so for ever.
        let goes_on = others.is_some() || !self.cluster.is_at_rest();
        self.first(others).filter(|_| goes_on).or_else(in_vain)
    }

    fn scheduled(&self) -> Option<(Instant, WhoseMove)> {
        self.first(self.due_of_others())
    }

    /// What comes first, of these and of the cluster's own.
    fn first(&self, others: Option<((Instant, u64), WhoseMove)>) -> Option<(Instant, WhoseMove)> {
        if self.full.is_some() {
            return None;
        }
        let of_cluster = self.cluster.next_turn().filter(|(due, _)| due.0 <= Instant::END);
        let of_cluster = of_cluster.map(|(due, turn)| (due, WhoseMove::Cluster(turn)));
        let ((at, _), turn) = of_cluster.into_iter().chain(others).min_by_key(|(due, _)| *due)?;
        Some((at, turn))
    }

    /// What is due of clients, programs, the administrator and the script.
    fn due_of_others(&self) -> Option<((Instant, u64), WhoseMove)> {
        let mut best: Option<((Instant, u64), WhoseMove)> = None;
        let mut offer = |due: (Instant, u64), turn: WhoseMove| {
            if due.0 <= Instant::END && best.is_none_or(|(other, _)| due < other) {
                best = Some((due, turn));
            }
        };
        for i in self.living.iter().copied() {
            let client = &self.clients[i];
            if client.life == Life::Running {
                offer(client.timer.due(), WhoseMove::Client(i));
                offer(client.program_timer.due(), WhoseMove::Program(i));
            }
        }
        offer(self.admin_timer.due(), WhoseMove::Admin);
        offer(self.driver_timer.due(), WhoseMove::Driver);
        best
    }

    /// Lets exactly one thing happen. False when nothing is scheduled.
    pub fn step(&mut self, sink: &mut Sink) -> bool {
        let Some((at, turn)) = self.next_turn() else { return false };
        self.make(at, turn, sink);
        true
    }

    /// The same for a run to which something will still be done: a cluster at rest goes on saying that it lives.
    pub fn step_on(&mut self, sink: &mut Sink) -> bool {
        let Some((at, turn)) = self.scheduled() else { return false };
        self.make(at, turn, sink);
        true
    }

    fn make(&mut self, at: Instant, turn: WhoseMove, sink: &mut Sink) {
        self.begin_move(at);
        match turn {
            WhoseMove::Cluster(turn) => {
                if let Some((client, delivery)) = self.cluster.step(turn, &mut self.clock, &mut self.out) {
                    self.deliver_to_client(client, delivery, sink);
                }
            }
            WhoseMove::Client(i) => self.handle_client(i, Input::Timer, sink),
            WhoseMove::Program(i) => self.handle_program(i, sink),
            WhoseMove::Admin => self.handle_admin(&Input::Timer, sink),
            WhoseMove::Driver => self.drive(sink),
        }
        self.end_move(sink);
    }

    /// The only door for the outside world. `now <= at <= scheduled_at`: a user's send needs a time between events. Refused
    /// behind [`Instant::END`].
    pub fn apply(&mut self, at: Instant, command: &Command, sink: &mut Sink) -> Result<(), CommandError> {
        assert!(at >= self.clock.at(), "a command cannot come before now");
        assert!(self.scheduled_at().is_none_or(|next| at <= next), "a command cannot come after what happens next");
        let Command(statement) = command;
        self.heard.push(self.driver.line_number());
        if at > Instant::END {
            return Err(CommandError { why: end_of_time(), begins_with_name: false, blamed: Vec::new() });
        }
        self.check_by_hand(statement)?;
        self.begin_move(at);
        self.perform_by_hand(statement, sink);
        self.end_move(sink);
        Ok(())
    }

    fn begin_move(&mut self, at: Instant) {
        if at > self.clock.at() {
            self.clock.now.at = at;
            self.moves_here = 0;
        }
        self.moves_here += 1;
        if let Some(of) = &mut self.moves_left {
            of.left = of.left.saturating_sub(1);
        }
        self.passed_over = None;
        self.out.begin(self.clock.now);
    }

    fn end_move(&mut self, sink: &mut Sink) {
        self.watch_driver();
        self.watch_pace();
        self.follow_driver();
        self.watch_bytes();
        self.out.drain_events(&mut sink.events);
    }

    /// The clients of the run in order of creation, those that are gone too.
    pub fn clients(&self) -> &[ClientProcess] {
        &self.clients
    }

    /// The newest client under a name.
    pub fn client(&self, name: &str) -> Option<&ClientProcess> {
        self.by_name.get(name).map(|id| &self.clients[usize::from(id.0) - 1])
    }

    /// Of each command of the user so far, the number of the line that was played then, or last.
    pub fn heard(&self) -> &[u32] {
        &self.heard
    }

    /// What the constructor of a client threw that was to be made under this name, the newest.
    pub fn not_constructed(&self, name: &str) -> Option<&Exception> {
        self.not_constructed.iter().rfind(|(of, _)| **of == *name).map(|(_, exception)| exception)
    }

    /// Why the command of the last move, of a stored or a changed run, was passed over.
    pub fn passed_over(&self) -> Option<&CommandError> {
        self.passed_over.as_deref()
    }
}
