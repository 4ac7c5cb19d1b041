//! Names: declared, looked up, assigned to.

use super::scope::Slot;
use super::value::Value;
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
    pub fn declare(&mut self, name: &'a str, value: Value<'t, 'a>, of: &'a str) {
        let Some(number) = self.source.number_of(name) else { return };
        let value = self.as_gathered(number, value);
        if self.frames.len() == 1 && self.scopes.depth() == 0 {
            self.scopes.declare_field(number, 0, value, of);
        } else {
            self.scopes.declare(number, value, of);
        }
    }

    pub fn declare_field(&mut self, name: &'a str, class: u32, value: Value<'t, 'a>, of: &'a str) {
        if let Some(number) = self.source.number_of(name) {
            let value = self.as_gathered(number, value);
            self.scopes.declare_field(number, class, value, of);
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

    /// Under a condition a known value stays: the text does not say which of both it is.
    pub fn assign(&mut self, name: &'a str, value: Value<'t, 'a>) {
        self.name_config(&value, name);
        self.leave_by_flag(name, &value);
        let value = match self.source.number_of(name) {
            Some(number) => self.as_gathered(number, value),
            None => value,
        };
        let is_conditional = self.conditions > self.frame().conditions || self.aside.is_some();
        match self.slot(name) {
            Some(slot) if is_conditional && !slot.value.is_unknown() && slot.value.is_scalar() => {}
            Some(_) if is_conditional && value.is_unknown() => {}
            Some(slot) => slot.value = value,
            None => self.declare_field(name, 0, value, ""),
        }
    }
}
