//! The page's frame: landmarks, skip links, and the panels in their places.

use leptos::prelude::*;

use super::dialogs::Dialogs;
use super::notices::Notices;
use super::preferences::said;
use super::session::Session;
use super::settings::SettingsPanel;
use super::text;
use super::topbar::TopBar;
use super::transport::TransportBar;

#[component]
pub fn Frame() -> impl IntoView {
    let session = Session::get();
    view! {
        <a class="skip" href="#scene">{said(text::SKIP_TO_SCENE)}</a>
        <a class="skip" href="#narration">{said(text::SKIP_TO_NARRATION)}</a>
        <a class="skip" href="#transport">{said(text::SKIP_TO_TRANSPORT)}</a>
        <div class="app" class:drawer=move || session.drawer.get()>
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
                <TransportBar/>
                <section class="tl" aria-label=said(text::TIMELINE)></section>
            </main>
            <aside class="right" aria-label=said(text::DETAILS)>
                <section class="in" aria-label=said(text::INSPECTOR)></section>
                <SettingsPanel/>
            </aside>
            <Notices/>
        </div>
        <Dialogs/>
    }
}
