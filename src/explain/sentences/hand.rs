//! The user's hand: clients made and killed, faults.

use super::super::template::{Arg, NONE, Told, told};
use super::links;
use crate::error::Code;
use crate::event::hand::*;
use crate::ids::ExceptionNo;
use crate::lang::{Text, text};

pub(super) fn words(event: HandEvent) -> Told {
    use HandEvent::*;
    match event {
        ClientStarted(of) => client_started(of),
        ClientClosed(of) => client_closed(of),
        ClientKilled(of) => client_killed(of),
        ProcessPaused(of) => process_paused(of),
        ClusterPaused(of) => cluster_paused(of),
        LinkCut(of) => links::cut(of),
        LinkSlowed(of) => links::slowed(of),
        LinkMended(of) => links::mended(of),
        HoldArmed(of) => links::hold_armed(of),
        MessageHeld(of) => links::held(of),
        HoldReleased(of) => links::released(of),
        BrokerCrashed(of) => broker_crashed(of),
        BrokerStopped(of) => broker_stopped(of),
        BrokerStarted(of) => broker_started(of),
        FaultArmed(of) => fault_armed(of),
        ResponseDropped(of) => response_dropped(of),
        ErrorAnswered(of) => error_answered(of),
        ProcessingChanged(of) => processing_changed(of),
        AdminRefused(of) => admin_refused(of),
        ConstructorThrew(of) => constructor_threw(of),
        ChapterBegan(_) => chapter_began(),
        ScriptStopped(of) => script_stopped(of),
    }
}

pub(super) const BY_HAND: Text = text("It was done by hand, or by the script.", "사용자나 스크립트가 일으킨 일입니다.");

fn client_started(ClientStarted { client, consumer }: ClientStarted) -> Told {
    let args = [("c", Arg::Client(client))];
    if consumer {
        return told(
            &args,
            text("Consumer {c} is made.", "컨슈머 {c:를} 만듭니다."),
            text(
                "It reads its settings once, now; it joins no group before it has subscribed and polls.",
                "설정은 지금 한 번만 읽습니다. 구독하고 poll()하기 전에는 그룹에 참가하지 않습니다.",
            ),
            text("It begins with {$bootstrap.servers}.", "시작 지점: {$bootstrap.servers}"),
        );
    }
    told(
        &args,
        text("Producer {c} is made.", "프로듀서 {c:를} 만듭니다."),
        text(
            "It reads its settings once, now; its sender thread, which sends the batches, starts to run.",
            "설정은 지금 한 번만 읽습니다. 배치를 보내는 전송 스레드가 돌기 시작합니다.",
        ),
        text("It begins with {$bootstrap.servers}.", "시작 지점: {$bootstrap.servers}"),
    )
}

fn client_closed(ClientClosed { client }: ClientClosed) -> Told {
    told(
        &[("c", Arg::Client(client))],
        text("{c} is closed.", "{c:가} 닫힙니다."),
        text(
            "Its program called close(): it ends in order, and its connections with it.",
            "프로그램이 close()를 불렀습니다. 연결을 닫고 정상적으로 끝납니다.",
        ),
        NONE,
    )
}

fn client_killed(ClientKilled { client, exited }: ClientKilled) -> Told {
    if exited {
        return told(
            &[("c", Arg::Client(client))],
            text(
                "{c}'s program **ends by itself**, without close().",
                "{c}의 프로그램이 close() 없이 **스스로 끝납니다**.",
            ),
            text(
                "What the client held in memory is gone; the cluster is not told.",
                "클라이언트의 메모리에 있던 것은 사라집니다. 클러스터는 통보받지 못합니다.",
            ),
            NONE,
        );
    }
    told(
        &[("c", Arg::Client(client))],
        text(
            "{c} is **killed**: its process ends without a word.",
            "{c:가} **강제 종료**됩니다. 알림 없이 프로세스가 끝납니다.",
        ),
        text(
            "What it held in memory is gone; the cluster notices only when its timeouts pass.",
            "메모리에 있던 것은 사라집니다. 클러스터는 시간 초과 뒤에야 알아챕니다.",
        ),
        BY_HAND,
    )
}

fn process_paused(ProcessPaused { process, paused }: ProcessPaused) -> Told {
    let args = [("p", Arg::Process(process))];
    if paused {
        return told(
            &args,
            text("{p} **stands still**, as in a long garbage collection.", "{p:가} 긴 GC에 걸린 것처럼 **멈춥니다**."),
            text(
                "Its timers and its reading stop; connections to it stay open.",
                "타이머와 읽기가 멈춥니다. 연결은 열린 채로 있습니다.",
            ),
            BY_HAND,
        );
    }
    told(
        &args,
        text("{p} runs again.", "{p:가} 다시 움직입니다."),
        text(
            "It takes up what arrived meanwhile, as if no time had passed.",
            "시간이 지나지 않은 것처럼 그동안 도착한 것을 처리합니다.",
        ),
        BY_HAND,
    )
}

