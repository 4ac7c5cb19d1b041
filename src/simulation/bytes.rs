//! How much a run may hold: it ends, with a sentence, when its records come to more.

use std::sync::Arc;

use super::{CommandError, Simulation};
use crate::lang::grouped;
use crate::script::MAX_RUN_BYTES;

/// The moves that a run may still make, of how many; those of all branches together, or its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct MovesLeft {
    pub left: u64,
    most: u64,
    of_branches: bool,
}

impl Simulation {
    /// After each move: keys and values that producers were given, and batches in logs.
    pub(super) fn watch_bytes(&mut self) {
        if let (Some(MovesLeft { left: 0, most, of_branches }), None) = (self.moves_left, &self.full) {
            return self.end_full(if of_branches { too_many_together(most) } else { too_many_moves(most) });
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
        self.moves_left = Some(MovesLeft { left: moves, most: moves, of_branches: false });
    }

    /// With its next move the run ends: all branches together hold so many then, and says so.
    pub fn ends_with_next_move(&mut self, most: u64) {
        self.moves_left = Some(MovesLeft { left: 1, most, of_branches: true });
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
            "this run has made {most} moves, each of which is kept so that one can go back to it; a run may make at most \
             that many, and ends here. Fewer records, or a longer time between them, take fewer moves"
        ),
        format!(
            "이 실행의 이동이 {most}번입니다. 이동은 되돌아갈 수 있도록 모두 보관하므로 실행 하나는 최대 {most}번까지이며 여기서 \
             끝납니다. 레코드를 줄이거나 간격을 늘리면 이동이 줄어듭니다"
        ),
    )
}

fn too_many_together(most: u64) -> CommandError {
    let most = grouped(most);
    CommandError::new(
        format!(
            "the branches of this run have made {most} moves together, each of which is kept so that one can go back to it; \
             they may make at most that many, and this one ends here. Another run, or this one opened anew, has room again"
        ),
        format!(
            "이 실행의 브랜치들의 이동이 모두 {most}번입니다. 이동은 되돌아갈 수 있도록 모두 보관하므로 브랜치를 합해 최대 \
             {most}번까지이며 이 브랜치는 여기서 끝납니다. 다른 실행을 열거나 이 실행을 다시 열면 다시 진행할 수 있습니다"
        ),
    )
}

/// Why no further branch is made: it would hold so many moves from its start, beside those that are held.
pub fn no_room_for_branch(held: u64, more: u64, most: u64) -> CommandError {
    let [held, more, most] = [held, more, most].map(grouped);
    CommandError::new(
        format!(
            "the branches of this run hold {held} moves together, and a branch from here {more} more; at most {most} are kept. \
             Change something nearer to the start, or at the end of a branch"
        ),
        format!(
            "이 실행의 브랜치들에 보관된 이동이 모두 {held}개이고, 여기서 갈라지는 브랜치에는 {more}개가 더 필요합니다. 최대 \
             {most}개까지 보관합니다. 시작에 더 가까운 곳이나 브랜치의 끝에서 바꾸십시오"
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
