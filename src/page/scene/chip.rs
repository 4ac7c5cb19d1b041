//! A setting where it acts.

use leptos::prelude::*;
use partita::explain::Chip;
use partita::lang::Lang;

use super::stage::{Ask, Stage};
use crate::page::lazy::lazy;
use crate::page::preferences::Preferences;

/// Letters of a setting's name and of its value that fit beside a station's title, and of all chips there together.
const NAME: usize = 19;
const ALL: usize = 31;
const TIGHT: usize = 12;
const VALUE: usize = 14;

/// The chips of a station: shorter where all of them would not fit.
pub fn chips(stage: Stage, all: &[Chip]) -> impl IntoView + use<> {
    let letters: usize = all.iter().map(|one| label(one, NAME).chars().count()).sum();
    let most = if letters > ALL { TIGHT } else { NAME };
    let lang = Preferences::get().lang();
    let one = |one: &Chip| lazy((one.clone(), most, lang), move |(one, most, lang)| chip(stage, one, *most, *lang));
    all.iter().map(one).collect_view()
}

/// A button that opens the setting's editor.
fn chip(stage: Stage, chip: &Chip, most: usize, lang: Lang) -> impl IntoView + use<> {
    let full = match chip.value.as_str() {
        "" => chip.setting.to_owned(),
        value => format!("{}={value}", chip.setting),
    };
    let changed = match chip.changed {
        true => lang.pick("changed", "바꿈"),
        false => lang.pick("default", "기본값"),
    };
    let name = format!("{}, {}, {changed}, {}", chip.setting, chip.value, lang.pick("edit", "바꾸기"));
    let (of, setting) = (chip.of.clone(), chip.setting);
    let short = label(chip, most);
    // A shortened name cannot stand inside the spoken one: then that one is read in its place.
    let (aria, text) = if short == full {
        (Some(name), view! { <span>{short}</span> }.into_any())
    } else {
        (None, view! { <span aria-hidden="true">{short}</span><span class="sr">{name}</span> }.into_any())
    };
    view! {
        <button
            class=if chip.changed { "chip chg" } else { "chip" }
            data-setting=setting
            data-of=of.clone()
            aria-label=aria
            title=full
            on:click=move |_| stage.ask(Ask::Setting { of: of.clone(), name: setting })
        >
            {text}
        </button>
    }
}

/// `max.in.flight…=5`, `key.…=String`: two serializers stand side by side.
fn label(chip: &Chip, most: usize) -> String {
    let is_serializer = chip.setting.ends_with(".serializer");
    let name = match chip.setting.len() > most {
        _ if is_serializer && !chip.value.is_empty() => format!("{}.…", chip.setting.trim_end_matches(".serializer")),
        true if chip.value.is_empty() => chip.setting.to_owned(),
        true => format!("{}…", whole_words(chip.setting)),
        false => chip.setting.to_owned(),
    };
    if chip.value.is_empty() {
        return name;
    }
    let value = match chip.value.rsplit_once('.') {
        Some((package, class)) if package.contains('.') => class.trim_end_matches("Serializer"),
        _ => &chip.value,
    };
    let short: String = value.chars().take(VALUE).collect();
    let more = if short.len() < value.len() { "…" } else { "" };
    format!("{name}={short}{more}")
}

/// The first words of a dotted name.
fn whole_words(name: &str) -> &str {
    let end = name.char_indices().rfind(|(i, c)| *c == '.' && *i <= 13).map(|(i, _)| i);
    &name[..end.unwrap_or(13.min(name.len()))]
}
