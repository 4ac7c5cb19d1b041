//! The members of a group: what each owns, what it is doing, how far it is in a rebalance.

use super::groups::{is_caught_up, owned, partitions_of};
use super::model::{Member, MemberMark, Phase, ProcessState};
use super::producers::process_state;
use super::program;
use super::scene::Scene;
use crate::client::consumer::{Consumer, MemberState, RebalancePhase};
use crate::coordinator::group::{GroupView, MemberView};
use crate::event::{CallKind, GroupState, Process};
use crate::ids::{GroupNo, TopicPartition};
use crate::simulation::{ClientNode, ClientProcess};

/// Microseconds for one record from which a program counts as slow.
const SLOW_US: u64 = 100_000;

const NOTHING_TO_DO: [Phase; 4] = [Phase::NotNeeded; 4];
/// Of a member that is gone, while a rebalance waits for it.
const WAITED_FOR: [Phase; 4] = [Phase::NotNeeded, Phase::UnderWay, Phase::ToCome, Phase::ToCome];

/// The members in order of creation. One that is gone keeps its row until the group is stable without it.
pub(super) fn of_group(scene: &Scene<'_>, group: GroupNo, view: Option<&GroupView>) -> Vec<Member> {
    let clients = scene.simulation.clients().iter().filter(|client| scene.group_of(client) == Some(group));
    clients
        .filter_map(|client| {
            let ClientNode::Consumer(consumer) = &client.node else { return None };
            let member = view.and_then(|view| member_of(view, client, consumer));
            let is_shown = is_alive(process_state(client)) || member.is_some() || left_lately(scene, group, client);
            is_shown.then(|| MemberRow::of(scene, client, consumer, view, member).member())
        })
        .collect()
}

/// A consumer without a group.
pub(super) fn alone(scene: &Scene<'_>, client: &ClientProcess) -> Member {
    let ClientNode::Consumer(consumer) = &client.node else { unreachable!("a producer reads nothing") };
    MemberRow::of(scene, client, consumer, None, None).member()
}

fn member_of<'v>(view: &'v GroupView, client: &ClientProcess, consumer: &Consumer) -> Option<&'v MemberView> {
    let id = consumer.generation().map(|generation| &generation.member_id).filter(|id| !id.is_empty());
    view.members.iter().find(|member| match (member.client, id) {
        (_, Some(id)) => member.member_id == *id,
        (Some(of), None) => of == client.id,
        (None, None) => false,
    })
}

fn is_alive(state: ProcessState) -> bool {
    matches!(state, ProcessState::Running | ProcessState::Paused)
}

/// It went away after the group was last stable.
fn left_lately(scene: &Scene<'_>, group: GroupNo, client: &ClientProcess) -> bool {
    let left = scene.last_of(Process::Client(client.id)).map(|event| event.at);
    match (left, scene.seen.stable_since(group)) {
        (Some(left), Some(stable)) => left > stable,
        _ => false,
    }
}

/// What a member's row is made of.
struct MemberRow<'a> {
    scene: &'a Scene<'a>,
    client: &'a ClientProcess,
    consumer: &'a Consumer,
    view: Option<&'a GroupView>,
    member: Option<&'a MemberView>,
    state: ProcessState,
    /// What it owns; nothing when it does not live.
    mine: Vec<TopicPartition>,
}

