//! Where a slider goes that sets a number: a sensible range from the setting's default, within Kafka's bounds.

use super::change::Target;
use crate::config::{Default, Kind, SettingNo, Side, Valid};
use crate::script::ClientKind;
use crate::simulation::Simulation;

/// Defaults above this mean "without end".
const ENDLESS: i64 = 1_000_000_000;
/// Steps of a slider at least.
const STEPS: i64 = 1000;

/// Whole numbers from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub min: i64,
    pub max: i64,
    pub step: i64,
}

impl Target {
    /// Whose properties they are, by their table.
    pub fn side(&self, simulation: &Simulation) -> Side {
        match self {
            Target::Client(name) => match simulation.client(name).map(|client| client.recipe.kind) {
                Some(ClientKind::Producer) => Side::Producer,
                _ => Side::Consumer,
            },
            Target::Topic(_) => Side::Topic,
            Target::Cluster => Side::Broker,
        }
    }

    /// Whether one means another beginning of the run when one changes a setting, rather than a change that is made now.
    /// Clients read their properties once; a topic is altered by a request.
    pub const fn begins_anew(&self) -> bool {
        matches!(self, Target::Client(_) | Target::Cluster)
    }
}

/// The range of a setting in which this value lies; none where it is no whole number.
pub fn range(side: Side, name: &str, value: &str) -> Option<Range> {
    let property = SettingNo::find(side, name)?.property();
    let kind = match property.kind {
        Kind::Short => i64::from(i16::MAX),
        Kind::Int => i64::from(i32::MAX),
        Kind::Long => i64::MAX,
        Kind::Text | Kind::Double | Kind::Bool | Kind::List | Kind::Class | Kind::Password => return None,
    };
    let (least, most) = match property.valid {
        Valid::AtLeast(least) => (i64::from(least), kind),
        Valid::Between(least, most) => (i64::from(least), i64::from(most)),
        _ => (0, kind),
    };
    let default = match property.default {
        Default::Text(text) => text.parse().unwrap_or(0),
        Default::Required | Default::Null => 0,
    };
    let value = value.trim().parse().unwrap_or(default);
    let usual = match name {
        _ if name.ends_with(".ms") => 1000,
        _ if name.ends_with(".bytes") || name.ends_with(".size") || name.ends_with(".memory") => 10_000,
        _ => 10,
    };
    let of_default = if (0..ENDLESS).contains(&default) { default * 4 } else { 0 };
    let wanted = rounded_up(of_default.max(usual));
    let max = wanted.max(if value < ENDLESS { value } else { 0 }).min(most);
    let min = least.max(if default < 0 { default } else { 0 });
    (min < max).then_some(Range { min, max, step: (max / STEPS).max(1) })
}

/// 1, 2 or 5 with zeros.
fn rounded_up(wanted: i64) -> i64 {
    let mut unit = 1;
    loop {
        if let Some(found) = [unit, 2 * unit, 5 * unit].into_iter().find(|found| *found >= wanted) {
            return found;
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slider_goes_where_its_setting_makes_sense() {
        let of = |side, name, value| range(side, name, value).map(|of| (of.min, of.max, of.step));
        assert_eq!(of(Side::Producer, "linger.ms", "5"), Some((0, 1000, 1)));
        assert_eq!(of(Side::Producer, "linger.ms", "4000"), Some((0, 4000, 4)));
        assert_eq!(of(Side::Producer, "batch.size", "16384"), Some((0, 100_000, 100)));
        assert_eq!(of(Side::Producer, "retries", "2147483647"), Some((0, 10, 1)));
        assert_eq!(of(Side::Producer, "max.in.flight.requests.per.connection", "5"), Some((1, 20, 1)));
        assert_eq!(of(Side::Consumer, "max.poll.records", "500"), Some((1, 2000, 2)));
        assert_eq!(of(Side::Consumer, "session.timeout.ms", "45000"), Some((0, 200_000, 200)));
        assert_eq!(of(Side::Topic, "retention.ms", "604800000").map(|of| of.1), Some(5_000_000_000));
        for name in ["acks", "enable.idempotence", "compression.type", "no.such.setting"] {
            assert_eq!(of(Side::Producer, name, ""), None, "{name}");
        }
    }
}
