//! The shapes of the wires' layer as plain data, and their way into the page.
//!
//! The layer is drawn outside the reactive graph, from places that only the browser knows; equal shapes are left alone.

use leptos::prelude::document;
use partita::sorted::SortedMap;
use wasm_bindgen::JsCast;

const SVG: &str = "http://www.w3.org/2000/svg";

#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The same for the same thing in every picture.
    pub key: String,
    pub tag: &'static str,
    pub class: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    /// Markup inside it.
    pub inner: String,
}

impl Shape {
    pub fn path(key: String, class: &'static str, d: String, arrow: Option<&str>) -> Shape {
        let mut attributes = vec![("d", d)];
        attributes.extend(arrow.map(|arrow| ("marker-end", format!("url(#{arrow})"))));
        Shape { key, tag: "path", class, attributes, inner: String::new() }
    }
}

/// What was drawn last.
#[derive(Default)]
pub struct Drawn {
    shapes: SortedMap<String, (Shape, web_sys::SvgElement)>,
}

impl Drawn {
    /// Makes the layer's group show these shapes and no others, in this order for new ones.
    pub fn show(&mut self, group: &web_sys::Element, shapes: Vec<Shape>) {
        let wanted: Vec<&String> = shapes.iter().map(|shape| &shape.key).collect();
        self.shapes.retain(|key, (_, element)| {
            let stays = wanted.contains(&key);
            if !stays {
                element.remove();
            }
            stays
        });
        for shape in shapes {
            let same = self.shapes.get(&shape.key).is_some_and(|(last, _)| *last == shape);
            if same {
                continue;
            }
            let element = match self.shapes.remove(&shape.key) {
                Some((last, element)) if last.tag == shape.tag => element,
                other => {
                    if let Some((_, element)) = other {
                        element.remove();
                    }
                    let Some(element) = created(shape.tag) else { continue };
                    let _ = group.append_child(&element);
                    element
                }
            };
            put(&element, &shape);
            self.shapes.insert(shape.key.clone(), (shape, element));
        }
    }
}

pub fn created(tag: &str) -> Option<web_sys::SvgElement> {
    document().create_element_ns(Some(SVG), tag).ok()?.dyn_into().ok()
}

pub fn put(element: &web_sys::SvgElement, shape: &Shape) {
    let _ = element.set_attribute("class", shape.class);
    for (name, value) in &shape.attributes {
        let _ = element.set_attribute(name, value);
    }
    if !shape.attributes.iter().any(|(name, _)| *name == "marker-end") {
        let _ = element.remove_attribute("marker-end");
    }
    if element.inner_html() != shape.inner {
        element.set_inner_html(&shape.inner);
    }
}
