//! The members of a group: what each owns and does; in a rebalance, how far it is.

use leptos::prelude::*;
use partita::ids::ClientId;
use partita::view::{Member, MemberMark, Phase, Selection};

use super::at;
use super::program::program;
use super::stage::{Ask, Stage};
use crate::page::icon::Icon;
use crate::page::lazy::lazy;
use crate::page::name::name as shortened;

/// Characters of what a member owns that have room beside its name.
const BESIDE: usize = 20;

/// With `grid`, the phases of the rebalance stand beside the names.
pub fn members(all: &[Member], grid: bool) -> impl IntoView + use<> {
    let stage = Stage::get();
    all.iter()
        .map(|member| lazy((member.clone(), grid), move |(member, grid)| row(stage, member, *grid)))
        .collect_view()
}

fn row(stage: Stage, member: &Member, grid: bool) -> impl IntoView + use<> {
    let client = member.client;
    let owns = short(&member.owns);
    let fault = member.fault;
    let is_alive = !matches!(member.mark, MemberMark::Paused | MemberMark::Killed | MemberMark::Left) && !member.gone;
    let phases = grid.then(|| member.phases.into_iter().map(phase).collect_view());
    // Beside the name stands what is seen whole there; what is longer, as with several topics, stands below and wraps.
    let is_long = grid || owns.chars().count() > BESIDE;
    let beside = (!is_long)
        .then(|| view! { <span class="t11 own cut" class:mono=member.owns.contains('-')>{shortened(&owns)}</span> });
    // In the grid there is room for the partitions that it owns, not for saying that it owns none.
    let below = (is_long && member.owns.contains('-')).then(|| owns.clone());
    view! {
        <div
            class="mb"
            class:gone=member.gone
            class:flat=!grid
            class:is-here=member.now
            data-at=at::member(client)
            data-y="13"
            title=member.text.clone()
        >
            <div class="mb-r">
                {lazy((client, member.mark, member.name.clone()), move |(client, mark, name)| head(stage, *client, *mark, name))}
                {phases}
                {beside}
            </div>
            {(!member.is_at_work || below.is_some()).then(|| view! {
                <div class="mb-s" class:is-fault=fault>
                    {below.map(|owns| view! { <span class="mono own">{owns}</span>" " })}
                    {(!member.is_at_work).then(|| member.activity.clone())}
                </div>
            })}
            {is_alive.then(|| program(&member.program))}
        </div>
    }
}

fn head(stage: Stage, client: ClientId, of: MemberMark, name: &str) -> impl IntoView + use<> {
    view! {
        <button class="mb-n" on:click=move |_| stage.ask(Ask::Select(Selection::Client(client)))>
            {mark(of)}
            <span class="cut">{name.to_owned()}</span>
        </button>
    }
}

/// The mark before a name: a head that reads, or why none does.
fn mark(mark: MemberMark) -> AnyView {
    const HEAD: &str = "M1.5 1.2 9.5 5.5 1.5 9.8z";
    match mark {
        MemberMark::Reading => {
            view! { <svg class="hd" viewBox="0 0 11 11" aria-hidden="true"><path class="head" d=HEAD></path></svg> }.into_any()
        }
        MemberMark::Idle => {
            view! { <svg class="hd" viewBox="0 0 11 11" aria-hidden="true"><path class="head parked" d=HEAD></path></svg> }.into_any()
        }
        MemberMark::Joining => {
            view! { <svg class="hd" viewBox="0 0 11 11" aria-hidden="true"><path class="head joining" d=HEAD></path></svg> }.into_any()
        }
        MemberMark::Left => view! { <svg class="hd" viewBox="0 0 11 11" aria-hidden="true"></svg> }.into_any(),
        MemberMark::Paused => fault("gc"),
        MemberMark::Slow => fault("glass"),
        MemberMark::Killed => fault("kill"),
        MemberMark::Fenced => view! { <Icon name="lock"/> }.into_any(),
    }
}

fn fault(icon: &'static str) -> AnyView {
    view! { <span class="is-fault"><Icon name=icon/></span> }.into_any()
}

fn phase(phase: Phase) -> AnyView {
    match phase {
        Phase::Done => view! { <Icon name="check"/> }.into_any(),
        Phase::UnderWay => view! { <span class="wait mv"></span> }.into_any(),
        Phase::ToCome => view! { <span class="wait"></span> }.into_any(),
        Phase::NotNeeded => view! { <span class="none">"–"</span> }.into_any(),
    }
}

/// `orders-0, orders-2` as `orders-0 2`: a topic is named once.
pub(super) fn short(owns: &str) -> String {
    let mut out = String::new();
    let mut last = None;
    for part in owns.split(", ") {
        match part.rsplit_once('-').filter(|(_, n)| n.bytes().all(|b| b.is_ascii_digit())) {
            Some((topic, n)) if last == Some(topic) => {
                out.push(' ');
                out.push_str(n);
            }
            found => {
                if !out.is_empty() {
                    out.push_str(", ");
                }
                out.push_str(part);
                last = found.map(|(topic, _)| topic);
            }
        }
    }
    out
}
