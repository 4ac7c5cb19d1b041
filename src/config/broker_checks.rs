//! What `KafkaConfig`, `GroupCoordinatorConfig` and `ShareGroupConfig` demand beyond single values, in their order.

use super::broker::{log_dirs, log_times};
use super::classes::{self, ClassRole};
use super::listeners::{Endpoint, Listeners, pairs};
use super::parse::{Given, Values};
use super::quorum;
use super::value::ConstructError;

/// How two numbers must stand to each other; the message names the first property first.
#[derive(Clone, Copy)]
enum Must {
    /// … must be greater than or equal to …
    Reach,
    /// … must be less than or equal to …
    NotExceed,
    /// … must be less than …
    StayBelow,
}

use Must::*;

/// `GroupCoordinatorConfig`, then `ShareGroupConfig`; the common `group.` is left out.
const GROUP_RULES: &[(&str, Must, &str)] = &[
    ("consumer.max.heartbeat.interval.ms", Reach, "consumer.min.heartbeat.interval.ms"),
    ("consumer.heartbeat.interval.ms", Reach, "consumer.min.heartbeat.interval.ms"),
    ("consumer.heartbeat.interval.ms", NotExceed, "consumer.max.heartbeat.interval.ms"),
    ("consumer.max.session.timeout.ms", Reach, "consumer.min.session.timeout.ms"),
    ("consumer.session.timeout.ms", Reach, "consumer.min.session.timeout.ms"),
    ("consumer.session.timeout.ms", NotExceed, "consumer.max.session.timeout.ms"),
    ("consumer.heartbeat.interval.ms", StayBelow, "consumer.session.timeout.ms"),
    ("consumer.max.assignment.interval.ms", Reach, "consumer.min.assignment.interval.ms"),
    ("consumer.assignment.interval.ms", Reach, "consumer.min.assignment.interval.ms"),
    ("consumer.assignment.interval.ms", NotExceed, "consumer.max.assignment.interval.ms"),
    ("share.max.heartbeat.interval.ms", Reach, "share.min.heartbeat.interval.ms"),
    ("share.heartbeat.interval.ms", Reach, "share.min.heartbeat.interval.ms"),
    ("share.heartbeat.interval.ms", NotExceed, "share.max.heartbeat.interval.ms"),
    ("share.max.session.timeout.ms", Reach, "share.min.session.timeout.ms"),
    ("share.session.timeout.ms", Reach, "share.min.session.timeout.ms"),
    ("share.session.timeout.ms", NotExceed, "share.max.session.timeout.ms"),
    ("share.heartbeat.interval.ms", StayBelow, "share.session.timeout.ms"),
    ("share.max.assignment.interval.ms", Reach, "share.min.assignment.interval.ms"),
    ("share.assignment.interval.ms", Reach, "share.min.assignment.interval.ms"),
    ("share.assignment.interval.ms", NotExceed, "share.max.assignment.interval.ms"),
    ("streams.max.heartbeat.interval.ms", Reach, "streams.min.heartbeat.interval.ms"),
    ("streams.heartbeat.interval.ms", Reach, "streams.min.heartbeat.interval.ms"),
    ("streams.heartbeat.interval.ms", NotExceed, "streams.max.heartbeat.interval.ms"),
    ("streams.max.session.timeout.ms", Reach, "streams.min.session.timeout.ms"),
    ("streams.session.timeout.ms", Reach, "streams.min.session.timeout.ms"),
    ("streams.session.timeout.ms", NotExceed, "streams.max.session.timeout.ms"),
    ("streams.heartbeat.interval.ms", StayBelow, "streams.session.timeout.ms"),
    ("streams.num.standby.replicas", NotExceed, "streams.max.standby.replicas"),
    ("streams.max.assignment.interval.ms", Reach, "streams.min.assignment.interval.ms"),
    ("streams.assignment.interval.ms", Reach, "streams.min.assignment.interval.ms"),
    ("streams.assignment.interval.ms", NotExceed, "streams.max.assignment.interval.ms"),
    ("share.max.delivery.count.limit", Reach, "share.delivery.count.limit"),
    ("share.delivery.count.limit", Reach, "share.min.delivery.count.limit"),
    ("share.max.partition.max.record.locks", Reach, "share.partition.max.record.locks"),
    ("share.partition.max.record.locks", Reach, "share.min.partition.max.record.locks"),
    ("share.record.lock.duration.ms", Reach, "share.min.record.lock.duration.ms"),
    ("share.max.record.lock.duration.ms", Reach, "share.record.lock.duration.ms"),
    ("share.max.share.sessions", Reach, "share.max.size"),
];

