//! Kafka's serializers and deserializers, from and to text as a user types and reads it.

use std::fmt::Display;

use bytes::Bytes;

use super::exception::RecordException;
use crate::decimal;

const PACKAGE: &str = "org.apache.kafka.common.serialization.";

/// The type that a serializer or deserializer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Type {
    String,
    Integer,
    Long,
    Short,
    Double,
    Float,
    Boolean,
    Uuid,
    ByteArray,
    ByteBuffer,
    Bytes,
    Void,
}

impl Type {
    const ALL: [(Type, &'static str); 12] = [
        (Type::String, "String"),
        (Type::Integer, "Integer"),
        (Type::Long, "Long"),
        (Type::Short, "Short"),
        (Type::Double, "Double"),
        (Type::Float, "Float"),
        (Type::Boolean, "Boolean"),
        (Type::Uuid, "UUID"),
        (Type::ByteArray, "ByteArray"),
        (Type::ByteBuffer, "ByteBuffer"),
        (Type::Bytes, "Bytes"),
        (Type::Void, "Void"),
    ];

    fn from_class(class: &str, ending: &str) -> Option<Type> {
        let name = class.strip_prefix(PACKAGE).unwrap_or(class).strip_suffix(ending)?;
        Type::ALL.iter().find(|(_, known)| *known == name).map(|(found, _)| *found)
    }

    fn name(self) -> &'static str {
        Type::ALL.iter().find(|(found, _)| *found == self).map_or("", |(_, name)| name)
    }
}

/// One of Kafka's serializers, as `key.serializer` and `value.serializer` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Serializer(Type);

/// A value that a user typed, as the type that a serializer takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    Text(String),
    Bytes(Vec<u8>),
    Short(i16),
    Integer(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Boolean(bool),
    /// In its canonical form.
    Uuid(String),
}

impl Typed {
    /// What the serializer writes.
    fn into_bytes(self) -> Vec<u8> {
        match self {
            Typed::Text(text) | Typed::Uuid(text) => text.into_bytes(),
            Typed::Bytes(bytes) => bytes,
            Typed::Short(value) => value.to_be_bytes().to_vec(),
            Typed::Integer(value) => value.to_be_bytes().to_vec(),
            Typed::Long(value) => value.to_be_bytes().to_vec(),
            Typed::Float(value) => value.to_be_bytes().to_vec(),
            Typed::Double(value) => value.to_be_bytes().to_vec(),
            Typed::Boolean(value) => vec![u8::from(value)],
        }
    }
}

/// One of Kafka's deserializers, as `key.deserializer` and `value.deserializer` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deserializer(Type);

impl Serializer {
    pub const STRING: Serializer = Serializer(Type::String);
    pub const BYTE_ARRAY: Serializer = Serializer(Type::ByteArray);

    /// By the class name, with or without Kafka's package; `None` for a class that is not known here.
    pub fn from_class(class: &str) -> Option<Serializer> {
        Type::from_class(class, "Serializer").map(Serializer)
    }

    pub fn simple_name(self) -> String {
        format!("{}Serializer", self.0.name())
    }

    /// Every class name that is known, in full.
    pub fn classes() -> impl Iterator<Item = String> {
        Type::ALL.iter().map(|(_, name)| format!("{PACKAGE}{name}Serializer"))
    }

    /// What a text that a user typed is of the serializer's type; `None` when it is no value of it.
    pub fn typed(self, text: &str) -> Option<Typed> {
        let number = text.trim();
        match self.0 {
            Type::String => Some(Typed::Text(text.to_owned())),
            Type::ByteArray | Type::ByteBuffer | Type::Bytes => bytes_of(text).map(Typed::Bytes),
            Type::Integer => number.parse().ok().map(Typed::Integer),
            Type::Long => number.parse().ok().map(Typed::Long),
            Type::Short => number.parse().ok().map(Typed::Short),
            Type::Double => decimal::double(number).map(Typed::Double),
            Type::Float => decimal::float(number).map(Typed::Float),
            Type::Boolean => number.parse().ok().map(Typed::Boolean),
            Type::Uuid => uuid(number).map(Typed::Uuid),
            // Nothing but null is a `Void`.
            Type::Void => None,
        }
    }

