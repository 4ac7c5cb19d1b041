//! `TransactionManager`: the model has the half of it that an idempotent producer needs.

use partita::client::producer::{BatchStore, ProducerIdAndEpoch, TransactionManager, TransactionState};
use partita::error::Code;
use serde_json::{Value, json};

use crate::data::Case;
use crate::json::{equal, int, list, text};
use crate::verdict::{Difference, Verdict};
use crate::{Player, Subject};

pub fn subject() -> Subject {
    Subject { name: "transactions", player: || Box::new(Managers), part }
}

/// What only a producer with a transactional id needs.
fn part(case: &Value) -> Option<String> {
    Some(if case["transactional"] == true { "transactional" } else { "idempotent" }.to_owned())
}

struct Managers;

impl Player for Managers {
    /// Each step is asked for itself: one that is not built leaves the manager as it was.
    fn play(&mut self, case: &Case) -> Verdict {
        let steps = list(&case.value["steps"]);
        if case.value["transactional"] == true {
            let text = "not built: a producer with a transactional id".to_owned();
            let differences = vec![Difference { place: String::new(), text }];
            return Verdict { differences, equal: 0, asked: steps.len() };
        }
        let mut manager = TransactionManager::default();
        let mut verdict = Verdict { differences: Vec::new(), equal: 0, asked: steps.len() };
        for (at, step) in steps.iter().enumerate() {
            match play(&mut manager, step) {
                Ok(()) => verdict.equal += 1,
                Err(why) => {
                    let text = format!("step {} {step}: {why}", at + 1);
                    verdict.differences.push(Difference { place: String::new(), text });
                }
            }
        }
        verdict
    }
}

fn play(manager: &mut TransactionManager, step: &Value) -> Result<(), String> {
    if let Some(answer) = step["answer"].as_str() {
        let error = Code::from_name(answer).ok_or("an answer of no such code")?;
        let given = match error {
            Code::None => {
                ProducerIdAndEpoch { producer_id: int(&step["producer"][0]), epoch: int(&step["producer"][1]) }
            }
            _ => ProducerIdAndEpoch::NONE,
        };
        manager.handle_init_producer_id(error, given);
    } else if step.get("sender").is_some() {
        manager.bump_epoch_and_reset_id_if_needed(&mut BatchStore::default());
        let request = match (manager.pending(), manager.has_in_flight_request()) {
            (Some(_), _) => {
                manager.sent_pending();
                json!("InitProducerId")
            }
            (None, true) => json!("under way"),
            (None, false) => Value::Null,
        };
        equal("request", &request, &step["request"])?;
    } else if let Some(call) = step.get("call") {
        if call[0] != "send" {
            return Err("not built: the call".into());
        }
        let thrown =
            manager.check_usable().err().map(|error| json!({ "class": error.class, "message": *error.message }));
        equal("thrown", &thrown.as_ref(), &step.get("thrown"))?;
    } else {
        return Err("not built: such a step".into());
    }
    let state = match manager.state() {
        TransactionState::Uninitialized => "UNINITIALIZED",
        TransactionState::Initializing => "INITIALIZING",
        TransactionState::Ready => "READY",
        TransactionState::AbortableError => "ABORTABLE_ERROR",
        TransactionState::FatalError => "FATAL_ERROR",
        other => return Err(format!("{other:?} is no state of an idempotent producer")),
    };
    equal("state", &state, &text(&step["state"]))
}
