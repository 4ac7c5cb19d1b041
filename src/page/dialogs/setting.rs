//! A setting, edited under its chip: its value, what it is, what it did in this run, and what each way to change it does.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use partita::draft::{Range, Trial, range};
use partita::view::Changing;

use crate::page::live::live;
use crate::page::panels::spans;
use crate::page::preferences::{Preferences, said, say};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::settings::{Editing, From, still};
use crate::page::told::told;

pub fn body(of: String, name: String) -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let settings = session.panel(|view| &view.settings);
    let wanted = name.clone();
    let found = Memo::new(move |_| {
        settings.with(|settings| settings.rows.iter().map(|row| row.name).find(|row| *row == wanted))
    });
    move || match found.get() {
        Some(name) => editor(Editing::new(name, settings), lang),
        None => {
            let text = lang.pick(
                format!("{name} of {of} cannot be changed here."),
                format!("{of}의 {name}: 여기서 바꿀 수 없습니다."),
            );
            view! { <div class="pp-b"><p>{text}</p></div> }.into_any()
        }
    }
}

fn editor(editing: Editing, lang: partita::lang::Lang) -> AnyView {
    let name = editing.name;
    let trial = Memo::new(move |_| editing.trial());
    let is_refused = move || trial.with(|trial| matches!(trial, Some(Trial::Refused(_))));
    let is_changed = move || editing.row.with(|row| row.as_ref().is_some_and(|row| row.changed));
    let changing = Memo::new(move |_| editing.changing());
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            editing.enter(event.shift_key());
        }
    };
    let does = move || editing.row.with(|row| row.as_ref().map(|row| row.does.clone()));
    view! {
        <div class="pp-b">
            <div class="cr" class:chg=is_changed class:err=is_refused>
                <label class="k" for=own("set-value")>{name}</label>
                <input id=own("set-value") class="inp" type="text" autocomplete="off" spellcheck="false" autofocus
                    aria-invalid=move || is_refused().then_some("true") aria-describedby=own("set-about")
                    prop:value=move || editing.shown()
                    on:input=move |event| editing.write(event_target_value(&event)) on:keydown=pressed/>
            </div>
            {slider(editing)}
            <div id=own("set-about")>
                <p>{does}</p>
                <p class="mut">{live(move || default(editing, lang))}{live(move || changing.with(|changing| changing.did.clone()))}</p>
                {live(move || notes(editing))}
                {live(move || trial.get().map(|trial| verdict(editing, trial, lang)))}
            </div>
            {live(move || ways(editing, trial, changing, lang))}
        </div>
    }
    .into_any()
}

/// The slider of a number, with its ends.
fn slider(editing: Editing) -> Option<AnyView> {
    let side = editing.session.with_run(|run| editing.target().side(run.timeline.simulation()));
    let Range { min, max, step } = range(side, editing.name, &untrack(|| editing.value()))?;
    Some(
        view! {
            <div class="sl2">
                <span class="mono t11">{min}</span>
                <input id=own("set-slide") class="range" type="range" min=min max=max step=step
                    aria-label=say("Choose the value", "값 고르기") prop:value=move || editing.shown()
                    on:input=move |event| editing.write(event_target_value(&event))/>
                <span class="mono t11">{max}</span>
            </div>
        }
        .into_any(),
    )
}

fn default(editing: Editing, lang: partita::lang::Lang) -> String {
    let default = editing.row.with(|row| row.as_ref().map(|row| row.default.clone())).unwrap_or_default();
    match default.as_str() {
        "" => lang.pick("No default. ", "기본값 없음. ").to_owned(),
        default => lang.pick(format!("Default {default}. "), format!("기본값 {default}. ")),
    }
}

/// Another setting that decides, and what there is to be told of the value in force.
fn notes(editing: Editing) -> Option<AnyView> {
    let row = editing.row.get()?;
    let all = row.forced.into_iter().chain(row.advice.into_iter().map(|(_, text)| text));
    Some(all.map(|text| view! { <p class="mut">{text}</p> }).collect_view().into_any())
}

/// What Kafka says of the draft: its refusal, or what it would log.
fn verdict(editing: Editing, trial: Trial, lang: partita::lang::Lang) -> AnyView {
    match trial {
        Trial::Refused(sentence) => view! {
            <p class="msg" role="alert">
                {told(&sentence, lang)}<br/><span class="mut">{told(&still(&editing.value()), lang)}</span>
            </p>
        }
        .into_any(),
        Trial::Fine(log) => {
            log.into_iter().map(|line| view! { <p class="mono t11">{line}</p> }).collect_view().into_any()
        }
    }
}

/// The ways to change it, each with what it does; when Kafka refuses the value, neither can be gone.
fn ways(editing: Editing, trial: Memo<Option<Trial>>, changing: Memo<Changing>, lang: partita::lang::Lang) -> AnyView {
    let is_refused = trial.with(|trial| matches!(trial, Some(Trial::Refused(_))));
    let cannot = trial.with(|trial| !matches!(trial, Some(Trial::Fine(_))));
    let ways = [Some(editing.first()), editing.second()].into_iter().flatten();
    let all = ways.map(|from| {
        let class = if from == editing.first() && !cannot { "btn p" } else { "btn o" };
        let does = changing.with(|changing| match from {
            From::Start => changing.from_start.clone(),
            From::Now => changing.from_now.clone(),
        });
        let does = (!is_refused).then(|| view! { <small>{spans(editing.session, lang, &does)}</small> });
        view! {
            <div>
                <button type="button" class=class data-from=from.name() disabled=cannot on:click=move |_| editing.apply(from)>
                    {said(from.words())}
                </button>
                {does}
            </div>
        }
    });
    let all = all.collect_view();
    let only = (editing.only_from_start() && !is_refused).then(|| {
        view! { <p class="mut">{say("Here brokers read their properties when they start.", "여기서는 브로커가 시작할 때 속성을 읽습니다.")}</p> }
    });
    view! { <div class="ch2" class:no=is_refused>{all}</div>{only} }.into_any()
}
