//! Calls: of the language's own libraries, of methods of the text, of clients.

use std::rc::Rc;

use super::arguments::Arguments;
use super::blocks::{FOR_EACH, ON_IT, ON_THIS, TIMERS};
use super::found::Handled;
use super::gap::Aside;
use super::handled::is_given_records;
use super::library::{known_call, slept, unit_of};
use super::loops::milliseconds;
use super::round::{Over, Round};
use super::tree::{Call, Expr, Kind};
use super::value::Value;
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
    pub fn call(&mut self, of: &'t Expr<'a>, call: &'t Call<'a>) -> Value<'t, 'a> {
        if call.name == "addShutdownHook" {
            return self.within(Some(Aside::Hook), |walk| {
                for of in &call.arguments {
                    let value = walk.eval(of);
                    walk.apply(&value, Vec::new(), call.at as usize);
                }
                Value::Unknown
            });
        }
        let on = call.on.as_ref().map(|on| match on.name() {
            // `super.run()` and `this.run()` are calls of this class.
            Some("super") => Value::Object(self.names.frame().class),
            _ => self.eval(on),
        });
        let values = call.arguments.iter().map(|of| self.argument(of)).collect();
        let arguments = Arguments { values, of: &call.arguments, at: call.at as usize };
        if call.is_new {
            return self.created(call, &arguments);
        }
        if let Some(value) = self.client_call(call.on.as_ref(), on.as_ref(), call.name, &arguments) {
            return value;
        }
        let handles = is_given_records(call.name, &arguments);
        let uses = self.is_given_record(call.name, &arguments);
        let commits = self.found.commits.len();
        let value = self.called_otherwise(of.from, call, on, arguments);
        // Behind what the method itself does: it may commit before its own loop.
        if handles {
            let place = self.way.place(call.at as usize);
            self.found.handled.push(Handled { round: None, place });
        }
        // One that commits says within it what it does with the record.
        if uses && self.found.commits.len() == commits {
            let place = self.way.place(call.at as usize);
            self.found.used_records.push(place);
        }
        value
    }

    /// An argument that Kotlin gives by name is one as any other.
    fn argument(&mut self, of: &'t Expr<'a>) -> Value<'t, 'a> {
        match &of.kind {
            Kind::Assign("=", name, value) if self.source.is_kotlin && name.name().is_some() => self.eval(value),
            _ => self.eval(of),
        }
    }

    /// What is no client's.
    fn called_otherwise(
        &mut self,
        from: u32,
        call: &'t Call<'a>,
        on: Option<Value<'t, 'a>>,
        arguments: Arguments<'t, 'a>,
    ) -> Value<'t, 'a> {
        if let Some(value) = self.spring_call(call, &arguments) {
            return value;
        }
        let header = on.as_ref().and_then(|on| {
            // From `headers` on, as the sentence shows it.
            let before = call.on.as_ref().and_then(Expr::call).map_or(call.at, |before| before.at);
            self.found.header_call(self.way.conditions(), on, call.name, before as usize, &arguments)
        });
        if let Some(value) = header {
            return value;
        }
        if let (Some(expr), Some(on)) = (&call.on, &on) {
            self.fills(expr, on, call.name, &arguments);
        }
        if let Some(value) = self.config_call(call, on.as_ref(), &arguments) {
            return value;
        }
        if let Some(value) = self.own_method(call.name, on.as_ref(), &arguments) {
            return value;
        }
        if on.is_none()
            && let Some(value) = self.made(call.name, &arguments)
        {
            return value;
        }
        if on.is_none() && self.names.class_of(call.name).is_some() {
            return self.created(call, &arguments);
        }
        if let Some(value) = self.block_call(call, on.as_ref(), &arguments) {
            return value;
        }
        if call.name == "offset" && on.is_some() && arguments.len() == 0 {
            return Value::RecordOffset;
        }
        let class = call.on.as_ref().and_then(Expr::last_name).unwrap_or_default();
        if let Some(ms) = slept(class, call.name, &arguments) {
            self.pause(ms, arguments.at);
            return Value::Unknown;
        }
        if let Some(value) = known_call(class, on.as_ref(), call.name, &arguments) {
            if matches!((&on, &value), (Some(Value::Polled), Value::Polled)) {
                self.apply_all(&arguments, arguments.at);
            }
            return value;
        }
        self.apply_all(&arguments, from as usize);
        Value::Unknown
    }

    /// Whatever is given to an unknown method is called once.
    fn apply_all(&mut self, arguments: &Arguments<'t, 'a>, at: usize) {
        for value in &arguments.values {
            if matches!(value, Value::Lambda(_) | Value::Members(_) | Value::Reference(_) | Value::Object(_)) {
                self.apply(value, Vec::new(), at);
            }
        }
    }

    /// `new Name(…)`
    fn created(&mut self, call: &'t Call<'a>, arguments: &Arguments<'t, 'a>) -> Value<'t, 'a> {
        if let Some(body) = &call.body {
            if let Some(value) = self.config_with_block(call.name, body, arguments) {
                return value;
            }
            self.members(body);
            let value = Value::Members(body);
            self.wait(value.clone());
            return value;
        }
        if let Some(value) = self.made(call.name, arguments) {
            return value;
        }
        if let Some(class) = self.names.class_of(call.name) {
            let constructor = self.methods.method_of(call.name, Some(class), arguments.len());
            let constructor = constructor.filter(|number| {
                let method = self.methods.get(*number);
                method.is_constructor && method.class == class
            });
            if let Some(constructor) = constructor {
                self.call_method(constructor, arguments.values.clone(), Value::Unknown);
            }
            return Value::Object(class);
        }
        self.apply_all(arguments, call.at as usize);
        Value::Unknown
    }

    /// Objects of classes that matter here, made with `new` or as Kotlin does.
    fn made(&mut self, name: &'a str, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
        if let Some(value) = self.made_client(name, arguments) {
            return Some(value);
        }
        if let Some(value) = self.made_config(name, arguments) {
            return Some(value);
        }
        match name {
            "ProducerRecord" if arguments.len() >= 2 => {
                Some(self.found.made_record(self.way.place(arguments.at), arguments))
            }
            "TopicPartition" if arguments.len() == 2 => {
                let (topic, partition) = (arguments.value(0).as_text()?, arguments.value(1).number()?);
                Some(Value::Partition(topic, i32::try_from(partition).ok()?))
            }
            "OffsetAndMetadata" => {
                if matches!(arguments.value(0), Value::RecordOffset) {
                    self.found.own_offsets.push(arguments.at);
                }
                None
            }
            "RecordHeader" if arguments.len() == 2 => {
                Some(Value::Pair(Rc::new([arguments.value(0), arguments.value(1)])))
            }
            "String" | "AtomicBoolean" | "AtomicInteger" | "AtomicLong" if arguments.len() == 1 => {
                Some(arguments.value(0)).filter(|_| name == "String")
            }
            _ => None,
        }
    }

    /// A method of this text: of the object's class, of this class, or the only one of that name.
    fn own_method(
        &mut self,
        name: &str,
        on: Option<&Value<'t, 'a>>,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<Value<'t, 'a>> {
        let class = match on {
            None => Some(self.names.frame().class),
            Some(Value::Object(class)) => Some(*class),
            Some(Value::Members(class)) => Some(class.number),
            Some(_) => None,
        };
        let number = match class {
            Some(class) => self.methods.method_of(name, Some(class), arguments.len()),
            None => None,
        };
        let is_plain = matches!(on, None | Some(Value::Unknown));
        let number = number.or_else(|| self.methods.method_of(name, None, arguments.len()).filter(|_| is_plain))?;
        let this = match on {
            Some(on @ (Value::Client(_) | Value::Config(_))) => on.clone(),
            _ => Value::Unknown,
        };
        Some(self.call_method(number, arguments.values.clone(), this))
    }

    /// A method that is named: `producer::send`, `this::process`.
    pub fn reference(&mut self, of: &'t Expr<'a>, values: Vec<Value<'t, 'a>>, at: usize) -> Value<'t, 'a> {
        let Kind::Reference(on, name) = &of.kind else { return Value::Unknown };
        let value = on
            .as_ref()
            .map(|on| if on.name() == Some("this") { Value::Object(self.names.frame().class) } else { self.eval(on) });
        let arguments = Arguments { values, of: &[], at };
        if let Some(value) = self.client_call(on.as_deref(), value.as_ref(), name, &arguments) {
            return value;
        }
        if let (Some(expr), Some(on)) = (on, &value) {
            self.fills(expr, on, name, &arguments);
        }
        if *name == "new" || value.as_ref().is_some_and(|value| !matches!(value, Value::Object(_) | Value::Unknown)) {
            return Value::Unknown;
        }
        self.own_method(name, value.as_ref(), &arguments).unwrap_or_default()
    }

    /// Calls with a block: scopes of Kotlin, loops over what stands before, timers, threads.
    fn block_call(
        &mut self,
        call: &'t Call<'a>,
        on: Option<&Value<'t, 'a>>,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<Value<'t, 'a>> {
        let block = arguments.values.iter().rfind(|value| matches!(value, Value::Lambda(_) | Value::Reference(_)));
        let (name, at) = (call.name, call.at as usize);
        if TIMERS.contains(&name) {
            return self.timer(call, arguments);
        }
        let block = block?.clone();
        if name == "repeat" {
            let times = arguments.value(0).number().and_then(|times| u64::try_from(times).ok());
            let over = call.arguments.first().map_or(Over::Again, |times| self.over_times(times));
            let round = Round { times, over, ..Round::at(at, self.way.conditions()) };
            self.vary_in(&block);
            let counter = Value::Counter { of: self.way.rounds.len(), keys: None };
            self.in_round(round, |walk| walk.apply(&block, vec![counter], at));
            return Some(Value::Unknown);
        }
        if matches!(
            name,
            "whenComplete"
                | "whenCompleteAsync"
                | "thenAccept"
                | "addCallback"
                | "handle"
                | "exceptionally"
                | "thenApply"
                | "thenRun"
        ) {
            self.within(self.way.aside().or(Some(Aside::Callback)), |walk| walk.apply_all(arguments, at));
            return Some(on.cloned().unwrap_or_default());
        }
        if FOR_EACH.contains(&name) {
            return Some(self.for_each(name, on?, &block, at));
        }
        if ON_THIS.contains(&name) {
            let this = if name == "with" { arguments.value(0) } else { on.cloned().unwrap_or_default() };
            let Value::Lambda(lambda) = block else { return None };
            let of_this = Some(this.clone()).filter(|this| !this.is_unknown() || on.is_some());
            let value = self.lambda(lambda, Vec::new(), of_this);
            return Some(if name == "apply" { this } else { value });
        }
        if ON_IT.contains(&name) {
            let it = on.cloned().unwrap_or_default();
            let value = self.apply(&block, vec![it.clone()], at);
            return Some(if matches!(name, "also" | "takeIf") { it } else { value });
        }
        if matches!(name, "lazy" | "runBlocking" | "synchronized" | "withContext" | "coroutineScope") {
            return Some(self.apply(&block, Vec::new(), at));
        }
        None
    }

    fn for_each(&mut self, name: &str, on: &Value<'t, 'a>, block: &Value<'t, 'a>, at: usize) -> Value<'t, 'a> {
        self.vary_in(block);
        // Kotlin's index comes first.
        let index = Value::Counter { of: self.way.rounds.len(), keys: None };
        let is_indexed = name.ends_with("Indexed");
        let (round, value) = self.in_each(on, at, |walk, element| {
            walk.apply(block, if is_indexed { vec![index, element] } else { vec![element] }, at)
        });
        match on {
            _ if name.contains("map") || name.contains("Map") => Value::Mapped(round, Rc::new(value)),
            Value::Polled => Value::Polled,
            _ => Value::Unknown,
        }
    }

    /// `executor.scheduleAtFixedRate(() -> …, 0, 1, TimeUnit.SECONDS)`
    fn timer(&mut self, call: &'t Call<'a>, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
        let numbers: Vec<i64> = arguments.values.iter().filter_map(Value::number).collect();
        let unit = call.arguments.iter().find_map(|of| unit_of(of.last_name()?)).unwrap_or(Some(1));
        let pause = numbers.last().zip(unit).and_then(|(n, unit)| milliseconds(n.saturating_mul(unit)));
        let round = Round { endless: true, pace_ms: pause, ..Round::at(arguments.at, self.way.conditions()) };
        arguments.values.iter().for_each(|of| self.vary_in(of));
        self.in_round(round, |walk| walk.apply_all(arguments, arguments.at));
        Some(Value::Unknown)
    }
}
