//! The steps around the present one, as a list below the scene of a phone: those that were told, and those that are computed.

use leptos::prelude::*;
use partita::event::Event;
use partita::explain::{Context, decimal_ms, tell};
use partita::ids::{EventId, Names};
use partita::lang::Lang;
use partita::timeline::{Begun, Step};

use crate::page::preferences::{Preferences, say};
use crate::page::session::{Run, Session};

/// Steps before and after the present one.
const BEFORE: usize = 3;
const AFTER: usize = 5;

/// A step in words. To tell one the run plays its move again: what stands in the list already is not told anew.
#[derive(Clone, PartialEq)]
struct ToldStep {
    event: EventId,
    time: String,
    text: String,
}

/// What the sentences of a list are those of: a run, a branch, a language.
type Source = (u32, usize, Lang);

#[component]
pub fn Around() -> impl IntoView {
    let session = Session::get();
    let (view, lang) = (session.view(), Preferences::get());
    let known = StoredValue::new((None::<Source>, Vec::<ToldStep>::new()));
    let list = move || {
        let passed = view.with(|view| view.transport.step_number);
        let passed = usize::try_from(passed).unwrap_or(usize::MAX);
        // The last of those that are passed is the present one.
        let (now, from) = (passed.saturating_sub(1), passed.saturating_sub(BEFORE + 1));
        let source = session.with_run(|run| (run.number, run.timeline.current(), lang.lang()));
        known.update_value(|(of, told)| {
            if of.as_ref() != Some(&source) {
                (*of, *told) = (Some(source), Vec::new());
            }
            *told = session.with_run(|run| steps(run, from, now + AFTER, told));
        });
        let all = known.with_value(|(_, told)| told.clone());
        all.into_iter().zip(from..).map(|(step, index)| row(session, step, index + 1, passed)).collect_view()
    };
    view! { <ol class="ev around" aria-label=say("Steps around this one", "이 스텝 앞뒤")>{list}</ol> }
}

fn steps(run: &mut Run, from: usize, last: usize, known: &[ToldStep]) -> Vec<ToldStep> {
    let course = run.timeline.moves().story().course(run.lens.reader());
    let shown = course.steps().iter().take(last + 1).skip(from);
    shown
        .map(|step| known.iter().find(|told| told.event == step.event).cloned().unwrap_or_else(|| told(run, step)))
        .collect()
}

/// What happened, or the title of the chapter that begins.
fn told(run: &Run, step: &Step) -> ToldStep {
    let (timeline, number) = (&run.timeline, step.number);
    let first = timeline.moves().first_event(number);
    let chosen = Some((step.event.0 - first.0) as usize);
    let tell = |events: &[Event], names: &Names| tell(&Context::of_names(names), first, events, chosen, run.lens.lang);
    let told = timeline.at_move(number, tell).flatten();
    ToldStep {
        event: step.event,
        time: decimal_ms(timeline.moves().at(number).micros()),
        text: chapter(run, step).or_else(|| Some(told?.narration.happened.plain())).unwrap_or_default(),
    }
}

fn chapter(run: &Run, step: &Step) -> Option<String> {
    let of_step = |begun: &&Begun| begun.place == step.place();
    let course = run.timeline.moves().story().course(run.lens.reader());
    let place = course.chapters().iter().position(|begun| of_step(&begun))?;
    let (_, chapter) = run.timeline.branch().scenario.chapters().nth(place)?;
    let number = place + 1;
    Some(format!("{number} {}", chapter.title.pick(run.lens.lang)))
}

fn row(session: Session, step: ToldStep, number: usize, passed: usize) -> impl IntoView {
    let class = match number.cmp(&passed) {
        std::cmp::Ordering::Less => "",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "fut",
    };
    view! {
        <li class=class aria-current=(number == passed).then_some("step")>
            <button type="button" on:click=move |_| session.go_to_event(step.event)>
                <span class="mono">{step.time}</span>
                <i></i>
                <span>{step.text}</span>
            </button>
        </li>
    }
}
