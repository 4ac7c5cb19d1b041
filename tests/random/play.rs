//! Plays a drawn run, with all invariants after every move.

use partita::event::GroupState;
use partita::ids::TopicPartition;
use partita::invariant::{PromiseKind, PromiseState, check, check_all};
use partita::script::parse;
use partita::simulation::{ClientNode, Life, Simulation};
use partita::time::Instant;
use partita::timeline::Timeline;

use crate::draw::Drawn;
use crate::tally::Tally;

/// When everything is mended; the lines that do it take some milliseconds.
const MENDED: Instant = Instant(48_000_000);
/// How long a run may take to come to rest: session timeouts, delivery timeouts, rebalances.
const REST: Instant = Instant(140_000_000);
/// A run has at least so many moves.
const LEAST: u64 = 1000;
/// A run that makes so many moves does not get anywhere.
const MOST: u64 = 400_000;

pub fn play(drawn: &Drawn, tally: &mut Tally) -> Result<(), String> {
    let (script, errors) = parse(&drawn.script());
    assert!(errors.is_empty(), "a drawn script is valid: {errors:?}");
    let mut timeline = Timeline::new(&script).map_err(|error| error.why.en)?;
    let mut looked = MENDED;
    let ended = loop {
        let first = timeline.simulation().next_event();
        if !timeline.forward() {
            break false;
        }
        let simulation = timeline.simulation();
        check(simulation, timeline.observers(), first, timeline.events())
            .map_err(|violation| at(&timeline, &violation.to_string()))?;
        for event in timeline.events() {
            tally.note(event);
        }
        if matches!(timeline.observers().promises().state(PromiseKind::OneOwner), PromiseState::Broken { .. }) {
            return Err(at(&timeline, "a partition has two owners in one generation"));
        }
        if timeline.position().is_multiple_of(512) {
            check_all(simulation, timeline.observers()).map_err(|violation| at(&timeline, &violation.to_string()))?;
        }
        let now = simulation.now().at;
        if now > looked && timeline.position() >= LEAST {
            looked = now + 1_000_000;
            match unrest(drawn, &timeline) {
                None => break true,
                Some(why) if now > REST => return Err(at(&timeline, &format!("it does not come to rest: {why}"))),
                Some(_) => {}
            }
        }
        if timeline.position() > MOST {
            return Err(at(&timeline, "it makes moves without end"));
        }
    };
    tally.moves += timeline.position();
    if !ended {
        return Err(at(&timeline, "nothing is scheduled any more"));
    }
    check_all(timeline.simulation(), timeline.observers()).map_err(|violation| violation.to_string())?;
    let promises = timeline.observers().promises();
    let broken = PromiseKind::ALL.iter().filter(|kind| matches!(promises.state(**kind), PromiseState::Broken { .. }));
    let broken: Vec<String> = broken.map(|kind| format!("{kind:?}")).collect();
    tally.note_end(timeline.simulation(), &broken);
    Ok(())
}

fn at(timeline: &Timeline, sentence: &str) -> String {
    if let Ok(count) = std::env::var("PARTITA_SHOW") {
        show(timeline, count.parse().unwrap_or(100));
    }
    format!("move {} at {} ms: {sentence}", timeline.position(), timeline.simulation().now().at)
}

/// What is still under way after everything was mended; none: the run has come to rest.
fn unrest(drawn: &Drawn, timeline: &Timeline) -> Option<String> {
    let simulation = timeline.simulation();
    for client in simulation.clients().iter().filter(|client| client.life == Life::Running && !client.closed) {
        let name = &client.recipe.name;
        if matches!(client.node, ClientNode::Producer(_)) && timeline.observers().index().open_records(client.id) > 0 {
            return Some(format!("{name} has records without an outcome"));
        }
    }
    drawn.groups.iter().find_map(|group| unrest_of_group(drawn, simulation, group))
}

