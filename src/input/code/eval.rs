//! The values of expressions that are known without running a program.

use std::rc::Rc;

use super::arguments::Arguments;
use super::arithmetic::{limit_of_a_type, number, operated};
use super::constants::{CONSTANT_CLASSES, property_of_constant};
use super::round::Over;
use super::tokens::Cut;
use super::tree::{Expr, Kind};
use super::value::{Joined, Value};
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
    /// Evaluates, and walks whatever is called on the way.
    pub fn eval(&mut self, of: &'t Expr<'a>) -> Value<'t, 'a> {
        self.spend();
        self.deeper(of.from, |walk| walk.eval_here(of)).unwrap_or_default()
    }

    fn eval_here(&mut self, of: &'t Expr<'a>) -> Value<'t, 'a> {
        match &of.kind {
            Kind::Literal => self.literal(of),
            Kind::Name(name) => self.name(name),
            Kind::Field(on, name) => self.field(on, name),
            Kind::Reference(on, "class") => on.as_ref().map(|on| self.class_name(on)).unwrap_or_default(),
            Kind::Reference(..) => {
                let value = Value::Reference(of);
                self.wait(value.clone());
                value
            }
            Kind::Call(call) => self.call(of, call),
            Kind::Index(on, inside) => {
                let on = self.eval(on);
                for of in inside {
                    self.eval(of);
                }
                match on {
                    Value::List(list) if list.len() == 1 => list[0].clone(),
                    _ => Value::Unknown,
                }
            }
            Kind::Lambda(lambda) => {
                let value = Value::Lambda(lambda);
                self.wait(value.clone());
                value
            }
            Kind::Unary(sign, of) => match (*sign, self.eval(of)) {
                ("-", Value::Int { n, is_long }) => {
                    n.checked_neg().map(|n| Value::Int { n, is_long }).unwrap_or_default()
                }
                ("!", Value::Bool(so)) => Value::Bool(!so),
                ("*" | "+", value) => value,
                _ => Value::Unknown,
            },
            Kind::Step(sign, of) => self.step(sign, of),
            Kind::Binary(operator, left, right) => self.binary(operator, left, right),
            Kind::Assign(sign, target, value) => self.assignment(sign, target, value),
            Kind::Choice(of) => self.choice(&of[0], &of[1], &of[2]),
            Kind::Statement(of) => self.statements(std::slice::from_ref(of)),
            Kind::Object(class) => {
                self.members(class);
                let value = Value::Members(class);
                self.wait(value.clone());
                value
            }
            Kind::Unknown => Value::Unknown,
        }
    }

    fn choice(&mut self, condition: &'t Expr<'a>, then: &'t Expr<'a>, other: &'t Expr<'a>) -> Value<'t, 'a> {
        match self.eval(condition) {
            Value::Bool(true) => self.eval(then),
            Value::Bool(false) => self.eval(other),
            _ => {
                self.under_condition(|walk| {
                    walk.eval(then);
                    walk.eval(other);
                });
                Value::Unknown
            }
        }
    }

    fn literal(&mut self, of: &Expr<'a>) -> Value<'t, 'a> {
        let token = &self.source.tokens[of.from as usize];
        match &token.kind {
            Cut::Text(text) => Value::text(text),
            Cut::Number => number(token.source),
            Cut::Template if self.source.is_kotlin => self.template(token.source),
            _ => Value::Unknown,
        }
    }

    fn name(&mut self, name: &'a str) -> Value<'t, 'a> {
        match name {
            "null" => return Value::Null,
            "true" | "false" => return Value::Bool(name == "true"),
            "this" => {
                return match (&self.names.frame().this, self.names.frame().class) {
                    (Value::Unknown, class) => Value::Object(class),
                    (this, _) => this.clone(),
                };
            }
            _ => {}
        }
        if let Some(value) = self.names.lookup(name) {
            return value;
        }
        // Imported statically.
        match property_of_constant(name) {
            Some(property) => Value::text(&property),
            None if name.ends_with("_CONFIG") => Value::NoConstant(Rc::from(name)),
            None if name == "ZERO" => Value::Millis(0),
            None => Value::Unknown,
        }
    }

    fn field(&mut self, on: &'t Expr<'a>, name: &'a str) -> Value<'t, 'a> {
        if name == "class" {
            return self.class_name(on);
        }
        if let Some(class) = on.last_name() {
            if CONSTANT_CLASSES.contains(&class) {
                let known = property_of_constant(name).map(|property| Value::text(&property));
                return known.unwrap_or(Value::NoConstant(Rc::from(name)));
            }
            if let Some(value) = limit_of_a_type(class, name) {
                return value;
            }
            if class == "Duration" && name == "ZERO" {
                return Value::Millis(0);
            }
        }
        let value = if on.name() == Some("this") { Value::Object(self.names.frame().class) } else { self.eval(on) };
        match (&value, name) {
            (Value::Object(class), _) => return self.names.field_of(*class, name),
            (Value::Class(_), "java" | "name" | "javaObjectType" | "qualifiedName" | "canonicalName" | "kotlin") => {
                return value;
            }
            (Value::Int { n, .. }, "milliseconds") => return Value::Millis(*n),
            (Value::Int { n, .. }, "seconds") => return n.checked_mul(1000).map(Value::Millis).unwrap_or_default(),
            (Value::Int { n, .. }, "minutes") => return n.checked_mul(60_000).map(Value::Millis).unwrap_or_default(),
            (Value::Polled, "indices") => return Value::Polled,
            (Value::Polled, "size") => return Value::PolledCount(Over::Records),
            (Value::PolledPartitions, "size") => return Value::PolledCount(Over::Partitions),
            (Value::PolledPartitions, "entries" | "keys" | "values" | "indices") => return value,
            (Value::Sent(_), _) | (Value::Millis(_), "inWholeMilliseconds") => return value,
            _ => {}
        }
        // `Topics.ORDERS`: a constant of a class of this text.
        let class = on.last_name().and_then(|class| self.names.class_of(class));
        if let Some(class) = class {
            return self.names.field_of(class, name);
        }
        let Some(name) = self.source.number_of(name).filter(|_| value.is_unknown()) else { return Value::Unknown };
        self.names.scopes.only_field(name).map(|slot| slot.value.clone()).unwrap_or_default()
    }

    /// The full name of the class that an expression names.
    fn class_name(&mut self, of: &Expr<'a>) -> Value<'t, 'a> {
        let Some(path) = path(of) else { return Value::Unknown };
        Value::Class(Rc::from(self.imports.full_name(&path)))
    }

    fn step(&mut self, sign: &str, of: &'t Expr<'a>) -> Value<'t, 'a> {
        let before = self.eval(of);
        let target = match &of.kind {
            Kind::Name(name) | Kind::Field(_, name) => *name,
            _ => return Value::Unknown,
        };
        let after = match before {
            Value::Int { n, is_long } => {
                n.checked_add(if sign == "++" { 1 } else { -1 }).map(|n| Value::Int { n, is_long })
            }
            _ => None,
        };
        // What a loop counts is not known behind it.
        if let Some(slot) = self.names.slot(target)
            && slot.value.is_scalar()
        {
            slot.value = after.unwrap_or_default();
        }
        before
    }

    fn assignment(&mut self, sign: &str, target: &'t Expr<'a>, value: &'t Expr<'a>) -> Value<'t, 'a> {
        let right = self.eval(value);
        match &target.kind {
            Kind::Name(name) => {
                let value = match sign {
                    "=" => right,
                    _ => {
                        let left = self.name(name);
                        if sign == "+=" && self.source.is_kotlin && !right.is_scalar() {
                            let arguments =
                                Arguments { values: vec![right.clone()], of: &[], at: target.from as usize };
                            self.fills(target, &left, "add", &arguments);
                        }
                        operated(&sign[..1], left, right)
                    }
                };
                self.assign(name, value.clone());
                value
            }
            Kind::Field(on, name) => {
                let on =
                    if on.name() == Some("this") { Value::Object(self.names.frame().class) } else { self.eval(on) };
                match (on, sign) {
                    (Value::Object(class), "=") => {
                        self.found.name_config(&right, name);
                        if let Some(number) = self.source.number_of(name) {
                            self.names.scopes.declare_field(number, class, right.clone(), "");
                        }
                    }
                    _ => self.found.set_property(name, value.last_name(), &right),
                }
                right
            }
            Kind::Index(on, inside) => {
                if let [key] = &inside[..] {
                    let name = self.eval(key);
                    let arguments =
                        Arguments { values: vec![name.clone(), right.clone()], of: inside, at: target.from as usize };
                    let filled = on.last_name().and_then(|on| self.names.lookup(on)).unwrap_or_default();
                    self.fills(on, &filled, "put", &arguments);
                    self.put(on, (name, key.range()), (right.clone(), value.range()));
                }
                right
            }
            _ => right,
        }
    }

    fn binary(&mut self, operator: &str, left: &'t Expr<'a>, right: &'t Expr<'a>) -> Value<'t, 'a> {
        let a = self.eval(left);
        if operator == "?:" {
            let b = self.under_condition(|walk| walk.eval(right));
            return if a.is_unknown() { b } else { a };
        }
        match (operator, a, self.eval(right)) {
            ("+", Value::Config(one), Value::Config(two)) => {
                self.found.both_configs(&mut self.told, one, two, left.from as usize)
            }
            (operator, a, b) => operated(operator, a, b),
        }
    }

    /// `"user-$i"`, `"user-${i}"`, `"user-${i % 3}"`
    fn template(&mut self, source: &'a str) -> Value<'t, 'a> {
        let Some(text) = source.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
            return Value::Unknown;
        };
        let mut out = Joined::default();
        let is_raw = text.starts_with("\"\"") && text.ends_with("\"\"") && text.len() >= 4;
        let mut rest = if is_raw { &text[2..text.len() - 2] } else { text };
        if !is_raw && text.contains('\\') {
            return Value::Unknown;
        }
        while let Some((before, behind)) = rest.split_once('$') {
            let (name, after) = match behind.strip_prefix('{') {
                Some(behind) => match behind.split_once('}') {
                    Some(both) => both,
                    None => return Value::Unknown,
                },
                None => {
                    let ends = behind.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(behind.len());
                    behind.split_at(ends)
                }
            };
            out.push_text(before);
            let Some(parts) = self.named(name).parts() else { return Value::Unknown };
            out.push(parts);
            if out.is_too_long() {
                break;
            }
            rest = after;
        }
        out.push_text(rest);
        out.value()
    }

    /// A name in a template, alone or with `% n`.
    fn named(&mut self, text: &str) -> Value<'t, 'a> {
        let (name, modulo) = text.split_once('%').map_or((text, None), |(name, n)| (name, Some(n)));
        let value = self.names.lookup(name.trim()).unwrap_or_default();
        match modulo {
            Some(n) => operated("%", value, number(n.trim())),
            None => value,
        }
    }
}

/// The names of a path: `com.acme.Orders`.
fn path(of: &Expr) -> Option<String> {
    let mut names = Vec::new();
    let mut of = of;
    loop {
        match &of.kind {
            Kind::Name(name) => {
                names.push(*name);
                names.reverse();
                return Some(names.join("."));
            }
            Kind::Field(on, name) => {
                names.push(*name);
                of = on;
            }
            _ => return None,
        }
    }
}
