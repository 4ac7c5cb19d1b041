//! `java.time.Duration.parse`, and the reset strategies that use it.

/// `Duration.parse` of an ISO-8601 text such as `P1DT2H3M4.5S`: nanoseconds, or `None` where Java throws. Letters may
/// be of either case; a sign may stand before `P` and before each number.
pub fn parse(text: &str) -> Option<i128> {
    if !text.is_ascii() {
        return None;
    }
    let text = text.to_ascii_uppercase();
    let (negate, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, &text[..]),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        // A `T` must be followed by something.
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let mut seconds: i128 = 0;
    let mut nanos: i128 = 0;
    let mut rest = date;
    if let Some(days) = take(&mut rest, 'D') {
        seconds += whole(days)? * 86_400;
    }
    if !rest.is_empty() {
        return None;
    }
    rest = time;
    if let Some(hours) = take(&mut rest, 'H') {
        seconds += whole(hours)? * 3_600;
    }
    if let Some(minutes) = take(&mut rest, 'M') {
        seconds += whole(minutes)? * 60;
    }
    if let Some(number) = take(&mut rest, 'S') {
        let (integer, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let sign = if integer.starts_with('-') { -1 } else { 1 };
        seconds += whole(integer)?;
        nanos = sign * fraction_nanos(fraction)?;
    }
    // Java keeps the seconds in 64 bits and throws when they do not fit.
    if !rest.is_empty() || i64::try_from(seconds).is_err() {
        return None;
    }
    let all = seconds * 1_000_000_000 + nanos;
    Some(if negate { -all } else { all })
}

/// The text before the first `unit`, which is taken off `rest` with it.
fn take<'a>(rest: &mut &'a str, unit: char) -> Option<&'a str> {
    let (number, after) = rest.split_once(unit)?;
    *rest = after;
    Some(number)
}

/// `[-+]?[0-9]+` within 64 bits.
fn whole(text: &str) -> Option<i128> {
    text.parse::<i64>().ok().map(i128::from)
}

/// The digits after the point: at most nine.
fn fraction_nanos(digits: &str) -> Option<i128> {
    if digits.len() > 9 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<9}").parse().ok()
}

/// The milliseconds by which `by_duration:…` goes back, rounded up to whole ones; `None` when the text is no such
/// strategy or its duration is negative.
pub fn by_duration_ms(text: &str) -> Option<u64> {
    let nanos = parse(text.strip_prefix("by_duration:")?)?;
    let nanos = u128::try_from(nanos).ok()?;
    Some(u64::try_from(nanos.div_ceil(1_000_000)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_java_reads_them() {
        let good = [
            ("PT1H", 3_600_000_000_000),
            ("pt1h", 3_600_000_000_000),
            ("P1DT2H3M4.5S", 93_784_500_000_000),
            ("PT0S", 0),
            ("-PT1H", -3_600_000_000_000),
            ("PT-1H", -3_600_000_000_000),
            ("-PT-1H", 3_600_000_000_000),
            ("PT-0.5S", -500_000_000),
            ("PT1,5S", 1_500_000_000),
            ("P-1D", -86_400_000_000_000),
        ];
        for (text, nanos) in good {
            assert_eq!(parse(text), Some(nanos), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "1h",
            "P1Y",
            "P1W",
            "PT1",
            "PT.5S",
            "P1H",
            "PT1M1H",
            "PT1S ",
            "PT1.1234567890S",
            "PnDTnHnMn.nS",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(by_duration_ms("by_duration:PT0.0001S"), Some(1));
        assert_eq!(by_duration_ms("by_duration:-PT1S"), None);
    }
}
