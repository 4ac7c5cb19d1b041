//! The sites of `docs/embedding`: where a reader goes in each. Who builds them is `cargo xtask documents`.

/// A site: two pages that lead to each other, one of them with a run.
pub struct Site {
    /// Its folder.
    pub name: &'static str,
    /// The page without a run, below the site's address.
    pub around: &'static str,
    /// What a link to the page with the run says, and one that leads back.
    pub there: &'static str,
    pub back: &'static str,
    /// Further pages with the same run.
    pub more: &'static [&'static str],
    /// Going from page to page loads no document.
    pub is_instant: bool,
    pub theme: Theme,
    /// What its server says of itself, where the site takes that: `{partita}` is where Partita lies.
    pub policy: Option<&'static str>,
}

/// How a reader makes the page around dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// It has no dark look.
    None,
    /// It looks as the system says.
    System,
    /// By pressing these, one after the other, until it is dark.
    Buttons(&'static [&'static str]),
}

/// As a site with strict rules says it: our script, our frame, and its own styles.
const STRICT: &str = "default-src 'none'; script-src {partita}; frame-src {partita}; style-src 'unsafe-inline'";

const USUAL: Site = Site {
    name: "",
    around: "",
    there: "Retries",
    back: "Orders",
    more: &[],
    is_instant: false,
    theme: Theme::None,
    policy: None,
};

pub const SITES: [Site; 7] = [
    Site {
        name: "plain",
        there: "What a retry does",
        more: &["iframe.html"],
        theme: Theme::System,
        policy: Some(STRICT),
        ..USUAL
    },
    Site { name: "mdbook", theme: Theme::Buttons(&["#mdbook-theme-toggle", "#mdbook-theme-navy"]), ..USUAL },
    Site {
        name: "mkdocs",
        is_instant: true,
        theme: Theme::Buttons(&["[data-md-component=palette] label:not([hidden])"]),
        ..USUAL
    },
    Site {
        name: "sphinx",
        more: &["in-rst.html"],
        theme: Theme::Buttons(&[".content-icon-container .theme-toggle"]),
        ..USUAL
    },
    Site { name: "docusaurus", is_instant: true, theme: Theme::Buttons(&["[class*=colorModeToggle] button"]), ..USUAL },
    Site { name: "hugo", ..USUAL },
    Site { name: "antora", around: "orders/index.html", ..USUAL },
];
