//! Instants as files write them.

use crate::script::parse_iso_instant;

/// Milliseconds since 1970 of a number of them (from 0), or of a day and a time as ISO 8601 writes them: with `T` or a
/// blank between, seconds and fractions of a second or none, an offset such as `Z`, `+09:00` or `UTC`, or none, which
/// means UTC; a day alone is its midnight. None for anything else, and for what is before 1970, as `ProducerRecord` takes
/// no negative timestamp.
pub(super) fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    let ms = text.parse().ok().or_else(|| calendar(text))?;
    (ms >= 0).then_some(ms)
}

fn calendar(text: &str) -> Option<i64> {
    let Some((day, rest)) = text.split_once(['T', 't', ' ']) else { return midnight(text) };
    let (time, offset_minutes) = offset(rest)?;
    let (time, fraction) = time.split_once(['.', ',']).map_or((time, None), |(time, digits)| (time, Some(digits)));
    let time = match time.matches(':').count() {
        1 if fraction.is_none() => format!("{time}:00"),
        2 => time.to_owned(),
        _ => return None,
    };
    let ms = parse_iso_instant(&format!("{day}T{time}Z"))?.checked_add(milliseconds(fraction)?)?;
    ms.checked_sub(offset_minutes * 60_000)
}

fn midnight(day: &str) -> Option<i64> {
    parse_iso_instant(&format!("{day}T00:00:00Z")).filter(|_| day.len() == "2026-01-01".len())
}

/// The whole milliseconds of a fraction of a second: what is finer is cut off.
fn milliseconds(digits: Option<&str>) -> Option<i64> {
    let Some(digits) = digits else { return Some(0) };
    let fits = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("{digits:0<3}")[..3].parse().ok())?
}

/// The time before an offset, and the minutes that the offset is ahead of UTC.
fn offset(text: &str) -> Option<(&str, i64)> {
    for utc in ["Z", "z", "UTC", "GMT"] {
        if let Some(time) = text.strip_suffix(utc) {
            return Some((time.trim_end(), 0));
        }
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, 0)) };
    let (time, offset) = (text[..at].trim_end(), &text[at + 1..]);
    let digits: String = offset.chars().filter(|c| *c != ':').collect();
    let is_offset =
        digits.bytes().all(|b| b.is_ascii_digit()) && matches!((digits.len(), offset.len()), (2, 2) | (4, 4 | 5));
    let number = |text: &str| text.parse::<i64>().ok();
    let (hours, minutes) = (number(digits.get(..2)?)?, if digits.len() == 4 { number(&digits[2..])? } else { 0 });
    let ahead = hours * 60 + minutes;
    (is_offset && hours <= 18 && minutes < 60)
        .then_some((time, if text[at..].starts_with('-') { -ahead } else { ahead }))
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn dates_as_people_write_them() {
        for (text, ms) in [
            ("0", 0),
            ("1767323045000", 1_767_323_045_000),
            ("2026-01-02 03:04:05", 1_767_323_045_000),
            ("2026-01-02T03:04:05Z", 1_767_323_045_000),
            ("2026-01-02 03:04:05 UTC", 1_767_323_045_000),
            ("2026-01-02T12:04:05+09:00", 1_767_323_045_000),
            ("2026-01-02T12:04:05.5+0900", 1_767_323_045_500),
            ("2026-01-01 22:04:05-05", 1_767_323_045_000),
            ("2026-01-02T03:04:05.123456789Z", 1_767_323_045_123),
            ("2026-01-02 03:04", 1_767_323_040_000),
            (" 2026-01-02 ", 1_767_312_000_000),
        ] {
            assert_eq!(instant(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant() {
        for text in [
            "",
            "today",
            "-1",
            "1.5",
            "2026-13-01",
            "2026-02-30 00:00:00",
            "2026-01-02 25:00:00",
            "02/01/2026",
            "2026-01-02T",
            "2026-01-02 03",
            "2026-01-02 03:04:05+9",
            "2026-01-02 03:04:05+19:00",
            "1969-12-31T23:59:59Z",
            "2026-01-02 03:04:05.",
            "2026-1-2",
            "2026-01-02 03:04:05 +09:00:00",
            "99999999999999999999",
            "2026-01-02 +",
            "주-주T주",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