    /// The bytes of a value that a user typed; null stays null.
    ///
    /// A text that is no value of the type is what in Java an object of another class is: `SerializationException`,
    /// with Kafka's own words. `part` is `key` or `value`.
    pub fn serialize(self, part: &str, text: Option<&str>) -> Result<Option<Bytes>, RecordException> {
        let Some(text) = text else { return Ok(None) };
        match self.typed(text) {
            Some(value) => Ok(Some(value.into_bytes().into())),
            None => Err(self.convert_error(part, "java.lang.String")),
        }
    }

    /// Bytes as they are, for the byte serializers; for another one, what Java says of a `byte[]`.
    pub fn serialize_bytes(self, part: &str, bytes: &Bytes) -> Result<Option<Bytes>, RecordException> {
        match self.0 {
            Type::ByteArray | Type::ByteBuffer | Type::Bytes => Ok(Some(bytes.clone())),
            _ => Err(self.convert_error(part, "[B")),
        }
    }

    /// `KafkaProducer.doSend` on a `ClassCastException`.
    fn convert_error(self, part: &str, class: &str) -> RecordException {
        RecordException::new(
            "SerializationException",
            format!(
                "Can't convert {part} of class {class} to class {PACKAGE}{} specified in {part}.serializer",
                self.simple_name()
            ),
        )
        .caused_by(RecordException::new("ClassCastException", self.cast_message(class)))
    }

    /// What the JVM says when it casts an object to the class that a serializer is for.
    fn cast_message(self, class: &str) -> String {
        let to = match self.0 {
            Type::Uuid => "java.util.UUID".to_string(),
            Type::ByteArray => "[B".to_string(),
            Type::ByteBuffer => "java.nio.ByteBuffer".to_string(),
            Type::Bytes => "org.apache.kafka.common.utils.Bytes".to_string(),
            of => format!("java.lang.{}", of.name()),
        };
        let modules = match self.0 {
            Type::Bytes => {
                format!(
                    "{class} is in module java.base of loader 'bootstrap'; {to} is in unnamed module of loader 'app'"
                )
            }
            _ => format!("{class} and {to} are in module java.base of loader 'bootstrap'"),
        };
        format!("class {class} cannot be cast to class {to} ({modules})")
    }
}

impl Deserializer {
    pub const STRING: Deserializer = Deserializer(Type::String);
    pub const BYTE_ARRAY: Deserializer = Deserializer(Type::ByteArray);

    /// By the class name, with or without Kafka's package; `None` for a class that is not known here.
    pub fn from_class(class: &str) -> Option<Deserializer> {
        Type::from_class(class, "Deserializer").map(Deserializer)
    }

    pub fn simple_name(self) -> String {
        format!("{}Deserializer", self.0.name())
    }

    /// Every class name that is known, in full.
    pub fn classes() -> impl Iterator<Item = String> {
        Type::ALL.iter().map(|(_, name)| format!("{PACKAGE}{name}Deserializer"))
    }

    /// The value as text; null stays null. `SerializationException` with Kafka's message for bytes of another type,
    /// which a consumer wraps into a `RecordDeserializationException`.
    pub fn deserialize(self, bytes: Option<&[u8]>) -> Result<Option<String>, RecordException> {
        let Some(bytes) = bytes else { return Ok(None) };
        let text = match self.0 {
            Type::String => String::from_utf8_lossy(bytes).into_owned(),
            Type::ByteArray | Type::ByteBuffer => text_of(bytes),
            Type::Bytes => bytes.iter().map(|byte| escaped(*byte)).collect(),
            Type::Integer => i32::from_be_bytes(self.sized(bytes)?).to_string(),
            Type::Long => i64::from_be_bytes(self.sized(bytes)?).to_string(),
            Type::Short => i16::from_be_bytes(self.sized(bytes)?).to_string(),
            Type::Double => java_float(f64::from_be_bytes(self.sized(bytes)?)),
            Type::Float => java_float(f32::from_be_bytes(self.sized(bytes)?)),
            Type::Boolean => match self.sized(bytes)? {
                [0] => "false".to_string(),
                [1] => "true".to_string(),
                [other] => {
                    let message = format!("Unexpected byte received by BooleanDeserializer: {}", other as i8);
                    return Err(RecordException::new("SerializationException", message));
                }
            },
            Type::Uuid => return parse_uuid(bytes).map(Some),
            Type::Void => {
                return Err(RecordException::illegal_argument("Data should be null for a VoidDeserializer."));
            }
        };
        Ok(Some(text))
    }

