//! Walks a program in the order it runs, as far as a text tells: what stands in which loop, under a condition, aside.
//!
//! A method that is called is walked where it is called, with what it is given; one that nobody calls is walked for itself.

use super::super::problem::Problem;
use super::entries::Config;
use super::found::{
    Containers, FoundClient, FoundCommit, FoundPlace, FoundPoll, FoundRecord, FoundSend, Listener, Pause, Sought,
    Subscribed,
};
use super::gap::{Aside, Gap};
use super::gathered::Gathered;
use super::limits::{Limit, MAX_CALLS, MAX_METHODS};
use super::reached::Reached;
use super::round::Round;
use super::scope::Scopes;
use super::source::Source;
use super::tree::{Class, Do, Parameter, Stmt, Tree};
use super::value::{Value, one_of};
use crate::sorted::InOrder;

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
    pub clients: Vec<FoundClient<'a>>,
    pub records: Vec<FoundRecord<'t, 'a>>,
    pub sends: Vec<FoundSend>,
    pub polls: Vec<FoundPoll>,
    pub commits: Vec<FoundCommit>,
    pub pauses: Vec<Pause>,
    pub subscribed: Vec<Subscribed>,
    pub sought: Vec<Sought>,
    /// More clients than are looked at, which is told once.
    pub has_too_many: bool,
    /// Properties that were copied from one map to another.
    pub copies: usize,
    pub listeners: Vec<Listener>,
    pub gathered: Gathered,
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
    pub reached: Reached,
    /// Questions around this place whether a poll returned something.
    pub asked: u32,
    /// The limits that were told.
    beyond: Vec<Limit>,
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
    pub fn new(source: &'t Source<'a>, tree: &'t Tree<'a>, gathered: Gathered) -> Walk<'t, 'a> {
        let mut by_name: Vec<_> = tree.methods.iter().enumerate().map(|(i, of)| (of.name, i as u32)).collect();
        by_name.order();
        let mut classes_by_name: Vec<_> = tree.classes.iter().enumerate().map(|(i, of)| (of.0, i as u32)).collect();
        classes_by_name.order();
        let reached = Reached::new(source, tree, &by_name);
        let mut walk = Walk {
            source,
            tree,
            problems: Vec::new(),
            scopes: Scopes::new(source, &reached),
            imports: Vec::new(),
            package: None,
            rounds: Vec::new(),
            around: Vec::new(),
            conditions: 0,
            asked: 0,
            beyond: Vec::new(),
            aside: None,
            frames: vec![Frame::of_class(0)],
            depth: 0,
            budget: budget(source),
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
            gathered,
            containers: Containers::default(),
            spring_commits: Vec::new(),
            factories: Vec::new(),
            merged: Vec::new(),
            by_name,
            classes_by_name,
            reached,
        };
        for (limit, at) in &tree.beyond {
            walk.is_beyond(*limit, *at as usize);
        }
        let many = (MAX_METHODS..walk.by_name.len()).find(|i| {
            let (name, _) = walk.by_name[*i];
            walk.by_name[i - MAX_METHODS].0 == name && walk.reached.is_called(source.number_of(name))
        });
        if let Some(i) = many {
            walk.is_beyond(Limit::Methods, tree.methods[walk.by_name[i].1 as usize].at as usize);
        }
        walk
    }

    /// The whole text: what stands outside of methods, then the classes, then the methods that nobody calls, then the rest.
    pub fn run(&mut self) {
        let tree = self.tree;
        self.imports();
        self.statements(&tree.top);
        for pass in [Pass::Constructors, Pass::Main, Pass::Uncalled, Pass::Rest] {
            let unreached = match pass {
                Pass::Rest => self.reached.unreached(self.tree, &self.by_name, &self.walked),
                _ => Vec::new(),
            };
            for (i, method) in tree.methods.iter().enumerate() {
                let is_own = method.class == 0 || !self.tree.classes[method.class as usize].0.is_empty();
                let is_called = || self.reached.is_called(self.source.number_of(method.name));
                let is_now = match pass {
                    Pass::Constructors => method.is_constructor && !is_called(),
                    Pass::Main => method.name == "main",
                    Pass::Uncalled => !is_called(),
                    Pass::Rest => !unreached[i],
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

    pub fn place(&self, at: usize) -> FoundPlace {
        FoundPlace { at, around: self.around.clone(), conditions: self.conditions, aside: self.aside }
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

    /// What is deep in the stack is not walked, which is told: None.
    pub fn deeper<R>(&mut self, at: u32, walk: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth >= MAX_CALLS {
            self.is_beyond(Limit::Calls, at as usize);
            return None;
        }
        self.depth += 1;
        let out = walk(self);
        self.depth -= 1;
        Some(out)
    }

    /// The value of the last statement, as lambdas of Kotlin have it.
    pub fn statements(&mut self, all: &'t [Stmt<'a>]) -> Value<'t, 'a> {
        let (mut last, conditions) = (Value::Unknown, self.conditions);
        for of in all {
            self.spend();
            last = self.deeper(of.at, |walk| walk.statement(of)).unwrap_or_default();
        }
        self.conditions = conditions;
        last
    }

    pub fn block(&mut self, all: &'t [Stmt<'a>]) -> Value<'t, 'a> {
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
            Do::If(branch) => self.branch(branch, of.at as usize),
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
                    // A flag that a method sets has no value that holds wherever it is asked.
                    let is_set = self.source.number_of(name).is_some_and(|name| self.reached.is_assigned(name));
                    let is_flag = matches!(value, Value::Bool(_)) && is_set;
                    self.declare_field(name, class.number, if is_flag { Value::Unknown } else { value }, of);
                }
                _ => {
                    self.statements(std::slice::from_ref(member));
                }
            }
        }
    }

    /// Walks a method where it is called.
    pub fn call_method(&mut self, number: u32, arguments: Vec<Value<'t, 'a>>, this: Value<'t, 'a>) -> Value<'t, 'a> {
        let method = &self.tree.methods[number as usize];
        let is_open = self.frames.iter().any(|frame| frame.method == Some(number));
        let is_first = !self.walked[number as usize];
        if is_open || !is_first && self.is_spent(method.at as usize) {
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
        self.deeper(method.at, |walk| walk.statements(&method.body));
        self.scopes.close();
        self.frames.pop().map(|frame| frame.returned).unwrap_or_default()
    }

    /// The method of that name in a class, or in one around it; of any class when `class` is none and just one has it.
    pub fn method_of(&self, name: &str, class: Option<u32>, arguments: usize) -> Option<u32> {
        let from = self.by_name.partition_point(|(other, _)| *other < name);
        let of_name =
            || self.by_name[from..].iter().take_while(|(other, _)| *other == name).take(MAX_METHODS).map(|(_, n)| *n);
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

    /// Whether nothing is left of the budget for what is walked again, which is told.
    pub fn is_spent(&mut self, at: usize) -> bool {
        if self.budget == 0 {
            self.is_beyond(Limit::Steps(budget(self.source) as u32), at);
        }
        self.budget == 0
    }

    /// Tells of a limit that the text goes beyond, once.
    pub fn is_beyond(&mut self, limit: Limit, at: usize) {
        if !self.beyond.contains(&limit) {
            self.beyond.push(limit);
            self.problem(at, Gap::Beyond(limit));
        }
    }

    /// One step of the work that is left for what is walked again.
    pub fn spend(&mut self) {
        self.budget = self.budget.saturating_sub(1);
    }
}

/// Statements and expressions that are walked in all, before methods that were walked are not walked again.
fn budget(source: &Source) -> usize {
    source.len() * 6 + 10_000
}

impl<'t, 'a> Frame<'t, 'a> {
    fn of_class(class: u32) -> Frame<'t, 'a> {
        let (this, returned) = (Value::Unknown, Value::Unknown);
        Frame { method: None, class, base: 0, rounds: 0, conditions: 0, this, returned }
    }
}
