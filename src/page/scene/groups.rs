//! Consumer groups: state, members, the rebalance as a grid, and what the lanes' marks mean.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::GroupNo;
use partita::lang::Lang;
use partita::view::{Group, Groups, LaneMark, LegendRow, Selection};

use super::at;
use super::members::members;
use super::stage::{Ask, Stage};
use crate::page::icon::Icon;
use crate::page::lazy::lazy;
use crate::page::live::live;
use crate::page::panels::{among, term};
use crate::page::preferences::{Preferences, said};
use crate::page::rows::{number, rows};
use crate::page::text;

#[component]
pub fn GroupColumn() -> impl IntoView {
    let groups = Stage::get().panel(|view| &view.groups);
    let ids = move || groups.with(|all| all.groups.iter().map(|one| one.id).collect::<Vec<_>>());
    let alone = Memo::new(move |_| groups.with(|all| all.alone.clone()));
    let legend_rows = Memo::new(move |_| groups.with(|all| all.legend.clone()));
    view! {
        <section class="col-g" aria-label=said(text::GROUPS)>
            <div class="sc-h"><h2>{live(move || groups.with(|all| all.heading.clone()))}</h2></div>
            <div class="col-s">
                {live(move || groups.with(|all| all.empty.clone()).map(|text| view! { <p class="empty">{text}</p> }))}
                {rows(ids, |id| number(id.0), move |id| view! { <OneGroup id groups/> })}
                {live(move || alone.with(|all| (!all.is_empty()).then(|| view! { <div class="gp">{members(all, false)}</div> })))}
                {live(move || legend(&legend_rows.get()))}
            </div>
        </section>
    }
}

#[component]
fn OneGroup(id: GroupNo, groups: Memo<Arc<Groups>>) -> impl IntoView {
    let group = Memo::new(move |_| groups.with(|all| all.groups.iter().find(|one| one.id == id).cloned()));
    move || group.get().map(|one| whole(&one))
}

fn whole(group: &Group) -> impl IntoView + use<> {
    let stage = Stage::get();
    let lang = Preferences::get().lang_untracked();
    let head = (group.id, group.name.clone(), group.state.clone(), group.rebalancing, group.open);
    let grid = (group.rebalancing && group.open).then(|| lazy(group.phases.clone(), phases));
    let line = |text: &String| lazy((text.clone(), lang), |(text, lang)| about(text, *lang));
    view! {
        <div class="gp" class:is-here=group.now>
            {lazy(head, move |(id, name, state, rebalancing, open)| header(stage, *id, name, state, *rebalancing, *open))}
            {line(&group.about)}
            {line(&group.detail)}
            {grid}
            {group.open.then(|| members(&group.members, group.rebalancing))}
        </div>
    }
}

fn header(stage: Stage, id: GroupNo, name: &str, state: &str, rebalancing: bool, open: bool) -> impl IntoView + use<> {
    let (name, state) = (name.to_owned(), state.to_owned());
    view! {
        <div class="gp-h">
            <button class="gp-n cut" title=name.clone() data-ring=at::group(id) on:click=move |_| stage.ask(Ask::Select(Selection::Group(id)))>
                {name.clone()}
            </button>
            <span class=if rebalancing { "state" } else { "state calm" } data-term="rebalance">{state}</span>
            <button
                class="fold"
                aria-expanded=if open { "true" } else { "false" }
                aria-label=name
                on:click=move |_| stage.ask(Ask::Group(id))
            >
                <Icon name="down"/>
            </button>
        </div>
    }
}

fn about(text: &str, lang: Lang) -> impl IntoView + use<> {
    view! { <div class="gp-m cut" title=text.to_owned()>{among(text, lang, false)}</div> }
}

/// The names of the phases, over the columns of the grid.
fn phases(names: &[String; 4]) -> impl IntoView + use<> {
    let terms = ["revoke", "join", "sync", "own"].into_iter();
    let names: Vec<_> = terms.zip(names).map(|(id, name)| view! { <span>{term(id, name.clone())}</span> }).collect();
    view! { <div class="ph"><span></span>{names.collect_view()}</div> }
}

/// What a mark means; the terms among them explain themselves.
fn explained(row: &LegendRow) -> AnyView {
    let id = match row.mark {
        LaneMark::Committed => "committed",
        LaneMark::Position => "position",
        LaneMark::Lag => "lag",
        LaneMark::Ends => {
            let lang = Preferences::get().lang_untracked();
            return view! { <span>{among(&row.text, lang, true)}</span> }.into_any();
        }
        LaneMark::Ghost | LaneMark::Again | LaneMark::Unread | LaneMark::Twice => {
            return view! { <span>{row.text.clone()}</span> }.into_any();
        }
    };
    view! { <span>{term(id, row.text.clone())}</span> }.into_any()
}

fn legend(rows: &[LegendRow]) -> impl IntoView + use<> {
    let rows = rows.iter().map(|row| {
        let drawing = match row.mark {
            LaneMark::Committed => {
                view! { <rect class="pin" x="9" y="1" width="4" height="12" rx="1"></rect> }.into_any()
            }
            LaneMark::Position => view! { <path class="head" d="M8 1.5l9 5.5-9 5.5z"></path> }.into_any(),
            LaneMark::Again => view! { <path class="proc" d="M0 7H24"></path> }.into_any(),
            LaneMark::Unread => view! { <path class="todo" d="M0 7H24"></path> }.into_any(),
            LaneMark::Ghost => {
                view! { <path class="w ghost" d="M0 7H19"></path><circle class="w ghost-e" cx="22" cy="7" r="3"></circle> }
                    .into_any()
            }
            LaneMark::Twice => view! { <path class="twice" d="M0 5H24M0 9H24"></path> }.into_any(),
            LaneMark::Lag | LaneMark::Ends => ().into_any(),
        };
        view! {
            <li>
                <svg width="28" height="14" viewBox="0 0 28 14" aria-hidden="true">{drawing}</svg>
                {explained(row)}
            </li>
        }
    });
    view! { <ul class="key">{rows.collect_view()}</ul> }
}
