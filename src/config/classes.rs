//! The Java classes that a property may name: those on the class path of a plain Kafka client.
//!
//! A learner's own classes (`com.acme.OrderSerializer`, Confluent's Avro serializer, …) are not among them, and a name
//! without its package never is: Kafka then says that the class could not be found.

use super::value::ConstructError;

/// What an instance of a class may be used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClassRole {
    Serializer,
    Deserializer,
    Partitioner,
    Assignor,
    MetricsReporter,
    Interceptor,
    /// `ConsumerGroupPartitionAssignor` of a broker.
    ServerAssignor,
    /// Neither of them.
    Other,
}

impl ClassRole {
    /// The interface by which Kafka's message calls the role.
    const fn interface(self) -> &'static str {
        match self {
            ClassRole::Serializer => "org.apache.kafka.common.serialization.Serializer",
            ClassRole::Deserializer => "org.apache.kafka.common.serialization.Deserializer",
            ClassRole::Partitioner => "org.apache.kafka.clients.producer.Partitioner",
            ClassRole::Assignor => "org.apache.kafka.clients.consumer.ConsumerPartitionAssignor",
            ClassRole::MetricsReporter => "org.apache.kafka.common.metrics.MetricsReporter",
            ClassRole::Interceptor => "org.apache.kafka.clients.producer.ProducerInterceptor",
            ClassRole::ServerAssignor => {
                "org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor"
            }
            ClassRole::Other => "java.lang.Object",
        }
    }
}

const SERIALIZATION: &str = "org.apache.kafka.common.serialization.";

/// The formats of `org.apache.kafka.common.serialization`, by the names of their classes.
const FORMATS: [&str; 13] = [
    "String",
    "Integer",
    "Long",
    "Double",
    "UUID",
    "ByteArray",
    "Short",
    "Float",
    "Boolean",
    "Bytes",
    "ByteBuffer",
    "Void",
    "List",
];

const OTHERS: [(&str, ClassRole); 18] = [
    ("org.apache.kafka.coordinator.group.assignor.UniformAssignor", ClassRole::ServerAssignor),
    ("org.apache.kafka.coordinator.group.assignor.RangeAssignor", ClassRole::ServerAssignor),
    ("org.apache.kafka.clients.producer.RoundRobinPartitioner", ClassRole::Partitioner),
    ("org.apache.kafka.clients.consumer.RangeAssignor", ClassRole::Assignor),
    ("org.apache.kafka.clients.consumer.RoundRobinAssignor", ClassRole::Assignor),
    ("org.apache.kafka.clients.consumer.StickyAssignor", ClassRole::Assignor),
    ("org.apache.kafka.clients.consumer.CooperativeStickyAssignor", ClassRole::Assignor),
    ("org.apache.kafka.common.metrics.JmxReporter", ClassRole::MetricsReporter),
    ("org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever", ClassRole::Other),
    ("org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator", ClassRole::Other),
    ("org.apache.kafka.common.security.oauthbearer.ClientCredentialsJwtRetriever", ClassRole::Other),
    ("org.apache.kafka.common.security.oauthbearer.JwtBearerJwtRetriever", ClassRole::Other),
    ("org.apache.kafka.common.security.oauthbearer.FileJwtRetriever", ClassRole::Other),
    ("org.apache.kafka.common.security.oauthbearer.ClientJwtValidator", ClassRole::Other),
    ("org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator", ClassRole::Other),
    ("org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder", ClassRole::Other),
    ("java.lang.Object", ClassRole::Other),
    ("java.lang.String", ClassRole::Other),
];

/// Boxed values: they load, but have no constructor without arguments.
const WITHOUT_CONSTRUCTOR: [&str; 8] = [
    "java.lang.Integer",
    "java.lang.Long",
    "java.lang.Double",
    "java.lang.Boolean",
    "java.lang.Short",
    "java.lang.Float",
    "java.util.UUID",
    "java.lang.Class",
];

/// Whether a plain Kafka client has a class of that full name.
pub fn is_class_here(name: &str) -> bool {
    role(name).is_some()
}

/// What a class may be used as; `None` when there is no such class.
pub(super) fn role(name: &str) -> Option<ClassRole> {
    if let Some(rest) = name.strip_prefix(SERIALIZATION) {
        let (format, role) = match rest.strip_suffix("Deserializer") {
            Some(format) => (format, ClassRole::Deserializer),
            None => (rest.strip_suffix("Serializer")?, ClassRole::Serializer),
        };
        return FORMATS.contains(&format).then_some(role);
    }
    let other = OTHERS.iter().find(|(other, _)| *other == name).map(|(_, role)| *role);
    other.or_else(|| WITHOUT_CONSTRUCTOR.contains(&name).then_some(ClassRole::Other))
}

/// `Utils.newInstance` of a class that is there, then the check that it can be used as `role`
/// (`AbstractConfig.getConfiguredInstance`).
pub(super) fn instance(name: &str, as_role: ClassRole) -> Result<(), ConstructError> {
    if WITHOUT_CONSTRUCTOR.contains(&name) {
        return Err(ConstructError::new("NoSuchMethodException", format!("{name}.<init>()"))
            .under("KafkaException", format!("Could not find a public no-argument constructor for {name}")));
    }
    if role(name) == Some(as_role) {
        return Ok(());
    }
    let message = format!("class {name} is not an instance of {}", as_role.interface());
    Err(ConstructError::new("KafkaException", message))
}

/// `Utils.newInstance(name, type)`, by which lists of interceptors and reporters are made
/// (`AbstractConfig.getConfiguredInstances`).
pub(super) fn instance_by_name(name: &str, as_role: ClassRole) -> Result<(), ConstructError> {
    match role(name) {
        None => Err(ConstructError::new("ClassNotFoundException", name)
            .under("KafkaException", format!("Class {name} cannot be found"))),
        Some(role) if role == as_role => Ok(()),
        Some(_) => Err(ConstructError::new("ClassCastException", format!("class {name}"))),
    }
}
