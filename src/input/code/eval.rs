//! The values of expressions that are known without running a program.

use std::rc::Rc;

use super::arguments::Arguments;
use super::constants::{CONSTANT_CLASSES, full_name, property_of_constant};
use super::tokens::Cut;
use super::tree::{Expr, Kind};
use super::value::{Part, Value};
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
                return match (&self.frame().this, self.frame().class) {
                    (Value::Unknown, class) => Value::Object(class),
                    (this, _) => this.clone(),
                };
            }
            _ => {}
        }
        if let Some(value) = self.lookup(name) {
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
        let value = if on.name() == Some("this") { Value::Object(self.frame().class) } else { self.eval(on) };
        match (&value, name) {
            (Value::Object(class), _) => return self.field_of(*class, name),
            (Value::Class(_), "java" | "name" | "javaObjectType" | "qualifiedName" | "canonicalName" | "kotlin") => {
                return value;
            }
            (Value::Int { n, .. }, "milliseconds") => return Value::Millis(*n),
            (Value::Int { n, .. }, "seconds") => return n.checked_mul(1000).map(Value::Millis).unwrap_or_default(),
            (Value::Int { n, .. }, "minutes") => return n.checked_mul(60_000).map(Value::Millis).unwrap_or_default(),
            (Value::Polled, "indices") => return Value::Polled,
            (Value::Polled | Value::PolledPartitions, "size") => return Value::PolledCount,
            (Value::PolledPartitions, "entries" | "keys" | "values") => return value,
            (Value::Sent(_), _) | (Value::Millis(_), "inWholeMilliseconds") => return value,
            _ => {}
        }
        // `Topics.ORDERS`: a constant of a class of this text.
        let class = on.last_name().and_then(|class| self.class_of(class));
        if let Some(class) = class {
            return self.field_of(class, name);
        }
        let Some(name) = self.source.number_of(name).filter(|_| value.is_unknown()) else { return Value::Unknown };
        self.scopes.only_field(name).map(|slot| slot.value.clone()).unwrap_or_default()
    }

    fn field_of(&mut self, class: u32, name: &str) -> Value<'t, 'a> {
        let Some(number) = self.source.number_of(name) else { return Value::Unknown };
        if let Some(slot) = self.scopes.field(number, class) {
            return slot.value.clone();
        }
        // A companion object's, and those of a class inside.
        self.scopes.only_field(number).map(|slot| slot.value.clone()).unwrap_or_default()
    }

    /// The names of a path: `com.acme.Orders`.
    pub fn path(&self, of: &Expr<'a>) -> Option<String> {
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

    /// The full name of the class that an expression names.
    fn class_name(&mut self, of: &Expr<'a>) -> Value<'t, 'a> {
        let Some(path) = self.path(of) else { return Value::Unknown };
        Value::Class(Rc::from(self.full_class_name(&path)))
    }

    pub fn full_class_name(&self, path: &str) -> String {
        if path.contains('.') {
            return path.to_owned();
        }
        let number = self.source.number_of(path);
        let imported = self.imports.iter().find(|(name, _)| Some(*name) == number).map(|(_, full)| full.clone());
        let own = || self.package.as_ref().map(|package| format!("{package}.{path}"));
        imported.or_else(|| full_name(path)).or_else(own).unwrap_or_else(|| path.to_owned())
    }

    pub fn imports(&mut self) {
        let source = self.source;
        let mut seen = vec![false; source.names()];
        for (i, token) in source.tokens.iter().enumerate() {
            if !token.first || !(token.is("import") || token.is("package")) {
                continue;
            }
            let mut end = i + 1;
            while source.is(end, ".") || source.word(end).is_some() && !source.is_first(end) {
                end += 1;
            }
            let path: String = source.tokens[i + 1..end].iter().map(|token| token.source).collect();
            if token.is("package") {
                self.package = Some(path);
            } else if path.contains('.')
                && let Some(name) = source.word(end - 1).and_then(|name| source.number_of(name))
                && !std::mem::replace(&mut seen[name], true)
            {
                self.imports.push((name, path));
            }
        }
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
        if let Some(slot) = self.slot(target)
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
                        self.operated(&sign[..1], left, right)
                    }
                };
                self.assign(name, value.clone());
                value
            }
            Kind::Field(on, name) => {
                let on = if on.name() == Some("this") { Value::Object(self.frame().class) } else { self.eval(on) };
                match (on, sign) {
                    (Value::Object(class), "=") => {
                        self.name_config(&right, name);
                        if let Some(number) = self.source.number_of(name) {
                            self.scopes.declare_field(number, class, right.clone(), "");
                        }
                    }
                    _ => self.set_property(value, name, &right),
                }
                right
            }
            Kind::Index(on, inside) => {
                if let [key] = &inside[..] {
                    let name = self.eval(key);
                    let arguments =
                        Arguments { values: vec![name.clone(), right.clone()], of: inside, at: target.from as usize };
                    let filled = on.last_name().and_then(|on| self.lookup(on)).unwrap_or_default();
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
            ("+", Value::Config(one), Value::Config(two)) => self.both_configs(one, two, left.from as usize),
            (operator, a, b) => self.operated(operator, a, b),
        }
    }

    fn operated(&mut self, operator: &str, a: Value<'t, 'a>, b: Value<'t, 'a>) -> Value<'t, 'a> {
        match (operator, &a, &b) {
            ("to", ..) => Value::Pair(Rc::new([a, b])),
            ("until" | ".." | "..<", _, Value::PolledCount) => Value::Polled,
            ("-" | "+", Value::PolledCount, Value::Int { .. }) => a,
            ("until" | ".." | "..<", ..) => {
                let times = a
                    .number()
                    .zip(b.number())
                    .and_then(|(a, b)| b.checked_sub(a)?.checked_add(i64::from(operator == "..")));
                let times = times.and_then(|times| u64::try_from(times.max(0)).ok());
                Value::Range { times, from_zero: a.number() == Some(0) }
            }
            ("downTo", ..) => {
                let times = a.number().zip(b.number()).and_then(|(a, b)| a.checked_sub(b)?.checked_add(1));
                Value::Range { times: times.and_then(|times| u64::try_from(times.max(0)).ok()), from_zero: false }
            }
            ("step", Value::Range { .. }, _) => Value::Range { times: None, from_zero: false },
            ("%", Value::Counter { of, keys: None }, Value::Int { n, .. }) => match u32::try_from(*n) {
                Ok(keys @ 1..) => Value::Counter { of: *of, keys: Some(keys) },
                _ => Value::Unknown,
            },
            ("==", Value::Bool(a), Value::Bool(b)) => Value::Bool(a == b),
            ("&&", Value::Bool(false), _) | ("&&", _, Value::Bool(false)) => Value::Bool(false),
            ("||", Value::Bool(true), _) | ("||", _, Value::Bool(true)) => Value::Bool(true),
            (_, Value::Int { n: x, is_long: one }, Value::Int { n: y, is_long: two }) => {
                calculated(*x, operator, *y, *one || *two)
            }
            ("+", ..) => {
                // `i + 1` is a sum of numbers, which no counter of a loop here is.
                let is_text = |of: &Value| matches!(of, Value::Text(_) | Value::Parts(_) | Value::Class(_));
                if !is_text(&a) && !is_text(&b) {
                    return Value::Unknown;
                }
                match (a.parts(), b.parts()) {
                    (Some(a), Some(b)) => Value::joined([a, b]),
                    _ => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        }
    }

    /// `"user-$i"`, `"user-${i}"`, `"user-${i % 3}"`
    fn template(&mut self, source: &'a str) -> Value<'t, 'a> {
        let Some(text) = source.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
            return Value::Unknown;
        };
        let mut all: Vec<Vec<Part>> = Vec::new();
        let is_raw = text.starts_with("\"\"") && text.ends_with("\"\"") && text.len() >= 4;
        let mut rest = if is_raw { &text[2..text.len() - 2] } else { text };
        if !is_raw && text.contains('\\') || all.len() > 100 {
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
            all.push(vec![Part::Text(Rc::from(before))]);
            let Some(parts) = self.named(name).parts() else { return Value::Unknown };
            all.push(parts);
            rest = after;
        }
        all.push(vec![Part::Text(Rc::from(rest))]);
        Value::joined(all)
    }

    /// A name in a template, alone or with `% n`.
    fn named(&mut self, text: &str) -> Value<'t, 'a> {
        let (name, modulo) = text.split_once('%').map_or((text, None), |(name, n)| (name, Some(n)));
        let value = self.lookup(name.trim()).unwrap_or_default();
        match modulo {
            Some(n) => self.operated("%", value, number(n.trim())),
            None => value,
        }
    }
}

