//! This playground's own remarks on settings that Kafka takes without a word, where they act.

use super::broker::BrokerConfig;
use super::consumer::{AutoOffsetReset, ConsumerConfig, GroupProtocol};
use super::number::{SettingNo, Side};
use super::producer::ProducerConfig;
use crate::lang::{Both, Sentence};

/// A remark, with the values that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// `acks=0`.
    NoAnswer,
    /// `acks=1`.
    LeaderOnly,
    /// `retries=0`.
    NoRetries,
    /// Several requests in flight, retries, no idempotence.
    MayReorder { in_flight: i32 },
    /// Retries without idempotence.
    MayDuplicate,
    /// `batch.size` 0 or 1.
    OneRecordABatch,
    /// `max.block.ms=0`.
    NeverWaits,
    /// `max.request.size` above the broker's `message.max.bytes`.
    LargerThanBroker { request_bytes: i32, broker_bytes: i32 },
    /// More than a third of the session timeout.
    HeartbeatTooRare { heartbeat_ms: i32, session_ms: i32 },
    /// Outside `group.min.session.timeout.ms` to `group.max.session.timeout.ms` of the broker.
    SessionRefused { session_ms: i32, min_ms: i32, max_ms: i32 },
    /// `enable.auto.commit` in a group.
    AutoCommit { interval_ms: i32 },
    /// `enable.auto.commit=false` in a group.
    ManualCommit,
    /// No `group.id`.
    NoGroup,
    /// `auto.offset.reset=latest` in a group.
    NewGroupSkips,
    /// `auto.offset.reset=none`.
    NoReset,
    /// `fetch.min.bytes` above 1.
    FetchWaits { min_bytes: i32, wait_ms: i32 },
}

/// What there is to say to a producer.
pub fn producer_advice(config: &ProducerConfig, broker: &BrokerConfig) -> Vec<Advice> {
    let mut advice = Vec::new();
    match config.acks {
        0 => advice.push(Advice::NoAnswer),
        1 => advice.push(Advice::LeaderOnly),
        _ => {}
    }
    if config.retries == 0 {
        advice.push(Advice::NoRetries);
    }
    if !config.enable_idempotence && config.retries > 0 {
        if config.max_in_flight > 1 {
            advice.push(Advice::MayReorder { in_flight: config.max_in_flight });
        }
        // Without answers nothing is known to have failed, but for a connection that breaks.
        if config.acks != 0 {
            advice.push(Advice::MayDuplicate);
        }
    }
    if config.batch_size <= 1 {
        advice.push(Advice::OneRecordABatch);
    }
    if config.max_block_ms == 0 {
        advice.push(Advice::NeverWaits);
    }
    let broker_bytes = broker.topic_defaults().max_message_bytes;
    if config.max_request_size > broker_bytes {
        advice.push(Advice::LargerThanBroker { request_bytes: config.max_request_size, broker_bytes });
    }
    advice
}

/// What there is to say to a consumer.
pub fn consumer_advice(config: &ConsumerConfig, broker: &BrokerConfig) -> Vec<Advice> {
    let mut advice = Vec::new();
    if config.group_id.is_none() {
        advice.push(Advice::NoGroup);
    } else {
        group_advice(config, broker, &mut advice);
    }
    if config.auto_offset_reset == AutoOffsetReset::None {
        advice.push(Advice::NoReset);
    }
    if config.fetch_min_bytes > 1 {
        let (min_bytes, wait_ms) = (config.fetch_min_bytes, config.fetch_max_wait_ms);
        advice.push(Advice::FetchWaits { min_bytes, wait_ms });
    }
    advice
}

