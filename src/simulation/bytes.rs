//! How much a run may hold: it ends, with a sentence, when its records come to more.

use std::sync::Arc;

use super::{CommandError, Simulation};
use crate::lang::grouped;
use crate::script::MAX_RUN_BYTES;

impl Simulation {
    /// After each move: keys and values that producers were given, and batches in logs.
    pub(super) fn watch_bytes(&mut self) {
        if let (Some((0, most)), None) = (self.moves_left, &self.full) {
            return self.end_full(too_many_moves(most));
        }
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
        self.end_full(error);
    }

    /// A run whose past is kept may make so many moves; with the last it ends, and says so.
    pub fn keeps_history_of(&mut self, moves: u64) {
        self.moves_left = Some((moves, moves));
    }

    fn end_full(&mut self, error: CommandError) {
        self.full = Some(Arc::new(error.clone()));
        self.stop_run(error);
    }
}

fn too_many_moves(most: u64) -> CommandError {
    let most = grouped(most);
    CommandError::new(
        format!(
            "this run has made {most} moves, each of which is kept so that one can go back to it; a run may make at most as \
             many, and ends here. Fewer records, or a longer time between them, take fewer moves"
        ),
        format!(
            "이 실행의 이동이 {most}번입니다. 이동은 되돌아갈 수 있도록 모두 보관하므로 실행 하나는 최대 {most}번까지이며 여기서 \
             끝납니다. 레코드를 줄이거나 간격을 늘리면 이동이 줄어듭니다"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse;
    use crate::simulation::Sink;

    #[test]
    fn a_run_that_keeps_its_history_ends_with_its_last_move_and_says_so() {
        let (script, errors) = parse("cluster brokers=1\ntopic t\nproducer p\nproduce-loop p t interval_ms=1\n");
        assert_eq!(errors, []);
        for most in [1, 5_000] {
            let mut simulation = Simulation::new(Arc::new(script.clone())).unwrap();
            simulation.keeps_history_of(most);
            let (mut sink, mut made) = (Sink::default(), 0);
            while simulation.step(&mut sink) {
                made += 1;
            }
            assert_eq!(made, most);
            let why = simulation.full().expect("it says why").alone();
            let most = grouped(most);
            assert!(why.en.contains(&format!("made {most} moves")) && why.en.contains("at most"), "{why:?}");
            assert!(why.ko.contains(&format!("최대 {most}번")), "{why:?}");
        }
    }
}
