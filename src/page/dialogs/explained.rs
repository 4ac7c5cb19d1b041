//! What a promise or a number says of itself: what it means, what was checked, and the records, each a way to how it came to
//! that.

use leptos::prelude::*;
use partita::lang::Lang;
use partita::view::{Explained, Found, Promise, PromiseState, Selection};

use crate::page::chain;
use crate::page::explaining::{Explaining, PROMISES};
use crate::page::icon::Icon;
use crate::page::live::live;
use crate::page::preferences::{Preferences, said};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::text;

pub fn explained(what: &'static str) -> AnyView {
    if what == PROMISES {
        return view! { <All/> }.into_any();
    }
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let view = session.view();
    let explained = Memo::new(move |_| {
        view.track();
        session.with_run(|run| Explained::of(&run.timeline, &run.lens, what))
    });
    // A number leads to what it counted last, as every red mark does.
    let is_number = session.view_now().top.promises.iter().all(|promise| promise.id != what);
    let latest = explained.with_untracked(|of| of.as_ref().map(|of| of.latest));
    if let Some(latest) =
        latest.filter(|latest| is_number && *latest != Selection::Nothing && Explaining::get().is_pressed())
    {
        chain::show_beside(session, latest);
    }
    (move || explained.get().map(|of| body(&of, lang))).into_any()
}

fn body(of: &Explained, lang: Lang) -> AnyView {
    let row = |(label, text): &(String, String)| view! { <dt>{label.clone()}</dt><dd>{text.clone()}</dd> };
    let found = of.found.as_ref().map(|(label, found)| {
        let more = of.more.clone().map(|more| format!(" {more}"));
        let last = found.len().saturating_sub(1);
        let one = |(i, one): (usize, &Found)| record(one, i == last, lang);
        view! { <dt>{label.clone()}</dt><dd>{found.iter().enumerate().map(one).collect_view()}{more}</dd> }
    });
    view! {
        <div class="pp-b">
            <h2 class="b" id=own("explained-title")>{of.title.clone()}</h2>
            <dl class="ex">{of.rows.iter().map(row).collect_view()}{found}</dl>
            {of.note.clone().map(|note| view! { <p class="mut">{note}</p> })}
        </div>
    }
    .into_any()
}

/// A record, a way to how it came to that, and when, a way to there.
fn record(found: &Found, is_last: bool, lang: Lang) -> impl IntoView + use<> {
    let (session, explaining) = (Session::get(), Explaining::get());
    let select = found.select;
    let to_chain = move |_| {
        explaining.close();
        chain::show(session, select);
    };
    let of = found.of.clone().map(|of| format!(" ({of})"));
    let at = found.at.clone().map(|(number, time)| {
        let go = move |_| {
            explaining.leave();
            session.go_to_move(number);
        };
        let words = lang.pick(" at ", ", ");
        view! { {words}<button type="button" class="lk" on:click=go>{time}</button> }
    });
    view! {
        <span class="ex-f">
            <button type="button" class="lk ref" on:click=to_chain>{found.text.clone()}</button>
            {of}{at}{(!is_last).then_some(";")}
        </span>
        " "
    }
}

/// All promises, each a way to what it says of itself.
#[component]
fn All() -> impl IntoView {
    let (session, explaining) = (Session::get(), Explaining::get());
    let promises = session.part(|view| view.top.promises.clone());
    let one = move |promise: Promise| {
        let (class, icon) = match promise.state {
            PromiseState::Kept => ("prom", "kept"),
            PromiseState::NotChecked => ("prom un", "ring"),
            PromiseState::Broken => ("prom bad", "broken"),
        };
        let id = promise.id;
        view! {
            <li>
                <button type="button" class=class data-explains=id on:click=move |_| explaining.asks(id)>
                    <Icon name=icon/><span>{promise.text + &promise.rest}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="pp-b">
            <h2 class="b" id=own("explained-title")>{said(text::PROMISES)}</h2>
            <ul class="ex-l">{live(move || promises.get().into_iter().map(one).collect_view())}</ul>
        </div>
    }
}
