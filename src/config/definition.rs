//! What a property is: `ConfigDef.ConfigKey` as one row of a table.

/// One property, as `ConfigDef.define` declares it.
#[derive(Clone, Copy, Debug)]
pub struct ConfigKey {
    pub name: &'static str,
    pub kind: Kind,
    pub default: Default,
    pub valid: Valid,
    pub importance: Importance,
    /// Its constant is `@Deprecated`.
    pub deprecated: bool,
    /// Declared with `defineInternal`: not part of Kafka's documentation.
    pub internal: bool,
}

/// `ConfigDef.Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Short,
    Long,
    Double,
    Bool,
    List,
    Class,
    Password,
}

impl Kind {
    /// Kafka's own word, as it stands in "Not a number of type INT".
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Text => "STRING",
            Kind::Int => "INT",
            Kind::Short => "SHORT",
            Kind::Long => "LONG",
            Kind::Double => "DOUBLE",
            Kind::Bool => "BOOLEAN",
            Kind::List => "LIST",
            Kind::Class => "CLASS",
            Kind::Password => "PASSWORD",
        }
    }
}

/// What holds when the property is not given. The text is parsed like a given one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// "Missing required configuration …".
    Required,
    Null,
    Text(&'static str),
}

/// `ConfigDef.Importance`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importance {
    High,
    Medium,
    Low,
}

impl Importance {
    pub const fn name(self) -> &'static str {
        match self {
            Importance::High => "HIGH",
            Importance::Medium => "MEDIUM",
            Importance::Low => "LOW",
        }
    }
}

/// `ConfigDef.Validator`: the ones that Kafka's clients, topics, groups and brokers use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Valid {
    Any,
    /// `Range.atLeast`.
    AtLeast(i32),
    /// `Range.between`, whole numbers, both ends included.
    Between(i32, i32),
    /// `Range.between` of a DOUBLE; the ends as Java prints them.
    Fraction(&'static str, &'static str),
    /// `ValidString.in`; separated by comma and blank.
    OneOf(&'static str),
    /// `CaseInsensitiveValidString.in`.
    AnyCaseOf(&'static str),
    /// `NonEmptyString`: null is allowed.
    NonEmpty,
    /// `NonNullValidator`.
    NonNull,
    /// 1 to 9, or -1.
    GzipLevel,
    /// `ValidList.anyNonDuplicateValues(true, false)`.
    AnyList,
    /// `ValidList` that must have an element.
    FullList,
    /// `ValidList` that may be null.
    NullableList,
    /// `ValidList` that may be null, else must have an element.
    NullableFullList,
    /// `ValidList.in`: the words, and whether there must be at least one.
    ListOf(&'static str, bool),
    /// `AutoOffsetResetStrategy.Validator`.
    OffsetReset,
    /// `ShareGroupAutoOffsetResetStrategy.Validator`.
    ShareOffsetReset,
    /// `ShareAcknowledgementMode.Validator`.
    ShareAcknowledgement,
    /// `ShareAcquireMode.Validator`.
    ShareAcquire,
    /// `ThrottledReplicaListValidator`.
    ThrottledReplicas,
    /// `ControllerQuorumVotersValidator`.
    QuorumVoters,
    /// `ControllerQuorumBootstrapServersValidator`.
    QuorumServers,
}

impl Valid {
    /// Kafka's own text of the validator, as its documentation has it under "Valid Values". Empty: everything is valid.
    pub fn describe(self) -> String {
        match self {
            Valid::Any | Valid::AnyList | Valid::FullList | Valid::NullableList | Valid::NullableFullList => {
                String::new()
            }
            Valid::AtLeast(min) => format!("[{min},...]"),
            Valid::Between(min, max) => format!("[{min},...,{max}]"),
            Valid::Fraction(min, max) => format!("[{min},...,{max}]"),
            Valid::OneOf(words) | Valid::ListOf(words, _) => format!("[{words}]"),
            Valid::AnyCaseOf(words) => format!("(case insensitive) [{words}]"),
            Valid::NonEmpty => "non-empty string".into(),
            Valid::NonNull => "non-null string".into(),
            Valid::GzipLevel => "[1,...,9] or -1".into(),
            Valid::OffsetReset => "[latest, earliest, none, by_duration:PnDTnHnMn.nS]".into(),
            Valid::ShareOffsetReset => "[latest, earliest, by_duration:PnDTnHnMn.nS]".into(),
            Valid::ShareAcknowledgement => "[implicit, explicit]".into(),
            Valid::ShareAcquire => "[batch_optimized, record_limit]".into(),
            Valid::ThrottledReplicas => "[partitionId]:[brokerId],[partitionId]:[brokerId],...".into(),
            Valid::QuorumVoters | Valid::QuorumServers => "non-empty list".into(),
        }
    }
}

/// A row whose default is a text.
pub(super) const fn p(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    valid: Valid,
    importance: Importance,
) -> ConfigKey {
    ConfigKey { name, kind, default: Default::Text(default), valid, importance, deprecated: false, internal: false }
}

/// A row whose default is null.
pub(super) const fn null(name: &'static str, kind: Kind, valid: Valid, importance: Importance) -> ConfigKey {
    ConfigKey { name, kind, default: Default::Null, valid, importance, deprecated: false, internal: false }
}

/// A row without a default.
pub(super) const fn required(name: &'static str, kind: Kind, valid: Valid, importance: Importance) -> ConfigKey {
    ConfigKey { name, kind, default: Default::Required, valid, importance, deprecated: false, internal: false }
}

impl ConfigKey {
    pub(super) const fn deprecated(mut self) -> ConfigKey {
        self.deprecated = true;
        self
    }

    pub(super) const fn internal(mut self) -> ConfigKey {
        self.internal = true;
        self
    }
}

/// Joins parts of a table at compile time.
pub(super) const fn concat<const N: usize>(parts: [&[ConfigKey]; 3]) -> [ConfigKey; N] {
    let mut all = [null("", Kind::Text, Valid::Any, Importance::Low); N];
    let (mut part, mut filled) = (0, 0);
    while part < parts.len() {
        let mut row = 0;
        while row < parts[part].len() {
            all[filled] = parts[part][row];
            filled += 1;
            row += 1;
        }
        part += 1;
    }
    assert!(filled == N, "the parts of a table have another number of rows than the table");
    all
}