const OVERRIDES: &str = "max.connections.per.ip.overrides";
const LISTENERS: [&str; 2] = ["controller.listener.names", "listeners"];
const MEGABYTE: i64 = 1024 * 1024;

/// What the constructor of `KafkaConfig` throws.
pub(super) fn check(given: &Given, values: &Values) -> Result<(), ConstructError> {
    check_groups(values)?;
    check_values(values)?;
    check_listeners(given, values)?;
    check_connections(values)
}

fn illegal(message: impl Into<String>) -> ConstructError {
    ConstructError::new("IllegalArgumentException", message)
}

/// Scala's `require`; these properties are to blame when it does not hold.
fn require(holds: bool, blamed: &[&str], message: &str) -> Result<(), ConstructError> {
    if holds { Ok(()) } else { Err(illegal(format!("requirement failed: {message}")).blaming(blamed)) }
}

fn check_groups(values: &Values) -> Result<(), ConstructError> {
    // The built-in assignors go by names of their own.
    for (property, built_in) in
        [("group.consumer.assignors", &["uniform", "range"][..]), ("group.share.assignors", &["simple"][..])]
    {
        let custom = values.list(property).iter().filter(|name| !built_in.contains(&&***name));
        let each = custom.into_iter().try_for_each(|name| classes::instance_by_name(name, ClassRole::ServerAssignor));
        each.map_err(|error| error.blaming(&[property]))?;
    }
    for property in ["offsets.topic.compression.codec", "share.coordinator.state.topic.compression.codec"] {
        let codec = values.int(property);
        if !(0..=4).contains(&codec) {
            return Err(illegal(format!("Unknown compression type id: {codec}")).blaming(&[property]));
        }
    }
    for (first, must, second) in GROUP_RULES {
        let (first, second) = (format!("group.{first}"), format!("group.{second}"));
        let (a, b) = (values.int(&first), values.int(&second));
        let (holds, words) = match must {
            Reach => (a >= b, "greater than or equal to"),
            NotExceed => (a <= b, "less than or equal to"),
            StayBelow => (a < b, "less than"),
        };
        if !holds {
            return Err(illegal(format!("{first} must be {words} {second}")).blaming(&[&first, &second]));
        }
    }
    Ok(())
}

/// `KafkaConfig.validateValues`.
fn check_values(values: &Values) -> Result<(), ConstructError> {
    if values.int_or_null("broker.id") != values.int_or_null("node.id") {
        let message = "You must set `node.id` to the same value as `broker.id`.";
        return Err(ConstructError::config(message).blaming(&["broker.id", "node.id"]));
    }
    let times = log_times(values);
    require(times.roll_ms >= 1, &["log.roll.ms", "log.roll.hours"], "log.roll.ms must be greater than or equal to 1")?;
    let jitter = ["log.roll.jitter.ms", "log.roll.jitter.hours"];
    require(times.roll_jitter_ms >= 0, &jitter, "log.roll.jitter.ms must be greater than or equal to 0")?;
    let unlimited = "log.retention.ms must be unlimited (-1) or, greater than or equal to 1";
    let retention = ["log.retention.ms", "log.retention.minutes", "log.retention.hours"];
    require(times.retention_ms != 0, &retention, unlimited)?;
    let dirs = ["log.dirs", "log.dir"];
    require(
        !log_dirs(values).is_empty(),
        &dirs,
        "At least one log directory must be defined via log.dirs or log.dir.",
    )?;
    check_cordoned(values)?;
    let per_thread = values.int("log.cleaner.dedupe.buffer.size").checked_div(values.int("log.cleaner.threads"));
    let cleaner = ["log.cleaner.threads", "log.cleaner.dedupe.buffer.size"];
    let by_zero = || ConstructError::new("ArithmeticException", "/ by zero").blaming(&cleaner);
    let per_thread = per_thread.ok_or_else(by_zero)?;
    let enough = "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.";
    require(per_thread > MEGABYTE, &[cleaner[1], cleaner[0]], enough)?;
    let wait = values.int("replica.fetch.wait.max.ms");
    require(
        wait <= values.int("replica.socket.timeout.ms"),
        &["replica.socket.timeout.ms", "replica.fetch.wait.max.ms"],
        "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket \
         timeouts",
    )?;
    require(
        wait <= values.int("replica.lag.time.max.ms"),
        &["replica.fetch.wait.max.ms", "replica.lag.time.max.ms"],
        "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent \
         changes in ISR",
    )
}

