//! The names of what is not played here.

use super::gap::Gap;
use super::source::Source;
use super::told::ToldOfCode;

/// Classes whose programs are not played here.
const NOT_PLAYED: &[&str] = &[
    "KafkaStreams",
    "StreamsBuilder",
    "AdminClient",
    "KafkaAdminClient",
    "KafkaSender",
    "KafkaReceiver",
    "StreamBridge",
    "StreamListener",
    "KafkaShareConsumer",
    "KafkaFuture",
];

/// Annotations of frameworks that are not played here.
const ANNOTATIONS: &[&str] =
    &["Incoming", "Outgoing", "KafkaClient", "RetryableTopic", "SendTo", "KafkaHandler", "EnableKafkaStreams"];

/// Tells of each that a text uses.
pub(super) fn not_played(source: &Source, told: &mut ToldOfCode) {
    for (names, is_annotation) in [(NOT_PLAYED, false), (ANNOTATIONS, true)] {
        for name in names.iter().copied().filter(|name| source.number_of(name).is_some()) {
            // Its import says less than its use.
            let is_use = |at: usize| source.is(at, name) && !(at > 0 && source.is(at - 1, "."));
            let found = (0..source.len()).find(|at| is_use(*at) && source.is(at.wrapping_sub(1), "@") == is_annotation);
            if let Some(at) = found {
                told.problem(at, Gap::Framework { name });
            }
        }
    }
}
