//! One module for each table: how its cases are played on the model.

mod accumulator;
mod assignors;
mod backoff;
mod configs;
mod coordinator_records;
mod partitioner;
mod records;
mod server_assignors;
mod transactions;
mod validator;

use crate::Subject;

/// Every table, in alphabetical order.
pub fn all() -> Vec<Subject> {
    vec![
        accumulator::subject(),
        assignors::subject(),
        backoff::subject(),
        configs::subject(),
        coordinator_records::subject(),
        partitioner::subject(),
        records::subject(),
        server_assignors::subject(),
        transactions::subject(),
        validator::subject(),
    ]
}

/// The check of a table for which the model has nothing yet that could be asked.
fn nothing_to_ask(_: &serde_json::Value, _: &serde_json::Value) -> Result<(), String> {
    Err("not built: the model has nothing to ask".into())
}
