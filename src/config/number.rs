//! Small numbers for properties, so that an event can say which settings mattered.

use super::definition::ConfigKey;
use super::tables;

/// Whose property it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Producer,
    Consumer,
    Topic,
    Group,
    Broker,
}

impl Side {
    pub const ALL: [Side; 5] = [Side::Producer, Side::Consumer, Side::Topic, Side::Group, Side::Broker];

    /// The side's properties, in Kafka's order.
    pub const fn table(self) -> &'static [ConfigKey] {
        match self {
            Side::Producer => &tables::PRODUCER,
            Side::Consumer => &tables::CONSUMER,
            Side::Topic => &tables::TOPIC,
            Side::Group => &tables::GROUP,
            Side::Broker => &tables::BROKER,
        }
    }

    /// The number of the side's first property.
    const fn first(self) -> u16 {
        let mut first = 0;
        let mut side = 0;
        while side < self as usize {
            first += Side::ALL[side].table().len();
            side += 1;
        }
        first as u16
    }

    pub const fn name(self) -> &'static str {
        match self {
            Side::Producer => "producer",
            Side::Consumer => "consumer",
            Side::Topic => "topic",
            Side::Group => "group",
            Side::Broker => "broker",
        }
    }

    pub const fn korean(self) -> &'static str {
        match self {
            Side::Producer => "프로듀서",
            Side::Consumer => "컨슈머",
            Side::Topic => "토픽",
            Side::Group => "그룹",
            Side::Broker => "브로커",
        }
    }

    /// Each property of the side with its number.
    pub fn properties(self) -> impl Iterator<Item = (SettingNo, &'static ConfigKey)> {
        self.table().iter().enumerate().map(move |(row, property)| (SettingNo(self.first() + row as u16), property))
    }
}

/// The number of a property: its place in the tables of all sides, one behind the other. Zero is a property too; an
/// event that has no setting says so with an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettingNo(pub u16);

impl SettingNo {
    /// The number of a property that exists: used in constants, where a wrong name does not compile.
    pub const fn of(side: Side, name: &str) -> SettingNo {
        match SettingNo::find(side, name) {
            Some(number) => number,
            None => panic!("there is no such property"),
        }
    }

    /// The number of a property; `None` when the side has none of this name.
    pub const fn find(side: Side, name: &str) -> Option<SettingNo> {
        let table = side.table();
        let mut row = 0;
        while row < table.len() {
            if same(table[row].name.as_bytes(), name.as_bytes()) {
                return Some(SettingNo(side.first() + row as u16));
            }
            row += 1;
        }
        None
    }

    pub const fn side(self) -> Side {
        let mut side = Side::ALL.len() - 1;
        while Side::ALL[side].first() > self.0 {
            side -= 1;
        }
        Side::ALL[side]
    }

    pub const fn property(self) -> &'static ConfigKey {
        let side = self.side();
        &side.table()[(self.0 - side.first()) as usize]
    }

    pub const fn name(self) -> &'static str {
        self.property().name
    }
}

/// `==`, which is not const.
const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_to_names_and_back() {
        const LINGER: SettingNo = SettingNo::of(Side::Producer, "linger.ms");
        assert_eq!((LINGER.side(), LINGER.name()), (Side::Producer, "linger.ms"));
        let mut next = 0;
        for side in Side::ALL {
            for (number, property) in side.properties() {
                assert_eq!((number.0, number.side(), number.name()), (next, side, property.name));
                assert_eq!(SettingNo::find(side, property.name), Some(number));
                next += 1;
            }
        }
        assert_eq!(next, 113 + 116 + 34 + 17 + 360);
        assert_eq!(SettingNo::find(Side::Consumer, "linger.ms"), None);
    }
}
