//! What the address of the frame asks for. `www/embed.js` has read it and told what is no parameter or no value; what needs
//! the run or Kafka's own tables is looked at here.

use partita::config::{Side, no_property, suggest};
use partita::lang::{Lang, Sentence, both};
use partita::scenarios::Scenario;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::page::link;
use crate::page::session::Opening;

#[wasm_bindgen]
extern "C" {
    /// A parameter, as text; none where it is not given.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    fn asked(name: &str) -> Option<String>;
    /// Whether a part is shown.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    pub fn shows(part: &str) -> bool;
    /// How a link of the whole page names the run, as far as that is known.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    pub fn own() -> Option<String>;
    /// What is wrong with what was asked for: a line each, the English and the Korean sentence with a tab between them.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    fn wrong() -> String;
}

/// What is shown, and how far.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The step at which it opens; none: the first chapter.
    pub step: Option<u64>,
    /// The step behind which it does not go.
    pub until: Option<u64>,
    /// The names of the partitions that are shown; none: the one where it happens.
    pub partitions: Vec<String>,
    /// The properties that a reader may change.
    pub edit: Vec<&'static str>,
}

impl Asked {
    /// What is asked for, and what could not be understood.
    pub fn read() -> (Asked, Vec<Sentence>) {
        let number = |name: &str| asked(name).and_then(|text| text.parse().ok());
        let mut told: Vec<Sentence> =
            wrong().lines().filter_map(|line| line.split_once('\t')).map(|(en, ko)| both(en, ko)).collect();
        let mut edit = Vec::new();
        for name in list("edit") {
            match property(&name) {
                Ok(name) => edit.push(name),
                Err(sentence) => told.push(sentence),
            }
        }
        let asked = Asked { step: number("step"), until: number("until"), partitions: list("partition"), edit };
        (asked, told)
    }

    /// The run to open; the sentences that say why there is none.
    pub async fn opening(&self) -> Result<Opening, Vec<Sentence>> {
        if let Some(id) = asked("scenario") {
            let unknown = || {
                vec![both(
                    format!("`scenario={id}`: there is no such ready scenario."),
                    format!("`scenario={id}`: 준비된 시나리오에 없습니다."),
                )]
            };
            return Scenario::by_id(&id)
                .map(Opening::of_scenario)
                .map(|opening| opening.at(self.step))
                .ok_or_else(unknown);
        }
        if let Some(text) = asked("text") {
            return Ok(Opening::of_text(&text).at(self.step).told());
        }
        let link = link::read(&format!("run={}", asked("run").unwrap_or_default())).await;
        let told = link.problems.iter().map(|problem| both(problem.sentence(Lang::En), problem.sentence(Lang::Ko)));
        match link.text {
            Some(text) => Ok(Opening::of_text(&text).at(self.step).told().noting(told)),
            None => Err(told.collect()),
        }
    }
}

/// Words with spaces or commas between them.
fn list(name: &str) -> Vec<String> {
    let text = asked(name).unwrap_or_default();
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A property of a producer or a consumer by its name; else what Kafka says, and what may be meant.
fn property(name: &str) -> Result<&'static str, Sentence> {
    let of = |side: Side| side.table().iter().find(|property| property.name == name).map(|property| property.name);
    let sides = [Side::Producer, Side::Consumer];
    let told = || {
        let side = sides.into_iter().find(|side| suggest(*side, name).is_some()).unwrap_or(Side::Producer);
        let Sentence { en, ko } = no_property(name, side);
        both(format!("edit: {en}"), format!("edit: {ko}"))
    };
    sides.into_iter().find_map(of).ok_or_else(told)
}
