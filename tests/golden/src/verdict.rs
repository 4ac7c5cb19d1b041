//! What playing a case came to.

/// One difference between what the model gave and what Kafka gave.
pub struct Difference {
    /// Where in the case: a field's path in an answer (`responses.partitions.high_watermark`), [`REQUEST`], [`ANSWER`],
    /// [`EARLY`], [`SEEDS`], or empty where a case is one whole.
    pub place: String,
    pub text: String,
}

/// The model cannot read a request, or writes it otherwise.
pub const REQUEST: &str = "request";
/// An answer did not come, or cannot be read.
pub const ANSWER: &str = "answer";
/// An observation of a run before the first line that needs what is not built: no part that is listed explains it.
pub const EARLY: &str = "early";
/// A run that is equal as it stands differs under another seed.
pub const SEEDS: &str = "seeds";

/// How a case came out: equal when there is no difference.
pub struct Verdict {
    pub differences: Vec<Difference>,
    /// How many of the things that a case asks, one after the other (steps, observations), came out equal.
    pub equal: usize,
    pub asked: usize,
}

impl Verdict {
    pub const EQUAL: Verdict = Verdict { differences: Vec::new(), equal: 1, asked: 1 };

    /// A case that differs as a whole.
    pub fn different(text: impl Into<String>) -> Verdict {
        Verdict::of(vec![Difference { place: String::new(), text: text.into() }])
    }

    /// A case that asks one thing.
    pub fn of(differences: Vec<Difference>) -> Verdict {
        Verdict { equal: usize::from(differences.is_empty()), asked: 1, differences }
    }

    pub fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }
}

impl From<Result<(), String>> for Verdict {
    fn from(checked: Result<(), String>) -> Verdict {
        match checked {
            Ok(()) => Verdict::EQUAL,
            Err(text) => Verdict::different(text),
        }
    }
}
