//! Which methods loops call, and which nobody calls: told by the calls of the text before it is walked.

use super::source::Source;
use super::tree::Tree;

/// Which methods and ways of branches a program comes by. Each list that is by name is by the numbers of [`Source`].
pub(super) struct Reached {
    /// A method of that name is called.
    called: Vec<bool>,
    /// A method that loops call assigns to a field of that name.
    changing: Vec<bool>,
    /// Any method but a constructor assigns to a field of that name.
    assigned: Vec<bool>,
    /// The ways of branches, two for each token, that were gone.
    gone: Vec<bool>,
    /// Those that were passed over, with their calls.
    passed: Vec<(usize, (u32, u32))>,
}

/// Methods of a name, in order.
type ByName<'a> = [(&'a str, u32)];

impl Reached {
    pub fn new<'a>(source: &Source<'a>, tree: &Tree<'a>, by_name: &ByName<'a>) -> Reached {
        let names = source.names();
        let mut out = Reached {
            called: vec![false; names],
            changing: vec![false; names],
            assigned: vec![false; names],
            gone: vec![false; 2 * source.len() + 2],
            passed: Vec::new(),
        };
        for number in tree.calls.iter().filter_map(|name| source.number_of(name)) {
            out.called[number] = true;
        }
        for method in tree.methods.iter().filter(|of| !of.is_constructor) {
            mark(&mut out.assigned, source, tree, method.assigned);
        }
        let mut is_repeated = vec![false; tree.methods.len()];
        let mut open: Vec<(u32, u32)> = tree.repeated.clone();
        for method in &tree.methods {
            if method.annotations.iter().any(|of| matches!(of.name, "Scheduled" | "KafkaListener")) {
                open.push(method.calls);
                mark(&mut out.changing, source, tree, method.assigned);
            }
        }
        each_called(tree, by_name, open, &mut |number, _| {
            let is_new = !std::mem::replace(&mut is_repeated[number], true);
            if is_new {
                mark(&mut out.changing, source, tree, tree.methods[number].assigned);
            }
            is_new
        });
        out
    }

    /// A branch that is gone one way.
    pub fn goes(&mut self, at: usize, so: bool, calls: [(u32, u32); 2]) {
        let (this, other) = (2 * at + usize::from(!so), 2 * at + usize::from(so));
        self.gone[this] = true;
        self.passed.push((other, calls[usize::from(so)]));
    }

    pub fn goes_both(&mut self, at: usize) {
        self.gone[2 * at] = true;
        self.gone[2 * at + 1] = true;
    }

    pub fn is_called(&self, name: Option<usize>) -> bool {
        name.is_some_and(|name| self.called[name])
    }

    pub fn is_changing(&self, name: usize) -> bool {
        self.changing[name]
    }

    pub fn is_assigned(&self, name: usize) -> bool {
        self.assigned[name]
    }

    /// The methods that no program comes by: only ways that were never gone call them, or methods that only such ways call.
    pub fn unreached<'a>(&mut self, tree: &Tree<'a>, by_name: &ByName<'a>, walked: &[bool]) -> Vec<bool> {
        let passed = std::mem::take(&mut self.passed);
        let open: Vec<(u32, u32)> =
            passed.into_iter().filter(|(way, _)| !self.gone[*way]).map(|(_, calls)| calls).collect();
        let mut is_passed = vec![false; tree.calls.len()];
        for (from, to) in &open {
            is_passed[*from as usize..*to as usize].fill(true);
        }
        let mut unreached = vec![false; tree.methods.len()];
        let mut is_within = is_passed.clone();
        each_called(tree, by_name, open, &mut |number, _| {
            let is_new = !walked[number] && !std::mem::replace(&mut unreached[number], true);
            if is_new {
                let (from, to) = tree.methods[number].calls;
                is_within[from as usize..to as usize].fill(true);
            }
            is_new
        });
        each_called(tree, by_name, vec![(0, tree.calls.len() as u32)], &mut |number, call| {
            let is_gone = if call.within { !is_passed[call.at] } else { !is_within[call.at] };
            is_gone && std::mem::take(&mut unreached[number])
        });
        unreached
    }
}

/// A call of the text, and whether it is in the body of a method that was come to by another.
struct Called {
    at: usize,
    within: bool,
}

/// Goes through the calls in these ranges, and through those of each method they call that `is_new` says yes to.
fn each_called<'a>(
    tree: &Tree<'a>,
    by_name: &ByName<'a>,
    mut open: Vec<(u32, u32)>,
    is_new: &mut dyn FnMut(usize, Called) -> bool,
) {
    let given = open.len();
    let mut next = 0;
    while let Some((from, to)) = open.get(next).copied() {
        for at in from as usize..to as usize {
            for number in methods(by_name, tree.calls[at]) {
                if !is_new(number, Called { at, within: next >= given }) {
                    // All of a name are looked at when one is.
                    break;
                }
                open.push(tree.methods[number].calls);
            }
        }
        next += 1;
    }
}

fn methods<'s>(by_name: &'s ByName, name: &'s str) -> impl Iterator<Item = usize> + 's {
    let from = by_name.partition_point(|(other, _)| *other < name);
    by_name[from..].iter().take_while(move |(other, _)| *other == name).map(|(_, number)| *number as usize)
}

fn mark<'a>(names: &mut [bool], source: &Source<'a>, tree: &Tree<'a>, (from, to): (u32, u32)) {
    for (name, _) in &tree.assigned[from as usize..to as usize] {
        if let Some(number) = source.number_of(name) {
            names[number] = true;
        }
    }
}
