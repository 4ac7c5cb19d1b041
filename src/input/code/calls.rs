//! Calls: of the language's own libraries, of methods of the text, of clients.

use std::rc::Rc;

use super::arguments::Arguments;
use super::blocks::{FOR_EACH, ON_IT, ON_THIS, TIMERS};
use super::gap::Aside;
use super::round::{Over, Round};
use super::tree::{Call, Expr, Kind};
use super::value::{Part, Value};
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
            Some("super") => Value::Object(self.frame().class),
            _ => self.eval(on),
        });
        let values = call.arguments.iter().map(|of| self.argument(of)).collect();
        let arguments = Arguments { values, of: &call.arguments, at: call.at as usize };
        if call.is_new {
            return self.created(call, &arguments);
        }
        self.called(of, call, on, arguments)
    }

    /// An argument that Kotlin gives by name is one as any other.
    fn argument(&mut self, of: &'t Expr<'a>) -> Value<'t, 'a> {
        match &of.kind {
            Kind::Assign("=", name, value) if self.source.is_kotlin && name.name().is_some() => self.eval(value),
            _ => self.eval(of),
        }
    }

    fn called(
        &mut self,
        of: &'t Expr<'a>,
        call: &'t Call<'a>,
        on: Option<Value<'t, 'a>>,
        arguments: Arguments<'t, 'a>,
    ) -> Value<'t, 'a> {
        if let Some(value) = self.client_call(call.on.as_ref(), on.as_ref(), call.name, &arguments) {
            return value;
        }
        if let Some(value) = self.spring_call(call, &arguments) {
            return value;
        }
        let header = on.as_ref().and_then(|on| {
            // From `headers` on, as the sentence shows it.
            let before = call.on.as_ref().and_then(Expr::call).map_or(call.at, |before| before.at);
            self.header_call(on, call.name, before as usize, &arguments)
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
        if on.is_none() && self.class_of(call.name).is_some() {
            return self.created(call, &arguments);
        }
        if let Some(value) = self.block_call(call, on.as_ref(), &arguments) {
            return value;
        }
        let class = call.on.as_ref().and_then(Expr::last_name).unwrap_or_default();
        if let Some(value) = self.known_call(class, on.as_ref(), call.name, &arguments) {
            return value;
        }
        self.apply_all(&arguments, of.from as usize);
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
        if let Some(class) = self.class_of(call.name) {
            let constructor = self.method_of(call.name, Some(class), arguments.len());
            let constructor = constructor.filter(|number| {
                let method = &self.tree.methods[*number as usize];
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
            "ProducerRecord" if arguments.len() >= 2 => Some(self.made_record(arguments)),
            "TopicPartition" if arguments.len() == 2 => {
                let (topic, partition) = (arguments.value(0).as_text()?, arguments.value(1).number()?);
                Some(Value::Partition(topic, i32::try_from(partition).ok()?))
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
            None => Some(self.frame().class),
            Some(Value::Object(class)) => Some(*class),
            Some(Value::Members(class)) => Some(class.number),
            Some(_) => None,
        };
        let number = match class {
            Some(class) => self.method_of(name, Some(class), arguments.len()),
            None => None,
        };
        let is_plain = matches!(on, None | Some(Value::Unknown));
        let number = number.or_else(|| self.method_of(name, None, arguments.len()).filter(|_| is_plain))?;
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
            .map(|on| if on.name() == Some("this") { Value::Object(self.frame().class) } else { self.eval(on) });
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
            let round = Round { times, over, ..Round::at(at, self.conditions) };
            self.vary_in(&block);
            let counter = Value::Counter { of: self.rounds.len(), keys: None };
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
            self.within(self.aside.or(Some(Aside::Callback)), |walk| walk.apply_all(arguments, at));
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
        let index = Value::Counter { of: self.rounds.len(), keys: None };
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
        let pause =
            numbers.last().zip(unit).and_then(|(n, unit)| n.checked_mul(unit)).and_then(|ms| u32::try_from(ms).ok());
        let round = Round { endless: true, pace_ms: pause, ..Round::at(arguments.at, self.conditions) };
        arguments.values.iter().for_each(|of| self.vary_in(of));
        self.in_round(round, |walk| walk.apply_all(arguments, arguments.at));
        Some(Value::Unknown)
    }

    /// Calls whose result is known: lists, texts of numbers, durations.
    fn known_call(
        &mut self,
        class: &str,
        on: Option<&Value<'t, 'a>>,
        name: &str,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<Value<'t, 'a>> {
        if let Some(value) = on.and_then(|on| self.of_value(on, name, arguments)) {
            return Some(value);
        }
        let first = arguments.value(0);
        let number = first.number();
        if let Some(unit) = duration_unit(name).filter(|_| class == "Duration" || on.is_none()) {
            return number?.checked_mul(unit).map(Value::Millis);
        }
        match (class, name) {
            (
                "String" | "Integer" | "Long" | "Double" | "Boolean",
                "valueOf" | "toString" | "parseInt" | "parseLong",
            ) => Some(match first {
                Value::Counter { .. } => Value::Parts(Rc::from(first.parts()?)),
                first => first,
            }),
            ("String", "join") => {
                let (separator, rest) = arguments.values.split_first()?;
                let texts: Option<Vec<Rc<str>>> = rest.iter().map(Value::as_text).collect();
                Some(Value::text(&texts?.join(&*separator.as_text()?)))
            }
            ("String", "format") => formatted(&first.as_text()?, arguments.values.get(1..)?),
            ("List" | "Set" | "ImmutableList" | "ImmutableSet", "of" | "copyOf")
            | ("Arrays", "asList")
            | ("Collections", "singletonList" | "singleton" | "emptyList")
            | ("Stream", "of")
            | ("", "listOf" | "setOf" | "mutableListOf" | "arrayOf" | "asList" | "arrayListOf" | "sequenceOf") => {
                Some(Value::List(Rc::from(arguments.values.clone())))
            }
            ("Duration", "of") => {
                let unit = arguments.of.get(1).and_then(Expr::last_name).and_then(unit_of)??;
                number?.checked_mul(unit).map(Value::Millis)
            }
            ("Duration", "ofNanos") => number.map(|n| Value::Millis(n / 1_000_000)),
            (unit, "toMillis") if unit_of(unit).is_some() => number?.checked_mul(unit_of(unit)??).map(Value::Millis),
            ("Pattern", "compile") => first.as_text().map(Value::Pattern),
            ("IntStream" | "LongStream", "range" | "rangeClosed")
                if matches!(arguments.value(1), Value::PolledCount) =>
            {
                Some(Value::Polled)
            }
            ("IntStream" | "LongStream", "range" | "rangeClosed") => {
                let more = i64::from(name == "rangeClosed");
                let last = arguments.value(1).number();
                let times = number.zip(last).and_then(|(from, to)| to.checked_sub(from)?.checked_add(more));
                let times = times.and_then(|times| u64::try_from(times.max(0)).ok());
                Some(Value::Range { times, from_zero: number == Some(0) })
            }
            ("StreamSupport", "stream") => Some(first),
            ("Optional", "of" | "ofNullable") | ("Objects", "requireNonNull") => Some(first),
            ("Thread" | "Uninterruptibles" | "Utils" | "", "sleep" | "sleepUninterruptibly" | "delay") => {
                let unit = arguments.of.get(1).and_then(Expr::last_name).and_then(unit_of).unwrap_or(Some(1));
                let ms = number.zip(unit).and_then(|(n, unit)| n.checked_mul(unit));
                self.pause(ms, arguments.at);
                Some(Value::Unknown)
            }
            (unit, "sleep") if unit_of(unit).is_some() => {
                let ms = number.zip(unit_of(unit)?).and_then(|(n, unit)| n.checked_mul(unit));
                self.pause(ms, arguments.at);
                Some(Value::Unknown)
            }
            ("LockSupport", "parkNanos") => {
                self.pause(number.map(|n| n / 1_000_000), arguments.at);
                Some(Value::Unknown)
            }
            _ => None,
        }
    }

    /// Calls on a value that is known.
    fn of_value(&mut self, on: &Value<'t, 'a>, name: &str, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
        const SAME: &[&str] = &[
            "toString",
            "trim",
            "trimIndent",
            "trimMargin",
            "strip",
            "stripIndent",
            "toInt",
            "toLong",
            "intValue",
            "longValue",
            "getBytes",
            "toByteArray",
            "encodeToByteArray",
            "asSequence",
            "intern",
        ];
        match (on, name) {
            (Value::Counter { .. }, "toString") => Some(Value::Parts(Rc::from(on.parts()?))),
            (Value::Millis(n), "toMillis") => Some(Value::Int { n: *n, is_long: true }),
            (Value::Millis(_), "toJavaDuration") => Some(on.clone()),
            (Value::Text(text), "formatted" | "format") => formatted(text, &arguments.values),
            (Value::Class(_), "getName" | "getCanonicalName" | "getTypeName" | "toString") => Some(on.clone()),
            (Value::Range { times, .. }, "limit" | "take") => {
                let most = u64::try_from(arguments.value(0).number()?).ok();
                Some(Value::Range { times: (*times).min(most).or(most), from_zero: true })
            }
            (Value::Unknown, "limit" | "take") => {
                let times = arguments.value(0).number().and_then(|n| u64::try_from(n).ok());
                Some(Value::Range { times, from_zero: false })
            }
            (Value::Range { .. }, "boxed" | "parallel" | "sequential" | "asSequence" | "toList" | "iterator") => {
                Some(on.clone())
            }
            (
                Value::Mapped(..),
                "limit" | "take" | "filter" | "filterNotNull" | "toList" | "boxed" | "collect" | "iterator",
            ) => Some(on.clone()),
            (Value::List(_), "stream" | "iterator" | "asSequence" | "toList" | "parallelStream") => Some(on.clone()),
            (Value::List(list), "get" | "first") if list.len() == 1 => Some(list[0].clone()),
            (Value::Polled, "partitions") => Some(Value::PolledPartitions),
            (Value::Polled | Value::PolledPartitions, "count" | "size") => Some(Value::PolledCount),
            (Value::Polled, "isEmpty" | "any" | "isNotEmpty") => Some(Value::Unknown),
            (Value::Polled, "next") => Some(Value::PolledRecord),
            (Value::Polled, _) => {
                self.apply_all(arguments, arguments.at);
                Some(Value::Polled)
            }
            (
                Value::PolledPartitions | Value::Gathered(_),
                "iterator" | "stream" | "entrySet" | "keySet" | "values" | "entries" | "keys" | "toMap" | "copyOf",
            ) => Some(on.clone()),
            (on, name) if on.is_scalar() && SAME.contains(&name) => Some(on.clone()),
            (Value::Bool(_), "get") => Some(on.clone()),
            _ => None,
        }
    }
}

/// Milliseconds of a unit of time; `Some(None)` is shorter than one.
fn unit_of(name: &str) -> Option<Option<i64>> {
    Some(match name {
        "MILLISECONDS" | "MILLIS" => Some(1),
        "SECONDS" => Some(1000),
        "MINUTES" => Some(60_000),
        "HOURS" => Some(3_600_000),
        "NANOSECONDS" | "MICROSECONDS" | "NANOS" | "MICROS" => None,
        _ => return None,
    })
}

fn duration_unit(name: &str) -> Option<i64> {
    Some(match name {
        "ofMillis" => 1,
        "ofSeconds" => 1000,
        "ofMinutes" => 60_000,
        "ofHours" => 3_600_000,
        _ => return None,
    })
}

/// `String.format("v-%d", i)`: with `%s` and `%d` alone.
fn formatted<'t, 'a>(form: &str, values: &[Value<'t, 'a>]) -> Option<Value<'t, 'a>> {
    let mut all: Vec<Vec<Part>> = Vec::new();
    let (mut rest, mut values) = (form, values.iter());
    while let Some((before, behind)) = rest.split_once('%') {
        all.push(vec![Part::Text(Rc::from(before))]);
        let mut signs = behind.chars();
        match signs.next()? {
            '%' => all.push(vec![Part::Text(Rc::from("%"))]),
            'n' => all.push(vec![Part::Text(Rc::from("\n"))]),
            's' | 'd' => all.push(values.next()?.parts()?),
            _ => return Some(Value::Unknown),
        }
        rest = signs.as_str();
    }
    all.push(vec![Part::Text(Rc::from(rest))]);
    Some(Value::joined(all))
}