/// `KafkaConfig.validateCordonedLogDirs`.
fn check_cordoned(values: &Values) -> Result<(), ConstructError> {
    let cordoned = values.list("cordoned.log.dirs");
    if cordoned.iter().any(|dir| &**dir == "*") {
        let one = cordoned.len() == 1;
        return require(
            one,
            &["cordoned.log.dirs"],
            "When cordoned.log.dirs is set to *, it must not contain other values",
        );
    }
    let missing: Vec<&str> = cordoned.iter().filter(|dir| !log_dirs(values).contains(dir)).map(|dir| &**dir).collect();
    let message = format!(
        "All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : {}",
        missing.join(", ")
    );
    require(missing.is_empty(), &["cordoned.log.dirs", "log.dirs", "log.dir"], &message)
}

/// Roles, controllers and listeners.
fn check_listeners(given: &Given, values: &Values) -> Result<(), ConstructError> {
    let map = Listeners::of(given, values)?;
    let inter_broker = map.inter_broker(given, values);
    let inter_broker = inter_broker.map_err(|error| error.blaming(&["inter.broker.listener.name"]))?;
    let voters = quorum::voters(values.get("controller.quorum.voters"))?;
    if !values.list("group.coordinator.rebalance.protocols").iter().any(|protocol| &**protocol == "classic") {
        let message = "Disabling the 'classic' protocol is not supported.";
        return Err(ConstructError::config(message).blaming(&["group.coordinator.rebalance.protocols"]));
    }
    if voters.is_empty() && values.list("controller.quorum.bootstrap.servers").is_empty() {
        return Err(ConstructError::config(
            "If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap \
             controllers or controller.quorum.voters must contain a parseable set of controllers.",
        )
        .blaming(&["controller.quorum.bootstrap.servers", "controller.quorum.voters"]));
    }
    let names: Vec<String> =
        values.list("controller.listener.names").iter().map(|name| name.to_ascii_uppercase()).collect();
    let listening = map.endpoints(values.list("listeners"), true).map_err(|error| error.blaming(&["listeners"]))?;
    let is_controller = |name: &String| names.contains(name);
    let listens = |name: &String| listening.iter().any(|endpoint| endpoint.listener == *name);
    if has_role(values, "controller") {
        let node = values.int("node.id");
        let ids: Vec<String> = voters.iter().map(|id| id.to_string()).collect();
        let message = format!(
            "If process.roles contains the 'controller' role, the node id {node} must be included in the set of voters \
             controller.quorum.voters=Set({})",
            ids.join(", ")
        );
        let is_voter = voters.is_empty() || voters.iter().any(|id| i64::from(*id) == node);
        require(is_voter, &["controller.quorum.voters", "node.id", "broker.id"], &message)?;
        require(
            names.iter().any(listens),
            &LISTENERS,
            "controller.listener.names must contain at least one value appearing in the 'listeners' configuration when \
             running the KRaft controller role",
        )?;
        require(
            names.iter().all(listens),
            &LISTENERS,
            "controller.listener.names must only contain values appearing in the 'listeners' configuration when \
             running the KRaft controller role",
        )?;
        let only = "The listeners config must only contain KRaft controller listeners from controller.listener.names \
                    when process.roles=controller";
        let all_controllers = listening.iter().all(|endpoint| is_controller(&endpoint.listener));
        require(has_role(values, "broker") || all_controllers, &["listeners", "process.roles"], only)?;
    } else {
        require(
            !names.iter().any(listens),
            &LISTENERS,
            "controller.listener.names must not contain a value appearing in the 'listeners' configuration when \
             running KRaft with just the broker role",
        )?;
    }
    check_advertised(&map, &inter_broker, listening, values)
}

