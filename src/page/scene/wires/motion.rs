//! How tokens move: along their path, from where they were to where they are; back again when one steps back.
//!
//! The browser's own animations do it, with nothing but `transform`: these run beside the page's thread, which would
//! otherwise draw the whole page anew for each of their frames. Each token is a drawing of its own: a part of a drawing that
//! moves makes the browser lay out the drawing. Who wants less motion sees everything at its end at once.

use std::time::Duration;

use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use partita::sorted::SortedMap;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::path::{Point, along, part};
use super::shapes::created;
use super::tokens::Drawing;

// web-sys holds this back as unstable; browsers have had it since 2020.
#[wasm_bindgen]
extern "C" {
    type Animatable;
    #[wasm_bindgen(method)]
    fn animate(this: &Animatable, keyframes: &Array, options: &Object) -> Animation;

    type Animation;
    #[wasm_bindgen(method)]
    fn cancel(this: &Animation);
}

/// At most so many move at once; further ones appear at their end.
const MOST: usize = 8;
/// Milliseconds of a hop, and of one that is taken back.
const HOP: f64 = 320.0;
const BACK: f64 = 160.0;
/// How a hop begins and ends.
const EASE: &str = "cubic-bezier(.45, 0, .25, 1)";

struct Moving {
    drawing: Drawing,
    element: web_sys::SvgElement,
    /// What moves it, until another does.
    animation: Option<Animation>,
}

#[derive(Default)]
pub struct Motion {
    tokens: SortedMap<String, Moving>,
    /// Those that only finish their way.
    leaving: Vec<web_sys::SvgElement>,
}

/// Which way the run went since the last picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunWent {
    /// To another place, or nowhere: nothing moves.
    Elsewhere,
    Forward,
    Back,
}

impl Motion {
    pub fn show(&mut self, group: &web_sys::Element, drawings: Vec<Drawing>, went: RunWent) {
        for element in self.leaving.drain(..) {
            element.remove();
        }
        let mut budget = if went == RunWent::Elsewhere { 0 } else { MOST };
        let gone: Vec<String> =
            self.tokens.keys().filter(|key| !drawings.iter().any(|one| one.key == **key)).cloned().collect();
        for key in gone {
            if let Some(moving) = self.tokens.remove(&key) {
                self.let_go(moving, went, &mut budget);
            }
        }
        for drawing in drawings {
            match self.tokens.get_mut(&drawing.key) {
                Some(moving) => moving.go_on(drawing, went, &mut budget),
                None => {
                    let Some(element) = created("svg") else { continue };
                    let _ = group.append_child(&element);
                    let mut moving = Moving { drawing: drawing.clone(), element, animation: None };
                    moving.appear(went, &mut budget);
                    self.tokens.insert(drawing.key.clone(), moving);
                }
            }
        }
    }

    /// It arrived, or was never sent: it goes to that end and disappears.
    fn let_go(&mut self, mut moving: Moving, went: RunWent, budget: &mut usize) {
        let end = if went == RunWent::Back { 0 } else { 1000 };
        if *budget == 0 || moving.drawing.way == end {
            moving.element.remove();
            return;
        }
        *budget -= 1;
        moving.move_to(end, went);
        let element = moving.element.clone();
        self.leaving.push(moving.element);
        set_timeout(move || element.remove(), Duration::from_millis(lasts(went) as u64));
    }
}

impl Moving {
    fn appear(&mut self, went: RunWent, budget: &mut usize) {
        self.dress();
        let way = self.drawing.way;
        if went == RunWent::Back && way < 1000 && *budget > 0 {
            *budget -= 1;
            self.drawing.way = 1000;
            self.move_to(way, went);
        } else {
            self.place();
        }
    }

    fn go_on(&mut self, drawing: Drawing, went: RunWent, budget: &mut usize) {
        if self.drawing == drawing {
            return;
        }
        let from = self.drawing.way;
        self.drawing = drawing;
        self.dress();
        let to = self.drawing.way;
        if from != to && *budget > 0 {
            *budget -= 1;
            self.drawing.way = from;
            self.move_to(to, went);
        } else {
            self.place();
        }
    }

    fn dress(&self) {
        let _ = self.element.set_attribute("class", &self.drawing.class);
        if self.element.inner_html() != self.drawing.inner {
            self.element.set_inner_html(&self.drawing.inner);
        }
    }

    /// It stands where its way has led it.
    fn place(&mut self) {
        if let Some(animation) = self.animation.take() {
            animation.cancel();
        }
        let _ = self.element.style().set_property("transform", &at(along(&self.drawing.points, self.drawing.way)));
    }

    /// It stands at another place of its way, and is seen going there.
    fn move_to(&mut self, way: u16, went: RunWent) {
        let part = part(&self.drawing.points, self.drawing.way, way);
        self.drawing.way = way;
        self.place();
        let frames: Array = part
            .into_iter()
            .map(|(point, share)| object(&[("transform", at(point).into()), ("offset", share.into())]))
            .collect();
        let options = object(&[("duration", lasts(went).into()), ("easing", EASE.into())]);
        self.animation = Some(self.element.unchecked_ref::<Animatable>().animate(&frames, &options));
    }
}

/// Milliseconds.
fn lasts(went: RunWent) -> f64 {
    if went == RunWent::Back { BACK } else { HOP }
}

fn at(point: Point) -> String {
    format!("translate({:.1}px, {:.1}px)", point.0, point.1)
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        let _ = Reflect::set(&object, &JsValue::from(*name), value);
    }
    object
}
