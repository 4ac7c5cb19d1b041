//! The reader's own runs as a list: opened, named, deleted, and had back until the dialog closes.

use std::sync::Arc;
use std::time::Duration;

use js_sys::Date;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use partita::lang::{Lang, grouped_by};
use partita::scenarios::Scenario;
use partita::script::stored::{MAX_OWN_BYTES, MAX_OWN_RUNS, OwnRun, Source};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::page::icon::Icon;
use crate::page::live::live;
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_MS: f64 = 86_400_000.0;
/// How long what stands under the list waits for the storage.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the list shows. Copied freely.
#[derive(Clone, Copy)]
struct List {
    session: Session,
    lang: Preferences,
    /// None until the storage has answered.
    runs: RwSignal<Option<Vec<OwnRun>>>,
    /// The one whose name is being written.
    renamed: RwSignal<Option<String>>,
    deleted: RwSignal<Vec<String>>,
}

/// What stands under the list (`children`) is shown with it: it would move under a hand that reaches for it if it stood
/// there before the storage has answered.
#[component]
pub fn OwnRuns(children: Children) -> impl IntoView {
    let (session, lang) = (Session::get(), Preferences::get());
    let list = List {
        session,
        lang,
        runs: RwSignal::new(None),
        renamed: RwSignal::new(None),
        deleted: RwSignal::new(Vec::new()),
    };
    // A storage that answers nothing keeps nobody from opening a run.
    let late = RwSignal::new(false);
    set_timeout(
        move || {
            let _ = late.try_set(true);
        },
        PATIENCE,
    );
    let awaits = Memo::new(move |_| !late.get() && list.runs.with(Option::is_none));
    spawn_local(async move {
        let runs = session.own_runs().await;
        // The dialog may be closed by now.
        let _ = list.runs.try_set(Some(runs));
        if session.is_own() {
            focus(session.root.id(&format!("own-{}", session.open_now())));
        }
    });
    on_cleanup(move || {
        if let Some(deleted) = list.deleted.try_get_untracked().filter(|deleted| !deleted.is_empty()) {
            session.forget_deleted(deleted);
        }
    });
    let rows = move || {
        let runs = list.runs.get()?;
        let (renamed, deleted) = (list.renamed.get(), list.deleted.get());
        let row = |run: OwnRun| match () {
            () if deleted.contains(&run.id) => list.deleted_row(&run),
            () if renamed.as_ref() == Some(&run.id) => list.renamed_row(run),
            () => list.row(run),
        };
        Some(runs.into_iter().map(row).collect_view())
    };
    view! {
        <h3>{say("Your runs", "내 실행")}<small>{live(move || list.sum())}</small></h3>
        <ul class="urs">{rows}</ul>
        {live(move || list.none())}
        <div class="ru-o" class:awaits=move || awaits.get()>{children()}</div>
    }
}

impl List {
    fn pick<T>(self, en: T, ko: T) -> T {
        self.lang.lang().pick(en, ko)
    }

    /// How many there are, and how much they hold.
    fn sum(self) -> String {
        let Some(runs) = self.runs.get().filter(|runs| !runs.is_empty()) else { return String::new() };
        let deleted = self.deleted.get();
        let there: Vec<&OwnRun> = runs.iter().filter(|run| !deleted.contains(&run.id)).collect();
        let (count, bytes) = (there.len(), size(there.iter().map(|run| run.size).sum()));
        let runs = if count == 1 { "run" } else { "runs" };
        self.pick(format!("{count} {runs}, {bytes}"), format!("{count}개, {bytes}"))
    }

    /// What stands there when there are none, or nothing is stored.
    fn none(self) -> Option<AnyView> {
        let is_empty = self.runs.with(|runs| runs.as_ref().is_some_and(Vec::is_empty));
        if !self.session.has_store() {
            let told = self.pick(
                "This browser forbids storage: a run is lost when the page is closed. Share exports it as a file.",
                "이 브라우저는 저장을 허용하지 않습니다. 페이지를 닫으면 실행이 사라집니다. 공유에서 파일로 내보낼 수 있습니다.",
            );
            return Some(view! { <p class="ru-e">{told}</p> }.into_any());
        }
        let most = size(MAX_OWN_BYTES);
        let told = self.pick(
            format!("None yet. A run is kept here from your first change on: at most {MAX_OWN_RUNS}, {most} together."),
            format!("아직 없습니다. 실행은 첫 변경부터 여기에 보존합니다. 최대 {MAX_OWN_RUNS}개, 모두 합해 {most}."),
        );
        is_empty.then(|| view! { <p class="ru-e">{told}</p> }.into_any())
    }

