//! Runs in links: what [`partita::script::link`] reads and writes, with the browser's own compression.

use partita::script::MAX_SCRIPT_BYTES;
use partita::script::link::{self, LinkProblem};

use super::stream;

/// The longest text that a link may unfold to, in bytes: a script, and where its reader stands.
const LONGEST: usize = MAX_SCRIPT_BYTES + 64 * 1024;
/// From here on programs that show links begin to cut them.
pub const LONG_LINK: usize = 8_000;

/// What the fragment of an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunAsked {
    /// The run's text, as far as it could be read.
    pub text: Option<String>,
    /// The step to stand at.
    pub at: Option<u64>,
    /// `#new`: leave the stored run and begin one.
    pub new: bool,
    /// What could not be read.
    pub problems: Vec<LinkProblem>,
}

/// The fragment for a run's text, beginning with `#`. `None` when this browser cannot compress.
pub async fn fragment(text: &str, at: Option<u64>) -> Option<String> {
    let data = stream::deflated(text.as_bytes()).await.ok()?;
    Some(link::write(&data, at))
}

/// Reads a fragment, with or without its `#`. What is no part of a link is passed over.
pub async fn read(fragment: &str) -> RunAsked {
    let link::LinkAsked { data, at, new, mut problems } = link::read(fragment);
    let mut text = None;
    if let Some(data) = data {
        match stream::inflated(&data, LONGEST).await {
            Ok(inflated) => {
                let read = valid_text(inflated.bytes);
                let is_told = problems.iter().any(|problem| matches!(problem, LinkProblem::Character { .. }));
                if !inflated.complete && read.len() >= LONGEST {
                    problems.push(LinkProblem::TooLong);
                } else if !inflated.complete && !is_told {
                    problems.push(LinkProblem::Broken { read: read.len() });
                }
                text = Some(read).filter(|text| !text.is_empty());
            }
            Err(_) => problems.push(LinkProblem::Browser),
        }
    }
    RunAsked { text, at, new, problems }
}

/// The text up to the first byte that is no UTF-8.
fn valid_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let valid = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned()
    })
}
