//! What the browser's window and the reader's system say.

use std::cell::RefCell;

use leptos::prelude::{document, queue_microtask, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MediaQueryList, ResizeObserver};

use super::allowed::is_embed;

/// The style sheet's own words for a window of less height, for one that has not the room of a desk, for that of a phone,
/// and for one in which the line of the run has no names of chapters.
const LOW: &str = "(max-height: 799px), (max-width: 719px), (max-width: 1023px) and (max-height: 899px)";
const PHONE: &str = "(max-width: 719px)";
const BARE: &str = "(max-width: 719px), (max-width: 1023px) and (max-height: 639px)";

/// Cells of a tape where there is room for all; the least; pixels of one, and of what stands around them in a phone's window.
const CELLS: u64 = 16;
const FEWEST: u64 = 6;
const CELL: f64 = 20.0;
const AROUND: f64 = 148.0;

thread_local! {
    /// What was asked of the window: the answer is the browser's own, and follows the window.
    static ASKED: RefCell<Vec<(&'static str, MediaQueryList)>> = RefCell::default();
}

fn is(query: &'static str) -> bool {
    ASKED.with_borrow_mut(|asked| {
        if let Some((_, known)) = asked.iter().find(|(of, _)| *of == query) {
            return known.matches();
        }
        let Some(new) = window().match_media(query).ok().flatten() else { return false };
        let is_so = new.matches();
        asked.push((query, new));
        is_so
    })
}

/// Settings fold, and the timeline keeps few lanes.
pub fn is_low() -> bool {
    is(LOW)
}

/// One column of the scene is shown at a time; an embed has a layout of its own.
pub fn is_phone() -> bool {
    is(PHONE) && !is_embed()
}

/// The line of the run is pulled, not read.
pub fn has_bare_line() -> bool {
    is(BARE)
}

/// Cells for which a tape has room.
pub fn cells() -> u64 {
    let width = window().inner_width().ok().and_then(|width| width.as_f64()).filter(|_| is_phone());
    width.map_or(CELLS, |width| (((width - AROUND) / CELL) as u64).clamp(FEWEST, CELLS))
}

/// What the system says about motion.
pub fn wants_less_motion() -> bool {
    is("(prefers-reduced-motion: reduce)")
}

/// Does something once the elements say what the signals say, still in the same frame: the browser then lays the page out
/// once for those who measure it and for the picture.
///
/// The reactive graph runs in one microtask, and what it wakes meanwhile in a second one: this is the third.
pub fn once_laid_out(task: impl FnOnce() + 'static) {
    queue_microtask(move || queue_microtask(task));
}

/// What is done behind a layout, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Changes nothing of the page: paints a canvas.
    Paints,
    /// Measures, and scrolls at most.
    Looks,
    /// Measures the page, and then changes it.
    Changes,
}

/// Does something in the frame of the step, behind the browser's own layout: to measure the page, or to name a font on a
/// canvas, costs nothing there, and makes the browser work out styles and places at once anywhere before.
///
/// A size observer is asked then, and an element that it is told anew to observe is one of a new size to it.
pub fn behind_layout(order: Behind, task: impl FnOnce() + 'static) {
    BEHIND.with_borrow_mut(|behind| {
        behind.tasks.push((order, Box::new(task)));
        if behind.tasks.len() > 1 {
            return;
        }
        let root: Option<Element> = document().document_element();
        if let (Some(observer), Some(root)) = (behind.observer(), root) {
            observer.unobserve(&root);
            observer.observe(&root);
        } else {
            // Nobody would ask for it.
            queue_microtask(run_behind);
        }
    });
}

thread_local! {
    static BEHIND: RefCell<BehindLayout> = RefCell::default();
}

/// The page's one size observer, and what it is to do.
#[derive(Default)]
struct BehindLayout {
    observer: Option<ResizeObserver>,
    tasks: Vec<(Behind, Box<dyn FnOnce()>)>,
}

impl BehindLayout {
    fn observer(&mut self) -> Option<&ResizeObserver> {
        if self.observer.is_none() {
            let run = Closure::<dyn FnMut()>::new(run_behind).into_js_value();
            self.observer = ResizeObserver::new(run.unchecked_ref()).ok();
        }
        self.observer.as_ref()
    }
}

fn run_behind() {
    let mut tasks = BEHIND.with_borrow_mut(|behind| std::mem::take(&mut behind.tasks));
    for now in [Behind::Paints, Behind::Looks, Behind::Changes] {
        let (mine, others) = tasks.into_iter().partition(|(order, _)| *order == now);
        tasks = others;
        let mine: Vec<(Behind, Box<dyn FnOnce()>)> = mine;
        for (_, task) in mine {
            task();
        }
    }
}
