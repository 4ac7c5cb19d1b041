//! The events of the run as a list: what the timeline shows, in words.

use leptos::prelude::*;
use partita::event::Event;
use partita::explain::{Context, decimal_ms, tell};
use partita::ids::{EventId, Names};
use partita::lang::Lang;
use partita::timeline::Flags;

use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::{Noted, Run, Session};
use crate::page::told::told;

/// Events before and after the present one.
const BEFORE: usize = 60;
const AFTER: usize = 40;

/// An event worth telling: its move, its time, its sentence, and whether it is passed, now or to come.
struct ToldMove {
    number: u64,
    time: String,
    text: String,
    class: &'static str,
}

fn rows(run: &mut Run) -> Vec<ToldMove> {
    let position = run.timeline.position();
    let moves = run.timeline.moves();
    let telling = |number: &u64| moves.flags(*number).has(Flags::TELLING);
    let mut numbers: Vec<u64> = (1..=position).rev().filter(telling).take(BEFORE).collect();
    numbers.reverse();
    numbers.extend((position + 1..=moves.len()).filter(telling).take(AFTER));
    let lang = run.lens.lang;
    let told = |number: u64| {
        let tell = |events: &[Event], names: &Names| tell(&Context::of_names(names), EventId::NONE, events, None, lang);
        run.timeline.at_move(number, tell).flatten().map(|telling| telling.narration.happened.plain())
    };
    let row = |number: u64| ToldMove {
        number,
        time: decimal_ms(run.timeline.moves().at(number).micros()),
        text: told(number).unwrap_or_else(|| lang.pick("a command of yours", "내 명령").to_owned()),
        class: match number.cmp(&position) {
            std::cmp::Ordering::Less => "",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "fut",
        },
    };
    numbers.into_iter().map(row).collect()
}

pub fn body() -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let rows = session.with_run(rows);
    let is_empty = rows.is_empty();
    let has_now = rows.iter().any(|row| row.class == "now");
    let count = rows.len();
    let rows = rows.into_iter().enumerate().map(|(i, row)| {
        let is_now = row.class == "now" || !has_now && i + 1 == count;
        view! {
            <li class=row.class aria-current=is_now.then_some("step")>
                <span class="mono">{row.time}</span>
                <i></i>
                <button type="button" class="lk" autofocus=is_now on:click=move |_| { session.close(); session.go_to_move(row.number) }>{row.text}</button>
            </li>
        }
    });
    let noted = noted(session, lang);
    let empty = is_empty.then(|| lang.pick("Nothing has happened yet.", "아직 아무 일도 일어나지 않았습니다."));
    view! {
        <p class="dlg-p">{say("Events worth telling around this place. Those to come are computed already.", "이 위치 앞뒤의 이벤트입니다. 다가올 것은 이미 계산되어 있습니다.")}</p>
        <ol class="ev">{rows.collect_view()}</ol>
        <p>{empty}</p>
        {noted}
    }
}

/// What the page said of the run, each with its time.
fn noted(session: Session, lang: Lang) -> Option<impl IntoView> {
    let noted = session.noted();
    let rows = || {
        noted.iter().map(|Noted { at, notice }| {
            let list = notice.list.iter().map(|row| view! { <li>{told(row, lang)}</li> }).collect_view();
            view! {
                <li>
                    <span class="mono">{decimal_ms(at.micros())}</span>
                    <div><b>{told(&notice.strong, lang)}</b>" "{told(&notice.text, lang)}<ul>{list}</ul></div>
                </li>
            }
        })
    };
    (!noted.is_empty()).then(|| {
        view! {
            <h3>{lang.pick("What the page said", "페이지의 알림")}</h3>
            <ol class="noted" id=own("noted")>{rows().collect_view()}</ol>
        }
    })
}
