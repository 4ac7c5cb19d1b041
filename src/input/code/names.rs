//! Names: what they stand for at a place, by the methods and the classes around it.

use super::scope::{Scopes, Slot};
use super::source::Source;
use super::tree::Tree;
use super::value::Value;
use crate::sorted::InOrder;

/// The variables that are seen at a place, the methods that are walked, and the classes of the text.
pub(super) struct ScopeNames<'t, 'a> {
    source: &'t Source<'a>,
    tree: &'t Tree<'a>,
    pub scopes: Scopes<'t, 'a>,
    /// The methods that are walked, the innermost last.
    frames: Vec<Frame<'t, 'a>>,
    /// The classes by their names.
    classes: Vec<(&'a str, u32)>,
}

/// A method that is walked.
pub(super) struct Frame<'t, 'a> {
    pub method: Option<u32>,
    pub class: u32,
    /// Variables of the callers are not seen.
    pub base: u32,
    /// The loops around its call.
    pub rounds: usize,
    pub conditions: u32,
    /// What `this` is in a block on something.
    pub this: Value<'t, 'a>,
    pub returned: Value<'t, 'a>,
}

impl<'t, 'a> ScopeNames<'t, 'a> {
    pub fn new(source: &'t Source<'a>, tree: &'t Tree<'a>, scopes: Scopes<'t, 'a>) -> ScopeNames<'t, 'a> {
        let mut classes: Vec<_> = tree.classes.iter().enumerate().map(|(i, of)| (of.0, i as u32)).collect();
        classes.order();
        ScopeNames { source, tree, scopes, frames: vec![Frame::of_class(0)], classes }
    }

    pub fn frame(&self) -> &Frame<'t, 'a> {
        &self.frames[self.frames.len() - 1]
    }

    pub fn frame_mut(&mut self) -> &mut Frame<'t, 'a> {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Goes into a method, or into the members of a class.
    pub fn enter(&mut self, frame: Frame<'t, 'a>) {
        self.frames.push(frame);
    }

    /// What it returned.
    pub fn leave(&mut self) -> Value<'t, 'a> {
        self.frames.pop().map(|frame| frame.returned).unwrap_or_default()
    }

    /// The methods that are walked.
    pub fn open_methods(&self) -> impl Iterator<Item = u32> {
        self.frames.iter().filter_map(|frame| frame.method)
    }

    /// A variable; outside of methods and blocks a field of the text itself.
    pub fn declare(&mut self, name: usize, value: Value<'t, 'a>, of: &'a str) {
        if self.frames.len() == 1 && self.scopes.depth() == 0 {
            self.scopes.declare_field(name, 0, value, of);
        } else {
            self.scopes.declare(name, value, of);
        }
    }

    /// The value of a name; a variable of a class of this text is an object of it.
    pub fn lookup(&mut self, name: &str) -> Option<Value<'t, 'a>> {
        let (value, of) = self.slot(name).map(|slot| (slot.value.clone(), slot.of))?;
        match self.class_of(of) {
            Some(class) if value.is_unknown() => Some(Value::Object(class)),
            _ => Some(value),
        }
    }

    /// A variable of this method, or a field of its class or of one around it.
    pub fn slot(&mut self, name: &str) -> Option<&mut Slot<'t, 'a>> {
        let number = self.source.number_of(name)?;
        let (base, mut class) = (self.frame().base, self.frame().class);
        let base = if self.frames.len() == 1 { 0 } else { base };
        if self.scopes.variable(number, base).is_some() {
            return self.scopes.variable(number, base);
        }
        loop {
            if self.scopes.field(number, class).is_some() {
                return self.scopes.field(number, class);
            }
            if class == 0 {
                return None;
            }
            class = self.tree.classes[class as usize].1;
        }
    }

    /// Of a class, of its companion, or of a class inside.
    pub fn field_of(&mut self, class: u32, name: &str) -> Value<'t, 'a> {
        let Some(number) = self.source.number_of(name) else { return Value::Unknown };
        if let Some(slot) = self.scopes.field(number, class) {
            return slot.value.clone();
        }
        self.scopes.only_field(number).map(|slot| slot.value.clone()).unwrap_or_default()
    }

    /// The class of that name in this text.
    pub fn class_of(&self, name: &str) -> Option<u32> {
        let from = self.classes.partition_point(|(other, _)| *other < name);
        self.classes.get(from).filter(|(other, _)| *other == name && !name.is_empty()).map(|(_, number)| *number)
    }
}

impl<'t, 'a> Frame<'t, 'a> {
    pub const fn of_class(class: u32) -> Frame<'t, 'a> {
        let (this, returned) = (Value::Unknown, Value::Unknown);
        Frame { method: None, class, base: 0, rounds: 0, conditions: 0, this, returned }
    }
}
