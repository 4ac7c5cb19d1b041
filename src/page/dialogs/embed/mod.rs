//! A run for a document: what its author chooses, how it will look, and the lines to copy.

mod chosen;
mod lines;
mod preview;

use leptos::prelude::*;
use partita::draft::embed::{LANGS, LEAST_HEIGHT, MOST_HEIGHT, PARTS, STARTS, THEMES};
use partita::lang::Lang;

use super::form::{Kind, Problems, field};
use crate::page::preferences::{Preferences, said, say};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::text::{Text, text};
use chosen::{Chosen, OTHER};

/// The parts of an embed, in the order of [`PARTS`].
const PART_NAMES: [Text; 7] = [
    text("Six stations", "여섯 단계"),
    text("Partitions", "파티션"),
    text("Groups", "컨슈머 그룹"),
    text("Narration", "해설"),
    text("Scrubber", "진행 막대"),
    text("Controls", "조작 버튼"),
    text("Code", "코드"),
];
const START_NAMES: [Text; 3] =
    [text("When it comes into view", "화면에 보일 때"), text("On a click", "누를 때"), text("At once", "바로")];
const THEME_NAMES: [Text; 3] =
    [text("As the page around", "둘레의 페이지와 같게"), text("Light", "밝게"), text("Dark", "어둡게")];
const LANG_NAMES: [Text; 3] =
    [text("As the page around", "둘레의 페이지와 같게"), text("English", "English"), text("한국어", "한국어")];

pub fn body() -> impl IntoView {
    let session = Session::get();
    let lang = session.with_run(|run| run.lens.lang);
    let chosen = Chosen::new(session, lang);
    let fields = chosen.fields;
    let words = |values: [&str; 3], names: [Text; 3]| {
        let names = values.into_iter().zip(names);
        names.map(|(value, name)| (value.to_owned(), (*name.pick(lang)).to_owned())).collect::<Vec<_>>()
    };
    let choice = |id, label, options: Vec<(String, String)>, value: RwSignal<String>| {
        field(id, label, Kind::Choice(options), value.get_untracked()).kept_in(value)
    };
    let line = |id, label, value| field(id, label, Kind::Line, "").kept_in(value);
    let has = chosen.known.with_value(|known| known.partitions.iter().take(8).cloned().collect::<Vec<_>>().join(", "));
    view! {
        <div class="emb">
            <div class="emb-f">
                {line("embed-title", text("Title", "제목"), fields.title)
                    .hint("It is read where no scripts run.", "스크립트가 돌지 않는 곳에서 읽힙니다.")
                    .view()}
                {choice("embed-opens", text("Opens at", "여는 위치"), chosen.places(true, lang), fields.opens).view()}
                {line("embed-step", text("Step", "스텝"), fields.step)
                    .when(move || fields.opens.get() == OTHER)
                    .view()}
                {choice("embed-ends", text("Ends at", "끝나는 위치"), chosen.places(false, lang), fields.ends).view()}
                {line("embed-until", text("Last step", "마지막 스텝"), fields.until)
                    .when(move || fields.ends.get() == OTHER)
                    .view()}
                <Parts chosen/>
                {line("embed-partition", text("Partitions", "파티션"), fields.partitions).view()}
                <p class="hint emb-h">
                    {lang.pick(
                        format!("Empty: the one where it happens. Or some of: {has}"),
                        format!("비워 두면 일이 일어나는 파티션. 또는 다음 중 일부: {has}"),
                    )}
                </p>
                {line("embed-height", text("Height", "높이"), fields.height).view()}
                <p class="hint emb-h">
                    {lang.pick(format!("Pixels, {LEAST_HEIGHT} to {MOST_HEIGHT}"), format!("픽셀, {LEAST_HEIGHT}에서 {MOST_HEIGHT}까지"))}
                </p>
                {choice("embed-start", text("Starts", "시작"), words(STARTS, START_NAMES), fields.start).view()}
                {choice("embed-theme", text("Theme", "테마"), words(THEMES, THEME_NAMES), fields.theme).view()}
                {choice("embed-lang", text("Language", "언어"), words(LANGS, LANG_NAMES), fields.lang).view()}
                <Settings chosen/>
                <Problems problems=chosen.problems/>
            </div>
            <div class="emb-r">
                <preview::Preview chosen/>
                <lines::Lines chosen/>
            </div>
        </div>
    }
}

/// Which parts are shown.
#[component]
fn Parts(chosen: Chosen) -> impl IntoView {
    let (lang, fields) = (Preferences::get(), chosen.fields);
    let toggles = PARTS.into_iter().zip(PART_NAMES).map(move |(part, name)| {
        let is_on = move || fields.show.with(|show| show.contains(&part));
        let toggle = move |_| {
            fields.show.update(|show| match show.iter().position(|shown| *shown == part) {
                Some(at) => drop(show.remove(at)),
                None => show.push(part),
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" id=own(&format!("embed-show-{part}")) prop:checked=is_on on:change=toggle/>
                {move || *name.pick(lang.lang())}
            </label>
        }
    });
    view! {
        <fieldset class="emb-s">
            <legend>{say("Shows", "보이는 부분")}</legend>
            <div>{toggles.collect_view()}</div>
        </fieldset>
    }
}

/// Which settings a reader may change.
#[component]
fn Settings(chosen: Chosen) -> impl IntoView {
    let fields = chosen.fields;
    let toggles = chosen.known.with_value(|known| known.settings.clone()).into_iter().map(move |name| {
        let is_on = move || fields.edit.with(|edit| edit.contains(&name));
        let toggle = move |_| {
            fields.edit.update(|edit| match edit.iter().position(|other| *other == name) {
                Some(at) => drop(edit.remove(at)),
                None => edit.push(name),
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" id=own(&format!("embed-edit-{name}")) prop:checked=is_on on:change=toggle/>
                <code>{name}</code>
            </label>
        }
    });
    view! {
        <fieldset class="emb-s">
            <legend>{said(text("Readers may change", "독자가 바꿀 수 있는 설정"))}</legend>
            <div class="emb-k" tabindex="0" role="group" aria-label=said(text("Settings", "설정"))>{toggles.collect_view()}</div>
        </fieldset>
    }
}

/// Words of a language, put together.
fn at_step(step: u64, lang: Lang) -> String {
    lang.pick(format!("step {step}"), format!("스텝 {step}"))
}
