//! The methods of a text by their names.

use super::limits::MAX_METHODS;
use super::tree::{Method, Tree};
use crate::sorted::InOrder;

/// The methods of a text by their names, and which of them the walk came by.
pub(super) struct Methods<'t, 'a> {
    tree: &'t Tree<'a>,
    /// Pairs of names and methods, in order, for looking up.
    pub by_name: Vec<(&'a str, u32)>,
    /// Which were walked.
    pub walked: Vec<bool>,
}

impl<'t, 'a> Methods<'t, 'a> {
    pub fn new(tree: &'t Tree<'a>) -> Methods<'t, 'a> {
        let mut by_name: Vec<_> = tree.methods.iter().enumerate().map(|(i, of)| (of.name, i as u32)).collect();
        by_name.order();
        Methods { tree, by_name, walked: vec![false; tree.methods.len()] }
    }

    pub fn get(&self, number: u32) -> &'t Method<'a> {
        &self.tree.methods[number as usize]
    }

    /// The first method of a name that more have than are looked at, where such a name is called.
    pub fn beyond(&self, is_called: &dyn Fn(&str) -> bool) -> Option<usize> {
        let many = (MAX_METHODS..self.by_name.len()).find(|i| {
            let (name, _) = self.by_name[*i];
            self.by_name[i - MAX_METHODS].0 == name && is_called(name)
        });
        many.map(|i| self.get(self.by_name[i].1).at as usize)
    }

    /// The method of that name in a class, or in one around it; of any class when `class` is none and just one has it.
    pub fn method_of(&self, name: &str, class: Option<u32>, arguments: usize) -> Option<u32> {
        let from = self.by_name.partition_point(|(other, _)| *other < name);
        let of_name =
            || self.by_name[from..].iter().take_while(|(other, _)| *other == name).take(MAX_METHODS).map(|(_, n)| *n);
        let fits = |number: &u32| self.get(*number).parameters.len() == arguments;
        let Some(mut class) = class else {
            let mut all = of_name().filter(fits);
            return all.next().filter(|_| all.next().is_none());
        };
        loop {
            let own = || of_name().filter(|number| self.get(*number).class == class);
            if let Some(number) = own().find(fits).or_else(|| own().next()) {
                return Some(number);
            }
            if class == 0 {
                return None;
            }
            class = self.tree.classes[class as usize].1;
        }
    }
}
