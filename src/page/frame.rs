//! The page's frame: landmarks, skip links, the top bar.

use leptos::prelude::*;

use super::icon::Icon;
use super::preferences::{Preferences, said};
use super::text;

#[component]
pub fn Frame() -> impl IntoView {
    Preferences::provide();
    view! {
        <a class="skip" href="#scene">{said(text::SKIP_TO_SCENE)}</a>
        <a class="skip" href="#narration">{said(text::SKIP_TO_NARRATION)}</a>
        <a class="skip" href="#transport">{said(text::SKIP_TO_TRANSPORT)}</a>
        <div class="app">
            <TopBar/>
            <main class="left">
                <div class="sc" id="scene" tabindex="-1">
                    <section class="col-p" aria-label=said(text::PRODUCERS)>
                        <div class="sc-h"><b>{said(text::PRODUCERS)}</b></div>
                    </section>
                    <div></div>
                    <section class="col-c" aria-label=said(text::CLUSTER)>
                        <div class="sc-h"><b>{said(text::CLUSTER)}</b></div>
                    </section>
                    <div></div>
                    <section class="col-g" aria-label=said(text::GROUPS)>
                        <div class="sc-h"><b>{said(text::GROUPS)}</b></div>
                    </section>
                </div>
                <section class="nr" id="narration" tabindex="-1" aria-label=said(text::NARRATION) aria-live="polite" aria-atomic="true"></section>
                <nav class="tr" id="transport" tabindex="-1" aria-label=said(text::TRANSPORT)></nav>
                <section class="tl" aria-label=said(text::TIMELINE)></section>
            </main>
            <aside class="right" aria-label=said(text::DETAILS)>
                <section class="in" aria-label=said(text::INSPECTOR)></section>
                <section class="cf" aria-label=said(text::SETTINGS)>
                    <div class="cf-h"><b>{said(text::SETTINGS)}</b></div>
                </section>
            </aside>
        </div>
    }
}

#[component]
fn TopBar() -> impl IntoView {
    let preferences = Preferences::get();
    let theme_name = move || {
        let name = preferences.theme().name();
        preferences.lang().pick(name.en, name.ko)
    };
    view! {
        <header class="tb">
            <h1 class="logo"><Logo/>"Partita"</h1>
            <span class="sp"></span>
            <button
                class="btn q"
                id="language"
                aria-label=said(text::LANGUAGE)
                on:click=move |_| preferences.switch_lang()
            >
                {said(text::LANGUAGE_SHORT)}
            </button>
            <button
                class="btn q i"
                id="theme"
                aria-label=theme_name
                title=theme_name
                on:click=move |_| preferences.switch_theme()
            >
                <Icon name="theme"/>
            </button>
        </header>
    }
}

/// Three lines with three note heads: three partitions.
#[component]
fn Logo() -> impl IntoView {
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
