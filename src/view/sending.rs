//! Station 5: the connections to the brokers, and the requests in flight on them.

use super::Selection;
use super::model::{Piece, RequestLine, SendRow, SlotState, Tone};
use super::processes::gone;
use super::scene::Scene;
use crate::client::net::NodeConnection;
use crate::client::producer::{Producer, RequestView};
use crate::ids::BrokerId;
use crate::network::Parcel;
use crate::wire::Api;

/// In-flight slots and requests that are drawn of a broker.
const SLOTS: usize = 8;
const REQUESTS: usize = 3;

/// One row for each broker of the cluster.
pub(super) fn rows(scene: &Scene<'_>, producer: &Producer) -> Vec<SendRow> {
    let requests = producer.requests();
    scene.simulation.broker_ids().map(|broker| row(scene, producer, broker, &requests)).collect()
}

fn row(scene: &Scene<'_>, producer: &Producer, broker: BrokerId, requests: &[RequestView]) -> SendRow {
    let net = producer.network();
    let connection = net.connections().find(|(node, _)| net.broker(*node) == broker).map(|(_, connection)| connection);
    let mine: Vec<&RequestView> = requests.iter().filter(|request| request.broker == broker).collect();
    let most = usize::try_from(producer.config().max_in_flight).unwrap_or(1).min(SLOTS);
    let is_now = |request: &RequestView| scene.place.request == Some((request.connection, request.correlation_id));
    let gone = gone(scene, producer.id());
    let slots = (0..most).map(|i| match mine.get(i) {
        Some(request) if is_now(request) => SlotState::Now,
        Some(_) => SlotState::Used,
        None => SlotState::Free,
    });
    SendRow {
        broker: broker.0,
        label: scene.broker_label(broker),
        slots: slots.collect(),
        requests: mine.iter().take(REQUESTS).map(|request| line(scene, producer, request, is_now(request))).collect(),
        note: match gone {
            Some(tone) => mine.is_empty().then(|| Piece::new(closed(scene, tone), tone)),
            None => note(scene, connection),
        },
        gone: gone.is_some(),
    }
}

/// Of a producer that is gone: its connections went with it.
fn closed(scene: &Scene<'_>, tone: Tone) -> String {
    match tone {
        Tone::Fault => scene.t("closed, nothing was in flight", "연결 끊김, 전송 중이던 요청 없음"),
        _ => scene.t("closed", "연결 닫힘"),
    }
}

fn note(scene: &Scene<'_>, connection: Option<&NodeConnection>) -> Option<Piece> {
    let (text, tone) = match connection {
        None => (scene.t("no connection yet", "아직 연결 없음"), Tone::Muted),
        Some(connection) if connection.is_ready() => return None,
        Some(connection) if connection.is_disconnected() && connection.failed_attempts > 0 => {
            (scene.t("no connection", "연결 없음"), Tone::Fault)
        }
        Some(connection) if connection.is_disconnected() => (scene.t("disconnected", "연결 끊김"), Tone::Muted),
        Some(_) => (scene.t("connecting", "연결 중"), Tone::Muted),
    };
    Some(Piece::new(text, tone))
}

/// `#21 orders-1, try 2, arrived`
fn line(scene: &Scene<'_>, producer: &Producer, request: &RequestView, now: bool) -> RequestLine {
    let mut parts = vec![match request.api {
        Api::Produce => {
            let partitions: Vec<String> = request
                .batches
                .iter()
                .filter_map(|batch| producer.batch(batch.number, scene.now))
                .map(|batch| scene.partition_name(batch.partition))
                .collect();
            format!("#{} {}", request.correlation_id, partitions.join(" "))
        }
        api => format!("#{} {}", request.correlation_id, api.name()),
    }];
    let tries = request.batches.first().and_then(|batch| producer.batch(batch.number, scene.now)).map(|b| b.attempts);
    if let Some(failed @ 1..) = tries {
        parts.push(scene.t(&format!("try {}", failed + 1), &format!("{}번째 시도", failed + 1)));
    }
    let whereabouts = Whereabouts::of(scene, producer, request);
    let gone = gone(scene, producer.id());
    parts.push(match (gone, whereabouts) {
        (None, _) | (Some(_), Whereabouts::OnItsWay) => whereabouts.text(scene),
        (Some(_), _) => scene.t("nobody waits for its answer", "응답을 기다릴 프로세스 없음"),
    });
    RequestLine {
        select: Selection::Request(request.connection, request.correlation_id),
        correlation_id: request.correlation_id,
        text: parts.join(", "),
        tone: match whereabouts {
            _ if now => Tone::Now,
            _ if gone.is_some() => gone.unwrap_or_default(),
            Whereabouts::AnswerLost => Tone::Fault,
            _ => Tone::Plain,
        },
    }
}

/// Where a request in flight is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    OnItsWay,
    AtTheBroker,
    Answered,
    /// Its answer lies at the client, unread.
    Arrived,
    /// Its answer does not come: this direction of the connection is dark.
    AnswerLost,
}

impl Whereabouts {
    pub fn of(scene: &Scene<'_>, producer: &Producer, request: &RequestView) -> Whereabouts {
        let network = scene.simulation.network();
        let mut under_way = network.on_the_way().filter(|delivery| delivery.connection == request.connection);
        let found = under_way.find_map(|delivery| match &delivery.parcel {
            Parcel::Frame(frame) if frame.correlation_id == request.correlation_id => Some(frame.is_request()),
            _ => None,
        });
        let is_dark = network.connections().any(|(id, _, dark)| id == request.connection && dark);
        match found {
            Some(true) => Whereabouts::OnItsWay,
            _ if producer.network().has_arrived(request.connection, request.correlation_id) => Whereabouts::Arrived,
            // It answers within this instant, behind what is told.
            _ if scene.answers_later(request.connection, request.correlation_id) => Whereabouts::AtTheBroker,
            _ if is_dark => Whereabouts::AnswerLost,
            Some(false) => Whereabouts::Answered,
            None => Whereabouts::AtTheBroker,
        }
    }

    fn text(self, scene: &Scene<'_>) -> String {
        match self {
            Whereabouts::OnItsWay => scene.t("on its way", "이동 중"),
            Whereabouts::AtTheBroker => scene.t("at the broker", "브로커 도착"),
            Whereabouts::Answered => scene.t("answered", "응답 이동 중"),
            Whereabouts::Arrived => scene.t("answer arrived", "응답 도착"),
            Whereabouts::AnswerLost => scene.t("answer lost", "응답 유실"),
        }
    }
}
