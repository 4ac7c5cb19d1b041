//! The words of the page, each explained in a sentence.

use crate::lang::{Lang, Text, text};

/// A word of Kafka's, or of this page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    /// In links and markup.
    pub id: &'static str,
    pub name: &'static str,
    /// What it is called where there is little room; empty where it has no such name.
    pub short: &'static str,
    pub sentence: &'static str,
}

impl Term {
    /// `high watermark (HW)`
    pub fn title(&self) -> String {
        if self.short.is_empty() { self.name.to_owned() } else { format!("{} ({})", self.name, self.short) }
    }
}

/// The term under this id.
pub fn term(id: &str, lang: Lang) -> Option<Term> {
    ALL.iter().find(|(known, ..)| *known == id).map(|row| of(row, lang))
}

/// All terms, in the order of a record's journey.
pub fn all(lang: Lang) -> impl Iterator<Item = Term> {
    ALL.iter().map(move |row| of(row, lang))
}

type TermRow = (&'static str, Text, Text);

fn of((id, name, sentence): &TermRow, lang: Lang) -> Term {
    let short = SHORT.iter().find(|(known, _)| known == id).map_or("", |(_, short)| short);
    Term { id, name: name.pick(lang), short, sentence: sentence.pick(lang) }
}

/// Kafka's own short names, the same in every language.
const SHORT: [(&str, &str); 4] = [("isr", "ISR"), ("leo", "LEO"), ("high-watermark", "HW"), ("lso", "LSO")];

#[rustfmt::skip]
const ALL: &[TermRow] = &[
    ("record", text("record", "레코드"), text(
        "What a program sends: a key, a value, headers and a timestamp; each but the topic may be missing.",
        "프로그램이 보내는 것입니다. 키, 값, 헤더, 타임스탬프로 이루어지며, 토픽 외에는 없어도 됩니다.")),
    ("key", text("key", "키"), text(
        "Decides the partition: records with equal keys go to the same one and keep their order.",
        "파티션을 정합니다. 키가 같은 레코드는 같은 파티션으로 가고 순서를 지킵니다.")),
    ("serialize", text("serialize", "직렬화"), text(
        "Turning key and value into bytes, since brokers store nothing else.",
        "키와 값을 바이트로 바꾸는 일입니다. 브로커는 바이트만 저장합니다.")),
    ("topic", text("topic", "토픽"), text(
        "A name for a stream of records, kept as one or more partitions.",
        "레코드 흐름의 이름입니다. 하나 이상의 파티션으로 나뉘어 저장됩니다.")),
    ("partition", text("partition", "파티션"), text(
        "One log of a topic: order holds within it, not between partitions.",
        "토픽의 로그 하나입니다. 순서는 파티션 안에서만 지켜집니다.")),
    ("murmur2", text("murmur2", "murmur2"), text(
        "The hash of the key's bytes that the Java client takes modulo the number of partitions.",
        "키 바이트의 해시입니다. 자바 클라이언트는 이것을 파티션 수로 나눈 나머지를 씁니다.")),
    ("accumulate", text("accumulate", "배치에 모으기"), text(
        "Collecting records of one partition in a batch until it is full or has waited long enough.",
        "한 파티션의 레코드를 배치가 차거나 충분히 기다릴 때까지 모으는 일입니다.")),
    ("batch", text("batch", "배치"), text(
        "Records of one partition that are sent, stored and read together, as one piece of bytes.",
        "함께 전송되고 저장되고 읽히는 한 파티션의 레코드 묶음입니다.")),
    ("deque", text("deque", "대기열"), text(
        "The line of batches of one partition inside a producer; a retried batch goes back to its front.",
        "프로듀서 안에서 한 파티션의 배치가 서는 줄입니다. 재시도할 배치는 맨 앞으로 돌아갑니다.")),
    ("send", text("send", "전송"), text(
        "The sender thread takes ready batches into one request for each broker.",
        "전송 스레드가 준비된 배치를 브로커마다 한 요청에 싣습니다.")),
    ("in-flight", text("in flight", "응답 대기"), text(
        "A request that was sent and has no answer yet.",
        "보냈지만 아직 응답이 없는 요청입니다.")),
    ("result", text("result", "결과"), text(
        "What the program learns about a record: its partition and offset, or an exception.",
        "프로그램이 알게 되는 레코드의 결과입니다. 파티션과 오프셋, 또는 예외입니다.")),
    ("future", text("future", "future"), text(
        "What send() returns at once: the result comes into it later, and its get() waits for that.",
        "send()가 바로 돌려주는 객체입니다. 결과는 나중에 담기며, get()이 그것을 기다립니다.")),
    ("acked", text("acked", "ack된"), text(
        "A record whose result has come, under the promise that acks asks for.",
        "acks가 요구한 조건으로 결과를 받은 레코드입니다.")),
    ("producer-id", text("producer id", "프로듀서 id"), text(
        "A number that an idempotent producer gets once, so that brokers know its batches again.",
        "멱등 프로듀서가 한 번 받는 번호입니다. 브로커가 그 배치를 알아보게 합니다.")),
    ("sequence", text("sequence", "시퀀스"), text(
        "The number of a record among those its producer wrote to a partition; a repeated one is a retry.",
        "프로듀서가 한 파티션에 쓴 레코드의 번호입니다. 같은 번호가 다시 오면 재시도입니다.")),
    ("idempotent", text("idempotent", "멱등"), text(
        "Sent twice, written once: the broker finds a repeated sequence and appends nothing.",
        "두 번 보내도 한 번만 쓰입니다. 브로커가 반복된 시퀀스를 찾아 다시 쓰지 않습니다.")),
    ("offset", text("offset", "오프셋"), text(
        "The number of a record in its partition, from 0, given when it is written.",
        "파티션 안의 레코드 번호입니다. 0부터 시작하며 쓰일 때 붙습니다.")),
    ("leader", text("leader", "리더"), text(
        "The broker that takes the writes of a partition and answers its reads.",
        "파티션의 쓰기를 받고 읽기에 응답하는 브로커입니다.")),
    ("epoch", text("epoch", "에포크"), text(
        "A number that grows when something begins anew, a partition's leader or a producer's numbers, so that what is old is known.",
        "파티션의 리더나 프로듀서의 번호 매김이 새로 시작될 때 커지는 번호입니다. 옛것을 알아볼 수 있게 합니다.")),
    ("controller", text("controller", "컨트롤러"), text(
        "The part of the cluster that knows which brokers live and chooses the leaders of the partitions.",
        "살아 있는 브로커를 파악하고 파티션의 리더를 정하는, 클러스터의 관리자입니다.")),
    ("metadata", text("metadata", "메타데이터"), text(
        "What a client knows of the cluster: its brokers, its topics, and who leads which partition.",
        "클라이언트가 클러스터에 대해 아는 것입니다. 브로커와 토픽, 파티션별 리더의 목록입니다.")),
    ("isr", text("in-sync replicas", "동기화된 복제본"), text(
        "The replicas that have kept up with the leader.",
        "리더를 따라잡고 있는 복제본들입니다.")),
    ("replica", text("replica", "복제본"), text(
        "A copy of a partition's log on one broker.",
        "한 브로커에 있는 파티션 로그의 사본입니다.")),
    ("leo", text("log end offset", "로그 끝 오프셋"), text(
        "The offset that the next record will get.",
        "다음 레코드가 받을 오프셋입니다.")),
    ("high-watermark", text("high watermark", "하이 워터마크"), text(
        "Below it all in-sync replicas have the records; consumers read no further.",
        "그 아래의 레코드는 모든 ISR에 있습니다. 컨슈머는 여기까지만 읽습니다.")),
    ("lso", text("last stable offset", "마지막 안정 오프셋"), text(
        "Below it no transaction is open; readers of committed records read no further.",
        "그 아래에는 열린 트랜잭션이 없습니다. read_committed 컨슈머는 여기까지만 읽습니다.")),
    ("log-start", text("log start offset", "로그 시작 오프셋"), text(
        "The oldest offset that can still be read.",
        "아직 읽을 수 있는 가장 오래된 오프셋입니다.")),
    ("group", text("consumer group", "컨슈머 그룹"), text(
        "Consumers that share the partitions of their topics: each partition has one reader in the group.",
        "토픽의 파티션을 나누어 읽는 컨슈머들입니다. 파티션마다 그룹 안의 한 멤버만 읽습니다.")),
    ("member", text("member", "멤버"), text(
        "A consumer in a group, known to the coordinator by its member id.",
        "그룹 안의 컨슈머입니다. 코디네이터는 멤버 id로 알아봅니다.")),
    ("coordinator", text("coordinator", "코디네이터"), text(
        "The broker that keeps a group: its members, its generation, its committed offsets.",
        "그룹을 맡은 브로커입니다. 멤버, 세대, 커밋된 오프셋을 관리합니다.")),
    ("generation", text("generation", "세대"), text(
        "The number of a group's assignment; requests of an older one are refused.",
        "그룹 할당의 번호입니다. 이전 세대의 요청은 거절됩니다.")),
    ("rebalance", text("rebalance", "리밸런스"), text(
        "Sharing out the partitions anew when members come or go.",
        "멤버가 들어오거나 나갈 때 파티션을 다시 나누는 일입니다.")),
    ("revoke", text("revoke", "회수"), text(
        "A member gives its partitions back before the group shares them out.",
        "그룹이 파티션을 나누기 전에 멤버가 가진 것을 내놓는 단계입니다.")),
    ("join", text("join", "참가"), text(
        "Every member asks to be in the next generation; the answer waits for all of them.",
        "모든 멤버가 다음 세대에 들어가기를 요청합니다. 응답은 모두가 올 때까지 미뤄집니다.")),
    ("sync", text("sync", "동기화"), text(
        "The leader hands in who gets what, and every member is told its part.",
        "리더가 할당을 제출하고, 멤버마다 자기 몫을 듣는 단계입니다.")),
    ("own", text("own", "소유"), text(
        "The member has its partitions and reads them.",
        "멤버가 파티션을 받아 읽는 단계입니다.")),
    ("assignor", text("assignor", "할당 방식"), text(
        "The rule by which the group's leader shares the partitions out.",
        "그룹 리더가 파티션을 나누는 규칙입니다.")),
    ("position", text("position", "읽기 위치"), text(
        "The offset that a consumer will read next; only the consumer knows it.",
        "컨슈머가 다음에 읽을 오프셋입니다. 컨슈머만 알고 있습니다.")),
    ("committed", text("committed offset", "커밋된 오프셋"), text(
        "Where the group starts after a crash: the next record to read, stored by the coordinator.",
        "장애 뒤에 그룹이 시작할 곳입니다. 다음에 읽을 레코드이며 코디네이터가 저장합니다.")),
    ("lag", text("lag", "랙"), text(
        "How far the committed offset is behind the high watermark.",
        "커밋된 오프셋이 하이 워터마크보다 얼마나 뒤에 있는지입니다.")),
    ("heartbeat", text("heartbeat", "하트비트"), text(
        "A member's sign of life; without one in time the coordinator removes the member.",
        "멤버가 살아 있다는 신호입니다. 제때 없으면 코디네이터가 멤버를 뺍니다.")),
    ("fenced", text("fenced", "격리"), text(
        "Shut out because something newer has taken its place, or because nobody has heard of it.",
        "더 새로운 것이 자리를 차지했거나 소식이 없어 배제된 상태입니다.")),
    ("acks", text("acks", "acks"), text(
        "Whose word the producer waits for: nobody's, the leader's, or that of all in-sync replicas.",
        "프로듀서가 누구의 응답을 기다리는지입니다. 아무도 아님, 리더, 모든 ISR 중 하나입니다.")),
    ("branch", text("branch", "브랜치"), text(
        "A run that left another one where something was changed; both are kept.",
        "무언가를 바꾼 곳에서 갈라져 나온 실행입니다. 둘 다 보존됩니다.")),
    ("step", text("step", "스텝"), text(
        "The next event worth telling; routine ones are passed and counted.",
        "설명할 다음 이벤트입니다. 일상적인 것은 지나가며 셉니다.")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_has_a_sentence_in_both_languages() {
        for (en, ko) in all(Lang::En).zip(all(Lang::Ko)) {
            assert_eq!(en.id, ko.id);
            assert!(en.sentence.ends_with('.') && en.sentence.is_ascii(), "{}", en.id);
            assert!(ko.sentence.ends_with("다."), "{}", ko.id);
            assert!(ko.sentence.chars().any(|c| ('가'..='힣').contains(&c)), "{}", ko.id);
            assert_eq!(term(en.id, Lang::En), Some(en));
        }
        assert_eq!(term("nothing", Lang::En), None);
        let ids: crate::sorted::SortedSet<&str> = all(Lang::En).map(|term| term.id).collect();
        assert_eq!(ids.len(), ALL.len(), "an id stands twice");
    }
}
