//! What a story proposes when it has ended, and the next story.

use partita::draft::{Tried, tried};
use partita::lang::{Sentence, both};
use partita::scenarios::Scenario;
use partita::simulation::CommandError;

use super::run::WayGoal;
use super::{Opening, Run, Session};

impl Session {
    /// Does what the end proposes to try, by its place in the list: a branch of its own, of the story's own run.
    pub fn try_out(self, index: usize) {
        let view = self.view_now();
        let tries = view.story.ending.as_ref().map(|end| &*end.tries).unwrap_or_default();
        let Some(label) = tries.get(index).cloned() else { return };
        // Two may be called the same.
        let nth = tries[..index].iter().filter(|other| **other == label).count();
        self.at_once();
        self.when_free(move || self.try_now(label, nth));
    }

    fn try_now(self, label: String, nth: usize) {
        self.halt();
        let (stood, proposed) = self.with_run(|run| {
            let stood = run.shown_place();
            run.go_to_own_end();
            let script = run.timeline.script();
            let of = script.tries().filter(|of| **of.label.pick(run.lens.lang) == *label).nth(nth).cloned();
            (stood, of.map(|of| tried(&script, &of)))
        });
        // What cannot be tried leaves the reader where they stood.
        let refuse = move |refused: CommandError| {
            self.with_run(|run| run.show_place(stood));
            self.changed();
            self.refuse(vec![refused.alone()]);
        };
        match proposed {
            None => {
                self.with_run(|run| run.show_place(stood));
                self.changed();
            }
            Some(Ok(Tried::Here(statement))) => {
                if !self.with_run(Run::go_to_scripts_end) {
                    return refuse(too_far());
                }
                self.with_run(|run| run.timeline.acts_apart(Some(label.into())));
                self.act(vec![statement], move |outcome| {
                    self.with_run(|run| run.timeline.acts_apart(None));
                    if let Err(refused) = outcome {
                        refuse(refused);
                    }
                });
            }
            Some(Ok(Tried::FromStart(script))) => self.change_from_start(script, label, move |outcome| match outcome {
                // The story is told again from the chapter in which it becomes another.
                Ok(()) => self.previous_chapter_or_here(),
                Err(refused) => refuse(refused),
            }),
            Some(Err(sentence)) => refuse(CommandError::named(sentence)),
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

/// The story's own run is computed anew after a reload, and a deed in the middle of its script would be another one.
fn too_far() -> CommandError {
    CommandError::new(
        "The story's own run has not been computed to its end: go to that first, then try it",
        "이야기 본래 실행이 끝까지 계산되지 않았습니다. 먼저 그 끝으로 간 다음 해 보십시오",
    )
}
