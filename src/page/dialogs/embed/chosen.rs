//! What stands in the fields, and the embed that it makes.

use leptos::prelude::*;
use partita::draft::embed::{self, Embed, Embedded, HEIGHT, LANGS, STARTS, THEMES, USUAL_PARTS};
use partita::draft::partitions;
use partita::lang::{Lang, Sentence};
use partita::view::{Lens, SettingsOf, View};
use wasm_bindgen_futures::spawn_local;

use super::at_step;
use crate::page::link;
use crate::page::session::{Run, Session};

/// Where it opens or ends, when that is said by no number of a step.
const NOW: &str = "now";
const FIRST: &str = "first";
const LAST: &str = "last";
/// The number stands in a field of its own.
pub const OTHER: &str = "other";

/// What its author fills in.
#[derive(Clone, Copy)]
pub struct Fields {
    pub title: RwSignal<String>,
    /// One of the constants above, or the number of a step.
    pub opens: RwSignal<String>,
    pub step: RwSignal<String>,
    pub ends: RwSignal<String>,
    pub until: RwSignal<String>,
    pub show: RwSignal<Vec<&'static str>>,
    pub partitions: RwSignal<String>,
    pub height: RwSignal<String>,
    pub start: RwSignal<String>,
    pub theme: RwSignal<String>,
    pub lang: RwSignal<String>,
    pub edit: RwSignal<Vec<&'static str>>,
}

/// What is known of the run when the dialog opens.
pub struct Known {
    /// The chapters that it has come to, with the number of steps before each.
    chapters: Vec<(String, u64)>,
    /// Where it stands.
    step: u64,
    /// Another record is followed than the story's: no number names the place then, and the run's text does.
    follows_another: bool,
    pub partitions: Vec<String>,
    pub settings: Vec<&'static str>,
}

/// The run as an embed names it.
#[derive(Clone, PartialEq)]
enum Packed {
    Packing,
    /// The browser cannot.
    Impossible,
    Run(Embedded),
}

/// See the module.
#[derive(Clone, Copy)]
pub struct Chosen {
    pub fields: Fields,
    pub known: StoredValue<Known>,
    /// As it was when nothing was wrong with it last; none while the run is being packed.
    pub embed: Memo<Option<Embed>>,
    pub problems: Memo<Vec<Sentence>>,
    /// This browser cannot pack the run.
    pub impossible: Memo<bool>,
}

impl Chosen {
    pub fn new(session: Session, lang: Lang) -> Chosen {
        let title = session.with_run(|run| run.lens.title.as_ref().map(ToString::to_string));
        let fields = Fields::new(title.unwrap_or_else(|| lang.pick("A run", "실행").to_owned()));
        let known = StoredValue::new(Known::of(session));
        fields.step.set(known.with_value(|known| known.step.to_string()));
        let (run, standing) = (packed(session, false), packed(session, true));
        let read = move || {
            let stands = known.with_value(|known| known.follows_another) && fields.opens.with(|opens| opens == NOW);
            let packed = if stands { standing.get() } else { run.get() };
            (known.with_value(|known| fields.read(known)), packed)
        };
        let embed = Memo::new(move |before: Option<&Option<Embed>>| match read() {
            (Ok(embed), Packed::Run(run)) => Some(Embed { run, ..embed }),
            (Err(_), Packed::Run(_)) => before.cloned().flatten(),
            _ => None,
        });
        let problems = Memo::new(move |_| read().0.err().unwrap_or_default());
        let impossible = Memo::new(move |_| read().1 == Packed::Impossible);
        Chosen { fields, known, embed, problems, impossible }
    }

    /// What can be chosen for where it opens, or where it ends: value and words.
    pub fn places(self, opens: bool, lang: Lang) -> Vec<(String, String)> {
        self.known.with_value(|known| {
            let place = |value: &str, words: String| (value.to_owned(), words);
            let now = at_step(known.step, lang);
            let now = place(NOW, lang.pick(format!("Now ({now})"), format!("지금 ({now})")));
            let first = place(FIRST, lang.pick("The first chapter", "첫 챕터").to_owned());
            let start = place("0", lang.pick("The start of the run", "실행의 처음").to_owned());
            let last = place(LAST, lang.pick("The end of the run", "실행의 끝").to_owned());
            let other = place(OTHER, lang.pick("Another step", "다른 스텝").to_owned());
            let chapters = known.chapters.iter().enumerate().filter_map(|(index, (title, before))| {
                let (number, step) = (index + 1, if opens { before + 1 } else { *before });
                let words = match opens {
                    true => lang.pick(format!("Chapter {number}: {title}"), format!("챕터 {number}: {title}")),
                    false => {
                        lang.pick(format!("Before chapter {number}: {title}"), format!("챕터 {number} 앞: {title}"))
                    }
                };
                // The first chapter is the one that opens where nothing is said, and nothing ends before it.
                (index > 0).then(|| place(&step.to_string(), words))
            });
            match opens {
                true if known.chapters.is_empty() => vec![now, start, other],
                true => [now, first].into_iter().chain(chapters).chain([start, other]).collect(),
                false => [last].into_iter().chain(chapters).chain([now, other]).collect(),
            }
        })
    }
}

