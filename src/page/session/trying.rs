//! What a story proposes when it has ended, and the next story.

use partita::draft::{Tried, tried};
use partita::lang::{Sentence, both};
use partita::scenarios::Scenario;
use partita::simulation::CommandError;

use super::run::WayGoal;
use super::{Opening, Session};

impl Session {
    /// Does what the end proposes to try, by its place in the list: a branch of its own, of the story's own run.
    pub fn try_out(self, index: usize) {
        let Some(label) = self.view_now().story.ending.as_ref().and_then(|end| end.tries.get(index).cloned()) else {
            return;
        };
        let proposed = self.with_run(|run| {
            run.go_to_own_end();
            let script = run.timeline.script();
            let of = script.tries().find(|of| **of.label.pick(run.lens.lang) == *label)?.clone();
            Some(tried(&script, &of))
        });
        let Some(what) = proposed else { return };
        let refuse = move |refused: CommandError| self.refuse(vec![refused.alone()]);
        match what {
            Ok(Tried::Here(statement)) => {
                self.with_run(|run| {
                    run.go_to_scripts_end();
                    run.timeline.acts_apart(Some(label.into()));
                });
                self.act(vec![statement], move |outcome| {
                    self.with_run(|run| run.timeline.acts_apart(None));
                    if let Err(refused) = outcome {
                        refuse(refused);
                    }
                });
            }
            Ok(Tried::FromStart(script)) => self.change_from_start(script, label, move |outcome| match outcome {
                // The story is told again from the chapter in which it becomes another.
                Ok(()) => self.previous_chapter_or_here(),
                Err(refused) => refuse(refused),
            }),
            Err(sentence) => self.refuse(vec![sentence]),
        }
    }

    /// To the beginning of the chapter in which the run stands; in a run without chapters it stays.
    fn previous_chapter_or_here(self) {
        let is_before = self.with_run(|run| {
            run.lens.ended = false;
            run.lens.told = None;
            run.chapter_back();
            run.timeline.position() == 0
        });
        self.changed();
        // What differs from the start on is told from the first chapter on, as the story is.
        if is_before {
            self.go(WayGoal::ChapterOf(1));
        }
    }

    /// The ready scenario that follows the one of this run, the first behind the last.
    pub fn next_story(self) -> Option<Scenario> {
        self.with_run(|run| run.scenario.as_ref().and_then(Scenario::next))
    }

    /// Opens the next story.
    pub fn open_next_story(self) {
        if let Some(next) = self.next_story() {
            self.open_run(Opening::of_scenario(next));
        }
    }

    /// What its button says.
    pub fn next_story_words(self) -> Option<Sentence> {
        let title = self.next_story()?.title;
        Some(both(format!("Next: {}", title.en), format!("다음: {}", title.ko)))
    }
}