fn group_advice(config: &ConsumerConfig, broker: &BrokerConfig, advice: &mut Vec<Advice>) {
    let (session_ms, heartbeat_ms) = (config.session_timeout_ms, config.heartbeat_interval_ms);
    if config.group_protocol == GroupProtocol::Classic {
        if i64::from(heartbeat_ms) * 3 > i64::from(session_ms) {
            advice.push(Advice::HeartbeatTooRare { heartbeat_ms, session_ms });
        }
        let (min_ms, max_ms) = (broker.group_min_session_timeout_ms, broker.group_max_session_timeout_ms);
        if !(min_ms..=max_ms).contains(&session_ms) {
            advice.push(Advice::SessionRefused { session_ms, min_ms, max_ms });
        }
    }
    advice.push(match config.enable_auto_commit {
        true => Advice::AutoCommit { interval_ms: config.auto_commit_interval_ms },
        false => Advice::ManualCommit,
    });
    if config.auto_offset_reset == AutoOffsetReset::Latest {
        advice.push(Advice::NewGroupSkips);
    }
}

impl Advice {
    /// The property beside which the remark stands.
    pub const fn setting(self) -> SettingNo {
        match self {
            Advice::NoAnswer | Advice::LeaderOnly => SettingNo::of(Side::Producer, "acks"),
            Advice::NoRetries => SettingNo::of(Side::Producer, "retries"),
            Advice::MayReorder { .. } => SettingNo::of(Side::Producer, "max.in.flight.requests.per.connection"),
            Advice::MayDuplicate => SettingNo::of(Side::Producer, "enable.idempotence"),
            Advice::OneRecordABatch => SettingNo::of(Side::Producer, "batch.size"),
            Advice::NeverWaits => SettingNo::of(Side::Producer, "max.block.ms"),
            Advice::LargerThanBroker { .. } => SettingNo::of(Side::Producer, "max.request.size"),
            Advice::HeartbeatTooRare { .. } => SettingNo::of(Side::Consumer, "heartbeat.interval.ms"),
            Advice::SessionRefused { .. } => SettingNo::of(Side::Consumer, "session.timeout.ms"),
            Advice::AutoCommit { .. } | Advice::ManualCommit => SettingNo::of(Side::Consumer, "enable.auto.commit"),
            Advice::NoGroup => SettingNo::of(Side::Consumer, "group.id"),
            Advice::NewGroupSkips | Advice::NoReset => SettingNo::of(Side::Consumer, "auto.offset.reset"),
            Advice::FetchWaits { .. } => SettingNo::of(Side::Consumer, "fetch.min.bytes"),
        }
    }

    /// Whether records may be lost, written twice, reordered or refused, rather than merely something to know.
    pub const fn is_warning(self) -> bool {
        !matches!(
            self,
            Advice::AutoCommit { .. }
                | Advice::ManualCommit
                | Advice::NewGroupSkips
                | Advice::FetchWaits { .. }
                | Advice::OneRecordABatch
        )
    }

    /// The remark.
    pub fn sentence(self) -> Sentence {
        match self {
            Advice::NoAnswer
            | Advice::LeaderOnly
            | Advice::NoRetries
            | Advice::MayReorder { .. }
            | Advice::MayDuplicate
            | Advice::OneRecordABatch
            | Advice::NeverWaits
            | Advice::LargerThanBroker { .. } => self.of_producer(),
            _ => self.of_consumer(),
        }
    }

