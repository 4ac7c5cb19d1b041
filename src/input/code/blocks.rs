//! Names of calls that run what they are given, once or again and again.

/// Blocks that run once, on what stands before them or on nothing.
pub(super) const ON_THIS: &[&str] = &["apply", "run", "with", "runCatching"];
pub(super) const ON_IT: &[&str] = &["let", "also", "use", "ifPresent", "takeIf"];
/// Methods of timers.
pub(super) const TIMERS: &[&str] = &["scheduleAtFixedRate", "scheduleWithFixedDelay", "fixedRateTimer"];
/// Blocks that run for each element.
pub(super) const FOR_EACH: &[&str] = &[
    "forEach",
    "forEachIndexed",
    "forEachOrdered",
    "onEach",
    "each",
    "map",
    "mapToObj",
    "mapNotNull",
    "mapIndexed",
    "flatMap",
    "peek",
    "collect",
    "associate",
];

/// Whether what is given to a method of that name is called more than once.
pub(super) fn is_called_again(name: &str) -> bool {
    name == "repeat" || TIMERS.contains(&name) || FOR_EACH.contains(&name)
}