impl Known {
    fn of(session: Session) -> Known {
        let view = session.view_now();
        let begun = view.transport.chapters.iter().filter(|chapter| chapter.number > 0 && chapter.begins.is_some());
        let chapters = begun.map(|chapter| (chapter.title.clone(), chapter.before)).collect();
        session.with_run(|run| Known {
            chapters,
            step: run.step_of_story(),
            follows_another: run.follows_another(),
            partitions: partitions(run.timeline.simulation()),
            settings: settings(run),
        })
    }
}

/// The settings that the page shows of any client of the run: those that are looked at mostly, and those that were changed.
fn settings(run: &Run) -> Vec<&'static str> {
    let mut names = Vec::new();
    let mut kinds = Vec::new();
    for client in run.timeline.simulation().clients() {
        // Clients of one kind show the same, but for what was changed.
        let given = client.recipe.properties.iter().map(|property| property.name.as_ref());
        let is_known = kinds.contains(&client.recipe.kind);
        if is_known && given.count() == 0 {
            continue;
        }
        kinds.push(client.recipe.kind);
        let lens = Lens { settings_of: SettingsOf::Client(client.id), ..run.lens.clone() };
        let rows = View::of(&run.timeline, &lens).settings;
        for row in rows.rows.iter().filter(|row| row.acts && (row.common || row.changed)) {
            if !names.contains(&row.name) {
                names.push(row.name);
            }
        }
    }
    names
}

/// The run as it is named once that is known: with the place where it stands, or without.
fn packed(session: Session, standing: bool) -> RwSignal<Packed> {
    let scenario = session.with_run(|run| run.unchanged_scenario()).filter(|_| !standing);
    if let Some(scenario) = scenario {
        return RwSignal::new(Packed::Run(scenario));
    }
    let packed = RwSignal::new(Packed::Packing);
    let text = session.with_run(|run| if standing { run.shown_text() } else { run.text_without_place() });
    spawn_local(async move {
        let fragment = link::fragment(&text, None).await;
        let data = fragment.as_deref().and_then(|fragment| fragment.strip_prefix("#run="));
        // Who has closed the dialog waits for nothing.
        let _ = packed.try_set(data.map_or(Packed::Impossible, |data| Packed::Run(Embedded::Run(data.to_owned()))));
    });
    packed
}

impl Fields {
    fn new(title: String) -> Fields {
        let chosen = |text: &str| RwSignal::new(text.to_owned());
        Fields {
            title: RwSignal::new(title),
            opens: chosen(NOW),
            step: chosen(""),
            ends: chosen(LAST),
            until: chosen(""),
            show: RwSignal::new(USUAL_PARTS.to_vec()),
            partitions: chosen(""),
            height: RwSignal::new(HEIGHT.to_string()),
            start: chosen(STARTS[0]),
            theme: chosen(THEMES[0]),
            lang: chosen(LANGS[0]),
            edit: RwSignal::new(Vec::new()),
        }
    }

    /// What is filled in, of a run that is still to be named; or what is wrong with it.
    fn read(self, known: &Known) -> Result<Embed, Vec<Sentence>> {
        let mut wrong = Vec::new();
        let mut right = |read: Result<Option<u64>, Sentence>| {
            read.unwrap_or_else(|told| {
                wrong.push(told);
                None
            })
        };
        let place = |chosen: RwSignal<String>, typed: RwSignal<String>| match chosen.get().as_str() {
            NOW => Ok((!known.follows_another).then_some(known.step)),
            FIRST | LAST => Ok(None),
            OTHER => typed.with(|typed| embed::step(typed)).map(Some),
            number => Ok(number.parse().ok()),
        };
        let (step, until) = (right(place(self.opens, self.step)), right(place(self.ends, self.until)));
        let height = right(self.height.with(|height| embed::height(height)).map(|height| Some(u64::from(height))));
        let partitions = self.partitions.with(|text| embed::partitions(text, &known.partitions));
        let word = |words: [&'static str; 3], of: RwSignal<String>| {
            of.with(|chosen| words.into_iter().find(|word| word == chosen)).unwrap_or(words[0])
        };
        let embed = Embed {
            step,
            until,
            show: self.show.get(),
            height: height.and_then(|height| u32::try_from(height).ok()).unwrap_or(HEIGHT),
            start: word(STARTS, self.start),
            theme: word(THEMES, self.theme),
            lang: word(LANGS, self.lang),
            edit: self.edit.with(|names| names.iter().map(ToString::to_string).collect()),
            partitions: partitions.clone().unwrap_or_default(),
            ..Embed::of(Embedded::Run(String::new()), self.title.get())
        };
        wrong.extend(partitions.err());
        wrong.extend(embed.contradiction());
        if wrong.is_empty() { Ok(embed) } else { Err(wrong) }
    }
}
