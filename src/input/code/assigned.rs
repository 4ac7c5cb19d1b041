//! Names that a program declares and assigns to.

use super::value::Value;
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
    pub fn declare(&mut self, name: &'a str, value: Value<'t, 'a>, of: &'a str) {
        if let Some(number) = self.source.number_of(name) {
            let value = self.as_gathered(number, value);
            self.names.declare(number, value, of);
        }
    }

    pub fn declare_field(&mut self, name: &'a str, class: u32, value: Value<'t, 'a>, of: &'a str) {
        if let Some(number) = self.source.number_of(name) {
            let value = self.as_gathered(number, value);
            self.names.scopes.declare_field(number, class, value, of);
        }
    }

    /// Under a condition a known value stays: the text does not say which of both it is.
    pub fn assign(&mut self, name: &'a str, value: Value<'t, 'a>) {
        self.found.name_config(&value, name);
        let Some(number) = self.source.number_of(name) else { return };
        if let Value::Bool(so) = value {
            self.way.leave_by_flag(name, so);
        }
        let value = self.as_gathered(number, value);
        let is_conditional = self.way.conditions() > self.names.frame().conditions || self.way.aside().is_some();
        match self.names.slot(name) {
            Some(slot) if is_conditional && !slot.value.is_unknown() && slot.value.is_scalar() => {}
            Some(_) if is_conditional && value.is_unknown() => {}
            Some(slot) => slot.value = value,
            None => self.names.scopes.declare_field(number, 0, value, ""),
        }
    }
}
