//! The settings that a reader of an embed may change, each as a chip that opens its editor.

use leptos::prelude::*;
use partita::explain::Chip;
use partita::view::setting_in_force;

use super::asked::Asked;
use crate::page::preferences::say;
use crate::page::scene::{Stage, chips};
use crate::page::session::Session;

#[component]
pub fn Editable(asked: Asked) -> impl IntoView {
    let session = Session::get();
    let stage = Stage::get();
    let found = Memo::new(move |_| {
        let followed =
            session.view().with(|view| view.producers.producers.iter().find(|one| one.open).map(|one| one.client));
        let of = |name: &&'static str| session.with_run(|run| setting_in_force(&run.timeline, followed, name));
        asked.edit.iter().filter_map(of).collect::<Vec<Chip>>()
    });
    move || {
        found.with(|found| {
            (!found.is_empty()).then(|| {
                view! {
                    <div class="em-e" role="group" aria-label=say("Settings you may change", "바꿀 수 있는 설정")>
                        <span aria-hidden="true">{say("Change", "바꾸기")}</span>
                        {chips(stage, found)}
                    </div>
                }
            })
        })
    }
}
