//! The formats of `org.apache.kafka.common.serialization`.

/// What a serializer or deserializer reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SerdeFormat {
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

impl SerdeFormat {
    /// From the full name of a `…Serializer` or `…Deserializer` class of Kafka.
    pub fn of_class(class: &str) -> Option<SerdeFormat> {
        let name = class.strip_prefix("org.apache.kafka.common.serialization.")?;
        let name = name.strip_suffix("Deserializer").or_else(|| name.strip_suffix("Serializer"))?;
        Some(match name {
            "String" => SerdeFormat::String,
            "Integer" => SerdeFormat::Integer,
            "Long" => SerdeFormat::Long,
            "Double" => SerdeFormat::Double,
            "UUID" => SerdeFormat::Uuid,
            "ByteArray" => SerdeFormat::ByteArray,
            "Short" => SerdeFormat::Short,
            "Float" => SerdeFormat::Float,
            "Boolean" => SerdeFormat::Boolean,
            "Bytes" => SerdeFormat::Bytes,
            "ByteBuffer" => SerdeFormat::ByteBuffer,
            "Void" => SerdeFormat::Void,
            _ => return None,
        })
    }

    /// `String`, `UUID`, …: the class name without `Serializer`.
    pub const fn name(self) -> &'static str {
        match self {
            SerdeFormat::String => "String",
            SerdeFormat::Integer => "Integer",
            SerdeFormat::Long => "Long",
            SerdeFormat::Double => "Double",
            SerdeFormat::Uuid => "UUID",
            SerdeFormat::ByteArray => "ByteArray",
            SerdeFormat::Short => "Short",
            SerdeFormat::Float => "Float",
            SerdeFormat::Boolean => "Boolean",
            SerdeFormat::Bytes => "Bytes",
            SerdeFormat::ByteBuffer => "ByteBuffer",
            SerdeFormat::Void => "Void",
        }
    }
}
