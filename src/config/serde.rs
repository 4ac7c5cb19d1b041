//! The formats of `org.apache.kafka.common.serialization`.

/// What a serializer or deserializer reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    String,
    Integer,
    Long,
    Double,
    Uuid,
    ByteArray,
    Short,
    Float,
    Boolean,
    Bytes,
    ByteBuffer,
    Void,
}

impl Format {
    /// From the full name of a `…Serializer` or `…Deserializer` class of Kafka.
    pub fn of_class(class: &str) -> Option<Format> {
        let name = class.strip_prefix("org.apache.kafka.common.serialization.")?;
        let name = name.strip_suffix("Deserializer").or_else(|| name.strip_suffix("Serializer"))?;
        Some(match name {
            "String" => Format::String,
            "Integer" => Format::Integer,
            "Long" => Format::Long,
            "Double" => Format::Double,
            "UUID" => Format::Uuid,
            "ByteArray" => Format::ByteArray,
            "Short" => Format::Short,
            "Float" => Format::Float,
            "Boolean" => Format::Boolean,
            "Bytes" => Format::Bytes,
            "ByteBuffer" => Format::ByteBuffer,
            "Void" => Format::Void,
            _ => return None,
        })
    }

    /// `String`, `UUID`, …: the class name without `Serializer`.
    pub const fn name(self) -> &'static str {
        match self {
            Format::String => "String",
            Format::Integer => "Integer",
            Format::Long => "Long",
            Format::Double => "Double",
            Format::Uuid => "UUID",
            Format::ByteArray => "ByteArray",
            Format::Short => "Short",
            Format::Float => "Float",
            Format::Boolean => "Boolean",
            Format::Bytes => "Bytes",
            Format::ByteBuffer => "ByteBuffer",
            Format::Void => "Void",
        }
    }
}