impl<'a> MemberRow<'a> {
    fn of(
        scene: &'a Scene<'a>,
        client: &'a ClientProcess,
        consumer: &'a Consumer,
        view: Option<&'a GroupView>,
        member: Option<&'a MemberView>,
    ) -> MemberRow<'a> {
        let state = process_state(client);
        let mut row = MemberRow { scene, client, consumer, view, member, state, mine: Vec::new() };
        if row.is_alive() {
            row.mine = owned(scene, client.id);
        }
        row
    }

    fn is_alive(&self) -> bool {
        is_alive(self.state)
    }

    /// A rebalance waits for a member that is gone, which the coordinator does not know yet.
    fn is_waited_for(&self, view: &GroupView) -> bool {
        let lacks = |member: &MemberView| view.state == GroupState::PreparingRebalance && !member.joining;
        !self.is_alive() && self.member.is_some_and(lacks)
    }

    fn is_stable(&self) -> bool {
        self.consumer.member_state() == Some(MemberState::Stable)
    }

    /// The generation it is in; -1 before the first.
    fn generation(&self) -> i32 {
        self.consumer.generation().map_or(-1, |generation| generation.id)
    }

    /// The coordinator gave it partitions when the group was last stable.
    fn had_some(&self) -> bool {
        self.member.is_some_and(|member| !member.assignment.is_empty())
    }

    fn member(&self) -> Member {
        let scene = self.scene;
        let owns: Vec<String> = self.mine.iter().map(ToString::to_string).collect();
        let owns = if owns.is_empty() { scene.t("owns nothing", "소유 없음") } else { owns.join(", ") };
        let activity = self.activity();
        let name = self.client.recipe.name.to_string();
        let leads = |(member, view): (&MemberView, &GroupView)| view.leader.as_ref() == Some(&member.member_id);
        Member {
            client: self.client.id,
            mark: self.mark(),
            leads: self.member.zip(self.view).is_some_and(leads),
            phases: match self.view {
                Some(view) if self.is_alive() => self.phases(view),
                Some(view) if self.is_waited_for(view) => WAITED_FOR,
                _ => NOTHING_TO_DO,
            },
            text: format!("{name}: {owns}, {activity}"),
            owns,
            activity,
            program: program::line(scene, self.client),
            is_at_work: self.is_at_work(),
            gone: !self.is_alive() && self.member.is_none(),
            now: scene.place.client == Some(self.client.id),
            name,
        }
    }

    fn mark(&self) -> MemberMark {
        match self.state {
            ProcessState::Closed => return MemberMark::Left,
            ProcessState::Killed => return MemberMark::Killed,
            ProcessState::Paused => return MemberMark::Paused,
            ProcessState::Running => {}
        }
        let is_behind = |view: &GroupView| (0..view.generation).contains(&self.generation());
        if self.is_stable() && self.view.is_some_and(is_behind) {
            MemberMark::Fenced
        } else if self.client.application.process_us() >= SLOW_US {
            MemberMark::Slow
        } else if self.mine.is_empty() {
            MemberMark::Idle
        } else {
            MemberMark::Reading
        }
    }

    /// How far a member is with the four phases, as an eager rebalance has them.
    fn phases(&self, view: &GroupView) -> [Phase; 4] {
        let had_some = self.had_some();
        let revoked = if had_some { Phase::Done } else { Phase::NotNeeded };
        let is_current = self.generation() == view.generation && self.is_stable();
        match self.consumer.rebalance_phase() {
            RebalancePhase::Revoking => [Phase::UnderWay, Phase::ToCome, Phase::ToCome, Phase::ToCome],
            RebalancePhase::Joining => {
                let joined = self.member.is_some_and(|member| member.joining);
                let join = if joined { Phase::Done } else { Phase::UnderWay };
                [revoked, join, Phase::ToCome, Phase::ToCome]
            }
            RebalancePhase::Syncing => [revoked, Phase::Done, Phase::UnderWay, Phase::ToCome],
            RebalancePhase::None => match view.state {
                GroupState::PreparingRebalance if self.member.is_some() => {
                    let revoke = if self.mine.is_empty() { revoked } else { Phase::ToCome };
                    [revoke, Phase::ToCome, Phase::ToCome, Phase::ToCome]
                }
                GroupState::CompletingRebalance if is_current => [revoked, Phase::Done, Phase::Done, Phase::Done],
                GroupState::Stable if is_current && had_some && self.mine.is_empty() => {
                    [Phase::Done, Phase::Done, Phase::Done, Phase::UnderWay]
                }
                _ => NOTHING_TO_DO,
            },
        }
    }

    /// Until when the coordinator waits in a rebalance for a member that is gone: its session or the join phase ends.
    fn waited_until(&self) -> Option<String> {
        let view = self.view.filter(|view| self.is_waited_for(view))?;
        let session = self.member.and_then(|member| member.session_deadline);
        let until = [view.join_deadline, session].into_iter().flatten().min()?;
        Some(self.scene.ms(until))
    }

    fn activity(&self) -> String {
        let at = self
            .scene
            .last_of(Process::Client(self.client.id))
            .map(|event| self.scene.ms(event.at))
            .unwrap_or_default();
        match self.state {
            ProcessState::Killed => match (self.waited_until(), self.member.and_then(|member| member.session_deadline))
            {
                (Some(until), _) => self
                    .scene
                    .t(&format!("killed, waited for until {until}"), &format!("강제 종료됨, {until}까지 기다림")),
                (None, Some(until)) => {
                    let left = self.scene.left(until);
                    self.scene.t(
                        &format!("killed, session ends in {left} ms"),
                        &format!("강제 종료됨, 세션 종료까지 {left} ms"),
                    )
                }
                (None, None) => self.scene.t(&format!("killed at {at}"), &format!("{at}에 강제 종료됨")),
            },
            ProcessState::Closed => self.scene.t(&format!("left at {at}"), &format!("{at}에 나감")),
            ProcessState::Paused => self.scene.t(&format!("stands still since {at}"), &format!("{at}부터 멈춤")),
            ProcessState::Running => self.running(),
        }
    }

    /// It has partitions, and nothing is to be said but what its program does.
    fn is_at_work(&self) -> bool {
        let is_settled = || self.consumer.rebalance_phase() == RebalancePhase::None && !self.mine.is_empty();
        self.state == ProcessState::Running && (self.client.application.processing().is_some() || is_settled())
    }

    fn running(&self) -> String {
        if let Some((partition, offset, until)) = self.client.application.processing() {
            let (left, rest) = (self.scene.left(until), self.client.application.unprocessed().saturating_sub(1));
            return self.scene.t(
                &format!("processing {partition}@{offset}, {left} ms left, {rest} more"),
                &format!("{partition}@{offset} 처리 중, {left} ms 남음, {rest}건 더"),
            );
        }
        match self.consumer.rebalance_phase() {
            RebalancePhase::Revoking => return self.scene.t("giving its partitions back", "파티션 반납 중"),
            RebalancePhase::Joining => return self.scene.t("joining", "참가 요청 중"),
            RebalancePhase::Syncing => return self.scene.t("waiting for its assignment", "할당 대기 중"),
            RebalancePhase::None => {}
        }
        if self.mine.is_empty() {
            return self.without_partitions();
        }
        match self.consumer.current_call().map(|call| call.kind) {
            Some(CallKind::CommitSync) => return self.scene.t("waits for its commit", "커밋 응답 대기"),
            None if !self.client.application.is_looping() => {
                return self.scene.t("waits for the next call", "다음 호출 대기");
            }
            _ => {}
        }
        if self.mine.iter().all(|partition| is_caught_up(self.scene, self.client.id, partition)) {
            self.scene.t("caught up", "따라잡음")
        } else {
            self.scene.t("reading", "읽는 중")
        }
    }

    fn without_partitions(&self) -> String {
        let Some(view) = self.view.filter(|view| self.is_stable() && !view.members.is_empty()) else {
            return match self.consumer.subscriptions().is_idle() {
                true => self.scene.t("has not subscribed", "구독 전"),
                false if self.consumer.current_call().is_some() => self.scene.t("finding its group", "그룹 찾는 중"),
                false if self.client.application.is_looping() => self.scene.t("starting", "시작 중"),
                false => self.scene.t("waits for the next poll()", "다음 poll() 대기"),
            };
        };
        match (view.state, self.had_some()) {
            (GroupState::Stable, true) => return self.scene.t("takes its partitions over", "할당받은 파티션 인수 중"),
            (GroupState::Stable, false) => {}
            (_, true) => return self.scene.t("has given its partitions back", "파티션 반납함"),
            (_, false) => return self.scene.t("is to join again", "다시 참가할 차례"),
        }
        let (members, partitions) = (view.members.len() as u64, partitions_of(self.scene, view));
        let members_en = self.scene.count(members, "member", "members", "멤버", "명");
        let partitions_text = self.scene.count(partitions, "partition", "partitions", "파티션", "개");
        self.scene
            .t(&format!("idle: {members_en}, {partitions_text}"), &format!("유휴: {members_en}, {partitions_text}"))
    }
}
