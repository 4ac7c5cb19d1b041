//! What the page says beside the scene: one line, in the narration's fourth. The whole of it, and what else is said, opens
//! above it. It goes when it is no longer true, and the list of events keeps it.

use leptos::prelude::*;
use partita::lang::{Lang, Sentence};

use super::icon::Icon;
use super::preferences::{Preferences, say};
use super::root::own;
use super::session::{NoticeDeed, PageNotice, Session};
use super::told::told;
use crate::page::live::live;

/// Letters of a notice that fit in its line, in each script.
const LINE_EN: usize = 120;
const LINE_KO: usize = 76;

/// The notice that matters most; how many others there are.
#[component]
pub fn NoticeLine() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    view! {
        <div class="notices" role="status">
            {live(move || {
                if let Some(made) = session.going.get() {
                    return Some(view! { <Going made/> }.into_any());
                }
                let all = session.notices.get();
                let most = all.iter().rev().min_by_key(|notice| notice.about)?.clone();
                Some(line(session, preferences.lang(), &most, &all))
            })}
        </div>
    }
}

fn line(session: Session, lang: Lang, most: &PageNotice, all: &[PageNotice]) -> AnyView {
    let others: Vec<&PageNotice> = all.iter().filter(|other| other.about != most.about).collect();
    let letters = most.strong.pick(lang).chars().count() + most.text.pick(lang).chars().count();
    let is_long = letters > lang.pick(LINE_EN, LINE_KO) || !most.list.is_empty();
    let more = match (others.len(), is_long) {
        (0, false) => None,
        (0, true) => Some(lang.pick("read it all", "모두 읽기").to_owned()),
        (more, _) => Some(lang.pick(format!("{more} more"), format!("{more}개 더"))),
    };
    let more = more.map(|label| {
        view! {
            <button type="button" class="lk nl-m" popovertarget=own("notices-all")>{label}</button>
            <div id=own("notices-all") class="pop nr-o nl-a" popover="auto" role="group" aria-label=lang.pick("What the page says", "페이지의 알림")>
                {all.iter().rev().map(|notice| whole(session, lang, notice)).collect_view()}
            </div>
        }
    });
    // Who hears the page hears all of it.
    let unseen = view! {
        <div class="sr">
            {rows(lang, most)}
            {others.iter().map(|other| view! { {words(lang, other)}{rows(lang, other)} }).collect_view()}
        </div>
    };
    view! {
        <div class="nl" data-about=format!("{:?}", most.about)>
            <Icon name=most.icon/>
            <span class="nl-t">{words(lang, most)}</span>
            {deed(session, lang, most)}
            {more}
            {close(session, most)}
            {unseen}
        </div>
    }
    .into_any()
}

fn words(lang: Lang, notice: &PageNotice) -> AnyView {
    let strong = (!notice.strong.en.is_empty()).then(|| view! { <b>{told(&notice.strong, lang)}</b>" " });
    view! { {strong}{told(&notice.text, lang)} }.into_any()
}

fn rows(lang: Lang, notice: &PageNotice) -> Option<AnyView> {
    let rows = || notice.list.iter().map(|row| view! { <li>{told(row, lang)}</li> }).collect_view();
    (!notice.list.is_empty()).then(|| view! { <ul>{rows()}</ul> }.into_any())
}

/// A notice with all that belongs to it.
fn whole(session: Session, lang: Lang, notice: &PageNotice) -> AnyView {
    view! {
        <div class="nl-w" data-about=format!("{:?}", notice.about)>
            <Icon name=notice.icon/>
            <div class="nl-f">{words(lang, notice)}{rows(lang, notice)}</div>
            {deed(session, lang, notice)}
            {close(session, notice)}
        </div>
    }
    .into_any()
}

fn deed(session: Session, lang: Lang, notice: &PageNotice) -> AnyView {
    let about = notice.about;
    let one = |(deed, label): &(NoticeDeed, Sentence)| {
        let (deed, label) = (*deed, label.pick(lang).clone());
        let class = if matches!(deed, NoticeDeed::GoTo(_)) { "lk nl-g" } else { "lk nl-d" };
        view! { <button type="button" class=class on:click=move |_| session.do_deed(about, deed)>{label}</button> }
    };
    notice.deeds.iter().map(one).collect_view().into_any()
}

fn close(session: Session, notice: &PageNotice) -> AnyView {
    let about = notice.about;
    view! {
        <button type="button" class="btn i q nl-x" aria-label=say("Close", "닫기") on:click=move |_| session.forget_notice(about)>
            <Icon name="x"/>
        </button>
    }
    .into_any()
}

/// A way that takes longer than a frame.
#[component]
fn Going(made: u64) -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let text = move || {
        let made = partita::explain::grouped(made);
        preferences.lang().pick(format!("Computing: {made} moves."), format!("계산 중: 이동 {made}개."))
    };
    view! {
        <div class="nl">
            <Icon name="clock"/>
            <span class="nl-t">{text}</span>
            <button type="button" class="lk nl-d" on:click=move |_| session.stand_still()>{say("Stop", "멈추기")}</button>
        </div>
    }
}
