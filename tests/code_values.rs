//! Keys and values in the generated code: what stands there is what the serializer in the run writes.

use partita::lang::Lang;
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::Timeline;
use partita::view::code::{self, Language};

const PACKAGE: &str = "org.apache.kafka.common.serialization.";

/// The line that sends a value to `orders`, in every language.
#[track_caller]
fn sent(class: &str, value: &str, more: &str) -> [String; 4] {
    let text = format!(
        "cluster brokers=1 seed=4\ntopic orders partitions=1\n\
         producer p acks=1 value.serializer={PACKAGE}{class}Serializer\nsend p orders {value}{more}\nsleep 10\n"
    );
    let (script, errors) = parse(&text);
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    while timeline.forward() && matches!(timeline.simulation().progress(), Progress::Playing(_)) {}
    let client = timeline.simulation().client("p").expect("the producer").id;
    Language::ALL.map(|language| {
        let text = code::text(&timeline, client, (language, Lang::En), None);
        let line = text.lines.iter().find(|line| line.text.contains("\"orders\"")).expect("the line that sends");
        line.text.clone()
    })
}

/// A value of a serializer as it stands in Java, Kotlin, Python and Rust.
#[track_caller]
fn is(class: &str, value: &str, [java, kotlin, python, rust]: [&str; 4]) {
    assert_eq!(
        sent(class, value, ""),
        [
            format!("producer.send(new ProducerRecord<>(\"orders\", {java}));"),
            format!("producer.send(ProducerRecord(\"orders\", {kotlin}))"),
            format!("producer.produce(\"orders\", value={python})"),
            format!("let _ = producer.send_result(FutureRecord::<(), _>::to(\"orders\").payload({rust}));"),
        ],
        "{class} {value}"
    );
}

#[test]
fn a_number_is_written_as_each_language_takes_it() {
    is("Integer", "value=-5", ["-5", "-5", "struct.pack(\">i\", -5)", "&(-5i32).to_be_bytes()"]);
    is("Integer", "value=007", ["7", "7", "struct.pack(\">i\", 7)", "&7i32.to_be_bytes()"]);
    is("Integer", "value=+5", ["5", "5", "struct.pack(\">i\", 5)", "&5i32.to_be_bytes()"]);
    is("Integer", "value=\" 5 \"", ["5", "5", "struct.pack(\">i\", 5)", "&5i32.to_be_bytes()"]);
    is(
        "Integer",
        "value=-2147483648",
        ["-2147483648", "Int.MIN_VALUE", "struct.pack(\">i\", -2147483648)", "&(-2147483648i32).to_be_bytes()"],
    );
    is("Short", "value=-5", ["(short) (-5)", "(-5).toShort()", "struct.pack(\">h\", -5)", "&(-5i16).to_be_bytes()"]);
    is("Long", "value=12", ["12L", "12L", "struct.pack(\">q\", 12)", "&12i64.to_be_bytes()"]);
    is("Double", "value=-1.5", ["-1.5", "-1.5", "struct.pack(\">d\", -1.5)", "&(-1.5f64).to_be_bytes()"]);
    is("Double", "value=3", ["3.0", "3.0", "struct.pack(\">d\", 3.0)", "&3.0f64.to_be_bytes()"]);
    is("Float", "value=0.1", ["0.1f", "0.1f", "struct.pack(\">f\", 0.1)", "&0.1f32.to_be_bytes()"]);
}

#[test]
fn what_is_no_number_and_what_has_no_end_are_written_by_their_names() {
    let nan = "struct.pack(\">d\", float(\"nan\"))";
    is("Double", "value=NaN", ["Double.NaN", "Double.NaN", nan, "&f64::NAN.to_be_bytes()"]);
    let far = ["Float.NEGATIVE_INFINITY", "Float.NEGATIVE_INFINITY"];
    let python = "struct.pack(\">f\", float(\"-inf\"))";
    is("Float", "value=-1e39", [far[0], far[1], python, "&f32::NEG_INFINITY.to_be_bytes()"]);
}

