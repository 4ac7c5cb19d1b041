//! A setting, edited where it acts: what its chip opens. The same row as in the panel.

use leptos::prelude::*;

use crate::page::preferences::{Preferences, say};
use crate::page::session::Session;
use crate::page::settings::SettingRow;

pub fn body(of: String, name: String) -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get().lang_untracked();
    let settings = session.panel(|view| &view.settings);
    let wanted = name.clone();
    let row =
        Memo::new(move |_| settings.with(|settings| settings.rows.iter().find(|row| row.name == wanted).cloned()));
    let editor = move || row.with(|row| row.as_ref().map(|row| row.name)).map(|name| view! { <SettingRow name/> });
    let missing = move || {
        row.with(Option::is_none).then(|| {
            let text = lang.pick(
                format!("{name} of {of} cannot be changed here."),
                format!("{of}의 {name}: 여기서 바꿀 수 없습니다."),
            );
            view! { <p class="dlg-p">{text}</p> }
        })
    };
    let does = move || row.with(|row| row.as_ref().map(|row| row.does.clone()));
    let default = move || {
        row.with(|row| {
            row.as_ref().map(|row| match row.default.as_str() {
                "" => lang.pick(format!("No default. {}", row.type_text), format!("기본값 없음. {}", row.type_text)),
                default => lang.pick(
                    format!("Default {default}. {}", row.type_text),
                    format!("기본값 {default}. {}", row.type_text),
                ),
            })
        })
    };
    view! {
        {editor}
        {missing}
        <p class="dlg-p">{does}</p>
        <p class="hint">{default}</p>
        <p class="hint">
            {say(
                "From now: the client is closed and made anew, as a real program would. From the start: the same commands run again with the new value, as a branch.",
                "지금부터: 실제 프로그램처럼 클라이언트를 닫고 새로 만듭니다. 처음부터: 같은 명령을 새 값으로 다시 실행하여 브랜치로 둡니다.",
            )}
        </p>
    }
}
