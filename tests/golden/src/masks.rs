//! Everything that the comparison lets pass, each with its reason. Nothing else does.

/// What may differ in a field of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Any value.
    AnyValue,
    /// Kafka drew it: the same thing in the model must have the same drawn value throughout a conversation.
    Drawn,
    /// Alike, or drawn by Kafka and learned from another field.
    Known,
    /// The digits of a text that begins otherwise alike.
    Digits,
    /// Records that end earlier than Kafka's, where `frames::cut` finds the reason in the request.
    Cut,
}

pub struct Mask {
    pub pass: Pass,
    /// The fields' names, as the messages' crate has them.
    pub fields: &'static [&'static str],
    pub reason: &'static str,
}

/// Of fields in answers.
pub const MASKS: &[Mask] = &[
    Mask {
        pass: Pass::AnyValue,
        fields: &["throttle_time_ms"],
        reason: "how long a real broker throttled: quotas are left out",
    },
    Mask {
        pass: Pass::AnyValue,
        fields: &["finalized_features_epoch"],
        reason: "the offset of the controller's log at that moment",
    },
    Mask {
        pass: Pass::AnyValue,
        fields: &["controller_id"],
        reason: "a KRaft broker answers with one drawn at random",
    },
    Mask {
        pass: Pass::AnyValue,
        fields: &["producer_id"],
        reason: "how many ids were given before the recording is not known",
    },
    Mask { pass: Pass::AnyValue, fields: &["log_append_time_ms"], reason: "the clock of the recording" },
    Mask {
        pass: Pass::AnyValue,
        fields: &["unknown_tagged_fields"],
        reason: "no field of a message: what the messages' crate has left over",
    },
    Mask {
        pass: Pass::Drawn,
        fields: &["topic_id", "session_id", "member_id", "leader"],
        reason: "ids that Kafka draws; a later request names the model's in their place",
    },
    Mask { pass: Pass::Known, fields: &["metadata"], reason: "franz-go commits its member id beside each offset" },
    Mask {
        pass: Pass::Digits,
        fields: &["error_message", "batch_index_error_message"],
        reason: "a message that quotes the clock",
    },
    Mask {
        pass: Pass::Cut,
        fields: &["records"],
        reason: "Kafka cuts a file at the limit and the client drops the incomplete batch; the model leaves it out",
    },
];

/// What the ways of playing let pass, beside the fields.
const PLAYING: &[(&str, &str)] = &[
    (
        "the order of lists",
        "topics, partitions, groups and members come in the order of Java's hash maps: they are paired by their names",
    ),
    (
        "when an answer comes",
        "up to 1.5 s later than Kafka's: disks and threads are not in the model; never one that comes without its time",
    ),
    (
        "ApiVersions in a version that nobody reads",
        "a broker reads no more of such a request than its number, and neither is it written again",
    ),
    (
        "a set-up topic with several replicas",
        "made with the first of them alone and without min.insync.replicas, so that its leader is the recorded one and can write",
    ),
    ("backoff: the longest wait", "may be one millisecond below the recorded bound, which no draw reaches"),
    (
        "runs: what their recorder left out",
        "member ids, uuids, ports, times of the machine: stable.rs of the command has the list",
    ),
];

pub fn of(field: &str) -> Option<Pass> {
    MASKS.iter().find(|mask| mask.fields.contains(&field)).map(|mask| mask.pass)
}

pub fn print() {
    for mask in MASKS {
        let pass = match mask.pass {
            Pass::AnyValue => "any value",
            Pass::Drawn => "drawn, the same throughout",
            Pass::Known => "drawn, as another field has it",
            Pass::Digits => "digits",
            Pass::Cut => "a cut that the request's limits explain",
        };
        println!("{}: {pass}: {}", mask.fields.join(", "), mask.reason);
    }
    for (what, reason) in PLAYING {
        println!("{what}: {reason}");
    }
}