    fn of_producer(self) -> Sentence {
        let (en, ko) = match self {
            Advice::NoAnswer => (
                "acks=0: no broker answers. A record that is lost on the way counts as sent, with offset -1.".into(),
                "acks=0: 브로커가 응답하지 않습니다. 도중에 사라진 레코드도 오프셋 -1로 보낸 것이 됩니다.".into(),
            ),
            Advice::LeaderOnly => (
                "acks=1: the leader alone answers. If it dies before others have copied them, acknowledged records are \
                 lost."
                    .into(),
                "acks=1: 리더만 응답합니다. 다른 복제본이 복사하기 전에 리더가 죽으면 확인된 레코드를 잃습니다.".into(),
            ),
            Advice::NoRetries => (
                "retries=0: one lost response, or one change of leader, and the record fails.".into(),
                "retries=0: 응답을 한 번 잃거나 리더가 한 번만 바뀌어도 레코드가 실패합니다.".into(),
            ),
            Advice::MayReorder { in_flight } => (
                format!(
                    "max.in.flight.requests.per.connection={in_flight} without idempotence: a batch that is retried may \
                     land behind a later one, so the order is not kept."
                ),
                format!(
                    "멱등성 없이 max.in.flight.requests.per.connection={in_flight}: 재시도한 배치가 나중 배치 뒤에 쓰여 \
                     순서가 바뀔 수 있습니다."
                ),
            ),
            Advice::MayDuplicate => (
                "Without idempotence a batch whose response is lost is written again: its records are there twice.".into(),
                "멱등성이 없으면 응답을 잃은 배치가 다시 쓰여 레코드가 두 번 들어갑니다.".into(),
            ),
            Advice::OneRecordABatch => (
                "batch.size this small gives every record a batch of its own: many small requests.".into(),
                "batch.size가 이렇게 작으면 레코드마다 배치가 하나씩 생겨 작은 요청이 많아집니다.".into(),
            ),
            Advice::NeverWaits => (
                "max.block.ms=0: the first send to a topic fails, since its metadata is not known yet.".into(),
                "max.block.ms=0: 메타데이터를 아직 모르므로 토픽에 처음 보내는 send가 실패합니다.".into(),
            ),
            Advice::LargerThanBroker { request_bytes, broker_bytes } => (
                format!(
                    "max.request.size={request_bytes} is above what the broker takes for a batch ({broker_bytes} bytes): \
                     larger ones come back as RECORD_TOO_LARGE."
                ),
                format!(
                    "max.request.size={request_bytes}: 브로커가 받는 배치 크기({broker_bytes}바이트)보다 큽니다. 더 큰 \
                     배치는 RECORD_TOO_LARGE로 돌아옵니다."
                ),
            ),
            other => panic!("{other:?} is not about a producer"),
        };
        Both { en, ko }
    }

    fn of_consumer(self) -> Sentence {
        let (en, ko) = match self {
            Advice::HeartbeatTooRare { heartbeat_ms, session_ms } => (
                format!(
                    "heartbeat.interval.ms={heartbeat_ms} should be at most a third of session.timeout.ms={session_ms}: \
                     one or two late heartbeats, and the member is put out."
                ),
                format!(
                    "heartbeat.interval.ms={heartbeat_ms} 값은 session.timeout.ms={session_ms}의 3분의 1을 넘지 않는 것이 \
                     좋습니다. 하트비트가 한두 번 늦으면 멤버가 제외됩니다."
                ),
            ),
            Advice::SessionRefused { session_ms, min_ms, max_ms } => (
                format!(
                    "session.timeout.ms={session_ms} is outside what the broker allows ({min_ms} to {max_ms}): joining \
                     the group fails with INVALID_SESSION_TIMEOUT."
                ),
                format!(
                    "session.timeout.ms={session_ms} 값이 브로커가 허용하는 범위({min_ms}~{max_ms})를 벗어나 그룹 참가가 \
                     INVALID_SESSION_TIMEOUT으로 실패합니다."
                ),
            ),
            Advice::AutoCommit { interval_ms } => (
                format!(
                    "Offsets are committed by poll() every {interval_ms} ms and by close(): after a crash, what came \
                     since the last commit is read again."
                ),
                format!(
                    "오프셋은 poll()이 {interval_ms} ms마다, 그리고 close()가 커밋합니다. 죽으면 마지막 커밋 뒤의 레코드를 다시 \
                     읽습니다."
                ),
            ),
            Advice::ManualCommit => (
                "Nothing is committed unless the application commits: after a restart, reading begins at its last commit."
                    .into(),
                "애플리케이션이 커밋하지 않으면 아무것도 커밋되지 않습니다. 다시 시작하면 마지막 커밋부터 읽습니다.".into(),
            ),
            Advice::NoGroup => (
                "Without group.id only assign() works, and no offset can be committed.".into(),
                "group.id가 없으면 assign()만 쓸 수 있고 오프셋을 커밋할 수 없습니다.".into(),
            ),
            Advice::NewGroupSkips => (
                "auto.offset.reset=latest: a new group does not see what was written before it came.".into(),
                "auto.offset.reset=latest: 새 그룹은 오기 전에 쓰인 레코드를 보지 못합니다.".into(),
            ),
            Advice::NoReset => (
                "auto.offset.reset=none: where there is no committed offset, poll() throws.".into(),
                "auto.offset.reset=none: 커밋된 오프셋이 없으면 poll()이 예외를 던집니다.".into(),
            ),
            Advice::FetchWaits { min_bytes, wait_ms } => (
                format!("A fetch that finds less than {min_bytes} bytes waits up to {wait_ms} ms at the broker."),
                format!("{min_bytes}바이트보다 적으면 fetch가 브로커에서 최대 {wait_ms} ms 기다립니다."),
            ),
            other => panic!("{other:?} is not about a consumer"),
        };
        Both { en, ko }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigValue;

    fn pairs<'a>(base: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, ConfigValue)> {
        base.iter().chain(more).map(|(name, value)| (*name, (*value).into())).collect()
    }