    fn sized<const N: usize>(self, bytes: &[u8]) -> Result<[u8; N], RecordException> {
        bytes.try_into().map_err(|_| {
            // Kafka's FloatDeserializer does not say its name.
            let name = if self.0 == Type::Float { "Deserializer".to_string() } else { self.simple_name() };
            RecordException::new("SerializationException", format!("Size of data received by {name} is not {N}"))
        })
    }
}

/// `hex:00ff` gives bytes; any other text its UTF-8.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let Some(digits) = text.strip_prefix("hex:") else { return Some(text.as_bytes().to_vec()) };
    if !digits.is_ascii() || digits.len() % 2 != 0 {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

/// Text where the bytes are text, else `hex:…`.
fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => bytes.iter().fold("hex:".to_string(), |text, byte| format!("{text}{byte:02x}")),
    }
}

/// A byte as `Bytes.toString` prints it.
fn escaped(byte: u8) -> String {
    match byte {
        b' '..=b'~' if byte != b'\\' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02X}"),
    }
}

/// `Double.toString` and `Float.toString`: the shortest digits that give the number again, always with a point, in
/// powers of ten below 0.001 and from 10^7 on.
fn java_float<T: Display + std::fmt::LowerExp>(value: T) -> String {
    let mut scientific = format!("{value:e}");
    if !scientific.contains('.') {
        // Java writes two digits at least, and with two it may come nearer: 4.9E-324 is 5e-324.
        scientific = format!("{value:.1e}").replace(".0e", "e");
    }
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return match scientific.as_str() {
            "inf" => "Infinity".to_string(),
            "-inf" => "-Infinity".to_string(),
            _ => "NaN".to_string(),
        };
    };
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    let with_point = |digits: &str| match digits.contains('.') {
        true => digits.to_string(),
        false => format!("{digits}.0"),
    };
    let is_zero = digits.trim_start_matches('-') == "0";
    if is_zero || (-3..7).contains(&exponent) {
        return with_point(&value.to_string());
    }
    format!("{}E{exponent}", with_point(digits))
}

/// The canonical form of a UUID as `UUID.toString` writes it; `None` when the text is none.
fn uuid(text: &str) -> Option<String> {
    // `UUID.fromString` takes five groups of hex digits that may be short.
    let groups: Vec<&str> = text.split('-').collect();
    let [a, b, c, d, e] = groups[..] else { return None };
    if text.len() > 36 {
        return None;
    }
    let hex = |group: &str, digits: u32| {
        let is_hex = !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u64::from_str_radix(group, 16).ok()).flatten().map(|value| value & ((1 << (4 * digits)) - 1))
    };
    let (a, b, c, d, e) = (hex(a, 8)?, hex(b, 4)?, hex(c, 4)?, hex(d, 4)?, hex(e, 12)?);
    Some(format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}"))
}

