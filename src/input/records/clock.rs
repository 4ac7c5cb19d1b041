//! Timestamps that a broker refuses: too far from its clock.

use super::taken::Records;
use crate::lang::Sentence;
use crate::script::iso_instant;

/// The clock of a run, and how far from it a topic takes timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Milliseconds since 1970.
    pub now_ms: i64,
    /// `message.timestamp.before.max.ms`, from 0.
    pub before_max_ms: i64,
    /// `message.timestamp.after.max.ms`, from 0.
    pub after_max_ms: i64,
}

impl Records {
    /// How many timestamps a broker refuses at this clock, and what can be done. None where it takes all of them.
    pub fn out_of_time(&self, clock: Clock) -> Option<Sentence> {
        let Clock { now_ms, before_max_ms, after_max_ms } = clock;
        let (mut all, mut later, mut earlier) = (0u64, 0u64, 0u64);
        for ms in self.records.iter().filter_map(|record| record.timestamp) {
            let ahead = ms.saturating_sub(now_ms);
            all += 1;
            later += u64::from(ahead > after_max_ms);
            earlier += u64::from(ahead.saturating_neg() > before_max_ms);
        }
        if later + earlier == 0 {
            return None;
        }
        let (mut en, mut ko) = (String::new(), String::new());
        for (count, en_than, ko_than, limit, ms) in [
            (later, "later than", "보다 늦고", "after", after_max_ms),
            (earlier, "earlier than", "보다 이르고", "before", before_max_ms),
        ] {
            if count > 0 {
                let is = if count == 1 { "is" } else { "are" };
                let limit = format!("`message.timestamp.{limit}.max.ms={ms}`");
                en.push_str(&format!(
                    "{count} of {all} timestamps {is} {en_than} the run's clock by more than {limit}. "
                ));
                ko.push_str(&format!(
                    "타임스탬프 {all}개 중 {count}개가 실행의 시계{ko_than} 그 차이가 {limit} 값을 넘습니다. "
                ));
            }
        }
        let now = iso_instant(now_ms).unwrap_or_else(|| now_ms.to_string());
        en.push_str(&format!(
            "The clock stands at {now}. A broker refuses each batch with such a record: `INVALID_TIMESTAMP`. Choose “the \
             time of its send” as the timestamp, or alter that property of the topic."
        ));
        ko.push_str(&format!(
            "지금 시계는 {now}입니다. 브로커는 이런 레코드가 든 배치를 `INVALID_TIMESTAMP`로 거부합니다. 타임스탬프를 “send 시각”으로 고르거나 토픽의 그 속성을 바꾸세요."
        ));
        Some(Sentence { en, ko })
    }

    /// Takes the timestamps away: each record has the time of its `send`.
    pub fn without_timestamps(&mut self) {
        for record in &mut self.records {
            record.timestamp = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    const CLOCK: Clock = Clock { now_ms: 1_767_225_600_004, before_max_ms: i64::MAX, after_max_ms: 3_600_000 };

    #[test]
    fn timestamps_that_no_broker_takes_are_told_before_they_are_sent() {
        // The clock is 4 ms past 2026-01-01; the third is at the limit, the fourth has none.
        let file = b"value,timestamp\na,2026-11-29 20:00:00\nb,1767229200005\nc,1767229200004\nd,\ne,0\n";
        let mut out = read(file, None);
        let told = out.out_of_time(CLOCK).expect("two are too late");
        assert_eq!(
            told.en,
            "2 of 4 timestamps are later than the run's clock by more than `message.timestamp.after.max.ms=3600000`. The \
             clock stands at 2026-01-01T00:00:00.004Z. A broker refuses each batch with such a record: \
             `INVALID_TIMESTAMP`. Choose “the time of its send” as the timestamp, or alter that property of the topic."
        );
        assert!(
            told.ko.starts_with("타임스탬프 4개 중 2개가 ") && told.ko.contains("2026-01-01T00:00:00.004Z"),
            "{}",
            told.ko
        );
        let told =
            out.out_of_time(Clock { before_max_ms: 1000, after_max_ms: i64::MAX, ..CLOCK }).expect("one is too early");
        assert!(told.en.starts_with("1 of 4 timestamps is earlier than"), "{}", told.en);
        assert!(told.en.contains("`message.timestamp.before.max.ms=1000`"), "{}", told.en);
        assert_eq!(out.out_of_time(Clock { after_max_ms: i64::MAX, ..CLOCK }), None);
        let both = out.out_of_time(Clock { before_max_ms: 0, ..CLOCK }).expect("both");
        assert!(both.en.starts_with("2 of 4") && both.en.contains(" 1 of 4 timestamps is earlier"), "{}", both.en);
        out.without_timestamps();
        assert_eq!(out.out_of_time(CLOCK), None);
    }
}