    fn row(self, run: OwnRun) -> AnyView {
        let name = self.name(&run);
        let is_open = self.session.open_now() == run.id;
        let (rename, delete) = (
            self.pick(format!("Rename {name}"), format!("이름 바꾸기: {name}")),
            self.pick(format!("Delete {name}"), format!("삭제: {name}")),
        );
        let [opened, renamed, deleted] = [(); 3].map(|()| run.id.clone());
        let id = |what: &str| own(&format!("{what}-{}", run.id));
        view! {
            <li class="ur" data-own=run.id.clone() aria-current=is_open.then_some("true")>
                <button type="button" class="ur-n" id=id("own") title=name.clone()
                    on:click=move |_| { self.session.close(); self.session.open_own(opened.clone()) }>{name.clone()}</button>
                <button type="button" class="btn i q" id=id("rename") aria-label=rename on:click=move |_| self.begin_renaming(&renamed)>
                    <Icon name="pen"/>
                </button>
                <button type="button" class="btn i q" id=id("delete") aria-label=delete on:click=move |_| self.delete(&deleted)>
                    <Icon name="bin"/>
                </button>
                <span>{self.about(&run, is_open)}</span>
            </li>
        }
        .into_any()
    }

    fn renamed_row(self, run: OwnRun) -> AnyView {
        let field = NodeRef::<html::Input>::new();
        field.on_load(|field| {
            let _ = field.focus();
            field.select();
        });
        let id = run.id.clone();
        let finish = move |is_kept: bool| {
            let name = field.get_untracked().map(|field| field.value()).filter(|_| is_kept);
            self.end_renaming(&id, name);
        };
        let [keep, drop, key] = [(); 3].map(|()| finish.clone());
        let pressed = move |event: KeyboardEvent| {
            let is_kept = match event.key().as_str() {
                "Enter" => true,
                "Escape" => false,
                _ => return,
            };
            // Not the dialog's.
            event.prevent_default();
            event.stop_propagation();
            key(is_kept);
        };
        let label = self.pick("Name of the run", "실행 이름");
        view! {
            <li class="ur" data-own=run.id.clone()>
                <input class="inp" type="text" maxlength="80" autocomplete="off" spellcheck="false" aria-label=label
                    node_ref=field value=self.name(&run) on:keydown=pressed/>
                <button type="button" class="btn i q" aria-label=self.pick("Keep the name", "이 이름으로") on:click=move |_| keep(true)>
                    <Icon name="check"/>
                </button>
                <button type="button" class="btn i q" aria-label=self.pick("Cancel", "취소") on:click=move |_| drop(false)>
                    <Icon name="x"/>
                </button>
                <span>{self.about(&run, false)}</span>
            </li>
        }
        .into_any()
    }

    fn deleted_row(self, run: &OwnRun) -> AnyView {
        let (id, name) = (run.id.clone(), self.name(run));
        let label = self.pick(format!("Undo: {name} is deleted"), format!("되돌리기: {name} 삭제됨"));
        view! {
            <li class="ur del" data-own=run.id.clone()>
                <b>{name}</b>
                <button type="button" class="lk" id=own(&format!("undo-{id}")) aria-label=label on:click=move |_| self.bring_back(&id)>
                    {self.pick("Undo", "되돌리기")}
                </button>
            </li>
        }
        .into_any()
    }

    fn begin_renaming(self, id: &str) {
        self.session.dialog_stays();
        self.renamed.set(Some(id.to_owned()));
    }

    /// None: it keeps the name that it has.
    fn end_renaming(self, id: &str, name: Option<String>) {
        if let Some(name) = name {
            self.session.rename_own(id, &name);
            let name: Option<Arc<str>> = (!name.trim().is_empty()).then(|| name.trim().into());
            self.update(id, |run| run.name = name);
        }
        self.renamed.set(None);
        focus(own(&format!("rename-{id}")));
    }

