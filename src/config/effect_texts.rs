//! What the acting properties of clients do, in a sentence.

use super::effect::EffectPlace::{self, *};
use crate::lang::{Text, text};

/// A property, where it acts, what it does.
type EffectRow = (&'static str, &'static [EffectPlace], Text);

#[rustfmt::skip]
pub(super) const PRODUCER: &[EffectRow] = &[
    ("bootstrap.servers", &[Connect, Metadata], text(
        "The brokers that are asked first who else there is; after that the cluster itself says where to go.",
        "다른 브로커를 알아내기 위해 처음 묻는 브로커들입니다. 그 뒤에는 클러스터가 알려 준 주소로 갑니다.")),
    ("client.id", &[Send], text(
        "The name under which the brokers see this producer in its requests.",
        "브로커가 요청에서 보는 이 프로듀서의 이름입니다.")),
    ("max.block.ms", &[Record, Accumulate], text(
        "How long send() may wait for metadata of the topic and for free memory before it fails.",
        "send()가 토픽의 메타데이터와 빈 메모리를 기다리는 최대 시간입니다. 넘으면 실패합니다.")),
    ("metadata.max.age.ms", &[Metadata], text(
        "How old metadata may get before it is asked for again even though nothing went wrong.",
        "아무 문제가 없어도 메타데이터를 다시 요청하기까지의 시간입니다.")),
    ("metadata.max.idle.ms", &[Metadata], text(
        "How long metadata of a topic is kept while nothing is sent to it.",
        "아무것도 보내지 않는 토픽의 메타데이터를 보관하는 시간입니다.")),
    ("metadata.recovery.strategy", &[Metadata], text(
        "What happens when no known broker can be reached: begin again from bootstrap.servers, or give up.",
        "아는 브로커에 하나도 닿지 않을 때 bootstrap.servers부터 다시 시작할지, 그대로 둘지를 정합니다.")),
    ("metadata.recovery.rebootstrap.trigger.ms", &[Metadata], text(
        "How long metadata may fail to come before the producer begins again from bootstrap.servers.",
        "메타데이터를 이 시간 동안 받지 못하면 bootstrap.servers부터 다시 시작합니다.")),
    ("key.serializer", &[Serialize], text(
        "How a key becomes bytes; the bytes decide the partition.",
        "키를 바이트로 바꾸는 방법입니다. 이 바이트가 파티션을 정합니다.")),
    ("value.serializer", &[Serialize], text(
        "How a value becomes bytes.",
        "값을 바이트로 바꾸는 방법입니다.")),
    ("partitioner.class", &[Partition], text(
        "A rule of its own for choosing partitions, in place of the built-in one.",
        "내장 규칙 대신 파티션을 고르는 클래스입니다.")),
    ("partitioner.ignore.keys", &[Partition], text(
        "Whether keys are left out when a partition is chosen, as if every record had none.",
        "파티션을 고를 때 키가 없는 것처럼 무시할지를 정합니다.")),
    ("partitioner.adaptive.partitioning.enable", &[Partition], text(
        "Whether records without a key go more often to partitions with shorter queues.",
        "키 없는 레코드를 대기열이 짧은 파티션으로 더 자주 보낼지를 정합니다.")),
    ("partitioner.availability.timeout.ms", &[Partition], text(
        "How long a broker may leave batches waiting before its partitions are no longer chosen; 0 is never.",
        "브로커가 배치를 이 시간 넘게 기다리게 하면 그 파티션을 고르지 않습니다. 0이면 쓰지 않습니다.")),
    ("batch.size", &[Accumulate, Partition], text(
        "How many bytes a batch of one partition may grow to; a full batch is sent at once.",
        "한 파티션의 배치가 커질 수 있는 바이트 수입니다. 가득 찬 배치는 바로 전송됩니다.")),
    ("linger.ms", &[Accumulate], text(
        "How long a batch that is not full waits for more records.",
        "가득 차지 않은 배치가 다른 레코드를 기다리는 시간입니다.")),
    ("buffer.memory", &[Accumulate], text(
        "How many bytes may wait in the producer; when they are used up, send() waits.",
        "프로듀서 안에서 대기할 수 있는 바이트 수입니다. 다 차면 send()가 기다립니다.")),
    ("compression.type", &[Accumulate], text(
        "How the records of a batch are compressed before they are sent.",
        "배치의 레코드를 보내기 전에 압축하는 방법입니다.")),
    ("compression.gzip.level", &[Accumulate], text(
        "How hard gzip tries: 1 is fast, 9 is small, -1 is its own default.",
        "gzip의 압축 강도입니다. 1은 빠르고 9는 작으며 -1은 기본값입니다.")),
    ("max.request.size", &[Record, Send], text(
        "The largest record that send() takes, and the most bytes of one produce request.",
        "send()가 받는 가장 큰 레코드이자, 전송 요청 하나의 최대 바이트 수입니다.")),
    ("acks", &[Send, Result], text(
        "Whose answer makes a record acknowledged: nobody's (0), the leader's (1), or that of all in-sync replicas (all).",
        "누구의 응답을 받아야 레코드가 확인되는지 정합니다. 아무도 아님(0), 리더(1), ISR 전체(all).")),
    ("enable.idempotence", &[Send, Result], text(
        "Whether batches carry a producer id and sequence, so that a retry is never written twice or out of order.",
        "배치에 프로듀서 id와 시퀀스를 붙여, 재시도가 두 번 쓰이거나 순서가 바뀌지 않게 할지를 정합니다.")),
    ("max.in.flight.requests.per.connection", &[Send], text(
        "How many requests may wait for their answers on one connection.",
        "한 연결에서 응답을 기다릴 수 있는 요청의 수입니다.")),
    ("retries", &[Send, Result], text(
        "How often a batch that failed is sent again, as long as delivery.timeout.ms allows.",
        "실패한 배치를 delivery.timeout.ms 안에서 다시 보내는 횟수입니다.")),
    ("retry.backoff.ms", &[Send, Metadata], text(
        "How long the first retry waits; each further one waits twice as long.",
        "첫 재시도가 기다리는 시간입니다. 다음 재시도마다 두 배가 됩니다.")),
    ("retry.backoff.max.ms", &[Send, Metadata], text(
        "The longest that a retry waits.",
        "재시도가 기다리는 최대 시간입니다.")),
    ("request.timeout.ms", &[Send], text(
        "How long an answer may take before the request is given up and its batches are tried again.",
        "응답을 기다리는 시간입니다. 넘으면 요청을 포기하고 배치를 다시 시도합니다.")),
    ("delivery.timeout.ms", &[Result], text(
        "How long a record may take from its batch to its result, retries included.",
        "배치에 들어간 뒤 결과가 나올 때까지, 재시도를 포함한 최대 시간입니다.")),
    ("reconnect.backoff.ms", &[Connect], text(
        "How long the first new attempt to connect to a broker waits.",
        "브로커에 다시 연결하기 전에 처음 기다리는 시간입니다.")),
    ("reconnect.backoff.max.ms", &[Connect], text(
        "The longest that a new attempt to connect waits.",
        "다시 연결하기 전에 기다리는 최대 시간입니다.")),
    ("socket.connection.setup.timeout.ms", &[Connect], text(
        "How long a connection may take to be set up.",
        "연결을 맺는 데 기다리는 시간입니다.")),
    ("socket.connection.setup.timeout.max.ms", &[Connect], text(
        "The longest that setting up a connection may take after several failures.",
        "여러 번 실패한 뒤 연결을 맺는 데 기다리는 최대 시간입니다.")),
    ("connections.max.idle.ms", &[Connect], text(
        "How long a connection may be unused before it is closed.",
        "쓰지 않는 연결을 닫기까지의 시간입니다.")),
    ("transactional.id", &[Send], text(
        "The name of a producer's transactions. Not built yet: a producer with it is refused here.",
        "프로듀서 트랜잭션의 이름입니다. 아직 구현되지 않아 여기서는 거절됩니다.")),
];