fn parse_uuid(bytes: &[u8]) -> Result<String, RecordException> {
    let text = String::from_utf8_lossy(bytes);
    uuid(&text).ok_or_else(|| {
        let cause = match text.len() {
            ..=36 => format!("Invalid UUID string: {text}"),
            _ => "UUID string too large".to_string(),
        };
        let cause = RecordException::illegal_argument(cause);
        RecordException::new("SerializationException", "Error parsing data into UUID").caused_by(cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serialized(class: &str, text: &str) -> Result<Vec<u8>, String> {
        let serializer = Serializer::from_class(class).unwrap();
        serializer.serialize("value", Some(text)).map(|bytes| bytes.unwrap().to_vec()).map_err(|e| e.message.unwrap())
    }

    fn deserialized(class: &str, bytes: &[u8]) -> Result<String, String> {
        let deserializer = Deserializer::from_class(class).unwrap();
        deserializer.deserialize(Some(bytes)).map(Option::unwrap).map_err(|e| e.message.unwrap())
    }

    #[test]
    fn bytes_are_those_of_java() {
        assert_eq!(serialized("IntegerSerializer", "1035"), Ok(vec![0, 0, 4, 11]));
        assert_eq!(serialized("org.apache.kafka.common.serialization.LongSerializer", "-1"), Ok(vec![0xff; 8]));
        assert_eq!(serialized("DoubleSerializer", "0.1"), Ok(vec![0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a]));
        assert_eq!(serialized("StringSerializer", "é"), Ok(vec![0xc3, 0xa9]));
        assert_eq!(serialized("ByteArraySerializer", "hex:00ff"), Ok(vec![0, 0xff]));
        assert_eq!(serialized("BytesSerializer", "hex:00ff"), Ok(vec![0, 0xff]));
        let uuid = "0a1b2c3d-0000-0000-0000-00000000000f";
        assert_eq!(serialized("UUIDSerializer", "A1B2C3D-0-0-0-F"), Ok(uuid.as_bytes().to_vec()));
    }

    #[test]
    fn what_is_not_of_the_type_fails_with_kafkas_words() {
        assert_eq!(
            serialized("IntegerSerializer", "abc").unwrap_err(),
            "Can't convert value of class java.lang.String to class \
             org.apache.kafka.common.serialization.IntegerSerializer specified in value.serializer"
        );
        assert_eq!(
            serialized("VoidSerializer", "abc").unwrap_err(),
            "Can't convert value of class java.lang.String to class \
             org.apache.kafka.common.serialization.VoidSerializer specified in value.serializer"
        );
        let size = |class, bytes: &[u8]| deserialized(class, bytes).unwrap_err();
        assert_eq!(size("IntegerDeserializer", b"mia"), "Size of data received by IntegerDeserializer is not 4");
        assert_eq!(size("LongDeserializer", b"mia"), "Size of data received by LongDeserializer is not 8");
        assert_eq!(size("DoubleDeserializer", b"mia"), "Size of data received by DoubleDeserializer is not 8");
        assert_eq!(size("FloatDeserializer", b"mia"), "Size of data received by Deserializer is not 4");
        assert_eq!(size("UUIDDeserializer", b"mia"), "Error parsing data into UUID");
    }

    #[test]
    fn values_read_as_in_java() {
        assert_eq!(deserialized("DoubleDeserializer", &1e7_f64.to_be_bytes()), Ok("1.0E7".into()));
        assert_eq!(deserialized("DoubleDeserializer", &0.001_f64.to_be_bytes()), Ok("0.001".into()));
        assert_eq!(deserialized("DoubleDeserializer", &1.25e-9_f64.to_be_bytes()), Ok("1.25E-9".into()));
        assert_eq!(deserialized("DoubleDeserializer", &10_u64.to_be_bytes()), Ok("4.9E-323".into()));
        assert_eq!(deserialized("DoubleDeserializer", &2f64.powi(53).to_be_bytes()), Ok("9.007199254740992E15".into()));
        assert_eq!(deserialized("BytesDeserializer", b"a\\\n"), Ok("a\\x5C\\x0A".into()));
        assert_eq!(deserialized("FloatDeserializer", &3_f32.to_be_bytes()), Ok("3.0".into()));
        assert_eq!(deserialized("ByteArrayDeserializer", &[0xff]), Ok("hex:ff".into()));
        assert_eq!(deserialized("StringDeserializer", &[0xff]), Ok("\u{fffd}".into()));
    }
}
