//! Declarations: classes, methods, fields, variables.

use super::super::tree::{Call, Class, Do, Method, Parameter, Stmt};
use super::{Parser, height_of};

const MODIFIERS: &[&str] = &[
    "public",
    "private",
    "protected",
    "static",
    "final",
    "abstract",
    "override",
    "suspend",
    "inline",
    "internal",
    "lateinit",
    "const",
    "transient",
    "volatile",
    "open",
    "data",
    "sealed",
    "companion",
    "inner",
    "native",
    "default",
    "synchronized",
    "enum",
    "tailrec",
];

/// Words that are no type of a declaration and no name of a variable.
const NO_TYPE: &[&str] = &[
    "return",
    "new",
    "throw",
    "else",
    "case",
    "if",
    "for",
    "while",
    "do",
    "try",
    "catch",
    "finally",
    "switch",
    "when",
    "in",
    "is",
    "as",
    "to",
    "until",
    "downTo",
    "step",
    "instanceof",
    "shl",
    "shr",
    "and",
    "or",
    "xor",
    "await",
    "yield",
    "assert",
    "break",
    "continue",
    "this",
    "super",
    "null",
    "true",
    "false",
    "by",
    "extends",
    "implements",
    "throws",
    "import",
    "package",
];

impl<'a> Parser<'_, 'a> {
    /// A declaration, if one stands here; the inner `None` is one without anything to keep.
    pub(super) fn declaration(&mut self) -> Option<Option<Stmt<'a>>> {
        let start = self.at;
        self.annotations.clear();
        loop {
            let is_modifier = self.word().is_some_and(|word| MODIFIERS.contains(&word));
            if is_modifier && (self.word_at(self.at + 1).is_some() || self.is_at(self.at + 1, "@")) {
                self.at += 1;
            } else if self.is("@")
                && self.word_at(self.at + 1).is_some()
                && self.word_at(self.at + 1) != Some("interface")
            {
                self.annotation();
            } else {
                break;
            }
        }
        // `public <T> T make(…)`, and `static { … }`
        let generic = self.source.generic_end(self.at).filter(|end| self.at > start && *end < self.end);
        if let Some(end) = generic {
            self.at = end;
        }
        if self.is("{") && self.at > start {
            return Some(self.statement());
        }
        match self.word() {
            Some("import" | "package") if self.word_at(self.at + 1).is_some() => {
                self.at += 1;
                while self.at < self.end && !self.source.is_first(self.at) && !self.take(";") {
                    self.at += 1;
                }
                Some(None)
            }
            Some("class" | "interface" | "object" | "enum" | "record") if self.is_class() => Some(self.class()),
            Some("companion") if self.word_at(self.at + 1) == Some("object") => Some(self.class()),
            Some("fun") if self.is_fun() => Some(self.fun()),
            Some("constructor") if self.is_at(self.at + 1, "(") => Some(self.method(self.at, true)),
            Some("init") if self.is_at(self.at + 1, "{") && self.class > 0 => {
                self.at += 1;
                Some(self.statement())
            }
            Some("val" | "var") => Some(self.variable()),
            Some(_) => self.typed(),
            None => None,
        }
    }

    fn annotation(&mut self) {
        let at = self.at + 1;
        // `@field:Value`, `@org.junit.Test`
        self.at += 1;
        let mut name = self.word().unwrap_or_default();
        self.at += 1;
        while (self.is(".") || self.is(":")) && self.word_at(self.at + 1).is_some() {
            name = self.word_at(self.at + 1).unwrap_or_default();
            self.at += 2;
        }
        let has_brackets = self.is("(") && self.goes_on(self.at);
        let arguments = if has_brackets { self.inside(Self::arguments) } else { Vec::new() };
        self.annotations.push(Call { on: None, name, at: at as u32, arguments, is_new: false, body: None });
    }

    fn is_class(&self) -> bool {
        let named = self.word_at(self.at + 1).is_some();
        match self.word() {
            // A variable is called so more often.
            Some("record") => {
                named && (self.is_at(self.at + 2, "(") || self.is_at(self.at + 2, "<")) && self.is_block_after()
            }
            Some("object") => {
                named && (self.is_at(self.at + 2, "{") || self.is_at(self.at + 2, ":")) || self.is_at(self.at + 1, "{")
            }
            _ => named,
        }
    }

    /// Whether a block follows the next round brackets.
    fn is_block_after(&self) -> bool {
        let open = (self.at..self.end.min(self.at + 60)).find(|at| self.source.is(*at, "("));
        open.is_some_and(|open| {
            let after = self.source.closing(open) + 1;
            self.is_at(after, "{") || self.word_at(after) == Some("implements")
        })
    }

    fn class(&mut self) -> Option<Stmt<'a>> {
        let at = self.at;
        if self.word() == Some("companion") {
            self.at += 1;
        }
        self.at += 1;
        let name = self.word().unwrap_or_default();
        self.at += usize::from(!name.is_empty());
        let class = self.class_body(name, true);
        let below = height_of(&class.members);
        // What a companion object holds belongs to the class around it.
        Some(self.stmt(at, Do::Class(Box::new(class)), below))
    }

    /// What stands behind a class's name.
    pub(super) fn class_body(&mut self, name: &'a str, has_head: bool) -> Class<'a> {
        let annotations = std::mem::take(&mut self.annotations);
        let number = self.tree.classes.len() as u32;
        self.tree.classes.push((name, self.class));
        let mut parameters = Vec::new();
        if let Some(end) = self.source.generic_end(self.at) {
            self.at = end;
        }
        while has_head && self.at < self.end && !self.is("{") && !self.is(";") {
            const NEXT: &[&str] = &["fun", "val", "var", "class", "public", "private", "interface", "object", "import"];
            let ends =
                self.source.is_first(self.at) && (self.is("@") || self.word().is_some_and(|word| NEXT.contains(&word)));
            if ends {
                break;
            }
            if self.is("(") && parameters.is_empty() {
                parameters = self.inside(Self::parameters);
            } else {
                self.pass();
            }
        }
        let around = std::mem::replace(&mut self.class, number);
        let members = if self.is("{") && !self.is_too_deep() { self.inside(Self::statements) } else { Vec::new() };
        self.class = around;
        Class { number, parameters, members, annotations }
    }

    fn is_fun(&self) -> bool {
        let after = self.source.generic_end(self.at + 1).unwrap_or(self.at + 1);
        self.word_at(after).is_some()
    }

    /// `fun <T> Receiver.name(a: Int): Type { … }`, `fun name() = …`
    fn fun(&mut self) -> Option<Stmt<'a>> {
        self.at += 1;
        if let Some(end) = self.source.generic_end(self.at) {
            self.at = end;
        }
        while self.at < self.end && !self.is("(") && !self.is("{") {
            // The name is the last word before the brackets.
            if self.is_at(self.at + 1, "(") {
                break;
            }
            self.at += 1;
        }
        self.method(self.at, false)
    }

    /// A method whose name stands at `name`, with its brackets behind it.
    fn method(&mut self, name: usize, is_constructor: bool) -> Option<Stmt<'a>> {
        let annotations = std::mem::take(&mut self.annotations);
        let from = self.counted();
        self.at = name + 1;
        let parameters = if self.is("(") { self.inside(Self::parameters) } else { Vec::new() };
        // A type, `throws …`, or the call of another constructor.
        while self.at < self.end && !self.is("{") && !self.is("=") && !self.is(";") {
            let is_next =
                self.source.is_first(self.at) && !matches!(self.word(), Some("throws" | "where")) && !self.is(":");
            if is_next {
                break;
            }
            self.pass();
        }
        let body = if self.is("{") {
            if self.is_too_deep() { Vec::new() } else { self.inside(Self::statements) }
        } else if self.take("=") {
            let of = self.expression();
            let (at, below) = (of.from as usize, of.height);
            vec![self.stmt(at, Do::Jump("return", Some(of)), below)]
        } else {
            self.take(";");
            Vec::new()
        };
        let below = height_of(&body);
        let (assigned, calls) = self.since(from);
        let method = Method {
            name: self.word_of(name),
            at: name as u32,
            parameters,
            body,
            annotations,
            class: self.class,
            is_constructor,
            assigned,
            calls,
        };
        self.tree.methods.push(method);
        let number = self.tree.methods.len() as u32 - 1;
        Some(self.stmt(name, Do::Method(number), below))
    }

    fn word_of(&self, at: usize) -> &'a str {
        self.source.word(at).unwrap_or_default()
    }

    /// `val name: Type = …`, `var name = …`, `val (a, b) = …`
    fn variable(&mut self) -> Option<Stmt<'a>> {
        let at = self.at;
        self.at += 1;
        // `val <T> …` and an extension are rare; the names of a pair are not known.
        if self.is("(") {
            self.pass();
            if self.take("=") {
                let of = self.expression();
                let below = of.height;
                return Some(self.stmt(at, Do::Expr(of), below));
            }
            return None;
        }
        let name = self.word().unwrap_or_default();
        self.at += usize::from(!name.is_empty());
        let of = if self.take(":") { self.type_name() } else { "" };
        self.local(at, name, of)
    }

    /// Behind the name of a variable: its value, if it has one.
    fn local(&mut self, at: usize, name: &'a str, of: &'a str) -> Option<Stmt<'a>> {
        let value = (self.take("=") || self.word() == Some("by") && self.take("by")).then(|| self.expression());
        self.take(";");
        let below = super::height(&value);
        Some(self.stmt(at, Do::Local { name, of, value }, below))
    }

    /// A declaration as Java writes it: the type first.
    fn typed(&mut self) -> Option<Option<Stmt<'a>>> {
        let at = self.at;
        // A constructor has a name alone, that of its class.
        let own = self.class > 0 && self.tree.classes.get(self.class as usize).map(|class| class.0) == self.word();
        if own && self.is_at(at + 1, "(") && self.has_body(at + 1) {
            return Some(self.method(at, true));
        }
        let (of, name) = self.declared_type(at)?;
        if self.is_at(name + 1, "(") {
            return self.has_body(name + 1).then(|| self.method(name, false));
        }
        let ends = name + 1 >= self.end || matches!(self.source.sign(name + 1), "=" | ";" | "," | ")" | "[");
        if !ends && self.goes_on(name + 1) {
            return None;
        }
        self.at = name + 1;
        // `String[] a`, and `String a[]`.
        if self.is("[") {
            self.pass();
        }
        Some(self.local(at, self.word_of(name), of))
    }

    fn has_body(&self, open: usize) -> bool {
        let after = self.source.closing(open) + 1;
        self.is_at(after, "{")
            || self.word_at(after) == Some("throws")
            || self.class > 0 && self.is_at(after, ";") && !self.is_at(open - 1, ".")
    }

    /// The simple name of a type that begins here and where the name behind it stands, if it is a declaration.
    pub(super) fn declared_type(&self, at: usize) -> Option<(&'a str, usize)> {
        let name = self.type_end(at)?;
        let word = self.word_at(name).filter(|word| !NO_TYPE.contains(word))?;
        // Kotlin's `a` and `b` on two lines are two statements.
        if word.is_empty() || self.source.is_first(name) {
            return None;
        }
        let last = (at..name)
            .rev()
            .find(|at| self.source.is(*at, "<"))
            .map_or(name, |_| (at..name).find(|at| self.source.is(*at, "<")).unwrap_or(name));
        let simple = (at..last).rev().find_map(|at| self.source.word(at))?;
        Some((simple, name))
    }

    /// Behind a type that begins here: `java.util.Map<String, Object>[]`, `String?`.
    pub(super) fn type_end(&self, mut at: usize) -> Option<usize> {
        self.word_at(at).filter(|word| !NO_TYPE.contains(word))?;
        at += 1;
        while self.is_at(at, ".") && self.word_at(at + 1).is_some() {
            at += 2;
        }
        if let Some(end) = self.source.generic_end(at) {
            at = end;
        }
        while self.is_at(at, "[") && self.is_at(at + 1, "]") {
            at += 2;
        }
        // `String...`, cut into two signs.
        if self.is_at(at, "..") && self.is_at(at + 1, ".") {
            at += 2;
        }
        if self.is_at(at, "?") {
            at += 1;
        }
        Some(at)
    }

    /// The simple name of the type here; goes behind it.
    fn type_name(&mut self) -> &'a str {
        let at = self.at;
        let Some(end) = self.type_end(at) else { return "" };
        self.at = end;
        let to = (at..end).find(|at| self.source.is(*at, "<")).unwrap_or(end);
        (at..to).rev().find_map(|at| self.source.word(at)).unwrap_or_default()
    }

    /// The parameters of a method, of either language.
    pub(super) fn parameters(&mut self) -> Vec<Parameter<'a>> {
        let mut out = Vec::new();
        while self.at < self.end {
            let before = self.at;
            while self.is("@") && self.word_at(self.at + 1).is_some() {
                self.at += 2;
                if self.is("(") {
                    self.pass();
                }
            }
            while self.word_at(self.at + 1).is_some()
                && matches!(
                    self.word(),
                    Some(
                        "final"
                            | "val"
                            | "var"
                            | "vararg"
                            | "private"
                            | "override"
                            | "internal"
                            | "protected"
                            | "public"
                    )
                )
            {
                self.at += 1;
            }
            if let Some((of, name)) = self.declared_type(self.at) {
                out.push(Parameter { name: self.word_of(name), of });
                self.at = name + 1;
            } else if let Some(name) = self.word() {
                self.at += 1;
                let of = if self.take(":") { self.type_name() } else { "" };
                out.push(Parameter { name, of });
            }
            // A default value is not looked at.
            while self.at < self.end && !self.take(",") {
                match self.source.generic_end(self.at) {
                    Some(end) => self.at = end.min(self.end),
                    None => self.pass(),
                }
            }
            if self.at == before {
                self.pass();
            }
        }
        out
    }
}
