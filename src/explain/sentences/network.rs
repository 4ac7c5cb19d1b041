//! Any client: requests and connections.

use super::super::template::{Arg, NONE, Told, told};
use crate::event::network::*;
use crate::ids::{ConnectionId, Process};
use crate::lang::{Text, text};
use crate::time::Instant;
use crate::wire::Api;

pub(super) fn words(event: NetworkEvent) -> Told {
    use NetworkEvent::*;
    match event {
        ConnectionOpening(of) => connection_opening(of),
        ConnectionOpened(of) => connection_opened(of),
        ConnectionRefused(of) => connection_refused(of),
        ConnectionClosed(of) => connection_closed(of),
        RequestSent(of) => request_sent(of),
        RequestArrived(of) => request_arrived(of),
        ResponseSent(of) => response_sent(of),
        ResponseArrived(of) => response_arrived(of),
        RequestTimedOut(of) => request_timed_out(of),
        MetadataUpdated(of) => metadata_updated(of),
        CoordinatorFound(of) => coordinator_found(of),
        CoordinatorLost(of) => coordinator_lost(of),
    }
}

fn ends(connection: ConnectionId, acceptor: Process) -> [(&'static str, Arg); 2] {
    [("c", Arg::Process(connection.opener)), ("b", Arg::Process(acceptor))]
}

fn connection_opening(ConnectionOpening { connection, broker }: ConnectionOpening) -> Told {
    told(
        &ends(connection, Process::Broker(broker)),
        text("{c} opens a connection to {b}.", "{c:가} {b:와}의 연결을 엽니다."),
        text("Requests can go once the broker has accepted.", "브로커가 받아들이면 요청을 보낼 수 있습니다."),
        NONE,
    )
}

fn connection_opened(ConnectionOpened { connection, broker }: ConnectionOpened) -> Told {
    told(
        &ends(connection, Process::Broker(broker)),
        text("{c} is connected to {b}.", "{c:가} {b:와} 연결되었습니다."),
        text(
            "On one connection requests and answers keep their order.",
            "한 연결 안에서 요청과 응답은 순서를 지킵니다.",
        ),
        NONE,
    )
}

fn connection_refused(ConnectionRefused { connection, broker }: ConnectionRefused) -> Told {
    told(
        &ends(connection, Process::Broker(broker)),
        text(
            "{c} cannot connect to {b}: nothing listens there.",
            "{c:가} {b}에 연결하지 못합니다. 받는 쪽이 없습니다.",
        ),
        text("It waits a little and tries again.", "잠시 기다렸다가 다시 시도합니다."),
        text(
            "Waits {$reconnect.backoff.ms}, longer each time up to {$reconnect.backoff.max.ms}.",
            "대기: {$reconnect.backoff.ms}, 최대 {$reconnect.backoff.max.ms}",
        ),
    )
}

fn connection_closed(ConnectionClosed { connection, broker, in_flight, idle }: ConnectionClosed) -> Told {
    let meaning = match in_flight {
        0 => text(
            "Nothing was in flight on it; the next request opens another one.",
            "그 연결에는 응답을 기다리는 요청이 없었습니다. 다음 요청이 새로 연결합니다.",
        ),
        _ => text(
            "What was in flight on it gets no answer; the client must ask again.",
            "그 연결의 요청은 응답을 받지 못합니다. 클라이언트가 다시 요청해야 합니다.",
        ),
    };
    let why = match idle {
        true => text("Unused for {$connections.max.idle.ms}.", "쓰이지 않은 시간: {$connections.max.idle.ms}"),
        false => NONE,
    };
    told(
        &ends(connection, Process::Broker(broker)),
        text("The connection from {c} to {b} is closed.", "{c:와} {b} 사이의 연결이 닫힙니다."),
        meaning,
        why,
    )
}

/// What a request is for.
const fn purpose(api: Api) -> Text {
    match api {
        Api::Produce => {
            text("It carries batches to the leader of their partitions.", "배치를 파티션 리더에게 전달하는 요청입니다.")
        }
        Api::Fetch => text("It asks for records behind the positions.", "현재 위치 뒤의 레코드를 요청합니다."),
        Api::ListOffsets => text("It asks where a log begins or ends.", "로그의 처음이나 끝 오프셋을 묻습니다."),
        Api::Metadata => text("It asks who leads which partition.", "어느 브로커가 어느 파티션의 리더인지 묻습니다."),
        Api::OffsetCommit => {
            text("It asks the coordinator to store offsets.", "코디네이터에게 오프셋 저장을 요청합니다.")
        }
        Api::OffsetFetch => text("It asks what the group has committed.", "그룹이 커밋한 오프셋을 묻습니다."),
        Api::FindCoordinator => text("It asks which broker looks after the group.", "그룹을 맡은 브로커를 묻습니다."),
        Api::JoinGroup => text("It asks to be a member of the group.", "그룹의 멤버가 되기를 요청합니다."),
        Api::SyncGroup => text("It asks which partitions the member owns.", "멤버가 소유할 파티션을 묻습니다."),
        Api::Heartbeat => text("It says that the member is alive.", "멤버가 살아 있음을 알립니다."),
        Api::LeaveGroup => text("It says that the member leaves.", "멤버가 나간다고 알립니다."),
        Api::InitProducerId => text("It asks for a producer id and an epoch.", "프로듀서 id와 에포크를 요청합니다."),
        Api::OffsetForLeaderEpoch => {
            text("It asks where a leader's epoch ended.", "리더 에포크가 끝난 오프셋을 묻습니다.")
        }
        Api::ApiVersions => text("It asks which requests the broker speaks.", "브로커가 아는 요청과 버전을 묻습니다."),
        Api::CreateTopics | Api::DeleteTopics | Api::CreatePartitions | Api::DeleteRecords => {
            text("An administrator changes the cluster with it.", "관리자가 클러스터를 바꾸는 요청입니다.")
        }
        Api::DescribeGroups | Api::ListGroups | Api::DeleteGroups | Api::OffsetDelete => {
            text("An administrator looks after groups with it.", "관리자가 그룹을 다루는 요청입니다.")
        }
        Api::IncrementalAlterConfigs => {
            text("An administrator changes settings with it.", "관리자가 설정을 바꾸는 요청입니다.")
        }
        Api::ElectLeaders | Api::AlterPartitionReassignments | Api::ListPartitionReassignments => text(
            "An administrator looks after leaders and replicas with it.",
            "관리자가 리더와 복제본을 다루는 요청입니다.",
        ),
        Api::AlterPartition => {
            text("The leader tells the controller who is in sync.", "리더가 동기화된 복제본을 컨트롤러에 알립니다.")
        }
        Api::BrokerRegistration => {
            text("A broker that starts makes itself known.", "시작하는 브로커가 자신을 등록합니다.")
        }
        Api::BrokerHeartbeat => text("It says that the broker is alive.", "브로커가 살아 있음을 알립니다."),
        Api::AllocateProducerIds => {
            text("It asks for producer ids to hand out.", "나누어 줄 프로듀서 id를 요청합니다.")
        }
    }
}

/// What mattered for a request's way.
const fn why_sent(api: Api) -> Text {
    match api {
        Api::Produce => text(
            "An answer comes after {$acks}; it is given up after {$request.timeout.ms}.",
            "응답 조건: {$acks}, 포기: {$request.timeout.ms}",
        ),
        Api::Fetch => text(
            "The broker waits for {$fetch.min.bytes} or {$fetch.max.wait.ms}.",
            "브로커 대기: {$fetch.min.bytes}, {$fetch.max.wait.ms}",
        ),
        Api::Heartbeat => text(
            "Sent every {$heartbeat.interval.ms}, needed within {$session.timeout.ms}.",
            "간격: {$heartbeat.interval.ms}, 한도: {$session.timeout.ms}",
        ),
        Api::JoinGroup => text(
            "The group waits for its members up to {$max.poll.interval.ms}.",
            "멤버를 기다리는 한도: {$max.poll.interval.ms}",
        ),
        _ => text("It is given up after {$request.timeout.ms}.", "포기: {$request.timeout.ms}"),
    }
}

fn message(connection: ConnectionId, acceptor: Process, api: Api, id: i32) -> Vec<(&'static str, Arg)> {
    let mut args = ends(connection, acceptor).to_vec();
    args.extend([("api", Arg::Api(api)), ("r", Arg::Request(id))]);
    args
}

fn request_sent(RequestSent { connection, acceptor, api, correlation_id: id, bytes, arrives_at }: RequestSent) -> Told {
    let mut args = message(connection, acceptor, api, id);
    args.extend([("n", Arg::Bytes(u64::from(bytes))), ("at", Arg::Instant(arrives_at))]);
    let happened = if arrives_at == Instant::MAX {
        text(
            "{c} sends {api} {r}, {n}, to {b}; it **waits**: the link is cut or held.",
            "{c:가} {api} 요청 {r:을} {b}에 보냅니다({n}). 링크가 끊기거나 막혀 **도중에 기다립니다**.",
        )
    } else {
        text(
            "{c} sends {api} {r}, {n}, to {b}; it arrives at {at}.",
            "{c:가} {api} 요청 {r:을} {b}에 보냅니다. {n}, 도착: {at}",
        )
    };
    told(&args, happened, purpose(api), why_sent(api))
}

fn request_arrived(RequestArrived { connection, acceptor, api, correlation_id: id }: RequestArrived) -> Told {
    told(
        &message(connection, acceptor, api, id),
        text("{api} request {r} of {c} arrives at {b}.", "{c}의 {api} 요청 {r:이} {b}에 도착합니다."),
        purpose(api),
        NONE,
    )
}

fn response_sent(
    ResponseSent { connection, acceptor, api, correlation_id: id, bytes, arrives_at }: ResponseSent,
) -> Told {
    let mut args = message(connection, acceptor, api, id);
    args.extend([("n", Arg::Bytes(u64::from(bytes))), ("at", Arg::Instant(arrives_at))]);
    let happened = if arrives_at == Instant::MAX {
        text(
            "{b} answers {api} {r} of {c}; that **waits**: the link is cut or held.",
            "{b:가} {c}의 {api} 요청 {r}에 응답합니다. 링크가 끊기거나 막혀 응답이 **도중에 기다립니다**.",
        )
    } else {
        text(
            "{b} answers {api} {r} of {c}; the answer arrives at {at}.",
            "{b:가} {c}의 {api} 요청 {r}에 응답합니다. 도착: {at}",
        )
    };
    told(
        &args,
        happened,
        text("The answer, {n}, goes back on the same connection.", "응답({n})은 같은 연결로 돌아갑니다."),
        NONE,
    )
}

fn response_arrived(ResponseArrived { connection, acceptor, api, correlation_id: id }: ResponseArrived) -> Told {
    told(
        &message(connection, acceptor, api, id),
        text("The answer to {api} request {r} reaches {c}.", "{api} 요청 {r}의 응답이 {c}에 도착합니다."),
        text(
            "The client now knows what became of its request to {b}.",
            "클라이언트가 {b}에 보낸 요청의 결과를 알게 됩니다.",
        ),
        NONE,
    )
}

fn request_timed_out(RequestTimedOut { connection, broker, api, correlation_id: id }: RequestTimedOut) -> Told {
    told(
        &message(connection, Process::Broker(broker), api, id),
        text(
            "{c} has waited **too long** for the answer to {api} request {r}.",
            "{c:가} {api} 요청 {r}의 응답을 **너무 오래** 기다렸습니다.",
        ),
        text(
            "It closes the connection to {b}, without knowing whether the request was carried out.",
            "요청이 처리되었는지 모르는 채 {b:와}의 연결을 닫습니다.",
        ),
        text("Because {$request.timeout.ms} passed.", "원인: {$request.timeout.ms} 경과"),
    )
}

fn metadata_updated(MetadataUpdated { client }: MetadataUpdated) -> Told {
    told(
        &[("c", Arg::Client(client))],
        text("{c} has fresh metadata of the cluster.", "{c:가} 클러스터의 새 메타데이터를 받았습니다."),
        text("It knows which broker leads which partition.", "어느 브로커가 어느 파티션의 리더인지 압니다."),
        text("Asked for again after {$metadata.max.age.ms}.", "다시 요청: {$metadata.max.age.ms} 뒤"),
    )
}

fn coordinator_found(CoordinatorFound { client, broker }: CoordinatorFound) -> Told {
    told(
        &[("c", Arg::Client(client)), ("b", Arg::Broker(broker))],
        text("{c} learns that {b} coordinates its group.", "{c:가} 자신의 그룹의 코디네이터가 {b}임을 알게 됩니다."),
        text(
            "It leads the partition of __consumer_offsets that the group's name falls on.",
            "그룹 이름이 속하는 __consumer_offsets 파티션의 리더이기 때문입니다.",
        ),
        text("The group is {$group.id}.", "그룹: {$group.id}"),
    )
}

fn coordinator_lost(CoordinatorLost { client }: CoordinatorLost) -> Told {
    told(
        &[("c", Arg::Client(client))],
        text("{c} no longer counts on its group's coordinator.", "{c:가} 그룹의 코디네이터를 잃은 것으로 봅니다."),
        text(
            "It looks for the coordinator again before it commits or joins.",
            "커밋이나 참가 전에 코디네이터를 다시 찾습니다.",
        ),
        NONE,
    )
}
