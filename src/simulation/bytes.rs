//! How much a run may hold: it ends, with a sentence, when its records come to more.

use std::sync::Arc;

use super::{CommandError, Simulation};
use crate::lang::grouped;
use crate::script::MAX_RUN_BYTES;

impl Simulation {
    /// After each move: keys and values that producers were given, and batches in logs.
    pub(super) fn watch_bytes(&mut self) {
        let is_within = self.out.given <= MAX_RUN_BYTES && self.out.written <= MAX_RUN_BYTES;
        if is_within || self.full.is_some() {
            return;
        }
        let megabytes = MAX_RUN_BYTES / 1_048_576;
        let most = grouped(MAX_RUN_BYTES);
        let error = if self.out.given > MAX_RUN_BYTES {
            CommandError::new(
                format!(
                    "the records that this run's producers were given come to {} bytes; a run may send at most \
                     {megabytes} MB ({most} bytes), and ends here",
                    grouped(self.out.given)
                ),
                format!(
                    "이 실행의 프로듀서들이 보낸 레코드가 모두 {}바이트입니다. 실행 하나는 최대 {megabytes} MB\
                     ({most}바이트)까지 보낼 수 있어 여기서 끝납니다",
                    grouped(self.out.given)
                ),
            )
        } else {
            CommandError::new(
                format!(
                    "the logs of this run come to {} bytes; a run may write at most {megabytes} MB ({most} \
                     bytes), and ends here",
                    grouped(self.out.written)
                ),
                format!(
                    "이 실행의 로그가 모두 {}바이트입니다. 실행 하나는 최대 {megabytes} MB({most}바이트)까지 쓸 수 있어 \
                     여기서 끝납니다",
                    grouped(self.out.written)
                ),
            )
        };
        self.full = Some(Arc::new(error.clone()));
        self.stop_run(error);
    }
}
