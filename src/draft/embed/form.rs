//! In which language a document is written, and an embed's lines in it.

use super::escape::{html, hugo, one_line, script, single, toml, yaml};
use super::{Embed, Embedded};

/// The shortcode of Hugo, as the site in `docs/embedding/hugo` has it.
const SHORTCODE: &str = include_str!("../../../docs/embedding/hugo/layouts/_shortcodes/partita.html");
/// What an iframe of ours may do, as the element says it.
pub const SANDBOX: &str = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// In which language the document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Html,
    /// With HTML in it, as mdBook and most others take it.
    Markdown,
    Mdx,
    AsciiDoc,
    Hugo,
    Myst,
    Rst,
    /// HTML without the element, where no script may run.
    Iframe,
}

/// What is written once for all runs of a site: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// A file, by its name in the project of the document; none: the head of each page.
    pub file: Option<&'static str>,
    pub lines: String,
}

fn once(file: &'static str, lines: String) -> Once {
    Once { file: Some(file), lines }
}

impl Form {
    pub const ALL: [Form; 8] =
        [Form::Html, Form::Markdown, Form::Mdx, Form::AsciiDoc, Form::Hugo, Form::Myst, Form::Rst, Form::Iframe];

    /// As its users call it; the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Html => "HTML",
            Form::Markdown => "Markdown (mdBook, MkDocs)",
            Form::Mdx => "MDX (Docusaurus)",
            Form::AsciiDoc => "AsciiDoc (Antora)",
            Form::Hugo => "Hugo",
            Form::Myst => "MyST (Sphinx)",
            Form::Rst => "reStructuredText (Sphinx)",
            Form::Iframe => "iframe",
        }
    }

    /// What the site has to have once. `site` is where Partita lies, with the `/` at its end.
    pub fn once(self, site: &str) -> Vec<Once> {
        let site = one_line(site);
        let address = format!("{site}partita-embed.js");
        let tag = format!("<script src=\"{}\" async></script>", html(&address));
        match self {
            Form::Html => vec![Once { file: None, lines: tag }],
            Form::Markdown => vec![
                once("theme/head.hbs", tag),
                once("mkdocs.yml", format!("extra_javascript:\n  - path: {}\n    async: true", yaml(&address))),
            ],
            Form::Mdx => {
                let lines = format!("scripts: [{{ src: {}, async: true }}],", single(&address));
                vec![once("docusaurus.config.js", lines)]
            }
            Form::AsciiDoc => vec![once("supplemental-ui/partials/head-meta.hbs", tag)],
            Form::Hugo => vec![
                once("hugo.toml", format!("[params]\n  partita = {}", toml(&site))),
                once("layouts/_shortcodes/partita.html", SHORTCODE.trim_end().to_owned()),
            ],
            Form::Myst | Form::Rst => {
                vec![once("conf.py", format!("html_js_files = [({}, {{\"async\": \"async\"}})]", script(&address)))]
            }
            Form::Iframe => Vec::new(),
        }
    }
}

impl Embed {
    /// The lines that stand where the run is to be seen.
    pub fn lines(&self, form: Form, site: &str) -> String {
        let title = one_line(&self.title);
        match form {
            Form::Html => self.element(&self.linked(&title, site)),
            // The block's own tag, or what stands in it would be read as Markdown.
            Form::Markdown => format!("<div>{}</div>", self.element(&html(&title))),
            Form::Mdx => self.element(&format!("{{{}}}", script(&title))),
            Form::AsciiDoc => format!("++++\n{}\n++++", self.element(&html(&title))),
            Form::Hugo => self.shortcode(&html(&title)),
            Form::Myst => {
                let fence = fence(&title);
                format!("{fence}{{raw}} html\n{}\n{fence}", self.element(&html(&title)))
            }
            Form::Rst => format!(".. raw:: html\n\n   {}", self.element(&html(&title))),
            Form::Iframe => self.iframe(&title, site),
        }
    }

    fn element(&self, inside: &str) -> String {
        format!("<partita-run{}>{inside}</partita-run>", self.values())
    }

    fn shortcode(&self, inside: &str) -> String {
        let values: String = self.attributes().iter().map(|(name, value)| format!(" {name}={}", hugo(value))).collect();
        format!("{{{{< partita{values} >}}}}{inside}{{{{< /partita >}}}}")
    }

    /// Where no script runs, a link to a ready scenario is short enough to stand there as well.
    fn linked(&self, title: &str, site: &str) -> String {
        match self.run {
            Embedded::Scenario(_) => format!("<a href=\"{}\">{}</a>", html(&self.address(site)), html(title)),
            Embedded::Run(_) => html(title),
        }
    }

    fn values(&self) -> String {
        self.attributes().iter().map(|(name, value)| format!(" {name}=\"{}\"", html(value))).collect()
    }

    /// The address of the embed by itself.
    pub fn address(&self, site: &str) -> String {
        format!("{site}embed.html#{}", self.fragment())
    }

    fn iframe(&self, title: &str, site: &str) -> String {
        let (address, title, height) = (html(&self.address(site)), html(title), self.height);
        format!(
            "<iframe src=\"{address}\" title=\"{title}\" width=\"100%\" height=\"{height}\" style=\"border:0\" loading=\"lazy\" \
             sandbox=\"{SANDBOX}\"></iframe>"
        )
    }
}

/// Longer than any row of backquotes in the text.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(3.max(longest + 1))
}
