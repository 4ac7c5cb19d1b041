//! In which of the scene's three columns the told event happens: a small window shows one of them at a time.

use super::model::Area;
use super::scene::Scene;
use crate::event::Family;
use crate::event::network::NetworkEvent;

/// None where nothing is told, or something that happens nowhere, such as the beginning of a chapter.
pub(super) fn of(scene: &Scene<'_>) -> Option<Area> {
    match scene.told?.kind.family() {
        Family::Producer(_) => Some(Area::Producers),
        Family::Broker(_) => Some(Area::Cluster),
        Family::Group(_) | Family::Consumer(_) => Some(Area::Groups),
        // A message is where it has come to, or where it leaves.
        Family::Network(NetworkEvent::RequestArrived(_) | NetworkEvent::ResponseSent(_)) => Some(Area::Cluster),
        Family::Network(_) | Family::Program(_) | Family::Hand(_) => clients(scene),
    }
}

/// The column of the client that acts; what no client does is done in the cluster.
fn clients(scene: &Scene<'_>) -> Option<Area> {
    match (scene.place.client, scene.place.broker) {
        (Some(client), _) if scene.producer(client).is_some() => Some(Area::Producers),
        (Some(_), _) => Some(Area::Groups),
        (None, Some(_)) => Some(Area::Cluster),
        (None, None) => None,
    }
}
