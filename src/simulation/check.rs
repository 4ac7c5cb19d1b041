//! Whether a statement can be done now: the sentence for one that cannot, before anything has changed.

use std::sync::Arc;

use super::links::client_of;
use super::perform::not_built;
use super::{ClientNode, CommandError, Simulation};
use crate::broker::BrokerPhase;
use crate::cluster::Life;
use crate::config::{Side, refused_in_model, refused_replication_factor};
use crate::error::{Code, Exception};
use crate::fault::ANSWERABLE;
use crate::ids::{BrokerId, Process, TopicPartition};
use crate::lang::{Sentence, both, grouped};
use crate::script::MAX_CLIENTS_MADE;
use crate::script::{
    AdminStatement, Altered, Call, ClientKind, ClusterNode, Condition, Described, Fault, NamedProcess, NewTopic,
    Property, Setting, SettingFrom, SettingTarget, Statement, Subscription,
};
use crate::wire::Api;

pub(super) fn refuse(en: impl Into<String>, ko: impl Into<String>) -> Result<(), CommandError> {
    Err(CommandError::new(en, ko))
}

/// With a sentence that begins with a name.
pub(super) fn refuse_name(en: impl Into<String>, ko: impl Into<String>) -> Result<(), CommandError> {
    Err(CommandError::named(both(en, ko)))
}

fn no_controller() -> Result<(), CommandError> {
    refuse(
        "the controller is always available in this model: choose a broker",
        "이 모델에서 컨트롤러는 항상 사용 가능합니다. 브로커를 고르십시오",
    )
}

impl Simulation {
    /// Fails with the sentence for a person when the statement cannot be done by hand. Time passes by itself then, so that
    /// nothing would come of a line that lets it pass.
    pub fn check_by_hand(&self, statement: &Statement) -> Result<(), CommandError> {
        if matches!(
            statement,
            Statement::Sleep(_)
                | Statement::Step(_)
                | Statement::Chapter(_)
                | Statement::Try(_)
                | Statement::Wait(_)
                | Statement::RunUntil(_)
                | Statement::RunUntilInstant(_)
        ) {
            return refuse(
                "a command stands at its own instant, so `sleep`, `step`, `wait`, `run until`, `chapter` and `try` are lines of \
                 a script alone: Go to (G) leads to a later time or step",
                "명령은 정해진 시각에 실행되므로 `sleep`, `step`, `wait`, `run until`, `chapter`, `try`는 스크립트의 줄로만 쓸 수 있습니다. \
                 뒤의 시각이나 스텝으로는 G를 눌러 갑니다",
            );
        }
        self.check(statement)
    }

