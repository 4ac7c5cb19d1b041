//! What stands in the dialogs: the second part of the program, which comes behind the first picture.
//!
//! Nothing but `rest` names what is in here, or the first part would hold it too.

mod about;
mod around;
mod branches;
mod client;
mod code;
mod command;
mod creating;
mod drafts;
mod dropped;
mod embed;
mod events;
mod explained;
mod faults;
mod form;
mod goto;
mod grammar;
mod keys;
mod menu;
mod menus;
mod own_runs;
mod paste;
mod records;
mod runs;
mod send;
mod sheet;
mod setting;
mod share;
mod typed;

use leptos::prelude::*;

pub use around::Around;
pub use code::CodePanel;
pub use drafts::{keep, restore};
pub use explained::explained;
pub use typed::typed;

use super::dialog::Dialog;

pub fn body(dialog: Dialog) -> AnyView {
    match dialog {
        Dialog::Open => runs::body().into_any(),
        Dialog::Menu => menu::body().into_any(),
        Dialog::Add => menus::add().into_any(),
        Dialog::Send => send::body(),
        Dialog::Topic => creating::topic(),
        Dialog::Producer => creating::producer(),
        Dialog::Consumer => creating::consumer(),
        Dialog::Client(name) => client::body(name),
        Dialog::Paste(dropped) => paste::body(dropped).into_any(),
        Dialog::Dropped(file) => dropped::body(file),
        Dialog::Records(dropped) => records::body(dropped).into_any(),
        Dialog::Faults(key) => faults::body(key).into_any(),
        Dialog::Share => share::body().into_any(),
        Dialog::Embed => embed::body().into_any(),
        Dialog::Keys => keys::body().into_any(),
        Dialog::About => about::body().into_any(),
        Dialog::GoTo => goto::body().into_any(),
        Dialog::Branches => branches::body().into_any(),
        Dialog::Events => events::body().into_any(),
        Dialog::Command => command::body().into_any(),
        Dialog::Grammar => grammar::body().into_any(),
        Dialog::Setting { of, name, .. } => setting::body(of, name).into_any(),
    }
}
