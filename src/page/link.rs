//! Runs in links: what [`partita::script::link`] reads and writes, with the browser's own compression.

use leptos::prelude::{document, window};
use partita::script::MAX_SCRIPT_BYTES;
use partita::script::link::{self, LinkProblem};

use super::stream;

/// The longest text that a link may unfold to, in bytes: a script, and where its reader stands.
const LONGEST: usize = MAX_SCRIPT_BYTES + 64 * 1024;
/// From here on programs that show links begin to cut them.
pub const LONG_LINK: usize = 8_000;

/// What ids begin with to which the page's own links go, behind the prefix of a session.
const ANCHORS: [&str; 4] = ["scene", "narration", "transport", "cfg-"];

/// What the fragment of an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunAsked {
    /// The run's text, as far as it could be read.
    pub text: Option<String>,
    /// The id of a ready scenario, beside which no text counts.
    pub scenario: Option<String>,
    /// The step to stand at.
    pub at: Option<u64>,
    /// `#new`: leave the stored run and begin one.
    pub new: bool,
    /// `stage=class`: as large as a classroom needs it.
    pub classroom: bool,
    /// What could not be read.
    pub problems: Vec<LinkProblem>,
}

/// The fragment for a run's text, beginning with `#`. `None` when this browser cannot compress.
pub async fn fragment(text: &str, at: Option<u64>) -> Option<String> {
    let data = stream::deflated(text.as_bytes()).await.ok()?;
    Some(link::write(&data, at))
}

/// What the address asks for; nothing, when its fragment is the id of a part of the page, to which the browser scrolls.
pub fn fragment_of_address() -> String {
    let fragment = window().location().hash().unwrap_or_default();
    let id = fragment.trim_start_matches('#');
    // The first fragment is read before the page's parts are there.
    let own =
        id.strip_prefix("run").and_then(|id| id.split_once('-')).filter(|(number, _)| number.parse::<u16>().is_ok());
    let name = own.map_or(id, |(_, name)| name);
    let is_anchor = ANCHORS.iter().any(|anchor| name.starts_with(anchor)) || document().get_element_by_id(id).is_some();
    if is_anchor { String::new() } else { fragment }
}

/// What is wrong with the stage that the address's query asks for; the loader reads it.
pub fn refused_stage() -> Option<LinkProblem> {
    let query = window().location().search().ok()?;
    let asked = query.trim_start_matches('?').split('&').find_map(|part| part.strip_prefix("stage="))?;
    link::refused_stage(asked)
}

/// Takes a link out of the address: what is changed from now on lies in the storage, and a reload brings that.
pub fn forget() {
    let (location, is_link) = (window().location(), !fragment_of_address().is_empty());
    if let (true, Ok(path), Ok(search), Ok(history)) =
        (is_link, location.pathname(), location.search(), window().history())
    {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("{path}{search}")));
    }
}

/// Reads a fragment, with or without its `#`.
pub async fn read(fragment: &str) -> RunAsked {
    let link::LinkAsked { data, scenario, at, new, classroom, mut problems } = link::read(fragment);
    let mut text = None;
    if let Some(data) = data {
        match stream::inflated(&data, LONGEST).await {
            Ok(inflated) => text = link::unfolded(inflated.bytes, inflated.complete, LONGEST, &mut problems),
            Err(_) => problems.push(LinkProblem::Browser),
        }
    }
    RunAsked { text, scenario, at, new, classroom, problems }
}
