//! The shape of a record's key: in the page's text, and inside a drawing.

use leptos::prelude::*;
use partita::view::Glyph;

/// In a line of text.
pub fn mark(glyph: &Glyph) -> impl IntoView + use<> {
    let class = format!("g g{}{}", glyph.shape, if glyph.followed { " followed" } else { "" });
    let href = format!("#g{}", glyph.shape);
    view! {
        <svg class=class aria-hidden="true">
            <use href=href></use>
            {numeral(glyph, 6.0, 6.0)}
        </svg>
    }
}

/// In a drawing, around a middle.
pub fn drawn(glyph: &Glyph, x: f64, y: f64) -> impl IntoView + use<> {
    let class = format!("g{}", glyph.shape);
    let href = format!("#g{}", glyph.shape);
    view! {
        <use href=href class=class x=x - 6.0 y=y - 6.0 width="12" height="12"></use>
        {numeral(glyph, x, y)}
        {glyph.followed.then(|| view! { <circle class="ring1" cx=x cy=y r="9"></circle> })}
    }
}

/// After six keys the shapes repeat.
fn numeral(glyph: &Glyph, x: f64, y: f64) -> impl IntoView + use<> {
    let low = if glyph.shape == 3 { 3.9 } else { 2.7 };
    glyph.numeral.map(|n| view! { <text class="gn" x=x y=y + low text-anchor="middle">{n}</text> })
}
