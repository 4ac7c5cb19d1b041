//! How much a run may hold: it ends, with a sentence, when its records come to more.

use std::sync::Arc;

use super::{CommandError, Simulation};
use crate::event::EventKind;
use crate::script::MAX_RUN_BYTES;

impl Simulation {
    /// Counts what the move that ends has added: keys and values that producers were given, and batches in logs.
    pub(super) fn watch_bytes(&mut self) {
        let bytes = |size: i32| u64::try_from(size).unwrap_or(0);
        let given = |kind: &EventKind| match kind {
            EventKind::Serialized { key_bytes, value_bytes, .. } => bytes(*key_bytes) + bytes(*value_bytes),
            _ => 0,
        };
        self.sent += self.out.events.iter().map(|event| given(&event.kind)).sum::<u64>();
        if self.full.is_some() {
            return;
        }
        let megabytes = MAX_RUN_BYTES / 1_048_576;
        let error = if self.sent > MAX_RUN_BYTES {
            CommandError::new(
                format!(
                    "the records that this run's producers were given come to {} bytes; a run may send at most \
                     {megabytes} MB ({MAX_RUN_BYTES} bytes), and ends here",
                    self.sent
                ),
                format!(
                    "이 실행의 프로듀서들이 보낸 레코드가 모두 {}바이트입니다. 실행 하나는 최대 {megabytes} MB\
                     ({MAX_RUN_BYTES}바이트)까지 보낼 수 있어 여기서 끝납니다",
                    self.sent
                ),
            )
        } else if self.out.written > MAX_RUN_BYTES {
            CommandError::new(
                format!(
                    "the logs of this run come to {} bytes; a run may write at most {megabytes} MB ({MAX_RUN_BYTES} \
                     bytes), and ends here",
                    self.out.written
                ),
                format!(
                    "이 실행의 로그가 모두 {}바이트입니다. 실행 하나는 최대 {megabytes} MB({MAX_RUN_BYTES}바이트)까지 쓸 수 있어 \
                     여기서 끝납니다",
                    self.out.written
                ),
            )
        } else {
            return;
        };
        self.full = Some(Arc::new(error.clone()));
        self.stop_run(error);
    }
}
