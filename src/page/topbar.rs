//! The top bar: which run is open, its promises, what can be added, sharing, keys, language, theme.

use leptos::prelude::*;

use super::dialog::Dialog;
use super::icon::Icon;
use super::preferences::{Preferences, said, say};
use super::promises::Promises;
use super::root::own;
use super::session::Session;
use super::text;

#[component]
pub fn TopBar() -> impl IntoView {
    let session = Session::get();
    let top = session.panel(|view| &view.top);
    let title = move || top.with(|top| top.title.clone());
    view! {
        <header class="tb">
            <h1 class="logo"><Logo/><span>"Partita"</span></h1>
            <span class="sep"></span>
            <button class="tb-title" id=own("open") aria-haspopup="dialog" on:click=move |_| session.open(Dialog::Open)>
                <span class="tb-name">{title}</span>
                <Icon name="down"/>
            </button>
            <span class="sp"></span>
            <Promises/>
            <span class="sep"></span>
            <button class="btn q" id=own("add") aria-haspopup="dialog" on:click=move |_| session.open(Dialog::Add)>
                <Icon name="plus"/>
                <span>{say("Add", "추가")}</span>
            </button>
            <button class="btn q" id=own("share") aria-haspopup="dialog" on:click=move |_| session.open(Dialog::Share)>
                <Icon name="share"/>
                <span>{say("Share", "공유")}</span>
            </button>
            <button
                class="btn q i wide"
                id=own("keys")
                aria-haspopup="dialog"
                aria-label=say("All keys", "모든 키")
                title=say("All keys (?)", "모든 키 (?)")
                on:click=move |_| session.open(Dialog::Keys)
            >
                "?"
            </button>
            <Language/>
            <ThemeButton/>
            <button
                class="btn q i narrow"
                id=own("drawer")
                aria-label=said(text::DETAILS)
                aria-expanded=move || session.drawer.get().to_string()
                on:click=move |_| session.drawer.update(|open| *open = !*open)
            >
                <Icon name="grip"/>
                <Icon name="x"/>
            </button>
            <button
                class="btn q i small"
                id=own("menu")
                aria-haspopup="dialog"
                aria-label=said(text::MENU)
                on:click=move |_| session.open(Dialog::Menu)
            >
                <Icon name="menu"/>
            </button>
        </header>
    }
}

#[component]
fn Language() -> impl IntoView {
    let preferences = Preferences::get();
    view! {
        <button
            class="btn q wide"
            id=own("language")
            aria-label=said(text::LANGUAGE)
            on:click=move |_| preferences.switch_lang()
        >
            {said(text::LANGUAGE_SHORT)}
        </button>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let preferences = Preferences::get();
    let theme_name = move || {
        let name = preferences.theme().name();
        preferences.lang().pick(name.en, name.ko)
    };
    view! {
        <button
            class="btn q i wide"
            id=own("theme")
            aria-label=theme_name
            title=theme_name
            on:click=move |_| preferences.switch_theme()
        >
            <Icon name="theme"/>
        </button>
    }
}

/// Three lines with three note heads: three partitions.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg viewBox="0 0 22 20" aria-hidden="true">
            <g stroke="currentColor" stroke-width="1.6" stroke-linecap="round">
                <path d="M1 3.5h20M1 10h20M1 16.5h20"></path>
            </g>
            <circle cx="6" cy="16.5" r="3.2" fill="currentColor"></circle>
            <rect x="9.1" y="7.2" width="5.6" height="5.6" fill="currentColor"></rect>
            <path d="M18 -.2 21 3.5 18 7.2 15 3.5Z" fill="currentColor"></path>
        </svg>
    }
}
