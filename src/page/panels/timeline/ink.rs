//! The inks of the theme that is shown, for a canvas.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

pub struct Inks {
    pub ink: String,
    pub muted: String,
    pub edge: String,
    pub line: String,
    pub now: String,
    pub on_now: String,
    pub hazard: String,
    pub alarm: String,
    pub surface: String,
    pub ground: String,
}

thread_local! {
    /// The inks, and the theme that they belong to.
    static KNOWN: RefCell<Option<(String, Rc<Inks>)>> = const { RefCell::new(None) };
}

impl Inks {
    /// Asks the browser once for each theme: ten computed properties cost a step a tenth of its time.
    pub fn of(canvas: &HtmlCanvasElement) -> Rc<Inks> {
        // The root always says which theme is shown (`www/partita.js`).
        let theme = document().document_element().and_then(|root| root.get_attribute("data-theme")).unwrap_or_default();
        KNOWN.with_borrow_mut(|known| match known {
            Some((of, inks)) if *of == theme => Rc::clone(inks),
            _ => {
                let inks = Rc::new(Inks::asked(canvas));
                // Without its styles the page has no inks yet.
                *known = (!inks.ink.is_empty()).then(|| (theme, Rc::clone(&inks)));
                inks
            }
        })
    }

    fn asked(canvas: &HtmlCanvasElement) -> Inks {
        let style = window().get_computed_style(canvas).ok().flatten();
        let ink = |name: &str| {
            let value = style.as_ref().and_then(|style| style.get_property_value(name).ok());
            value.map_or_else(String::new, |value| value.trim().to_owned())
        };
        Inks {
            ink: ink("--ink-2"),
            muted: ink("--ink-3"),
            edge: ink("--edge"),
            line: ink("--line"),
            now: ink("--now"),
            on_now: ink("--on-now"),
            hazard: ink("--hazard"),
            alarm: ink("--alarm"),
            surface: ink("--surface"),
            ground: ink("--sunken"),
        }
    }
}

/// A pen: one path of one ink, drawn at once.
pub struct Pen<'a> {
    pub context: &'a CanvasRenderingContext2d,
    pub ink: &'a str,
    pub width: f64,
    pub dashes: &'a [f64],
}

impl Pen<'_> {
    /// Draws all that `path` adds.
    pub fn stroke(&self, path: impl FnOnce(&CanvasRenderingContext2d)) {
        let dashes: Array = self.dashes.iter().map(|length| JsValue::from(*length)).collect();
        self.context.begin_path();
        self.context.set_stroke_style_str(self.ink);
        self.context.set_line_width(self.width);
        let _ = self.context.set_line_dash(&dashes);
        path(self.context);
        self.context.stroke();
    }
}
