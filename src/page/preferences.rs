//! The reader's language and theme: kept in the browser's storage, read by the loader before the first picture.

use leptos::prelude::*;
use partita::lang::{Lang, text};
use wasm_bindgen::prelude::wasm_bindgen;

use super::allowed::is_embed;
use super::text::{THEME_DARK, THEME_LIGHT, THEME_SYSTEM, Text};

#[wasm_bindgen]
extern "C" {
    /// The loader's own rule for `data-theme`, asked again.
    #[wasm_bindgen(js_namespace = partita, js_name = theme)]
    fn apply_theme();
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    const fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    const fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    pub const fn name(self) -> Text {
        match self {
            Theme::System => THEME_SYSTEM,
            Theme::Light => THEME_LIGHT,
            Theme::Dark => THEME_DARK,
        }
    }
}

/// The two signals every component may read.
#[derive(Clone, Copy)]
pub struct Preferences {
    lang: RwSignal<Lang>,
    theme: RwSignal<Theme>,
}

impl Preferences {
    /// What the loader put on the root element and what the storage holds.
    pub fn provide() -> Preferences {
        let root = document().document_element().expect("a document has a root");
        let lang = if root.get_attribute("lang").as_deref() == Some("ko") { Lang::Ko } else { Lang::En };
        let theme = match kept("theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        };
        let preferences = Preferences { lang: RwSignal::new(lang), theme: RwSignal::new(theme) };
        provide_context(preferences);
        preferences
    }

    pub fn get() -> Preferences {
        expect_context()
    }

    pub fn lang(self) -> Lang {
        self.lang.get()
    }

    /// For event handlers.
    pub fn lang_untracked(self) -> Lang {
        self.lang.get_untracked()
    }

    pub fn theme(self) -> Theme {
        self.theme.get()
    }

    /// The other language.
    pub fn switch_lang(self) {
        let lang = self.lang.get_untracked().pick(Lang::Ko, Lang::En);
        let code = lang.pick("en", "ko");
        keep("lang", code);
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", code);
        }
        self.lang.set(lang);
    }

    /// The language of the page around an embed.
    pub fn speak(self, lang: Lang) {
        if self.lang.get_untracked() != lang {
            self.lang.set(lang);
        }
    }

    /// System, light, dark, and round again.
    pub fn switch_theme(self) {
        let theme = self.theme.get_untracked().next();
        keep("theme", theme.word());
        apply_theme();
        self.theme.set(theme);
    }
}

/// Two texts that say the same, of which the view shows the reader's: `{say("Cluster", "클러스터")}`.
pub fn say(en: &'static str, ko: &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    said(text(en, ko))
}

/// A text in the reader's language, for use in a view: `{said(text::CLUSTER)}`.
pub fn said(text: Text) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let preferences = Preferences::get();
    move || *text.pick(preferences.lang())
}

/// What the reader chose before.
pub fn kept(name: &str) -> Option<String> {
    if is_embed() {
        return None;
    }
    window().local_storage().ok()??.get_item(&format!("partita.{name}")).ok()?
}

/// Storage may be forbidden or full: then the choice lasts as long as the page.
pub fn keep(name: &str, value: &str) {
    if is_embed() {
        return;
    }
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(&format!("partita.{name}"), value);
    }
}
