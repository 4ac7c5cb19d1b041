//! Who stands still: why what is waited for cannot come, as far as a client is to blame that is frozen, closed or gone.

use super::awaited::Awaited;
use super::patience::instant;
use super::{ClientProcess, Simulation};
use crate::cluster::Life;
use crate::lang::{Sentence, both};
use crate::script::{ClientKind, Condition};

impl Simulation {
    /// Why what a line waits for cannot come.
    pub(super) fn standing(&self, awaited: &Awaited) -> Option<Sentence> {
        match awaited {
            Awaited::Condition(condition) => self.hindrance(condition),
            Awaited::BrokerUp(_) | Awaited::BrokerGone(_) | Awaited::Leaders(..) => None,
        }
    }

    /// Why a condition cannot come, as far as a client is to blame.
    pub fn hindrance(&self, condition: &Condition) -> Option<Sentence> {
        match condition {
            Condition::Assignment { client, .. }
            | Condition::AssignedCount { client, .. }
            | Condition::Callbacks { client, .. }
            | Condition::Generation { client, .. }
            | Condition::Count { client, .. }
            | Condition::Sent { client }
            | Condition::Acknowledged { client } => match self.client(client) {
                Some(client) => client.stands(),
                None => self.check_constructed(client).err().map(|error| error.why),
            },
            Condition::Group { group, .. } | Condition::Committed { group, .. } => {
                let newest = self.by_name.values().map(|id| &self.clients[usize::from(id.0) - 1]);
                let members = newest.filter(|client| client.group() == Some(group));
                let stand = members.map(ClientProcess::stands);
                // One that runs may bring it yet: only all of them together are to blame.
                let all = stand.collect::<Option<Vec<Sentence>>>()?;
                let (en, ko): (Vec<_>, Vec<_>) = all.into_iter().map(|Sentence { en, ko }| (en, ko)).unzip();
                (!en.is_empty()).then(|| both(en.join("; "), ko.join(". ")))
            }
            _ => None,
        }
    }
}

impl ClientProcess {
    /// The group of a consumer, as its properties name it; to a producer the name means nothing.
    fn group(&self) -> Option<&str> {
        if self.recipe.kind == ClientKind::Producer {
            return None;
        }
        self.recipe.properties.iter().rfind(|property| &*property.name == "group.id").map(|property| &*property.value)
    }

    /// How it stands still, and since when.
    pub(super) fn stands(&self) -> Option<Sentence> {
        let (name, since) = (&self.recipe.name, instant(self.stands_since));
        match self.life {
            Life::Paused => Some(both(
                format!("{name} has been frozen since {since}; `resume-process {name}` lets it go on"),
                format!("{name}: {since}부터 멈춰 있습니다. 계속하게 하는 명령: `resume-process {name}`"),
            )),
            Life::Gone => Some(both(
                format!("{name}'s process ended at {since}"),
                format!("{name}: 프로세스가 {since}에 끝났습니다"),
            )),
            Life::Running if self.closed => {
                Some(both(format!("{name} was closed at {since}"), format!("{name}: {since}에 닫혔습니다")))
            }
            Life::Running => None,
        }
    }
}