fn cluster_paused(ClusterPaused { paused }: ClusterPaused) -> Told {
    if paused {
        return told(
            &[],
            text(
                "The **whole cluster** stands still: every broker and the controller.",
                "**클러스터 전체**가 멈춥니다. 모든 브로커와 컨트롤러입니다.",
            ),
            text(
                "Nobody's session runs out meanwhile: the clocks of those who would notice stand still, too.",
                "알아챌 쪽의 타이머도 멈추므로 그동안 만료되는 세션이 없습니다.",
            ),
            BY_HAND,
        );
    }
    told(
        &[],
        text("The whole cluster runs again.", "클러스터 전체가 다시 움직입니다."),
        text(
            "Each process takes up what arrived meanwhile; timers that are due by now go off.",
            "각 프로세스는 그동안 도착한 것을 처리하고, 이미 때가 된 타이머가 울립니다.",
        ),
        BY_HAND,
    )
}

fn broker_crashed(BrokerCrashed { broker }: BrokerCrashed) -> Told {
    told(
        &[("b", Arg::Broker(broker))],
        text(
            "{b} **crashes**: its process is gone at once.",
            "{b:가} **장애로 멈춥니다**. 프로세스가 바로 사라집니다.",
        ),
        text(
            "Its disk keeps the logs; its connections are reset, and the controller has yet to notice.",
            "디스크의 로그는 남습니다. 연결은 끊기고, 컨트롤러는 아직 모릅니다.",
        ),
        text("Noticed after {$broker.session.timeout.ms}.", "알아채기까지: {$broker.session.timeout.ms}"),
    )
}

fn broker_stopped(BrokerStopped { broker }: BrokerStopped) -> Told {
    told(
        &[("b", Arg::Broker(broker))],
        text("{b} is stopped in an orderly way.", "{b:가} 정상적으로 종료됩니다."),
        text(
            "The controller knows, and its leaderships are given up first.",
            "컨트롤러가 알고 있으며, 리더 역할을 먼저 내려놓습니다.",
        ),
        BY_HAND,
    )
}

fn broker_started(BrokerStarted { broker }: BrokerStarted) -> Told {
    told(
        &[("b", Arg::Broker(broker))],
        text("{b} starts.", "{b:가} 시작합니다."),
        text(
            "It serves once the controller has registered it: after a crash, when its old session has run out.",
            "컨트롤러에 등록된 뒤에 요청을 받습니다. 크래시 뒤에는 이전 세션이 끝나야 등록됩니다.",
        ),
        BY_HAND,
    )
}

fn fault_armed(FaultArmed { broker, api, code }: FaultArmed) -> Told {
    let args = [("b", Arg::Broker(broker)), ("api", Arg::Api(api)), ("code", Arg::Code(code))];
    if code.is_ok() {
        return told(
            &args,
            text(
                "A fault waits at {b}: its next {api} response will be dropped.",
                "고장 대기: {b}의 다음 {api} 응답을 버립니다.",
            ),
            text("The request itself is carried out.", "요청 자체는 처리됩니다."),
            BY_HAND,
        );
    }
    told(
        &args,
        text("{b} will answer the next {api} with {code}.", "고장 대기: {b}의 다음 {api} 요청에 {code} 응답"),
        text("The request itself is not carried out.", "요청 자체는 처리되지 않습니다."),
        BY_HAND,
    )
}

fn response_dropped(ResponseDropped { connection, broker, api, correlation_id: id }: ResponseDropped) -> Told {
    let args = [
        ("c", Arg::Process(connection.opener)),
        ("b", Arg::Broker(broker)),
        ("api", Arg::Api(api)),
        ("r", Arg::Request(id)),
    ];
    told(
        &args,
        text(
            "The answer of {b} to {api} request {r} is **dropped** on the way.",
            "{b:가} 보낸 {api} 요청 {r}의 응답이 도중에 **사라집니다**.",
        ),
        text(
            "{c} cannot tell this from a request that never arrived.",
            "{c:는} 요청이 도착하지 못한 것과 구별할 수 없습니다.",
        ),
        text("It waits for {$request.timeout.ms}.", "기다리는 시간: {$request.timeout.ms}"),
    )
}

