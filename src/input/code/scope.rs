//! What the names of a program stand for, where it is read.

use super::source::Source;
use super::value::Value;

#[derive(Clone, Debug)]
pub(super) struct Slot<'t, 'a> {
    pub value: Value<'t, 'a>,
    /// The simple name of the declared type; empty when none is.
    pub of: &'a str,
    /// Of a variable how deep it was declared, of a field its class.
    place: u32,
}

/// Variables by the scopes they stand in, and fields by their classes. Looking a name up costs the same in a text of any
/// length.
pub(super) struct Scopes<'t, 'a> {
    /// For each name of the text.
    variables: Vec<Vec<Slot<'t, 'a>>>,
    fields: Vec<Vec<Slot<'t, 'a>>>,
    /// The names declared, in order, and how many there were when each open scope began.
    declared: Vec<usize>,
    open: Vec<usize>,
}

/// Fields of one name that are looked at; a text with more classes that have it is none that people write.
const MAX_FIELDS: usize = 50;

impl<'t, 'a> Scopes<'t, 'a> {
    pub fn new(source: &Source<'a>) -> Scopes<'t, 'a> {
        let names = source.names();
        Scopes {
            variables: (0..names).map(|_| Vec::new()).collect(),
            fields: (0..names).map(|_| Vec::new()).collect(),
            declared: Vec::new(),
            open: Vec::new(),
        }
    }

    pub fn open(&mut self) {
        self.open.push(self.declared.len());
    }

    pub fn close(&mut self) {
        let from = self.open.pop().unwrap_or(0);
        for name in self.declared.drain(from..) {
            self.variables[name].pop();
        }
    }

    pub const fn depth(&self) -> u32 {
        self.open.len() as u32
    }

    pub fn declare(&mut self, name: usize, value: Value<'t, 'a>, of: &'a str) {
        let place = self.depth();
        self.variables[name].push(Slot { value, of, place });
        self.declared.push(name);
    }

    pub fn declare_field(&mut self, name: usize, class: u32, value: Value<'t, 'a>, of: &'a str) {
        let of_name = &mut self.fields[name];
        match of_name.iter_mut().rev().take(MAX_FIELDS).find(|slot| slot.place == class) {
            Some(slot) if value.is_unknown() && !of.is_empty() => slot.of = of,
            Some(slot) => slot.value = value,
            None => of_name.push(Slot { value, of, place: class }),
        }
    }

    /// The variable of that name that was declared deeper than `base`.
    pub fn variable(&mut self, name: usize, base: u32) -> Option<&mut Slot<'t, 'a>> {
        self.variables[name].last_mut().filter(|slot| slot.place > base)
    }

    pub fn field(&mut self, name: usize, class: u32) -> Option<&mut Slot<'t, 'a>> {
        self.fields[name].iter_mut().rev().take(MAX_FIELDS).find(|slot| slot.place == class)
    }

    /// The field of that name, when just one class has one.
    pub fn only_field(&self, name: usize) -> Option<&Slot<'t, 'a>> {
        match &self.fields[name][..] {
            [only] => Some(only),
            _ => None,
        }
    }
}