/// `16_384L`, `0x1F`, `0.5f`
fn number<'t, 'a>(source: &str) -> Value<'t, 'a> {
    let plain: String = source.chars().filter(|c| *c != '_').collect();
    let is_long = plain.ends_with(['l', 'L']);
    if let Some(hex) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        let n = i64::from_str_radix(hex.trim_end_matches(['l', 'L']), 16);
        return n.map(|n| Value::Int { n, is_long }).unwrap_or_default();
    }
    let plain = plain.trim_end_matches(['l', 'L', 'f', 'F', 'd', 'D']);
    match plain.parse() {
        Ok(n) => Value::Int { n, is_long },
        Err(_) if plain.chars().all(|c| c.is_ascii_digit() || c == '.') => Value::text(plain),
        Err(_) => Value::Unknown,
    }
}

/// In the type that Java gives it: `int`, and `long` when one of both is.
fn calculated<'t, 'a>(a: i64, operator: &str, b: i64, is_long: bool) -> Value<'t, 'a> {
    let Ok(places) = u32::try_from(b & if is_long { 63 } else { 31 }) else { return Value::Unknown };
    let exact = match operator {
        "<<" | "shl" if is_long => Some(a << places),
        "<<" | "shl" => Some(i64::from((a as i32) << places)),
        ">>" | "shr" => Some(a >> places),
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "%" => a.checked_rem(b),
        _ => None,
    };
    let wrapped = exact.map(|n| if is_long { n } else { i64::from(n as i32) });
    wrapped.map(|n| Value::Int { n, is_long }).unwrap_or_default()
}

/// `Integer.MAX_VALUE` and such.
fn limit_of_a_type<'t, 'a>(class: &str, name: &str) -> Option<Value<'t, 'a>> {
    let (least, most, is_long) = match class {
        "Integer" | "Int" => (i64::from(i32::MIN), i64::from(i32::MAX), false),
        "Long" => (i64::MIN, i64::MAX, true),
        "Short" => (i64::from(i16::MIN), i64::from(i16::MAX), false),
        "Byte" => (i64::from(i8::MIN), i64::from(i8::MAX), false),
        "Boolean" if name == "TRUE" || name == "FALSE" => return Some(Value::Bool(name == "TRUE")),
        _ => return None,
    };
    match name {
        "MAX_VALUE" => Some(Value::Int { n: most, is_long }),
        "MIN_VALUE" => Some(Value::Int { n: least, is_long }),
        _ => None,
    }
}
