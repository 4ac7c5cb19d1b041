//! Walks a program in the order it runs, as far as a text tells: what stands in which loop, under a condition, aside.
//!
//! A method that is called is walked where it is called, with what it is given; one that nobody calls is walked for itself.

use super::super::problem::Problem;
use super::configs::Config;
use super::found::{Aside, Client, Commit, Pause, Place, Poll, Record, Send, Sought, Subscribed};
use super::frameworks::{Containers, Listener};
use super::loops::Round;
use super::scope::Scopes;
use super::source::Source;
use super::tree::{Class, Do, Expr, Kind, Parameter, Stmt, Tree};
use super::value::Value;

/// Statements and calls within one another, over all methods.
const MAX_DEPTH: u32 = 160;

pub(super) struct Walk<'t, 'a> {
    pub source: &'t Source<'a>,
    pub tree: &'t Tree<'a>,
    pub problems: Vec<Problem>,
    pub scopes: Scopes<'t, 'a>,
    /// Imported classes: the simple name's number, and the full name.
    pub imports: Vec<(usize, String)>,
    pub package: Option<String>,
    /// Every loop that was entered.
    pub rounds: Vec<Round<'a>>,
    /// Those around this place, the outermost first.
    pub around: Vec<usize>,
    pub conditions: u32,
    pub aside: Option<Aside>,
    pub frames: Vec<Frame<'t, 'a>>,
    depth: u32,
    /// So many statements more are walked in methods that are called; what is called after that is not followed.
    pub budget: usize,
    /// By method; by token for lambdas and classes without a name.
    walked: Vec<bool>,
    pub walked_lambdas: Vec<bool>,
    /// Lambdas and objects of classes without a name, to be walked at the end if nobody has called them.
    waiting: Vec<Value<'t, 'a>>,
    pub configs: Vec<Config>,
    pub clients: Vec<Client<'a>>,
    pub records: Vec<Record<'t, 'a>>,
    pub sends: Vec<Send>,
    pub polls: Vec<Poll>,
    pub commits: Vec<Commit>,
    pub pauses: Vec<Pause>,
    pub subscribed: Vec<Subscribed>,
    pub sought: Vec<Sought>,
    /// More clients than are looked at, which is told once.
    pub has_too_many: bool,
    /// Properties that were copied from one map to another.
    pub copies: usize,
    pub listeners: Vec<Listener>,
    pub containers: Containers<'a>,
    /// Consumers of Spring's listeners; true: they commit after each record.
    pub spring_commits: Vec<(usize, bool)>,
    /// Factories whose properties listeners have taken.
    pub factories: Vec<usize>,
    /// For each client the one it is the same as.
    pub merged: Vec<usize>,
    /// Pairs of methods and names, in order, for looking up.
    by_name: Vec<(&'a str, u32)>,
    classes_by_name: Vec<(&'a str, u32)>,
}

/// In which order the methods are walked that nobody has called by then.
#[derive(Clone, Copy)]
enum Pass {
    Constructors,
    Main,
    Uncalled,
    Rest,
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

impl<'t, 'a> Walk<'t, 'a> {
    pub fn new(source: &'t Source<'a>, tree: &'t Tree<'a>) -> Walk<'t, 'a> {
        let mut by_name: Vec<_> = tree.methods.iter().enumerate().map(|(i, of)| (of.name, i as u32)).collect();
        by_name.sort_unstable();
        let mut classes_by_name: Vec<_> = tree.classes.iter().enumerate().map(|(i, of)| (of.0, i as u32)).collect();
        classes_by_name.sort_unstable();
        Walk {
            source,
            tree,
            problems: Vec::new(),
            scopes: Scopes::new(source),
            imports: Vec::new(),
            package: None,
            rounds: Vec::new(),
            around: Vec::new(),
            conditions: 0,
            aside: None,
            frames: vec![Frame::of_class(0)],
            depth: 0,
            budget: source.len() * 6 + 10_000,
            walked: vec![false; tree.methods.len()],
            walked_lambdas: vec![false; source.len() + 1],
            waiting: Vec::new(),
            configs: Vec::new(),
            clients: Vec::new(),
            records: Vec::new(),
            sends: Vec::new(),
            polls: Vec::new(),
            commits: Vec::new(),
            pauses: Vec::new(),
            subscribed: Vec::new(),
            sought: Vec::new(),
            has_too_many: false,
            copies: 0,
            listeners: Vec::new(),
            containers: Containers::default(),
            spring_commits: Vec::new(),
            factories: Vec::new(),
            merged: Vec::new(),
            by_name,
            classes_by_name,
        }
    }

    /// The whole text: what stands outside of methods, then the classes, then the methods that nobody calls, then the rest.
    pub fn run(&mut self) {
        self.imports();
        self.statements(&self.tree.top);
        for pass in [Pass::Constructors, Pass::Main, Pass::Uncalled, Pass::Rest] {
            for i in 0..self.tree.methods.len() {
                let method = &self.tree.methods[i];
                let is_own = method.class == 0 || !self.tree.classes[method.class as usize].0.is_empty();
                let is_called = || self.tree.called.binary_search(&method.name).is_ok();
                let is_now = match pass {
                    Pass::Constructors => method.is_constructor && !is_called(),
                    Pass::Main => method.name == "main",
                    Pass::Uncalled => !is_called(),
                    Pass::Rest => true,
                };
                if is_now && is_own && !self.walked[i] {
                    self.method_alone(i as u32);
                }
            }
        }
        self.frameworks();
        let mut next = 0;
        while let Some(of) = self.waiting.get(next).cloned() {
            next += 1;
            let is_walked = match &of {
                Value::Lambda(lambda) => lambda.body.first().is_none_or(|of| self.walked_lambdas[of.at as usize]),
                Value::Members(class) => class.members.iter().all(|member| match member.kind {
                    Do::Method(number) => self.walked[number as usize],
                    _ => true,
                }),
                _ => true,
            };
            if !is_walked {
                self.apply(&of, Vec::new(), 0);
            }
        }
        self.finish_listeners();
    }

    fn method_alone(&mut self, number: u32) {
        let method = &self.tree.methods[number as usize];
        let aside = match method.name {
            "onPartitionsRevoked" => Some(Aside::Revoked),
            "onPartitionsAssigned" | "onPartitionsLost" => Some(Aside::Listener),
            "onCompletion" => Some(Aside::Callback),
            _ => None,
        };
        let scheduled = self.scheduled(method);
        let listens = self.rounds_of_listener(method);
        self.within(aside.or(self.aside), |walk| {
            if let Some(rounds) = listens {
                let before = walk.around.len();
                for round in rounds {
                    walk.around.push(walk.rounds.len());
                    walk.rounds.push(round);
                }
                walk.call_method(number, Vec::new(), Value::Unknown);
                walk.around.truncate(before);
            } else if let Some(pause) = scheduled {
                let round =
                    Round { endless: true, pace_ms: Some(pause), ..Round::at(method.at as usize, walk.conditions) };
                walk.in_round(round, |walk| walk.call_method(number, Vec::new(), Value::Unknown));
            } else {
                walk.call_method(number, Vec::new(), Value::Unknown);
            }
        });
    }

    pub fn frame(&self) -> &Frame<'t, 'a> {
        &self.frames[self.frames.len() - 1]
    }

    pub fn place(&self, at: usize) -> Place {
        Place { at, around: self.around.clone(), conditions: self.conditions, aside: self.aside }
    }

    pub fn problem(&mut self, at: usize, what: impl Into<super::super::problem::What>) {
        let (line, column) = self.source.place(at);
        self.problems.push(Problem::new(line, column, what));
    }

    /// What is walked in `catch`, in a callback and such.
    pub fn within<R>(&mut self, aside: Option<Aside>, walk: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.aside, aside);
        let out = walk(self);
        self.aside = before;
        out
    }

    pub fn under_condition<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> R {
        self.conditions += 1;
        let out = walk(self);
        self.conditions -= 1;
        out
    }

    pub fn scoped<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> R {
        self.scopes.open();
        let out = walk(self);
        self.scopes.close();
        out
    }

    /// What is deep in the stack is not walked: None.
    pub fn deeper<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let out = walk(self);
        self.depth -= 1;
        Some(out)
    }

    /// The value of the last statement, as lambdas of Kotlin have it.
    pub fn statements(&mut self, all: &'t [Stmt<'a>]) -> Value<'t, 'a> {
        let mut last = Value::Unknown;
        for of in all {
            self.spend();
            last = self.deeper(|walk| walk.statement(of)).unwrap_or_default();
        }
        last
    }

