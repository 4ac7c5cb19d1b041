//! The narration at the end of a story. It comes with the second part of the program: nobody begins there.

use leptos::prelude::*;

use super::narration::numbers;
use crate::page::icon::Icon;
use crate::page::preferences::Preferences;
use crate::page::root::own;
use crate::page::session::Session;

/// The end of the story: its numbers, what one can try, and the next story.
#[component]
pub fn Ended() -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get();
    let ending = session.part(|view| view.story.ending.clone());
    move || {
        let Some(ending) = ending.get() else { return ().into_any() };
        let lang = lang.lang();
        let has_tries = !ending.tries.is_empty();
        let tries = ending.tries.into_iter().enumerate().map(|(index, label)| {
            view! {
                <button type="button" class="btn o" data-try=index.to_string() on:click=move |_| session.try_out(index)>
                    <Icon name="fork"/>{label}
                </button>
            }
        });
        let next = session.next_story_words().map(|words| {
            view! {
                <button type="button" class="btn p" id=own("next-story") on:click=move |_| session.open_next_story()>
                    {words.pick(lang).clone()}<Icon name="arrow"/>
                </button>
            }
        });
        view! {
            {numbers(&ending.counts)}
            <div class="tryl">
                {has_tries.then(|| view! { <span>{lang.pick("Try", "해 보기")}</span> })}
                {tries.collect_view()}
                {ending.is_branch.then(|| view! {
                    <button type="button" class="btn o" id=own("own-run") on:click=move |_| session.switch_branch(0)>
                        <Icon name="fork"/>{lang.pick("Back to the story's own run", "이야기 본래 실행으로")}
                    </button>
                })}
                <span class="push"></span>
                <button type="button" class="lk" id=own("time-on") on:click=move |_| session.let_time_go_on()>
                    {lang.pick("let time go on", "시간 계속 진행")}
                </button>
                {next}
            </div>
        }
        .into_any()
    }
}
