//! What is handed over to be called: lambdas, methods by name, objects.

use super::tree::{Do, Lambda, Parameter};
use super::value::Value;
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
    /// Walks a lambda, the method that is named, or all methods of an object.
    pub fn apply(&mut self, of: &Value<'t, 'a>, arguments: Vec<Value<'t, 'a>>, at: usize) -> Value<'t, 'a> {
        match of {
            Value::Lambda(lambda) => self.lambda(lambda, arguments, None),
            Value::Reference(of) => self.reference(of, arguments, at),
            Value::Members(class) => {
                let mut value = Value::Unknown;
                for member in &class.members {
                    if let Do::Method(number) = member.kind {
                        value = self.call_method(number, arguments.clone(), Value::Unknown);
                    }
                }
                value
            }
            Value::Object(class) => {
                const RUN: &[&str] = &["run", "call", "accept", "get", "apply"];
                let method = RUN.iter().find_map(|name| self.methods.method_of(name, Some(*class), arguments.len()));
                let method = method.filter(|number| self.tree.methods[*number as usize].class == *class);
                method.map(|number| self.call_method(number, arguments, Value::Unknown)).unwrap_or_default()
            }
            _ => Value::Unknown,
        }
    }

    /// `this` is what the block is on, if it is on something.
    pub fn lambda(
        &mut self,
        lambda: &'t Lambda<'a>,
        arguments: Vec<Value<'t, 'a>>,
        this: Option<Value<'t, 'a>>,
    ) -> Value<'t, 'a> {
        if self.is_walked_too_often(lambda) {
            return Value::Unknown;
        }
        let before = this.map(|this| std::mem::replace(&mut self.names.frame_mut().this, this));
        self.names.scopes.open();
        let mut values = arguments.into_iter();
        if lambda.parameters.is_empty() {
            self.declare("it", values.next().unwrap_or_default(), "");
        }
        for Parameter { name, of } in &lambda.parameters {
            self.declare(name, values.next().unwrap_or_default(), of);
        }
        let value = self.lambda_body(lambda);
        self.names.scopes.close();
        if let Some(before) = before {
            self.names.frame_mut().this = before;
        }
        value
    }

    /// In Java a `return` ends the lambda alone, in Kotlin the method around it.
    fn lambda_body(&mut self, lambda: &'t Lambda<'a>) -> Value<'t, 'a> {
        let at = lambda.body.first().map_or(0, |of| of.at);
        if self.source.is_kotlin {
            return self.deeper(at, |walk| walk.statements(&lambda.body)).unwrap_or_default();
        }
        let around = self.way.depth();
        let of = self.names.frame_mut();
        let rounds = std::mem::replace(&mut of.rounds, around);
        let returned = std::mem::take(&mut of.returned);
        let last = self.deeper(at, |walk| walk.statements(&lambda.body)).unwrap_or_default();
        let of = self.names.frame_mut();
        of.rounds = rounds;
        let value = std::mem::replace(&mut of.returned, returned);
        if value.is_unknown() { last } else { value }
    }

    fn is_walked_too_often(&mut self, lambda: &Lambda) -> bool {
        let Some(first) = lambda.body.first() else { return true };
        let was = std::mem::replace(&mut self.walked_lambdas[first.at as usize], true);
        was && self.is_spent(first.at as usize)
    }
}
