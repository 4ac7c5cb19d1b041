//! The messages between the lanes, on one canvas, batched by how they are drawn.

use leptos::prelude::window;
use partita::view::{Lanes, Message};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::lanes::LANE;

/// Ink, width, whether it is dashed, and which messages are drawn so.
type Kind<'a> = (&'a str, f64, bool, fn(&Message) -> bool);

/// Draws the messages of a panel; a browser without a canvas shows none, and loses nothing but the picture.
pub fn draw(canvas: &HtmlCanvasElement, panel: &Lanes) {
    let scale = window().device_pixel_ratio().max(1.0);
    let (width, height) = (f64::from(panel.window.width), f64::from(LANE) * panel.lanes.len() as f64);
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let Ok(Some(context)) = canvas.get_context("2d") else { return };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let _ = context.scale(scale, scale);
    let inks = Inks::of(canvas);
    let kinds: [Kind<'_>; 4] = [
        (&inks.edge, 1.0, true, |m| m.future && !m.dropped),
        (&inks.ink, 1.0, false, |m| !m.future && !m.now && !m.dropped),
        (&inks.hazard, 1.5, false, |m| m.dropped),
        (&inks.now, 2.0, false, |m| m.now && !m.dropped),
    ];
    for (ink, width, dashed, is_of_kind) in kinds {
        context.begin_path();
        context.set_line_width(width);
        context.set_stroke_style_str(ink);
        let dash = js_sys::Array::new();
        if dashed {
            dash.push(&JsValue::from(4.0));
            dash.push(&JsValue::from(3.0));
        }
        let _ = context.set_line_dash(&dash);
        for message in panel.messages.iter().filter(|message| is_of_kind(message)) {
            line(&context, message);
        }
        context.stroke();
    }
    labels(&context, panel, &inks);
}

fn y(lane: u16) -> f64 {
    f64::from(LANE) * (f64::from(lane) + 0.5)
}

/// A slanted line with an arrow's head; a dropped one ends half way in a cross.
fn line(context: &CanvasRenderingContext2d, message: &Message) {
    let (from, from_y) = (f64::from(message.from_px), y(message.from_lane));
    let full = (message.to_px.map_or(from + 8.0, f64::from), y(message.to_lane));
    let (to, to_y) = if message.dropped { ((from + full.0) / 2.0, (from_y + full.1) / 2.0) } else { full };
    context.move_to(from, from_y);
    context.line_to(to, to_y);
    if message.dropped {
        for (dx, dy) in [(-3.0, -3.0), (-3.0, 3.0)] {
            context.move_to(to + dx, to_y + dy);
            context.line_to(to - dx, to_y - dy);
        }
        return;
    }
    let angle = (to_y - from_y).atan2(to - from);
    for turn in [2.6, -2.6] {
        context.move_to(to, to_y);
        context.line_to(to + 5.0 * (angle + turn).cos(), to_y + 5.0 * (angle + turn).sin());
    }
}

fn labels(context: &CanvasRenderingContext2d, panel: &Lanes, inks: &Inks) {
    context.set_font("500 10px system-ui, sans-serif");
    for message in panel.messages.iter().filter(|message| !message.label.is_empty() && !message.future) {
        let ink = if message.dropped {
            &inks.hazard
        } else if message.now {
            &inks.now
        } else {
            &inks.ink
        };
        context.set_fill_style_str(ink);
        let middle = (y(message.from_lane) + y(message.to_lane)) / 2.0;
        let x = message.to_px.map_or(f64::from(message.from_px), |to| f64::from(message.from_px + to) / 2.0);
        let _ = context.fill_text(&message.label, x + 4.0, middle + 3.0);
    }
}

/// The inks of the theme that is shown.
struct Inks {
    ink: String,
    edge: String,
    now: String,
    hazard: String,
}

impl Inks {
    fn of(canvas: &HtmlCanvasElement) -> Inks {
        let style = window().get_computed_style(canvas).ok().flatten();
        let ink = |name: &str| {
            style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok())
                .map_or(String::new(), |v| v.trim().to_owned())
        };
        Inks { ink: ink("--ink-2"), edge: ink("--edge"), now: ink("--now"), hazard: ink("--hazard") }
    }
}