    /// Fails with the sentence for a person when the statement cannot be done.
    pub fn check(&self, statement: &Statement) -> Result<(), CommandError> {
        if let Some(full) = &self.full {
            return Err(CommandError::clone(full));
        }
        match statement {
            Statement::Topic(topic) => self.check_topic(topic),
            Statement::Client(client) => self.check_new_client(&client.id, client.kind),
            Statement::Send(send) => self.check_client(&send.client, ClientKind::Producer),
            Statement::ProduceLoop(of) => self.check_client(&of.client, ClientKind::Producer),
            Statement::ConsumeLoop(of) => self.check_client(&of.client, ClientKind::Consumer),
            Statement::Call { client, call } => self.check_call(client, call),
            Statement::Admin(admin) => self.check_admin(admin),
            Statement::Fault(fault) => self.check_fault(fault),
            Statement::Wait(wait) | Statement::RunUntil(wait) => check_condition(&wait.condition),
            Statement::Set(setting) => self.check_setting(setting),
            Statement::Chapter(chapter) => match &chapter.follows {
                Some(producer) => self.check_client(producer, ClientKind::Producer),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn check_topic(&self, topic: &NewTopic) -> Result<(), CommandError> {
        let placement = topic.placement(u32::try_from(self.cluster.size()).unwrap_or(1));
        let copies = placement.iter().map(Vec::len).max().unwrap_or(1);
        if let Some(Sentence { en, ko }) = refused_replication_factor(copies) {
            return refuse(format!("topic {}: {en}", topic.name), format!("토픽 {}: {ko}", topic.name));
        }
        check_topic_properties(&topic.name, &topic.properties)
    }

    fn check_new_client(&self, name: &str, kind: ClientKind) -> Result<(), CommandError> {
        if kind == ClientKind::ShareConsumer {
            return refuse("share groups are not built yet", "셰어 그룹은 아직 구현되지 않았습니다");
        }
        if let Some(client) = self.client(name)
            && client.life != Life::Gone
            && !client.closed
        {
            return refuse_name(
                format!("{name} is still running: close, exit or kill it first, or choose another name"),
                format!("{name}: 아직 실행 중입니다. 먼저 close, exit 또는 kill 하거나 다른 이름을 쓰십시오"),
            );
        }
        self.check_room_for_client(name)
    }

    fn check_room_for_client(&self, name: &str) -> Result<(), CommandError> {
        if self.clients().len() < MAX_CLIENTS_MADE {
            return Ok(());
        }
        let made = grouped(MAX_CLIENTS_MADE as u64);
        refuse_name(
            format!("{name}: this run has made {made} clients, which is the most one may make"),
            format!("{name}: 이 실행은 클라이언트를 {made}개 만들었습니다. 실행 하나에서 만들 수 있는 최대 개수입니다"),
        )
    }

    pub(super) fn check_client(&self, name: &str, kind: ClientKind) -> Result<(), CommandError> {
        let Some(client) = self.client(name) else {
            self.check_constructed(name)?;
            return refuse(
                format!("there is no client {name}: make it with `{} {name}`", kind.verb()),
                format!("{name}: 그런 클라이언트가 없습니다. 만드는 명령: `{} {name}`", kind.verb()),
            );
        };
        let is_producer = matches!(client.node, ClientNode::Producer(_));
        if is_producer != (kind == ClientKind::Producer) {
            let found = if is_producer { ("a producer", "프로듀서") } else { ("a consumer", "컨슈머") };
            return refuse_name(
                format!("{name} is {}: this needs a {}", found.0, kind.verb()),
                format!("{name}: {}입니다. 이 명령에 필요한 것: {}", found.1, kind.verb()),
            );
        }
        self.check_alive(name)
    }

    /// An error when the constructor of the client threw: there is none, although the script makes it.
    pub(super) fn check_constructed(&self, name: &str) -> Result<(), CommandError> {
        let Some(Exception { class, message, .. }) = self.not_constructed(name) else { return Ok(()) };
        refuse(
            format!("there is no client {name}, because its constructor threw {class}: {message}"),
            format!("{name}: 생성자가 예외를 던져 클라이언트가 없습니다. {class}: {message}"),
        )
    }

    fn check_alive(&self, name: &str) -> Result<(), CommandError> {
        match self.client(name).map(|client| client.life) {
            None => {
                self.check_constructed(name)?;
                refuse(format!("there is no client {name}"), format!("{name}: 그런 클라이언트가 없습니다"))
            }
            Some(Life::Gone) => {
                let verb = self.client(name).map_or("producer", |client| client.recipe.kind.verb());
                refuse_name(
                    format!(
                        "{name}'s process has ended: a line `{verb} {name} …` makes one anew under the same name \
                         (`start` takes brokers only)"
                    ),
                    format!(
                        "{name}: 프로세스가 끝났습니다. 같은 이름으로 다시 만드는 줄: `{verb} {name} …` (`start`는 브로커에만 씁니다)"
                    ),
                )
            }
            Some(_) => Ok(()),
        }
    }

    fn check_call(&self, client: &Arc<str>, call: &Call) -> Result<(), CommandError> {
        match call {
            Call::Acknowledge { .. }
            | Call::Init
            | Call::Begin
            | Call::CommitTransaction
            | Call::Abort
            | Call::SendOffsets { .. }
            | Call::Subscribe(Subscription::Pattern(_) | Subscription::Re2j(_)) => Err(not_built(call)),
            Call::Flush | Call::Outcomes => self.check_client(client, ClientKind::Producer),
            Call::Close { .. } | Call::Exit | Call::PartitionsFor(_) | Call::StopLoop => self.check_alive(client),
            // What a program has seen can be asked of one that is gone, too.
            Call::Callbacks | Call::Records { .. } if self.client(client).is_some() => Ok(()),
            _ => self.check_client(client, ClientKind::Consumer),
        }
    }

    fn check_admin(&self, admin: &AdminStatement) -> Result<(), CommandError> {
        match admin {
            AdminStatement::ElectLeaders { .. } => {
                refuse("elections by hand are not built yet", "수동 리더 선출은 아직 구현되지 않았습니다")
            }
            AdminStatement::Describe(Described::ShareGroup(_) | Described::ShareOffsets(_)) => {
                refuse("share groups are not built yet", "셰어 그룹은 아직 구현되지 않았습니다")
            }
            AdminStatement::Describe(Described::Transaction(_)) => {
                refuse("transactions are not built yet", "트랜잭션은 아직 구현되지 않았습니다")
            }
            AdminStatement::Alter { what: Altered::Group(_) | Altered::Broker(_) | Altered::AllBrokers, .. } => refuse(
                "only topics can be altered so far: give broker properties on the `cluster` line",
                "아직 토픽만 변경할 수 있습니다. 브로커 속성은 `cluster` 줄에 쓰십시오",
            ),
            AdminStatement::Alter { what: Altered::Topic(name), properties } => {
                check_topic_properties(name, properties)
            }
            AdminStatement::ListOffsets { topic, partition: Some(partition), .. } => {
                let name = TopicPartition::new(topic, *partition);
                if self.image().topics.contains_key(topic) && self.registration(&name).is_none() {
                    return refuse_name(format!("{name} does not exist"), format!("{name} 파티션이 없습니다"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_is_there(&self, broker: BrokerId) -> Result<(), CommandError> {
        let n = self.cluster.size();
        if self.broker(broker).is_some() {
            return Ok(());
        }
        refuse(
            format!("there is no broker-{}: this cluster has {n}", broker.0),
            format!("broker-{}: 그런 브로커가 없습니다. 이 클러스터의 브로커는 {n}개입니다", broker.0),
        )
    }

    fn check_broker(&self, broker: BrokerId, wanted: &[Life]) -> Result<(), CommandError> {
        self.check_is_there(broker)?;
        let life = self.broker_life(broker);
        if wanted.contains(&life) {
            return Ok(());
        }
        let (en, ko) = match life {
            Life::Running => ("is running", "실행 중입니다"),
            Life::Paused => ("is frozen", "멈춰 있습니다"),
            Life::Gone => ("is down", "꺼져 있습니다"),
        };
        refuse_name(format!("broker-{} {en}", broker.0), format!("broker-{}: {ko}", broker.0))
    }

    fn check_fault(&self, fault: &Fault) -> Result<(), CommandError> {
        match fault {
            Fault::Stop(ClusterNode::Broker(broker)) => {
                self.check_broker(*broker, &[Life::Running])?;
                if self.broker(*broker).is_some_and(|node| node.phase() != BrokerPhase::Running) {
                    return refuse_name(
                        format!("broker-{} is just starting or stopping: wait until it is up", broker.0),
                        format!("broker-{}: 시작하거나 멈추는 중입니다. 실행될 때까지 기다리십시오", broker.0),
                    );
                }
                Ok(())
            }
            Fault::Crash(ClusterNode::Broker(broker)) => self.check_broker(*broker, &[Life::Running, Life::Paused]),
            Fault::Start { node: ClusterNode::Broker(broker), .. } => self.check_broker(*broker, &[Life::Gone]),
            Fault::Stop(ClusterNode::Controller) | Fault::Crash(ClusterNode::Controller) | Fault::Start { .. } => {
                no_controller()
            }
            Fault::Kill { client } => self.check_alive(client),
            Fault::PauseProcess(process) => self.check_process(process, Life::Running),
            Fault::ResumeProcess(process) => self.check_process(process, Life::Paused),
            Fault::PauseCluster => self.check_cluster(Life::Running),
            Fault::ResumeCluster => self.check_cluster(Life::Paused),
            Fault::Cut(link) => self.check_cut(link),
            Fault::SlowLink { link, .. } => self.check_slow_link(link),
            Fault::Mend(link) => self.check_mend(link),
            Fault::Hold { from, to, api, .. } => self.check_hold(from, to, *api),
            Fault::Release { from, to } => self.check_release(from, to),
            Fault::DropResponse { broker, api, asker, .. } => self.check_message(*broker, api.key, asker.as_ref()),
            Fault::AnswerError { broker, api, error, asker, .. } => {
                self.check_message(*broker, api.key, asker.as_ref())?;
                if !Api::from_key(api.key).is_some_and(|api| ANSWERABLE.contains(&api)) {
                    let names: Vec<&str> = ANSWERABLE.iter().map(|api| api.name()).collect();
                    let names = names.join(", ");
                    return refuse_name(
                        format!("{} cannot be answered with an error here; these can: {names}", api.name),
                        format!("{}에는 오류로 응답할 수 없습니다. 가능한 요청: {names}", api.name),
                    );
                }
                if *error == Code::None {
                    return refuse_name("NONE is no error", "NONE은 오류가 아닙니다");
                }
                Ok(())
            }
            Fault::Slow { client, .. } => self.check_client(client, ClientKind::Consumer),
        }
    }

    /// Whether a process can be frozen, which is running, or let go on, which is frozen.
    fn check_process(&self, process: &NamedProcess, wanted: Life) -> Result<(), CommandError> {
        let name = match process {
            NamedProcess::Node(ClusterNode::Controller) => return self.check_controller(wanted),
            NamedProcess::Node(ClusterNode::Broker(broker)) => return self.check_broker(*broker, &[wanted]),
            NamedProcess::Client(name) => name,
        };
        let (en, ko) = match (wanted, self.client(name).map(|client| client.life)) {
            (wanted, Some(life)) if life == wanted => return Ok(()),
            (Life::Running, Some(Life::Paused)) => ("is frozen already", "이미 멈춰 있습니다"),
            (Life::Running, _) => ("is not running", "실행 중이 아닙니다"),
            _ => ("is not frozen", "멈춰 있지 않습니다"),
        };
        refuse_name(format!("{name} {en}"), format!("{name}: {ko}"))
    }

    fn check_controller(&self, wanted: Life) -> Result<(), CommandError> {
        if self.cluster.is_combined() {
            return refuse(
                "broker-1 is the controller as well, in one process: pause broker-1 \
                 (`controller=separate` on the `cluster` line parts them)",
                "broker-1이 컨트롤러를 겸하는 한 프로세스입니다. broker-1을 멈추십시오 \
                 (`cluster` 줄의 `controller=separate`로 나눌 수 있습니다)",
            );
        }
        match (self.cluster.life(Process::Controller), wanted) {
            (life, wanted) if life == wanted => Ok(()),
            (_, Life::Running) => refuse("the controller is frozen already", "컨트롤러가 이미 멈춰 있습니다"),
            _ => refuse("the controller is not frozen", "컨트롤러가 멈춰 있지 않습니다"),
        }
    }

    /// Whether a process of the cluster is there to be frozen, or to be let go on.
    fn check_cluster(&self, wanted: Life) -> Result<(), CommandError> {
        let mut all = self.broker_ids().map(Process::Broker).chain([Process::Controller]);
        if all.any(|process| self.cluster.life(process) == wanted) {
            return Ok(());
        }
        match wanted {
            Life::Running => refuse("nothing of the cluster is running", "클러스터에 실행 중인 것이 없습니다"),
            _ => refuse("nothing of the cluster is frozen", "클러스터에 멈춰 있는 것이 없습니다"),
        }
    }

    fn check_message(&self, broker: BrokerId, key: i16, asker: Option<&NamedProcess>) -> Result<(), CommandError> {
        let Some(api) = Api::from_key(key) else {
            return refuse("that request is not built yet", "그 요청은 아직 구현되지 않았습니다");
        };
        if api.is_of_controller() {
            let name = api.name();
            return refuse_name(
                format!("{name} is what brokers ask the controller, and it answers: hold it, or cut the link"),
                format!(
                    "{name}: 브로커가 컨트롤러에 보내고 컨트롤러가 응답하는 요청입니다. hold로 붙들거나 링크를 끊으십시오"
                ),
            );
        }
        if let Some(NamedProcess::Node(ClusterNode::Broker(asker))) = asker {
            self.check_is_there(*asker)?;
            if *asker == broker {
                return refuse_name(
                    format!("broker-{} asks itself nothing: choose another broker", broker.0),
                    format!("broker-{}: 자신에게는 요청하지 않습니다. 다른 브로커를 고르십시오", broker.0),
                );
            }
        }
        if let Some(client) = client_of(asker)
            && self.client(client).is_none()
        {
            return refuse(format!("there is no client {client}"), format!("{client}: 그런 클라이언트가 없습니다"));
        }
        self.check_broker(broker, &[Life::Running, Life::Paused, Life::Gone])
    }

    fn check_setting(&self, setting: &Setting) -> Result<(), CommandError> {
        if setting.from == SettingFrom::Start {
            return refuse(
                "a setting from the start changes the script: it is a branch of its own, not a moment of this run",
                "처음부터의 설정은 스크립트를 바꿉니다. 이 실행의 한 순간이 아니라 별도의 브랜치입니다",
            );
        }
        match &setting.target {
            SettingTarget::Client(name) => {
                self.check_alive(name)?;
                self.check_room_for_client(name)?;
                self.check_room_for_properties(name, &setting.properties)
            }
            SettingTarget::Topic(name) if self.image().topics.contains_key(name) => {
                check_topic_properties(name, &setting.properties)
            }
            SettingTarget::Topic(name) => {
                refuse(format!("there is no topic {name}"), format!("{name}: 그런 토픽이 없습니다"))
            }
            SettingTarget::Cluster | SettingTarget::Broker(_) => refuse(
                "brokers read their properties when they start, so they can only be changed from the start",
                "브로커는 시작할 때 속성을 읽으므로 처음부터만 바꿀 수 있습니다",
            ),
        }
    }
}

/// What Kafka accepts of a topic's properties and the model does not play, in the page as in the command.
fn check_topic_properties(name: &str, properties: &[Property]) -> Result<(), CommandError> {
    let refused = |property: &Property| refused_in_model(Side::Topic, &property.name, &property.value);
    match properties.iter().find_map(refused) {
        Some(Sentence { en, ko }) => refuse(format!("topic {name}: {en}"), format!("토픽 {name}: {ko}")),
        None => Ok(()),
    }
}

fn check_condition(condition: &Condition) -> Result<(), CommandError> {
    match condition {
        Condition::ShareGroup { .. } => {
            refuse("share groups are not built yet", "셰어 그룹은 아직 구현되지 않았습니다")
        }
        Condition::Transaction { .. } => {
            refuse("transactions are not built yet", "트랜잭션은 아직 구현되지 않았습니다")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::FaultApi;

    /// The grammar, which knows no messages, names the requests that can be played.
    #[test]
    fn the_requests_of_faults_are_those_that_are_played() {
        let named = |of_controller: bool| {
            let fits = move |key: i16| Api::from_key(key).is_some_and(|api| api.is_of_controller() == of_controller);
            FaultApi::ALL.iter().filter(move |(_, key)| fits(*key)).map(|(name, _)| *name)
        };
        assert_eq!(FaultApi::PLAYED, named(false).collect::<Vec<_>>());
        assert_eq!(FaultApi::HELD, named(false).chain(named(true)).collect::<Vec<_>>());
        let answerable: Vec<&str> = ANSWERABLE.iter().map(|api| api.name()).collect();
        assert_eq!(FaultApi::ANSWERABLE, answerable);
    }
}
