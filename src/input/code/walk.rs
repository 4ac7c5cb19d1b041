//! Walks a program in the order it runs, as far as a text tells: what stands in which loop, under a condition, aside.
//!
//! A method that is called is walked where it is called, with what it is given; one that nobody calls is walked for itself.

use super::findings::Findings;
use super::gap::Aside;
use super::gathered::Gathered;
use super::imports::Imports;
use super::limits::{Limit, MAX_CALLS};
use super::methods::Methods;
use super::names::{Frame, ScopeNames};
use super::not_played::not_played;
use super::reached::Reached;
use super::round::Round;
use super::scope::Scopes;
use super::source::Source;
use super::told::ToldOfCode;
use super::tree::{Class, Do, Parameter, Stmt, Tree};
use super::value::{Value, one_of};
use super::way::WalkWay;

/// What is walked and how far, over the parts that know where it is, what names hold and what was found.
pub(super) struct Walk<'t, 'a> {
    pub source: &'t Source<'a>,
    pub tree: &'t Tree<'a>,
    pub told: ToldOfCode<'t, 'a>,
    pub found: Findings<'t, 'a>,
    pub way: WalkWay<'a>,
    pub names: ScopeNames<'t, 'a>,
    pub methods: Methods<'t, 'a>,
    pub imports: Imports<'t, 'a>,
    pub gathered: Gathered,
    pub reached: Reached,
    depth: u32,
    /// So many statements more are walked in methods that are called; what is called after that is not followed.
    budget: usize,
    /// By token: lambdas and classes without a name.
    pub walked_lambdas: Vec<bool>,
    /// Lambdas and objects of classes without a name, to be walked at the end if nobody has called them.
    waiting: Vec<Value<'t, 'a>>,
}

/// In which order the methods are walked that nobody has called by then.
#[derive(Clone, Copy)]
enum Pass {
    Constructors,
    Main,
    Uncalled,
    Rest,
}

impl<'t, 'a> Walk<'t, 'a> {
    pub fn new(source: &'t Source<'a>, tree: &'t Tree<'a>, gathered: Gathered) -> Walk<'t, 'a> {
        let methods = Methods::new(tree);
        let reached = Reached::new(source, tree, &methods.by_name);
        let mut told = ToldOfCode::new(source);
        for (limit, at) in &tree.beyond {
            told.is_beyond(*limit, *at as usize);
        }
        if let Some(at) = methods.beyond(&|name| reached.is_called(source.number_of(name))) {
            told.is_beyond(Limit::Methods, at);
        }
        Walk {
            source,
            tree,
            told,
            found: Findings::new(source),
            way: WalkWay::new(),
            names: ScopeNames::new(source, tree, Scopes::new(source, &reached)),
            methods,
            imports: Imports::new(source),
            gathered,
            reached,
            depth: 0,
            budget: budget(source),
            walked_lambdas: vec![false; source.len() + 1],
            waiting: Vec::new(),
        }
    }

    /// The whole text: what stands outside of methods, then the classes, then the methods that nobody calls, then the rest.
    pub fn run(&mut self) {
        let tree = self.tree;
        self.statements(&tree.top);
        for pass in [Pass::Constructors, Pass::Main, Pass::Uncalled, Pass::Rest] {
            let unreached = match pass {
                Pass::Rest => self.reached.unreached(self.tree, &self.methods.by_name, &self.methods.walked),
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
                if is_now && is_own && !self.methods.walked[i] {
                    self.method_alone(i as u32);
                }
            }
        }
        not_played(self.source, &mut self.told);
        let mut next = 0;
        while let Some(of) = self.waiting.get(next).cloned() {
            next += 1;
            let is_walked = match &of {
                Value::Lambda(lambda) => lambda.body.first().is_none_or(|of| self.walked_lambdas[of.at as usize]),
                Value::Members(class) => class.members.iter().all(|member| match member.kind {
                    Do::Method(number) => self.methods.walked[number as usize],
                    _ => true,
                }),
                _ => true,
            };
            if !is_walked {
                self.apply(&of, Vec::new(), 0);
            }
        }
        self.found.finish_listeners(&mut self.way, &mut self.told);
    }