fn unrest_of_group(drawn: &Drawn, simulation: &Simulation, group: &str) -> Option<String> {
    let Some(view) = simulation.group(group) else { return Some(format!("{group} has no coordinator")) };
    if view.state != GroupState::Stable || view.members.is_empty() {
        return Some(format!("{group} is {:?} with {} members", view.state, view.members.len()));
    }
    let brokers = simulation.broker_ids().filter_map(|id| simulation.broker(id));
    let mut coordinators = brokers.flat_map(|broker| broker.coordinators());
    let committed = coordinators.find_map(|(_, coordinator)| coordinator.offsets(group));
    for topic in &drawn.topics {
        let Some(image) = simulation.image().topics.get(topic.as_str()) else { continue };
        for number in (0..).take(image.partitions.len()) {
            let partition = TopicPartition::new(&image.name, number);
            let end = simulation.leading_replica(&partition).map(|replica| replica.high_watermark());
            let position = position_in(simulation, group, &partition);
            if position != end {
                return Some(format!("{group} is at {position:?} of {partition}, which ends at {end:?}"));
            }
            let committed = committed.and_then(|offsets| offsets.get(&partition)).map(|value| value.offset);
            let start = simulation.leading_replica(&partition).map(|replica| replica.log_start_offset());
            // Beyond the end, or before the start: a reset made nothing of it.
            if committed.is_some() && committed < end && committed >= start {
                return Some(format!("{group} has committed {committed:?} of {partition}, which ends at {end:?}"));
            }
        }
    }
    None
}

/// Where the member of a group that owns a partition reads.
fn position_in(simulation: &Simulation, group: &str, partition: &TopicPartition) -> Option<i64> {
    let members = simulation.clients().iter().filter(|client| client.life == Life::Running && !client.closed);
    let consumers = members.filter_map(|client| match &client.node {
        ClientNode::Consumer(consumer) => Some(consumer),
        ClientNode::Producer(_) => None,
    });
    let mut of_group = consumers.filter(|consumer| consumer.settings().group_id.as_deref() == Some(group));
    of_group.find_map(|consumer| Some(consumer.subscriptions().get(partition)?.valid_position()?.offset))
}

/// For whoever looks for the reason: the clients, and the last moves.
fn show(timeline: &Timeline, count: u64) {
    for observation in timeline.clone().take_observations() {
        println!("line {} {:?} {:?}", observation.line, observation.client, observation.seen);
    }
    let last = timeline.position();
    for (number, event) in timeline.events_of(last.saturating_sub(count), last) {
        println!("{number} {} {:?} <- {}", event.at, event.kind, event.cause.0);
    }
    for client in timeline.simulation().clients() {
        println!("{} {:?} {:?} closed={}", client.recipe.name, client.id, client.life, client.closed);
        match &client.node {
            ClientNode::Producer(producer) => {
                println!("  call {:?}", producer.active_call());
                println!("  deques {:?}", producer.deques(timeline.simulation().now()));
                println!("  requests {:?} next {:?}", producer.requests(), producer.next_timeout());
                println!("  transactions {:?}", producer.transaction_manager().map(|all| all.state()));
                println!("  connections {:?}", producer.network().connections().collect::<Vec<_>>());
            }
            ClientNode::Consumer(consumer) => {
                println!("  call {:?} {:?} {:?}", consumer.current_call(), consumer.call_stage(), consumer.waiting());
                println!("  member {:?} {:?}", consumer.member_state(), consumer.generation());
                println!("  coordinator {:?} next {:?}", consumer.group_coordinator(), consumer.next_timeout());
                println!("  assignment {:?}", consumer.subscriptions().assignment());
                println!("  connections {:?}", consumer.network().connections().collect::<Vec<_>>());
            }
        }
    }
    for broker in timeline.simulation().broker_ids() {
        println!("broker {} {:?}", broker.0, timeline.simulation().broker_life(broker));
        if let Some(node) = timeline.simulation().broker(broker) {
            println!("  {:?} connections {:?}", node.phase(), node.connections());
            println!("  image brokers {:?}", node.image().brokers.keys().collect::<Vec<_>>());
        }
    }
    println!("image {:?}", timeline.simulation().image());
}