fn error_answered(ErrorAnswered { broker, api, correlation_id: id, code, .. }: ErrorAnswered) -> Told {
    let args = [("b", Arg::Broker(broker)), ("api", Arg::Api(api)), ("r", Arg::Request(id)), ("code", Arg::Code(code))];
    let meaning = if code.is_retriable() {
        text(
            "The request is not carried out; the error is retriable, so the client may ask again.",
            "요청은 처리되지 않습니다. 재시도할 수 있는 오류이므로 클라이언트가 다시 요청할 수 있습니다.",
        )
    } else {
        text(
            "The request is not carried out, and asking again would not help.",
            "요청은 처리되지 않으며, 다시 요청해도 소용없습니다.",
        )
    };
    told(
        &args,
        text("{b} answers {api} {r} with {code}.", "{b:가} {api} 요청 {r}에 {code} 응답을 보냅니다."),
        meaning,
        BY_HAND,
    )
}

fn admin_refused(AdminRefused { api, why, exception }: AdminRefused) -> Told {
    let args = [
        ("api", Arg::Api(api)),
        ("e", why.code().map_or(Arg::Kafka(why.exception()), Arg::Code)),
        ("words", Arg::Message(exception)),
    ];
    if why.code() == Some(Code::RequestTimedOut) {
        return told(
            &args,
            text("The administrator's {api} is **given up**: {e}.", "관리자의 {api} 요청을 **포기합니다**: {e}"),
            text(
                "No broker answered it in time. Kafka says: {words}.",
                "제때 응답한 브로커가 없습니다. 카프카의 설명: {words}.",
            ),
            NONE,
        );
    }
    told(
        &args,
        text("The administrator's {api} is **refused**: {e}.", "관리자의 {api} 요청이 **거절되었습니다**: {e}"),
        text("Nothing was changed. Kafka says: {words}.", "아무것도 바뀌지 않았습니다. 카프카의 설명: {words}."),
        NONE,
    )
}

fn constructor_threw(ConstructorThrew { line, consumer, exception }: ConstructorThrew) -> Told {
    let class = if consumer { "KafkaConsumer" } else { "KafkaProducer" };
    let args = [
        ("class", Arg::Kafka(class)),
        ("n", Arg::Number(line.into())),
        ("e", Arg::Class(exception)),
        ("words", Arg::Message(exception)),
    ];
    let happened = match (line, exception == ExceptionNo::NONE) {
        (_, true) => {
            text("The constructor of {class} **throws** an exception.", "{class} 생성자가 예외를 **던집니다**.")
        }
        (0, _) => text("The constructor of {class} **throws** {e}.", "{class} 생성자가 {e:를} **던집니다**."),
        _ => text(
            "Line {n} of the script: the constructor of {class} **throws** {e}.",
            "스크립트의 {n}행: {class} 생성자가 {e:를} **던집니다**.",
        ),
    };
    let meaning = match exception == ExceptionNo::NONE {
        true => text("There is no such client.", "그런 클라이언트는 만들어지지 않았습니다."),
        false => text(
            "There is no such client. Kafka says: {words}.",
            "그런 클라이언트는 만들어지지 않았습니다. 카프카의 설명: {words}.",
        ),
    };
    told(&args, happened, meaning, NONE)
}

/// Its title and what it says stand in the script: who has the script says those.
fn chapter_began() -> Told {
    told(
        &[],
        text("A **chapter** of the story begins.", "이야기의 새 **챕터**가 시작됩니다."),
        text("Its title stands in the script.", "제목은 스크립트에 있습니다."),
        NONE,
    )
}

fn script_stopped(ScriptStopped { line }: ScriptStopped) -> Told {
    if line == 0 {
        return told(
            &[],
            text("The run has come to a **limit**, and ends here.", "실행이 **한도**에 이르러 여기서 끝납니다."),
            text(
                "What a run may hold, and what it may do within a second, has limits.",
                "실행 하나가 담을 수 있는 양과 1초 안에 할 수 있는 일에는 한도가 있습니다.",
            ),
            NONE,
        );
    }
    told(
        &[("n", Arg::Number(line.into()))],
        text("Line {n} of the script **cannot be carried out**.", "스크립트의 {n}행을 **수행하지 못합니다**."),
        text("The lines behind it are not carried out.", "그 뒤의 행은 수행하지 않습니다."),
        NONE,
    )
}

fn processing_changed(ProcessingChanged { client, us_per_record }: ProcessingChanged) -> Told {
    told(
        &[("c", Arg::Client(client)), ("t", Arg::Ms(us_per_record / 1000))],
        text("{c}'s program now takes {t} for each record.", "{c}의 프로그램은 이제 레코드마다 {t:을} 씁니다."),
        text(
            "All records of a poll() must be done before {c} may poll again.",
            "한 poll()의 레코드를 모두 끝내야 {c:가} 다시 poll()할 수 있습니다.",
        ),
        text(
            "At most {$max.poll.records} a poll, at most {$max.poll.interval.ms} between polls.",
            "한도: {$max.poll.records}, {$max.poll.interval.ms}",
        ),
    )
}
