//! The line under a client's name that says where its program is.

use leptos::prelude::*;
use partita::view::{ProgramLine, ProgramPiece, Tone};

use crate::page::lazy::lazy;

/// Always one line; what may be cut is, where there is no room for all of it.
pub fn program(line: &ProgramLine) -> impl IntoView + use<> {
    lazy(line.clone(), |line| {
        let class = match line.tone {
            Tone::Now => "pg nowp",
            Tone::Fault => "pg hzp",
            _ => "pg",
        };
        view! { <div class=class title=line.plain()>{line.pieces.iter().map(piece).collect_view()}</div> }
    })
}

fn piece(piece: &ProgramPiece) -> impl IntoView + use<> {
    view! { <span class:mono=piece.mono class:cut=piece.may_be_cut>{piece.text.clone()}</span> }
}