    fn method_alone(&mut self, number: u32) {
        let method = self.methods.get(number);
        let aside = match method.name {
            "onPartitionsRevoked" => Some(Aside::Revoked),
            "onPartitionsAssigned" | "onPartitionsLost" => Some(Aside::Listener),
            "onCompletion" => Some(Aside::Callback),
            _ => None,
        };
        let scheduled = self.scheduled(method);
        let listens = self.found.rounds_of_listener(&self.way, method);
        self.within(aside.or(self.way.aside()), |walk| {
            if let Some(rounds) = listens {
                let entered = rounds.len();
                for round in rounds {
                    walk.enter(round);
                }
                walk.call_method(number, Vec::new(), Value::Unknown);
                for _ in 0..entered {
                    walk.way.leave();
                }
            } else if let Some(pause) = scheduled {
                let round = Round {
                    endless: true,
                    pace_ms: Some(pause),
                    ..Round::at(method.at as usize, walk.way.conditions())
                };
                walk.in_round(round, |walk| walk.call_method(number, Vec::new(), Value::Unknown));
            } else {
                walk.call_method(number, Vec::new(), Value::Unknown);
            }
        });
    }

    /// What is walked in `catch`, in a callback and such.
    pub fn within<R>(&mut self, aside: Option<Aside>, walk: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.way.go_aside(aside);
        let out = walk(self);
        self.way.go_aside(before);
        out
    }

    pub fn under_condition<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.way.conditions();
        self.way.add_condition();
        let out = walk(self);
        self.way.end_conditions(before);
        out
    }

    pub fn scoped<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> R {
        self.names.scopes.open();
        let out = walk(self);
        self.names.scopes.close();
        out
    }

    /// What is deep in the stack is not walked, which is told: None.
    pub fn deeper<R>(&mut self, at: u32, walk: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth >= MAX_CALLS {
            self.told.is_beyond(Limit::Calls, at as usize);
            return None;
        }
        self.depth += 1;
        let out = walk(self);
        self.depth -= 1;
        Some(out)
    }

    /// The value of the last statement, as lambdas of Kotlin have it.
    pub fn statements(&mut self, all: &'t [Stmt<'a>]) -> Value<'t, 'a> {
        let (mut last, conditions) = (Value::Unknown, self.way.conditions());
        for of in all {
            self.spend();
            last = self.deeper(of.at, |walk| walk.statement(of)).unwrap_or_default();
        }
        self.way.end_conditions(conditions);
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
                self.found.name_config(&value, name);
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
                self.way.begin_try(!catches.is_empty());
                let value = self.block(body);
                self.way.end_try(!catches.is_empty());
                for caught in catches {
                    self.within(Some(self.way.aside().unwrap_or(Aside::Caught)), |walk| walk.block(caught));
                }
                self.within(Some(self.way.aside().unwrap_or(Aside::Finally)), |walk| walk.block(finally));
                value
            }
            Do::Jump(word, value) => {
                let value = value.as_ref().map(|value| self.eval(value)).unwrap_or_default();
                self.way.jump(word, of.at as usize, self.names.frame().rounds);
                let returned = &mut self.names.frame_mut().returned;
                if *word == "return" && returned.is_unknown() {
                    returned.clone_from(&value);
                }
                value
            }
            Do::Block(all) => self.block(all),
            Do::Method(number) => {
                let method = self.methods.get(*number);
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
        self.names.enter(Frame { base: self.names.scopes.depth(), ..Frame::of_class(class.number) });
        for Parameter { name, of } in &class.parameters {
            self.declare_field(name, class.number, Value::Unknown, of);
        }
        self.members(class);
        self.names.leave();
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
                    self.found.name_config(&value, name);
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
        let method = self.methods.get(number);
        let is_open = self.names.open_methods().any(|method| method == number);
        let is_first = !self.methods.walked[number as usize];
        if is_open || !is_first && self.is_spent(method.at as usize) {
            return Value::Unknown;
        }
        self.methods.walked[number as usize] = true;
        // A class without a name sees the variables around it.
        let is_inner = method.class > 0 && self.tree.classes[method.class as usize].0.is_empty();
        let frame = Frame {
            method: Some(number),
            class: method.class,
            base: if is_inner { self.names.frame().base } else { self.names.scopes.depth() },
            rounds: self.way.depth(),
            conditions: self.way.conditions(),
            this,
            returned: Value::Unknown,
        };
        self.names.enter(frame);
        self.names.scopes.open();
        let mut arguments = arguments.into_iter();
        for Parameter { name, of } in &method.parameters {
            let value = arguments.next().unwrap_or_default();
            self.declare(name, value, of);
        }
        self.deeper(method.at, |walk| walk.statements(&method.body));
        self.names.scopes.close();
        self.names.leave()
    }

    pub fn wait(&mut self, of: Value<'t, 'a>) {
        self.waiting.push(of);
    }

    /// Whether nothing is left of the budget for what is walked again, which is told.
    pub fn is_spent(&mut self, at: usize) -> bool {
        if self.budget == 0 {
            self.told.is_beyond(Limit::Steps(budget(self.source) as u32), at);
        }
        self.budget == 0
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