fn has_role(values: &Values, role: &str) -> bool {
    values.list("process.roles").iter().any(|given| &**given == role)
}

/// What the broker tells others about where it listens.
fn check_advertised(
    map: &Listeners,
    inter_broker: &str,
    listening: Vec<Endpoint>,
    values: &Values,
) -> Result<(), ConstructError> {
    let controllers = values.list("controller.listener.names");
    let is_controller = |name: &str| controllers.iter().any(|controller| controller.to_ascii_uppercase() == name);
    let is_known = |name: &str| is_controller(name) || listening.iter().any(|endpoint| endpoint.listener == name);
    let early = values.list("early.start.listeners").iter().find(|name| !is_known(name));
    if let Some(name) = early {
        let message = format!(
            "early.start.listeners contains listener {name}, but this is not contained in listeners or \
             controller.listener.names"
        );
        return Err(ConstructError::config(message).blaming(&["early.start.listeners"]));
    }
    let advertised = match values.list("advertised.listeners") {
        [] => listening,
        own => map.endpoints(own, false).map_err(|error| error.blaming(&["advertised.listeners"]))?,
    };
    if has_role(values, "broker") {
        let for_clients: Vec<&str> = advertised
            .iter()
            .filter(|endpoint| !is_controller(&endpoint.listener))
            .map(|endpoint| endpoint.listener.as_str())
            .collect();
        require(
            !for_clients.is_empty(),
            &["advertised.listeners", "listeners", "controller.listener.names"],
            "There must be at least one broker advertised listener. Perhaps all listeners appear in \
             controller.listener.names?",
        )?;
        let message = format!(
            "inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options \
             based on currently configured listeners are {}",
            for_clients.join(",")
        );
        let blamed =
            ["inter.broker.listener.name", "security.inter.broker.protocol", "advertised.listeners", "listeners"];
        require(for_clients.contains(&inter_broker), &blamed, &message)?;
    }
    require(
        !advertised.iter().any(|endpoint| endpoint.host == "0.0.0.0"),
        &["advertised.listeners", "listeners"],
        "advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.",
    )
}

/// What follows in `KafkaConfig.validateValues`.
fn check_connections(values: &Values) -> Result<(), ConstructError> {
    let queued = values.int("queued.max.request.bytes");
    require(
        queued <= 0 || queued >= values.int("socket.request.max.bytes"),
        &["queued.max.request.bytes", "socket.request.max.bytes"],
        "queued.max.request.bytes must be larger or equal to socket.request.max.bytes",
    )?;
    require(
        values.int("max.connections.per.ip") > 0
            || values.text(OVERRIDES).is_some_and(|overrides| !overrides.is_empty()),
        &["max.connections.per.ip", OVERRIDES],
        "max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.",
    )?;
    for (_, limit) in pairs(values, OVERRIDES)? {
        if limit.parse::<i32>().is_err() {
            let error = ConstructError::new("NumberFormatException", format!("For input string: \"{limit}\""));
            return Err(error.blaming(&[OVERRIDES]));
        }
    }
    let (delay, idle) =
        (values.int("connection.failed.authentication.delay.ms"), values.int("connections.max.idle.ms"));
    let message = format!(
        "connection.failed.authentication.delay.ms={delay} should always be less than connections.max.idle.ms={idle} \
         to prevent failed authentication responses from timing out"
    );
    let blamed = ["connection.failed.authentication.delay.ms", "connections.max.idle.ms"];
    require(idle < 0 || delay < idle, &blamed, &message)?;
    let builder = values.text("principal.builder.class");
    let blamed = ["principal.builder.class"];
    require(builder.is_some(), &blamed, "principal.builder.class must be non-null")?;
    let own = builder.is_some_and(|class| class.ends_with(".DefaultKafkaPrincipalBuilder"));
    require(own, &blamed, "principal.builder.class must implement KafkaPrincipalSerde")
}
