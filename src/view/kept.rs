//! What one picture leaves for the next: parts that are equal stay the same `Arc`, so that whoever draws them ends at once, and
//! what is a function of things that never change is not worked out again.
//!
//! A view is the same with it and without it; `tests/kept_views.rs` walks through runs with both.

use std::sync::Arc;

use super::View;
use super::model::Settings;
use crate::lang::Lang;
use crate::simulation::Recipe;

/// So many clients' settings are kept.
const MOST: usize = 8;

/// What the pictures before left. It belongs to one timeline after another: what is kept names what it was made of.
#[derive(Default)]
pub struct Kept {
    last: Option<View>,
    settings: Vec<(Lang, Arc<Recipe>, Arc<Settings>)>,
}

impl Kept {
    /// The settings of the client that was made of a recipe: they are what it says, and its cluster's never change. The recipe
    /// is held, so that no other takes its place in memory.
    pub(super) fn settings(
        &mut self,
        lang: Lang,
        recipe: &Arc<Recipe>,
        make: impl FnOnce() -> Settings,
    ) -> Arc<Settings> {
        let found = self.settings.iter().find(|(of, made, _)| *of == lang && Arc::ptr_eq(made, recipe));
        if let Some((.., settings)) = found {
            return Arc::clone(settings);
        }
        let settings = Arc::new(make());
        if self.settings.len() == MOST {
            self.settings.remove(0);
        }
        self.settings.push((lang, Arc::clone(recipe), Arc::clone(&settings)));
        settings
    }

    /// The view with every part that is as it was before in place of its equal.
    pub(super) fn shared(&mut self, mut view: View) -> View {
        if let Some(last) = &self.last {
            share_parts(&mut view, last);
            share_panels(&mut view, last);
        }
        self.last = Some(view.clone());
        view
    }
}

fn share_panels(view: &mut View, last: &View) {
    share(&mut view.top, &last.top);
    share(&mut view.producers, &last.producers);
    share(&mut view.wires, &last.wires);
    share(&mut view.cluster, &last.cluster);
    share(&mut view.groups, &last.groups);
    share(&mut view.story, &last.story);
    share(&mut view.transport, &last.transport);
    share(&mut view.lanes, &last.lanes);
    share(&mut view.inspector, &last.inspector);
    share(&mut view.code, &last.code);
    share(&mut view.settings, &last.settings);
    share(&mut view.faults, &last.faults);
    share(&mut view.outline, &last.outline);
}

/// What a panel has several of. Nobody else holds the panels of a view that has just been made.
fn share_parts(view: &mut View, last: &View) {
    if let Some(cluster) = Arc::get_mut(&mut view.cluster) {
        share_each(&mut cluster.partitions, &last.cluster.partitions);
    }
    if let Some(groups) = Arc::get_mut(&mut view.groups) {
        share_each(&mut groups.groups, &last.groups.groups);
    }
    let Some(producers) = Arc::get_mut(&mut view.producers) else { return };
    for (now, before) in producers.producers.iter_mut().zip(&last.producers.producers) {
        if let Some(now) = Arc::get_mut(now) {
            share_each(&mut now.stations, &before.stations);
        }
    }
    share_each(&mut producers.producers, &last.producers.producers);
}

/// By their places: what has moved to another one is drawn anew.
fn share_each<T: Eq>(now: &mut [Arc<T>], before: &[Arc<T>]) {
    now.iter_mut().zip(before).for_each(|(now, before)| share(now, before));
}

fn share<T: Eq>(now: &mut Arc<T>, before: &Arc<T>) {
    if *now == *before {
        *now = Arc::clone(before);
    }
}