#[test]
fn truths_and_uuids_are_what_their_serializers_write() {
    is("Boolean", "value=true", ["true", "true", "b\"\\x01\"", "&[1u8]"]);
    is("Boolean", "value=false", ["false", "false", "b\"\\x00\"", "&[0u8]"]);
    let uuid = "\"0a1b2c3d-0000-0000-0000-00000000000f\"";
    let java = format!("UUID.fromString({uuid})");
    is("UUID", "value=A1B2C3D-0-0-0-F", [&java, &java, uuid, uuid]);
}

#[test]
fn what_is_no_value_of_the_type_stays_the_text_that_it_is() {
    for (class, value) in [("Integer", "1.5"), ("Integer", "2147483648"), ("Boolean", "yes"), ("UUID", "mia")] {
        let text = format!("\"{value}\"");
        is(class, &format!("value={value}"), [&text; 4].map(|text| &**text));
    }
}

#[test]
fn bytes_are_handed_over_as_their_serializer_takes_them() {
    let hex = "HexFormat.of().parseHex(\"00ff\")";
    let bytes = format!("Bytes.wrap({hex})");
    is("Bytes", "value=hex:00ff", [&bytes, &bytes, "bytes.fromhex(\"00ff\")", "&[0x00, 0xffu8]"]);
    // A serializer of texts throws at bytes.
    let size = ["\"v\".repeat(3).getBytes(UTF_8)", "\"v\".repeat(3).toByteArray()", "\"v\" * 3", "&\"v\".repeat(3)"];
    is("String", "value-size=3", size);
}

/// Five parts of which the last is null fit two constructors, and do not compile.
#[test]
fn a_time_without_a_value_fits_one_constructor() {
    let of_key = ["\"k\".getBytes(UTF_8)", "\"k\".toByteArray()"];
    for (key, [of_java, of_kotlin]) in [("key=k ", of_key), ("", ["null"; 2])] {
        let [java, kotlin, ..] = sent("String", &format!("{key}timestamp=5"), "");
        assert_eq!(
            java,
            format!("producer.send(new ProducerRecord<>(\"orders\", null, 5L, {of_java}, null, List.of()));")
        );
        assert_eq!(kotlin, format!("producer.send(ProducerRecord(\"orders\", null, 5L, {of_kotlin}, null, listOf()))"));
    }
    let [java, ..] = sent("String", "value=v timestamp=5", "");
    assert_eq!(java, "producer.send(new ProducerRecord<>(\"orders\", null, 5L, null, \"v\"));");
}

/// What turns round the text beside it stands there by its number, as the language writes it.
#[test]
fn marks_of_direction_are_escaped() {
    let escaped = "\"a\\u202eb\\u200bc\\u2066\"";
    let of_rust = "\"a\\u{202e}b\\u{200b}c\\u{2066}\"";
    is("String", "value=a\u{202e}b\u{200b}c\u{2066}", [escaped, escaped, escaped, of_rust]);
}

#[test]
fn a_text_with_quotes_is_lent_as_it_is() {
    let text = "\"say \\\"hi\\\". ok\"";
    is("String", "value=\"say \\\"hi\\\". ok\"", [text; 4]);
}

#[test]
fn numbers_count_too() {
    let lines = sent("Integer", "value={i}", " times=3");
    assert!(lines[0].ends_with("(\"orders\", i));"), "{lines:?}");
    assert!(lines[2].ends_with("value=struct.pack(\">i\", i))"), "{lines:?}");
    assert!(lines[3].ends_with(".payload(&(i as i32).to_be_bytes()));"), "{lines:?}");
    let lines = sent("Integer", "value=-1{i}", " times=3");
    assert!(lines[0].ends_with("(\"orders\", Integer.parseInt(\"-1\" + i)));"), "{lines:?}");
    assert!(lines[1].ends_with("(\"orders\", \"-1${i}\".toInt()))"), "{lines:?}");
    assert!(lines[2].ends_with("value=struct.pack(\">i\", int(f\"-1{i}\")))"), "{lines:?}");
    assert!(lines[3].ends_with(".payload(&format!(\"-1{i}\").parse::<i32>()?.to_be_bytes()));"), "{lines:?}");
    let lines = sent("String", "value=\"\u{1}{{i}}\"", " times=3");
    assert!(lines[3].ends_with(".payload(&format!(\"\\u{1}{{{i}}}\")));"), "{lines:?}");
}