    fn block(&mut self, all: &'t [Stmt<'a>]) -> Value<'t, 'a> {
        self.scoped(|walk| walk.statements(all))
    }

    fn statement(&mut self, of: &'t Stmt<'a>) -> Value<'t, 'a> {
        match &of.kind {
            Do::Expr(of) => self.eval(of),
            Do::Local { name, of, value } => {
                let value = value.as_ref().map(|value| self.eval(value)).unwrap_or_default();
                let value = match value {
                    Value::Int { n, .. } if matches!(*of, "long" | "Long") => Value::Int { n, is_long: true },
                    value => value,
                };
                self.name_config(&value, name);
                self.declare(name, value, of);
                Value::Unknown
            }
            Do::Loop(of) => {
                self.round(of);
                Value::Unknown
            }
            Do::If { condition, then, other } => self.branch(condition, then, other),
            Do::Switch { on, cases } => {
                if let Some(on) = on {
                    self.eval(on);
                }
                let mut known = None;
                for case in cases {
                    let value = self.under_condition(|walk| walk.block(case));
                    known = Some(known.map_or(value.clone(), |known| one_of(known, value)));
                }
                known.unwrap_or_default()
            }
            Do::Try { body, catches, finally } => {
                let value = self.block(body);
                for caught in catches {
                    self.within(Some(self.aside.unwrap_or(Aside::Caught)), |walk| walk.block(caught));
                }
                self.within(Some(self.aside.unwrap_or(Aside::Finally)), |walk| walk.block(finally));
                value
            }
            Do::Jump(word, value) => {
                let value = value.as_ref().map(|value| self.eval(value)).unwrap_or_default();
                self.jump(word, of.at as usize);
                let frame = self.frames.len() - 1;
                let returned = &mut self.frames[frame].returned;
                if *word == "return" && returned.is_unknown() {
                    returned.clone_from(&value);
                }
                value
            }
            Do::Block(all) => self.block(all),
            Do::Method(number) => {
                let method = &self.tree.methods[*number as usize];
                for called in &method.annotations {
                    self.annotation(called, Some(method));
                }
                Value::Unknown
            }
            Do::Class(class) => {
                self.class(class);
                Value::Unknown
            }
        }
    }

    fn branch(&mut self, condition: &'t Expr<'a>, then: &'t [Stmt<'a>], other: &'t [Stmt<'a>]) -> Value<'t, 'a> {
        let value = self.eval(condition);
        if let Value::Bool(so) = value {
            return self.block(if so { then } else { other });
        }
        if self.is_about_emptiness(condition) {
            let value = self.block(then);
            self.block(other);
            return value;
        }
        let one = self.under_condition(|walk| walk.block(then));
        let two = self.under_condition(|walk| walk.block(other));
        one_of(one, two)
    }

    /// `!records.isEmpty()`, `records.count() > 0`, `record != null`: what holds whenever there is something to do.
    fn is_about_emptiness(&mut self, condition: &'t Expr<'a>) -> bool {
        match &condition.kind {
            Kind::Unary("!", of) => self.is_about_emptiness(of),
            Kind::Binary("&&", a, b) => self.is_about_emptiness(a) && self.is_about_emptiness(b),
            Kind::Binary("!=" | ">" | ">=" | "==", a, b) => {
                b.is_null() && self.is_polled(a) || matches!(b.kind, Kind::Literal) && self.is_about_emptiness(a)
            }
            Kind::Call(call) => {
                let asks = matches!(call.name, "isEmpty" | "isNotEmpty" | "count" | "any" | "size");
                asks && call.on.as_ref().is_some_and(|on| self.is_polled(on))
            }
            _ => false,
        }
    }

    fn is_polled(&mut self, of: &'t Expr<'a>) -> bool {
        let value = of.name().and_then(|name| self.lookup(name)).unwrap_or_default();
        matches!(value, Value::Polled | Value::PolledRecord | Value::PolledPartitions)
    }

    fn class(&mut self, class: &'t Class<'a>) {
        self.frames.push(Frame { base: self.scopes.depth(), ..Frame::of_class(class.number) });
        for Parameter { name, of } in &class.parameters {
            self.declare_field(name, class.number, Value::Unknown, of);
        }
        self.members(class);
        self.frames.pop();
        for called in &class.annotations {
            self.annotation(called, None);
        }
    }

    /// The fields and the blocks of a class.
    pub fn members(&mut self, class: &'t Class<'a>) {
        for member in &class.members {
            match &member.kind {
                Do::Local { name, of, value } => {
                    let value = value.as_ref().map(|value| self.eval(value)).unwrap_or_default();
                    self.name_config(&value, name);
                    self.declare_field(name, class.number, value, of);
                }
                _ => {
                    self.statement(member);
                }
            }
        }
    }

    /// Walks a method where it is called.
    pub fn call_method(&mut self, number: u32, arguments: Vec<Value<'t, 'a>>, this: Value<'t, 'a>) -> Value<'t, 'a> {
        let method = &self.tree.methods[number as usize];
        let is_open = self.frames.iter().any(|frame| frame.method == Some(number));
        let is_first = !self.walked[number as usize];
        if is_open || self.budget == 0 && !is_first {
            return Value::Unknown;
        }
        self.walked[number as usize] = true;
        // A class without a name sees the variables around it.
        let is_inner = method.class > 0 && self.tree.classes[method.class as usize].0.is_empty();
        let frame = Frame {
            method: Some(number),
            class: method.class,
            base: if is_inner { self.frame().base } else { self.scopes.depth() },
            rounds: self.around.len(),
            conditions: self.conditions,
            this,
            returned: Value::Unknown,
        };
        self.frames.push(frame);
        self.scopes.open();
        let mut arguments = arguments.into_iter();
        for Parameter { name, of } in &method.parameters {
            let value = arguments.next().unwrap_or_default();
            self.declare(name, value, of);
        }
        self.deeper(|walk| walk.statements(&method.body));
        self.scopes.close();
        self.frames.pop().map(|frame| frame.returned).unwrap_or_default()
    }

    /// The method of that name in a class, or in one around it; of any class when `class` is none and just one has it.
    pub fn method_of(&self, name: &str, class: Option<u32>, arguments: usize) -> Option<u32> {
        let from = self.by_name.partition_point(|(other, _)| *other < name);
        let of_name = || self.by_name[from..].iter().take_while(|(other, _)| *other == name).take(20).map(|(_, n)| *n);
        let fits = |number: &u32| self.tree.methods[*number as usize].parameters.len() == arguments;
        let Some(mut class) = class else {
            let mut all = of_name().filter(fits);
            return all.next().filter(|_| all.next().is_none());
        };
        loop {
            let own = || of_name().filter(|number| self.tree.methods[*number as usize].class == class);
            if let Some(number) = own().find(fits).or_else(|| own().next()) {
                return Some(number);
            }
            if class == 0 {
                return None;
            }
            class = self.tree.classes[class as usize].1;
        }
    }

    /// The class of that name in this text.
    pub fn class_of(&self, name: &str) -> Option<u32> {
        let from = self.classes_by_name.partition_point(|(other, _)| *other < name);
        self.classes_by_name
            .get(from)
            .filter(|(other, _)| *other == name && !name.is_empty())
            .map(|(_, number)| *number)
    }

    pub fn wait(&mut self, of: Value<'t, 'a>) {
        self.waiting.push(of);
    }

    /// One step of the work that is left for what is walked again.
    pub fn spend(&mut self) {
        self.budget = self.budget.saturating_sub(1);
    }
}

/// The value of one of two branches: known when both say the same, or when it is something that is made.
fn one_of<'t, 'a>(one: Value<'t, 'a>, two: Value<'t, 'a>) -> Value<'t, 'a> {
    match (one.as_text(), two.as_text()) {
        (Some(first), Some(second)) if first == second => one,
        _ if one.is_scalar() || two.is_scalar() => Value::Unknown,
        _ if one.is_unknown() => two,
        _ => one,
    }
}

impl<'t, 'a> Frame<'t, 'a> {
    fn of_class(class: u32) -> Frame<'t, 'a> {
        let (this, returned) = (Value::Unknown, Value::Unknown);
        Frame { method: None, class, base: 0, rounds: 0, conditions: 0, this, returned }
    }
}