    fn delete(self, id: &str) {
        self.session.dialog_stays();
        self.session.delete_own(id, true);
        self.deleted.update(|deleted| deleted.push(id.to_owned()));
        focus(own(&format!("undo-{id}")));
    }

    fn bring_back(self, id: &str) {
        self.session.dialog_stays();
        self.session.delete_own(id, false);
        self.deleted.update(|deleted| deleted.retain(|other| other != id));
        focus(own(&format!("delete-{id}")));
    }

    fn update(self, id: &str, change: impl FnOnce(&mut OwnRun)) {
        self.runs.update(|runs| {
            if let Some(run) = runs.iter_mut().flatten().find(|run| run.id == id) {
                change(run);
            }
        });
    }

    /// The name that its reader gave it, or else what it changed, or what it began as.
    fn name(self, run: &OwnRun) -> String {
        let lang = self.lang.lang();
        let scenario = run.scenario.as_ref().and_then(|id| Scenario::by_id(id));
        let title = scenario.map(|scenario| scenario.title.pick(lang).clone());
        let from = |en: &str, ko: &str| {
            let from = lang.pick(en, ko);
            title.as_ref().map_or(from.to_owned(), |title| format!("{from}: {title}"))
        };
        if let Some(name) = &run.name {
            return name.to_string();
        }
        match (run.source, &run.change) {
            (Source::Link, _) => from("From a link", "링크로 연 실행"),
            (Source::File, _) => from("From a file", "파일로 연 실행"),
            (Source::Here, Some(change)) => change.to_string(),
            (Source::Here, None) => title.clone().unwrap_or_else(|| from("A run of your own", "내 실행")),
        }
    }

    /// When it was changed, and what it holds.
    fn about(self, run: &OwnRun, is_open: bool) -> String {
        let lang = self.lang.lang();
        let when = match is_open {
            true => lang.pick("open now", "지금 열림").to_owned(),
            false => when(run.changed, lang),
        };
        let steps = grouped_by(run.steps, '\u{202f}');
        let unit = if run.steps == 1 { "step" } else { "steps" };
        let mut parts = vec![lang.pick(format!("{steps} {unit}"), format!("스텝 {steps}개")), size(run.size)];
        if run.branches > 1 {
            let (at, of) = (run.branch, run.branches);
            parts.insert(0, lang.pick(format!("branch {at} of {of}"), format!("브랜치 {of}개 중 {at}")));
        }
        format!("{when} · {}", parts.join(", "))
    }
}

/// Once what is drawn anew is there.
fn focus(id: String) {
    let focus = move || {
        let found = document().get_element_by_id(&id).and_then(|found| found.dyn_into::<HtmlElement>().ok());
        if let Some(found) = found {
            let _ = found.focus();
        }
    };
    set_timeout(focus, Duration::ZERO);
}

fn size(bytes: u64) -> String {
    let tenths = |of: u64, unit: &str| format!("{}.{} {unit}", bytes / of, bytes % of * 10 / of);
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => tenths(1_000, "kB"),
        _ => tenths(1_000_000, "MB"),
    }
}

/// A time as one says it on the day of reading.
fn when(at: u64, lang: Lang) -> String {
    let date = |ms: f64| Date::new(&JsValue::from_f64(ms));
    let (now, then) = (date(Date::now()), date(at as f64));
    let clock = format!("{:02}:{:02}", then.get_hours(), then.get_minutes());
    let is_day = |of: &Date| {
        (then.get_full_year(), then.get_month(), then.get_date()) == (of.get_full_year(), of.get_month(), of.get_date())
    };
    if is_day(&now) {
        return lang.pick(format!("today, {clock}"), format!("오늘 {clock}"));
    }
    if is_day(&date(Date::now() - DAY_MS)) {
        return lang.pick(format!("yesterday, {clock}"), format!("어제 {clock}"));
    }
    let (month, day) = (then.get_month(), then.get_date());
    let name = MONTHS.get(month as usize).copied().unwrap_or_default();
    let (mut en, mut ko) = (format!("{day} {name}"), format!("{}월 {day}일", month + 1));
    if then.get_full_year() != now.get_full_year() {
        let year = then.get_full_year();
        (en, ko) = (format!("{en} {year}"), format!("{year}년 {ko}"));
    }
    lang.pick(en, ko)
}
