//! Every line of the script grammar: made of the same table as the completion of a typed one, when the site is built.

use leptos::prelude::*;

use super::sheet::{Sheet, sheet};
use crate::page::preferences::say;
use crate::page::root::own;

pub fn body() -> impl IntoView {
    view! {
        <div class="about grm" id=own("grammar-page") tabindex="0" autofocus role="group" aria-label=say("The grammar of runs", "실행의 문법")>
            {sheet(Sheet::Grammar)}
        </div>
    }
}
