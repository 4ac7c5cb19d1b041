//! What an embed lets its reader do, for those who draw in both: the page itself lets everybody do everything.

use leptos::prelude::*;

/// The attribute of the root of a document that is an embed, with its state.
const EMBED: &str = "data-embed";

/// The properties that a reader may change. In the context of an embed's session, and of no other.
#[derive(Clone, Copy)]
pub struct Editable(StoredValue<Vec<&'static str>>);

impl Editable {
    pub fn provide(names: Vec<&'static str>) {
        provide_context(Editable(StoredValue::new(names)));
    }
}

/// Whether this document is an embed: then nothing is read from the browser's storage, and nothing written.
pub fn is_embed() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute(EMBED))
}

/// Whether the reader may change this property.
pub fn may_edit(name: &str) -> bool {
    use_context::<Editable>().is_none_or(|editable| editable.0.with_value(|names| names.contains(&name)))
}
