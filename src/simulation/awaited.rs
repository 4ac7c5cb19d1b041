//! What a script waits for, and its words.

use std::sync::Arc;

use crate::ids::BrokerId;
use crate::lang::{Sentence, both};
use crate::script::{Condition, Statement, Wait, print_statement};

/// A condition of the grammar, or one that a line brings by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    Condition(Condition),
    /// The broker is in Metadata again.
    BrokerUp(BrokerId),
    /// The broker's process is gone.
    BrokerGone(BrokerId),
    /// A new topic's partitions have the leaders that were asked for.
    Leaders(Arc<str>, Vec<BrokerId>),
}

impl Awaited {
    /// What is waited for, in English and in Korean.
    pub(super) fn texts(&self) -> Sentence {
        match self {
            Awaited::Condition(condition) => {
                let wait = Wait { condition: condition.clone(), timeout_ms: None };
                let text = print_statement(&Statement::Wait(wait));
                let text = text.trim_start_matches("wait ");
                both(text, text)
            }
            Awaited::BrokerUp(broker) => {
                both(format!("broker-{} to start", broker.0), format!("broker-{}의 시작", broker.0))
            }
            Awaited::BrokerGone(broker) => {
                both(format!("broker-{} to stop", broker.0), format!("broker-{}의 중지", broker.0))
            }
            Awaited::Leaders(topic, _) => both(format!("the leaders of {topic}"), format!("{topic}의 리더")),
        }
    }
}