#[rustfmt::skip]
pub(super) const CONSUMER: &[EffectRow] = &[
    ("bootstrap.servers", &[Connect, Metadata], text(
        "The brokers that are asked first who else there is; after that the cluster itself says where to go.",
        "다른 브로커를 알아내기 위해 처음 묻는 브로커들입니다. 그 뒤에는 클러스터가 알려 준 주소로 갑니다.")),
    ("client.id", &[Group, Fetch], text(
        "The name under which the brokers see this consumer in its requests; its member id begins with it.",
        "브로커가 요청에서 보는 이 컨슈머의 이름입니다. 멤버 id의 앞부분이 됩니다.")),
    ("group.id", &[Group, Commit], text(
        "The group that shares the partitions of its topics and remembers one committed offset for each.",
        "토픽의 파티션을 나눠 갖고, 파티션마다 커밋된 오프셋 하나를 기억하는 그룹입니다.")),
    ("group.instance.id", &[Group], text(
        "A fixed name of this member: it may come back within the session timeout without a rebalance.",
        "이 멤버의 고정된 이름입니다. 세션 시간 안에 돌아오면 리밸런스가 일어나지 않습니다.")),
    ("group.protocol", &[Group], text(
        "How the group is run: classic, where clients assign. The value consumer is not built yet and refused here.",
        "그룹 운영 방식입니다. classic은 클라이언트가 할당합니다. consumer는 아직 구현되지 않아 여기서는 거절됩니다.")),
    ("session.timeout.ms", &[Group], text(
        "How long a member may send no heartbeat before its partitions go to others.",
        "하트비트가 이 시간 동안 없으면 멤버의 파티션이 다른 멤버에게 넘어갑니다.")),
    ("heartbeat.interval.ms", &[Group], text(
        "How often a member tells the coordinator that it lives, and learns of a rebalance.",
        "멤버가 코디네이터에 살아 있음을 알리고 리밸런스를 알게 되는 간격입니다.")),
    ("max.poll.interval.ms", &[Group, Poll], text(
        "How long the application may work between two polls before the consumer itself leaves the group.",
        "두 poll 사이에 처리할 수 있는 최대 시간입니다. 넘으면 컨슈머가 스스로 그룹을 떠납니다.")),
    ("partition.assignment.strategy", &[Group], text(
        "How the leader of the group shares out the partitions; all members must have one strategy in common.",
        "그룹의 리더가 파티션을 나누는 방법입니다. 모든 멤버에게 공통된 전략이 있어야 합니다.")),
    ("max.poll.records", &[Poll], text(
        "How many records one poll gives at most; it does not change what is fetched.",
        "poll 한 번이 주는 최대 레코드 수입니다. 가져오는 양은 바뀌지 않습니다.")),
    ("enable.auto.commit", &[Commit], text(
        "Whether poll and close commit the offsets of what earlier polls gave, without being asked.",
        "앞선 poll이 준 레코드의 오프셋을 poll과 close가 알아서 커밋할지를 정합니다.")),
    ("auto.commit.interval.ms", &[Commit], text(
        "How much time lies at least between two automatic commits.",
        "두 자동 커밋 사이의 최소 시간입니다.")),
    ("auto.offset.reset", &[Fetch], text(
        "Where reading begins when the group has no valid committed offset for a partition; otherwise it does nothing.",
        "파티션에 유효한 커밋 오프셋이 없을 때 읽기 시작할 곳입니다. 있으면 아무 일도 하지 않습니다.")),
    ("isolation.level", &[Fetch], text(
        "Whether records of open and aborted transactions are given. read_committed is not built yet and refused here.",
        "열려 있거나 중단된 트랜잭션의 레코드를 줄지를 정합니다. read_committed는 아직 구현되지 않아 여기서는 거절됩니다.")),
    ("fetch.min.bytes", &[Fetch], text(
        "How many bytes must be there before a broker answers a fetch early.",
        "브로커가 fetch에 바로 응답하려면 있어야 하는 바이트 수입니다.")),
    ("fetch.max.wait.ms", &[Fetch], text(
        "How long a broker holds a fetch that has too few bytes.",
        "바이트가 모자란 fetch를 브로커가 붙잡아 두는 시간입니다.")),
    ("fetch.max.bytes", &[Fetch], text(
        "How many bytes one fetch brings at most; the first batch comes whole even when it is larger.",
        "fetch 한 번이 가져오는 최대 바이트 수입니다. 첫 배치는 더 커도 통째로 옵니다.")),
    ("max.partition.fetch.bytes", &[Fetch], text(
        "How many bytes of one partition a fetch brings at most.",
        "fetch 한 번이 파티션 하나에서 가져오는 최대 바이트 수입니다.")),
    ("key.deserializer", &[Poll], text(
        "How the bytes of a key become an object again.",
        "키의 바이트를 다시 객체로 바꾸는 방법입니다.")),
    ("value.deserializer", &[Poll], text(
        "How the bytes of a value become an object again; bytes of another format make poll() fail.",
        "값의 바이트를 다시 객체로 바꾸는 방법입니다. 형식이 다르면 poll()이 실패합니다.")),
    ("allow.auto.create.topics", &[Metadata], text(
        "Whether asking for a topic that does not exist may create it; the broker must allow it too.",
        "없는 토픽을 물을 때 만들어도 되는지를 정합니다. 브로커도 허용해야 합니다.")),
    ("exclude.internal.topics", &[Metadata], text(
        "Whether a pattern that is subscribed leaves out Kafka's own topics.",
        "패턴 구독에서 카프카 내부 토픽을 뺄지를 정합니다.")),
    ("metadata.max.age.ms", &[Metadata], text(
        "How old metadata may get before it is asked for again: new topics and partitions are seen then.",
        "메타데이터를 다시 요청하기까지의 시간입니다. 새 토픽과 파티션은 그때 보입니다.")),
    ("metadata.recovery.strategy", &[Metadata], text(
        "What happens when no known broker can be reached: begin again from bootstrap.servers, or give up.",
        "아는 브로커에 하나도 닿지 않을 때 bootstrap.servers부터 다시 시작할지, 그대로 둘지를 정합니다.")),
    ("metadata.recovery.rebootstrap.trigger.ms", &[Metadata], text(
        "How long metadata may fail to come before the consumer begins again from bootstrap.servers.",
        "메타데이터를 이 시간 동안 받지 못하면 bootstrap.servers부터 다시 시작합니다.")),
    ("default.api.timeout.ms", &[Commit, Poll], text(
        "How long a call such as commitSync() or position() may wait when it is given no time of its own.",
        "commitSync()나 position() 같은 호출이 따로 시간을 받지 않았을 때 기다리는 시간입니다.")),
    ("request.timeout.ms", &[Fetch, Group], text(
        "How long an answer may take before the request is given up.",
        "응답을 기다리는 시간입니다. 넘으면 요청을 포기합니다.")),
    ("retry.backoff.ms", &[Metadata, Group], text(
        "How long the first retry of a request waits; each further one waits longer.",
        "요청의 첫 재시도가 기다리는 시간입니다. 다음 재시도는 더 오래 기다립니다.")),
    ("retry.backoff.max.ms", &[Metadata, Group], text(
        "The longest that a retry waits.",
        "재시도가 기다리는 최대 시간입니다.")),
    ("reconnect.backoff.ms", &[Connect], text(
        "How long the first new attempt to connect to a broker waits.",
        "브로커에 다시 연결하기 전에 처음 기다리는 시간입니다.")),
    ("reconnect.backoff.max.ms", &[Connect], text(
        "The longest that a new attempt to connect waits.",
        "다시 연결하기 전에 기다리는 최대 시간입니다.")),
    ("socket.connection.setup.timeout.ms", &[Connect], text(
        "How long a connection may take to be set up.",
        "연결을 맺는 데 기다리는 시간입니다.")),
    ("socket.connection.setup.timeout.max.ms", &[Connect], text(
        "The longest that setting up a connection may take after several failures.",
        "여러 번 실패한 뒤 연결을 맺는 데 기다리는 최대 시간입니다.")),
    ("connections.max.idle.ms", &[Connect], text(
        "How long a connection may be unused before it is closed.",
        "쓰지 않는 연결을 닫기까지의 시간입니다.")),
];
