//! Which of the scene's columns a small window shows: the one where it happens, unless the reader chose another.

use leptos::prelude::*;
use partita::lang::Text;
use partita::view::Area;

use super::stage::Stage;
use crate::page::live::live;
use crate::page::preferences::{said, say};
use crate::page::root::own;
use crate::page::text;

/// See the module. The style sheet reads both names and decides by the window which columns they stand for.
#[derive(Clone, Copy)]
pub struct Areas {
    /// Where it happens.
    here: Memo<Area>,
    shown: Memo<Area>,
    /// Beside the cluster there is room for one of the two others: the one that was shown last.
    beside: Memo<Area>,
    /// What the reader chose, and in which run.
    chosen: RwSignal<Option<(String, Area)>>,
}

const ALL: [(Area, Text); 3] =
    [(Area::Producers, text::PRODUCERS), (Area::Cluster, text::CLUSTER), (Area::Groups, text::GROUPS_SHORT)];

impl Areas {
    pub fn of(stage: Stage) -> Areas {
        let chosen = RwSignal::new(None);
        // What happens nowhere leaves the picture as it is.
        let here = Memo::new(move |before: Option<&Area>| {
            stage.view.with(|view| view.story.area).or(before.copied()).unwrap_or(Area::Cluster)
        });
        let shown = Memo::new(move |_| {
            let title = stage.view.with(|view| view.top.title.clone());
            chosen.get().filter(|(of, _)| *of == title).map_or_else(|| here.get(), |(_, area)| area)
        });
        let beside = Memo::new(move |before: Option<&Area>| match shown.get() {
            Area::Cluster => before.copied().unwrap_or(Area::Producers),
            other => other,
        });
        Areas { here, shown, beside, chosen }
    }

    /// For the scene's style.
    pub fn shown(self) -> &'static str {
        name(self.shown.get())
    }

    pub fn beside(self) -> &'static str {
        name(self.beside.get())
    }

    /// The one where it happens is followed from then on; another one stays until the reader chooses again.
    fn choose(self, stage: Stage, area: Area) {
        let title = stage.view.with_untracked(|view| view.top.title.clone());
        self.chosen.set((area != self.here.get_untracked()).then_some((title, area)));
    }
}

fn name(area: Area) -> &'static str {
    match area {
        Area::Producers => "producers",
        Area::Cluster => "cluster",
        Area::Groups => "groups",
    }
}

#[component]
pub fn AreaTabs(areas: Areas) -> impl IntoView {
    let stage = Stage::get();
    let one = |(area, words): (Area, Text)| {
        let is_here = move || areas.here.get() == area;
        view! {
            <button
                type="button"
                id=own(name(area))
                class:here=is_here
                class:side=move || areas.beside.get() == area
                aria-pressed=move || (areas.shown.get() == area).to_string()
                on:click=move |_| areas.choose(stage, area)
            >
                {said(words)}
                <i>{live(move || is_here().then(|| view! { <span class="sr">{say(", it happens here", ", 지금 여기")}</span> }))}</i>
            </button>
        }
    };
    view! { <nav class="seg" aria-label=say("Part of the scene", "장면의 부분")>{ALL.map(one).collect_view()}</nav> }
}
