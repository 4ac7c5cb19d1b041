//! Seeking in Python or in Rust, which is an assignment as long as nothing was polled.

use super::librd_calls::{API_TIMEOUT_MS, Printer};
use super::out::Out;
use crate::ids::TopicPartition;
use crate::script::{Call, Statement};

impl Printer<'_, '_> {
    /// To an offset each; of no partition: all that are assigned.
    pub fn seek(&self, to: &Sought<'_>, out: &mut Out) {
        let librd = self.librd;
        let timeout = librd.ms(API_TIMEOUT_MS);
        let one = |place: &str, offset: &str| match librd.rust {
            true => format!("consumer.seek({place}, {offset}, {timeout})?;"),
            false => format!("consumer.seek(TopicPartition({place}, {offset}))"),
        };
        // Partitions that nobody has polled yet librdkafka cannot seek: they are assigned with their offsets.
        if let Some(mut all) = self.just_assigned() {
            to.take(&mut all);
            let all = librd.offsets(&all, None);
            let why = librd.comment(librd.lang.pick("seek(), before the first poll()", "첫 poll() 전의 seek()"));
            return match librd.rust {
                true => self.line(&format!("consumer.assign(&{all})?; {why}"), out),
                false => self.line(&format!("consumer.assign({all})  {why}"), out),
            };
        }
        match to {
            Sought::All(offset) => {
                let (place, head) = match librd.rust {
                    true => ("place.topic(), place.partition()", "for place in consumer.assignment()?.elements()"),
                    false => ("place.topic, place.partition", "for place in consumer.assignment()"),
                };
                self.block(None, head, out, |out| self.line(&one(place, offset), out));
            }
            Sought::Some(to) => {
                for (of, offset) in to {
                    self.line(&one(&format!("{}, {}", librd.text(&of.topic), of.partition), offset), out);
                }
            }
        }
    }

    /// Where a call seeks to.
    pub fn sought<'s>(&self, call: &'s Call) -> Option<Sought<'s>> {
        let logical = |all: &'s [TopicPartition], python, rust| {
            let offset = self.librd.of(python, rust).to_owned();
            match all {
                [] => Sought::All(offset),
                all => Sought::Some(all.iter().map(|of| (of, offset.clone())).collect()),
            }
        };
        Some(match call {
            Call::Seek(to) => Sought::Some(to.iter().map(|(of, at)| (of, self.librd.offset(*at))).collect()),
            Call::SeekToBeginning(all) => logical(all, "OFFSET_BEGINNING", "Offset::Beginning"),
            Call::SeekToEnd(all) => logical(all, "OFFSET_END", "Offset::End"),
            _ => return None,
        })
    }

    /// What was assigned by hand, and where it was sought since, when nothing was polled since.
    fn just_assigned(&self) -> Option<Vec<Placed>> {
        let mut found: Option<Vec<Placed>> = None;
        for step in self.before {
            match step.statement {
                Statement::ConsumeLoop(_)
                | Statement::Call {
                    call: Call::Poll(_) | Call::Loop | Call::Subscribe(_) | Call::Unsubscribe, ..
                } => {
                    found = None;
                }
                Statement::Call { call: Call::Assign(all), .. } => {
                    found = Some(all.iter().map(|of| (of.clone(), None)).collect());
                }
                Statement::Call { call, .. } => {
                    if let (Some(all), Some(to)) = (&mut found, self.sought(call)) {
                        to.take(all);
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// A partition, and the offset that it is assigned with.
type Placed = (TopicPartition, Option<String>);

/// Partitions with the offsets that they are to be read from.
pub(super) enum Sought<'s> {
    All(String),
    Some(Vec<(&'s TopicPartition, String)>),
}

impl Sought<'_> {
    /// Gives partitions their offsets.
    fn take(&self, all: &mut [Placed]) {
        for (of, offset) in all {
            match self {
                Sought::All(to) => *offset = Some(to.clone()),
                Sought::Some(to) => {
                    if let Some((_, to)) = to.iter().rfind(|(other, _)| *other == of) {
                        *offset = Some(to.clone());
                    }
                }
            }
        }
    }
}
