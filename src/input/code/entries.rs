//! The properties that a program puts together under one name.

use crate::config::{SettingNo, Side};

/// Names and values that belong together.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    /// Of the variable that first held them.
    pub name: String,
    /// `java.util.Properties`, whatever it is called.
    pub is_properties: bool,
    /// How many conditions are around the place where they were made.
    pub conditions: u32,
    pub entries: Vec<ConfigEntry>,
}

#[derive(Clone, Debug)]
pub(super) enum ConfigEntry {
    Pair {
        name: Name,
        name_range: (usize, usize),
        value: Option<String>,
        value_range: (usize, usize),
        /// It is put in under a condition.
        is_conditional: bool,
    },
    /// `props.load(…)`: these tokens take properties from elsewhere.
    Loaded(usize, usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Known(String),
    Unknown,
    /// A constant that Kafka does not have.
    NoConstant(String),
}

pub(super) fn is_property(name: &str) -> bool {
    SettingNo::find(Side::Producer, name).is_some() || SettingNo::find(Side::Consumer, name).is_some()
}

/// Whether a variable is called as properties of a client are.
pub(super) fn is_called_so(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["prop", "config", "conf", "settings", "cfg"].iter().any(|part| lower.contains(part))
}