    fn producer(more: &[(&str, &str)]) -> Vec<Advice> {
        let string = "org.apache.kafka.common.serialization.StringSerializer";
        let base = [("bootstrap.servers", "broker-1:9092"), ("key.serializer", string), ("value.serializer", string)];
        let (config, _) = ProducerConfig::construct(&pairs(&base, more)).unwrap();
        producer_advice(&config, &BrokerConfig::construct(1, &[]).unwrap().0)
    }

    fn consumer(more: &[(&str, &str)]) -> Vec<Advice> {
        let string = "org.apache.kafka.common.serialization.StringDeserializer";
        let base =
            [("bootstrap.servers", "broker-1:9092"), ("key.deserializer", string), ("value.deserializer", string)];
        let (config, _) = ConsumerConfig::construct(&pairs(&base, more)).unwrap();
        consumer_advice(&config, &BrokerConfig::construct(1, &[]).unwrap().0)
    }

    #[test]
    fn remarks_stand_where_they_act() {
        use Advice::*;
        assert_eq!(producer(&[]), []);
        let reorder = MayReorder { in_flight: 5 };
        assert_eq!(producer(&[("acks", "1")]), [LeaderOnly, reorder, MayDuplicate]);
        assert_eq!(producer(&[("acks", "0"), ("retries", "0")]), [NoAnswer, NoRetries]);
        let one = ("max.in.flight.requests.per.connection", "1");
        assert_eq!(producer(&[("enable.idempotence", "false"), one]), [MayDuplicate]);
        let large = LargerThanBroker { request_bytes: 2_000_000, broker_bytes: 1_048_588 };
        assert_eq!(producer(&[("max.request.size", "2000000"), ("batch.size", "0")]), [OneRecordABatch, large]);

        assert_eq!(consumer(&[]), [NoGroup]);
        let auto = AutoCommit { interval_ms: 5000 };
        assert_eq!(consumer(&[("group.id", "g")]), [auto, NewGroupSkips]);
        let rare = HeartbeatTooRare { heartbeat_ms: 3000, session_ms: 8999 };
        let manual = [("group.id", "g"), ("session.timeout.ms", "8999"), ("enable.auto.commit", "false")];
        assert_eq!(consumer(&manual), [rare, ManualCommit, NewGroupSkips]);
        let short = [("group.id", "g"), ("session.timeout.ms", "5000"), ("heartbeat.interval.ms", "1000")];
        let refused = SessionRefused { session_ms: 5000, min_ms: 6000, max_ms: 1_800_000 };
        assert_eq!(consumer(&short), [refused, auto, NewGroupSkips]);
        for advice in [large, reorder, rare, refused, auto, NoAnswer, NoReset] {
            let sentence = advice.sentence();
            assert!(sentence.en.ends_with('.') && sentence.ko.ends_with('.'), "{sentence:?}");
            assert!(!advice.setting().name().is_empty());
        }
    }
}
