//! A program as a tree: what stands in what. Everything that is not understood is an `Unknown` with its tokens.

use super::limits::Limit;

/// An expression, with the tokens it is made of.
#[derive(Clone, Debug)]
pub(super) struct Expr<'a> {
    pub from: u32,
    /// Behind its last token.
    pub to: u32,
    /// The longest way down from here.
    pub height: u16,
    pub kind: Kind<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind<'a> {
    /// A text, a template or a number: its token tells.
    Literal,
    Name(&'a str),
    /// `a.b`
    Field(Box<Expr<'a>>, &'a str),
    /// `a::b`
    Reference(Option<Box<Expr<'a>>>, &'a str),
    Call(Box<Call<'a>>),
    Index(Box<Expr<'a>>, Vec<Expr<'a>>),
    Lambda(Box<Lambda<'a>>),
    Unary(&'a str, Box<Expr<'a>>),
    /// `i++`, `--i`
    Step(&'a str, Box<Expr<'a>>),
    Binary(&'static str, Box<Expr<'a>>, Box<Expr<'a>>),
    Assign(&'a str, Box<Expr<'a>>, Box<Expr<'a>>),
    /// `a ? b : c`
    Choice(Box<[Expr<'a>; 3]>),
    /// `if`, `when`, `try`, `return` and such as an expression.
    Statement(Box<Stmt<'a>>),
    /// `object : Callback { … }`
    Object(Box<Class<'a>>),
    Unknown,
}

#[derive(Clone, Debug)]
pub(super) struct Call<'a> {
    pub on: Option<Expr<'a>>,
    pub name: &'a str,
    /// The token of the name.
    pub at: u32,
    /// A lambda behind the brackets is the last.
    pub arguments: Vec<Expr<'a>>,
    pub is_new: bool,
    /// `new Callback() { … }`
    pub body: Option<Class<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct Lambda<'a> {
    pub parameters: Vec<Parameter<'a>>,
    pub body: Vec<Stmt<'a>>,
    /// The names that are assigned to in it, and the calls: parts of [`Tree::assigned`] and [`Tree::calls`].
    pub assigned: (u32, u32),
    pub calls: (u32, u32),
}

#[derive(Clone, Debug)]
pub(super) struct Stmt<'a> {
    /// Its first token.
    pub at: u32,
    pub height: u16,
    pub kind: Do<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum Do<'a> {
    Expr(Expr<'a>),
    /// A variable or field.
    Local {
        name: &'a str,
        /// The simple name of its type; empty when it is not said.
        of: &'a str,
        value: Option<Expr<'a>>,
    },
    Loop(Box<Loop<'a>>),
    If(Box<Branch<'a>>),
    Switch {
        on: Option<Expr<'a>>,
        cases: Vec<Vec<Stmt<'a>>>,
    },
    Try {
        /// Its resources first.
        body: Vec<Stmt<'a>>,
        catches: Vec<Vec<Stmt<'a>>>,
        finally: Vec<Stmt<'a>>,
    },
    /// `return`, `break`, `continue`, `throw`.
    Jump(&'a str, Option<Expr<'a>>),
    Block(Vec<Stmt<'a>>),
    /// The number of a method or class of the tree.
    Method(u32),
    Class(Box<Class<'a>>),
}

#[derive(Clone, Debug)]
pub(super) struct Branch<'a> {
    pub condition: Expr<'a>,
    pub then: Vec<Stmt<'a>>,
    pub other: Vec<Stmt<'a>>,
    /// The calls in both: each a part of [`Tree::calls`].
    pub calls: [(u32, u32); 2],
}

#[derive(Clone, Debug)]
pub(super) struct Loop<'a> {
    pub head: Head<'a>,
    pub body: Vec<Stmt<'a>>,
    pub assigned: (u32, u32),
}

#[derive(Clone, Debug)]
pub(super) enum Head<'a> {
    For { first: Vec<Stmt<'a>>, condition: Option<Expr<'a>>, step: Vec<Expr<'a>> },
    Each { names: Vec<&'a str>, of: Expr<'a> },
    While(Expr<'a>),
    DoWhile(Expr<'a>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameter<'a> {
    pub name: &'a str,
    /// The simple name of its type; empty when it is not said.
    pub of: &'a str,
}

#[derive(Clone, Debug)]
pub(super) struct Method<'a> {
    pub name: &'a str,
    pub at: u32,
    pub parameters: Vec<Parameter<'a>>,
    pub body: Vec<Stmt<'a>>,
    pub annotations: Vec<Call<'a>>,
    /// The class it stands in: 0 is the text itself.
    pub class: u32,
    pub is_constructor: bool,
    /// The names that are assigned to in it, and the calls: parts of [`Tree::assigned`] and [`Tree::calls`].
    pub assigned: (u32, u32),
    pub calls: (u32, u32),
}

#[derive(Clone, Debug)]
pub(super) struct Class<'a> {
    pub number: u32,
    /// Of Kotlin's first constructor.
    pub parameters: Vec<Parameter<'a>>,
    /// Fields, methods, blocks and classes.
    pub members: Vec<Stmt<'a>>,
    pub annotations: Vec<Call<'a>>,
}

#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    pub top: Vec<Stmt<'a>>,
    pub methods: Vec<Method<'a>>,
    /// The names of the classes, and in which each stands; the first is the text itself.
    pub classes: Vec<(&'a str, u32)>,
    /// Every name that is assigned to, in the order of the text.
    ///
    /// With `true` for a step of one.
    pub assigned: Vec<(&'a str, bool)>,
    /// The name of every call, in the order of the text.
    pub calls: Vec<&'a str>,
    /// The calls in loops, and in what is called again and again: parts of `calls`.
    pub repeated: Vec<(u32, u32)>,
    /// The limits that the text goes beyond, each with the token where it does so first.
    pub beyond: Vec<(Limit, u32)>,
}

impl<'a> Expr<'a> {
    pub fn range(&self) -> (usize, usize) {
        (self.from as usize, self.to as usize)
    }

    pub fn name(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The last name of a path: `this.producer` and `producer` are called `producer`.
    pub fn last_name(&self) -> Option<&'a str> {
        match &self.kind {
            Kind::Name(name) | Kind::Field(_, name) => Some(name),
            Kind::Call(call) if call.arguments.is_empty() => Some(call.name),
            Kind::Unary("!!", of) => of.last_name(),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        self.name() == Some("null")
    }

    pub fn call(&self) -> Option<&Call<'a>> {
        match &self.kind {
            Kind::Call(call) => Some(call),
            _ => None,
        }
    }
}
