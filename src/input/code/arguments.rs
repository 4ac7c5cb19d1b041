//! What a call is given.

use super::tree::{Call, Expr, Kind};
use super::value::Value;

/// The arguments of a call: their values, and their expressions where they are written out.
pub(super) struct Arguments<'t, 'a> {
    pub values: Vec<Value<'t, 'a>>,
    pub of: &'t [Expr<'a>],
    /// The token of the call's name.
    pub at: usize,
}

impl<'t, 'a> Arguments<'t, 'a> {
    pub fn value(&self, i: usize) -> Value<'t, 'a> {
        self.values.get(i).cloned().unwrap_or_default()
    }

    pub fn range(&self, i: usize) -> (usize, usize) {
        self.of.get(i).map_or((self.at, self.at + 1), Expr::range)
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }
}

/// The value of the argument that is given by name: `groupId = "billing"`.
pub(super) fn named_argument<'t, 'a>(call: &'t Call<'a>, name: &str) -> Option<&'t Expr<'a>> {
    call.arguments.iter().find_map(|of| match &of.kind {
        Kind::Assign("=", other, value) if other.name() == Some(name) => Some(&**value),
        _ => None,
    })
}
