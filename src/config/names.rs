//! `Topic.validate`: what a topic, and with the same rule a `group.instance.id`, may be called.

/// How the message begins for the name of a topic.
pub const TOPIC_NAME: &str = "Topic name";
/// How the message begins for a `group.instance.id`.
pub const GROUP_INSTANCE_ID: &str = "Group instance id";

const MAX_LENGTH: usize = 249;

/// Kafka's message when `name` is not allowed; `prefix` is one of the constants above.
pub fn name_problem(prefix: &str, name: &str) -> Option<String> {
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-');
    let problem = if name.is_empty() {
        "the empty string is not allowed".into()
    } else if name == "." || name == ".." {
        format!("'{name}' is not allowed")
    } else if name.encode_utf16().count() > MAX_LENGTH {
        format!("the length of '{name}' is longer than the max allowed length {MAX_LENGTH}")
    } else if !name.chars().all(allowed) {
        format!("'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")
    } else {
        return None;
    };
    Some(format!("{prefix} is invalid: {problem}"))
}
