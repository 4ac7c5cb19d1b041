//! What the names of a program stand for, where it is read.

use super::reached::Reached;
use super::source::Source;
use super::value::Value;

#[derive(Clone, Debug)]
pub(super) struct Slot<'t, 'a> {
    pub value: Value<'t, 'a>,
    /// The simple name of the declared type; empty when none is.
    pub of: &'a str,
    /// Of a variable how deep it was declared, of a field its class.
    place: u32,
    /// How many loops had been entered when it was declared, or when one was entered that assigns to it.
    pub since: u32,
    /// Of a field, how many loops were entered when its value was last looked at.
    seen: u32,
}

impl Slot<'_, '_> {
    fn look(&mut self, loops: u32, is_changing: bool) {
        if is_changing && self.seen < loops && self.value.is_scalar() {
            self.value = Value::Unknown;
        }
        self.seen = loops;
    }
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
    /// The fields of that name change in methods that loops call: what they hold is known until the next loop is entered.
    is_changing: Vec<bool>,
    /// Loops that were entered.
    pub loops: u32,
}

/// Fields of one name that are looked at; a text with more classes that have it is none that people write.
const MAX_FIELDS: usize = 50;

impl<'t, 'a> Scopes<'t, 'a> {
    pub fn new(source: &Source<'a>, reached: &Reached) -> Scopes<'t, 'a> {
        let names = source.names();
        Scopes {
            variables: (0..names).map(|_| Vec::new()).collect(),
            fields: (0..names).map(|_| Vec::new()).collect(),
            declared: Vec::new(),
            open: Vec::new(),
            is_changing: (0..names).map(|name| reached.is_changing(name)).collect(),
            loops: 0,
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
        let (place, since) = (self.depth(), self.loops);
        self.variables[name].push(Slot { value, of, place, since, seen: 0 });
        self.declared.push(name);
    }

    pub fn declare_field(&mut self, name: usize, class: u32, value: Value<'t, 'a>, of: &'a str) {
        let seen = self.loops;
        match self.field(name, class) {
            Some(slot) if value.is_unknown() && !of.is_empty() => slot.of = of,
            Some(slot) => slot.value = value,
            None => self.fields[name].push(Slot { value, of, place: class, since: 0, seen }),
        }
    }

    /// The variable of that name that was declared deeper than `base`.
    pub fn variable(&mut self, name: usize, base: u32) -> Option<&mut Slot<'t, 'a>> {
        self.variables[name].last_mut().filter(|slot| slot.place > base)
    }

    pub fn field(&mut self, name: usize, class: u32) -> Option<&mut Slot<'t, 'a>> {
        let slot = self.fields[name].iter_mut().rev().take(MAX_FIELDS).find(|slot| slot.place == class)?;
        slot.look(self.loops, self.is_changing[name]);
        Some(slot)
    }

    /// The field of that name, when just one class has one.
    pub fn only_field(&mut self, name: usize) -> Option<&Slot<'t, 'a>> {
        let [only] = &mut self.fields[name][..] else { return None };
        only.look(self.loops, self.is_changing[name]);
        Some(only)
    }
}
