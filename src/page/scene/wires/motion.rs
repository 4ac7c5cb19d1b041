//! How tokens move: along their path, from where they were to where they are; back again when one steps back.
//!
//! The browser's own transitions do it, on `offset-distance`. Where the page wants less motion, the tokens in `tokens.css`
//! are 0 ms, and everything stands at its end at once.

use leptos::prelude::*;
use partita::sorted::SortedMap;

use super::shapes::created;
use super::tokens::Drawing;

/// At most so many move at once; further ones appear at their end.
const MOST: usize = 8;
/// Milliseconds after which a token that arrived is gone.
const GONE: u64 = 360;

struct Moving {
    drawing: Drawing,
    element: web_sys::SvgElement,
}

#[derive(Default)]
pub struct Motion {
    tokens: SortedMap<String, Moving>,
    /// Those that only finish their way.
    leaving: Vec<web_sys::SvgElement>,
}

/// Which way the run went since the last picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    /// To another place, or nowhere: nothing moves.
    Elsewhere,
    Forward,
    Back,
}

impl Motion {
    pub fn show(&mut self, group: &web_sys::Element, drawings: Vec<Drawing>, went: Went) {
        for element in self.leaving.drain(..) {
            element.remove();
        }
        let _ = group.set_attribute("class", if went == Went::Back { "toks back" } else { "toks" });
        let mut budget = if went == Went::Elsewhere { 0 } else { MOST };
        let gone: Vec<String> =
            self.tokens.keys().filter(|key| !drawings.iter().any(|one| one.key == **key)).cloned().collect();
        for key in gone {
            if let Some(moving) = self.tokens.remove(&key) {
                self.let_go(moving, went, &mut budget);
            }
        }
        for drawing in drawings {
            match self.tokens.get_mut(&drawing.key) {
                Some(moving) => moving.go_on(drawing, &mut budget),
                None => {
                    let Some(element) = created("g") else { continue };
                    let _ = group.append_child(&element);
                    let mut moving = Moving { drawing: drawing.clone(), element };
                    moving.appear(went, &mut budget);
                    self.tokens.insert(drawing.key.clone(), moving);
                }
            }
        }
    }

    /// It arrived, or was never sent: it goes to that end and disappears.
    fn let_go(&mut self, moving: Moving, went: Went, budget: &mut usize) {
        let end = if went == Went::Back { 0 } else { 1000 };
        if *budget == 0 || moving.drawing.way == end {
            moving.element.remove();
            return;
        }
        *budget -= 1;
        moving.place(end, true);
        let element = moving.element.clone();
        self.leaving.push(moving.element);
        set_timeout(move || element.remove(), std::time::Duration::from_millis(GONE));
    }
}

impl Moving {
    fn appear(&mut self, went: Went, budget: &mut usize) {
        let way = self.drawing.way;
        self.dress();
        if went == Went::Back && way < 1000 && *budget > 0 {
            *budget -= 1;
            self.place(1000, false);
            // The browser must have seen the first place before the second, or nothing moves.
            let _ = self.element.get_bounding_client_rect();
            self.place(way, true);
        } else {
            self.place(way, false);
        }
    }

    fn go_on(&mut self, drawing: Drawing, budget: &mut usize) {
        if self.drawing == drawing {
            return;
        }
        let moves = self.drawing.way != drawing.way && *budget > 0;
        if moves {
            *budget -= 1;
        }
        self.drawing = drawing;
        self.dress();
        self.place(self.drawing.way, moves);
    }

    fn dress(&self) {
        let _ = self.element.set_attribute("class", &self.drawing.class);
        if self.element.inner_html() != self.drawing.inner {
            self.element.set_inner_html(&self.drawing.inner);
        }
    }

    fn place(&self, way: u16, moves: bool) {
        let style = self.element.style();
        let _ = style.set_property("transition-property", if moves { "offset-distance" } else { "none" });
        let _ = style.set_property("offset-path", &format!("path(\"{}\")", self.drawing.path));
        let _ = style.set_property("offset-distance", &format!("{:.1}%", f64::from(way) / 10.0));
    }
}
