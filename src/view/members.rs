//! The members of a group: what each owns, what it is doing, how far it is in a rebalance.

use super::grouped::{SceneGroup, group_id};
use super::groups::{is_caught_up, owned, partitions_of};
use super::model::{Member, MemberMark, Phase, ProcessState};
use super::processes::process_state;
use super::program;
use super::scene::Scene;
use crate::client::consumer::{Consumer, MemberState, RebalancePhase};
use crate::coordinator::group::{GroupView, MemberView};
use crate::event::{CallKind, GroupState};
use crate::ids::{GroupNo, Process, TopicPartition};
use crate::simulation::{ClientNode, ClientProcess, Progress};

/// Microseconds for one record from which a program counts as slow.
const SLOW_US: u64 = 100_000;

/// Microseconds for which one that is gone is still shown behind the end of a story.
const BEHIND_US: u64 = 60_000_000;

const NOTHING_TO_DO: [Phase; 4] = [Phase::NotNeeded; 4];
/// Of a member that is gone, while a rebalance waits for it.
const WAITED_FOR: [Phase; 4] = [Phase::NotNeeded, Phase::UnderWay, Phase::ToCome, Phase::ToCome];

/// How a consumer stands to its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupTie {
    /// It is no member, and holds nothing of the group's.
    Outside,
    Member,
    /// It holds partitions of the group, whose coordinator has removed it.
    Expelled,
}

impl GroupTie {
    pub fn of(group: &SceneGroup<'_>, client: &ClientProcess, consumer: &Consumer) -> GroupTie {
        let subscriptions = consumer.subscriptions();
        if group.view.as_ref().and_then(|view| member_of(view, client, consumer)).is_some() {
            GroupTie::Member
        } else if group.is_coordinated
            && subscriptions.has_auto_assigned_partitions()
            && subscriptions.assignment().iter().next().is_some()
        {
            GroupTie::Expelled
        } else {
            GroupTie::Outside
        }
    }
}

/// The members in order of creation.
pub(super) fn of_group(scene: &Scene<'_>, group: &SceneGroup<'_>) -> Vec<Member> {
    let clients = scene.simulation.clients().iter().filter(|client| group_id(client) == Some(group.id));
    clients
        .filter_map(|client| {
            let ClientNode::Consumer(consumer) = &client.node else { return None };
            let tie = GroupTie::of(group, client, consumer);
            is_shown(scene, group, client, tie)
                .then(|| MemberRow::of(scene, client, consumer, Some(group), tie).member())
        })
        .collect()
}

/// A consumer without a group.
pub(super) fn alone(scene: &Scene<'_>, client: &ClientProcess) -> Member {
    let ClientNode::Consumer(consumer) = &client.node else { unreachable!("a producer reads nothing") };
    MemberRow::of(scene, client, consumer, None, GroupTie::Outside).member()
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

/// A consumer has a row as long as its program runs or its group counts on it; one that is gone keeps it for a while.
pub(super) fn is_shown(scene: &Scene<'_>, group: &SceneGroup<'_>, client: &ClientProcess, tie: GroupTie) -> bool {
    is_alive(process_state(client)) || tie == GroupTie::Member || keeps_its_row(scene, group.no, client)
}

/// Until when one that is gone keeps its row: to the end of the chapter after the one in which it went, the last of which
/// ends a while after the script; in a run without chapters until the group is stable without it. One that was made anew
/// under its name has its row from then on.
fn keeps_its_row(scene: &Scene<'_>, group: GroupNo, client: &ClientProcess) -> bool {
    let ended = scene.last_of(Process::Client(client.id)).map(|event| event.at);
    let Some(gone) = scene.seen.groups().removed_at(client.id).max(ended) else { return false };
    let is_replaced = scene.simulation.client(&client.recipe.name).is_some_and(|newest| newest.id != client.id);
    let has_ended = scene.simulation.progress() == Progress::Ended && scene.now.at.since(gone) > BEHIND_US;
    match scene.story_place.chapters_since(scene.timeline.moves(), gone) {
        Some(chapters) if !has_ended => chapters <= 1 && !is_replaced,
        _ => !is_replaced && scene.seen.groups().stable_since(group).is_some_and(|stable| gone > stable),
    }
}

/// What a member's row is made of.
struct MemberRow<'a> {
    scene: &'a Scene<'a>,
    client: &'a ClientProcess,
    consumer: &'a Consumer,
    view: Option<&'a GroupView>,
    member: Option<&'a MemberView>,
    tie: GroupTie,
    state: ProcessState,
    /// What it owns; of one that is gone or removed, what it owned last.
    mine: Vec<TopicPartition>,
}

impl<'a> MemberRow<'a> {
    fn of(
        scene: &'a Scene<'a>,
        client: &'a ClientProcess,
        consumer: &'a Consumer,
        group: Option<&'a SceneGroup<'a>>,
        tie: GroupTie,
    ) -> MemberRow<'a> {
        let state = process_state(client);
        let view = group.and_then(|group| group.view.as_ref());
        let member = view.and_then(|view| member_of(view, client, consumer));
        let mine = if state == ProcessState::Closed { Vec::new() } else { owned(scene, client.id) };
        MemberRow { scene, client, consumer, view, member, tie, state, mine }
    }

    fn is_alive(&self) -> bool {
        is_alive(self.state)
    }

    /// Struck through: it is no member any more, whether it knows it or not.
    fn is_gone(&self) -> bool {
        self.tie == GroupTie::Expelled || !self.is_alive() && self.member.is_none()
    }

    /// It has not come into its group yet.
    fn is_joining(&self) -> bool {
        self.is_alive()
            && self.mine.is_empty()
            && self.consumer.subscriptions().has_auto_assigned_partitions()
            && !self.is_stable()
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
        let owns = match (owns.is_empty(), self.is_joining()) {
            (false, _) => owns.join(", "),
            (true, true) => scene.t("owns nothing yet", "아직 소유 없음"),
            (true, false) => scene.t("owns nothing", "소유 없음"),
        };
        let activity = self.activity();
        let name = self.client.recipe.name.to_string();
        let leads = |(member, view): (&MemberView, &GroupView)| view.leader.as_ref() == Some(&member.member_id);
        let owned = if self.is_gone() {
            scene.t(&format!("had {owns}"), &format!("이전 소유 {owns}"))
        } else {
            owns.clone()
        };
        let held = if self.mine.is_empty() { &owns } else { &owned };
        Member {
            client: self.client.id,
            mark: self.mark(),
            leads: self.member.zip(self.view).is_some_and(leads),
            phases: self.phases(),
            text: format!("{name}: {held}, {activity}"),
            owns,
            activity,
            program: program::line(scene, self.client),
            is_at_work: self.is_at_work(),
            gone: self.is_gone(),
            fault: matches!(self.state, ProcessState::Killed | ProcessState::Paused)
                || self.is_alive() && self.client.application.is_slowed(),
            now: scene.place.client == Some(self.client.id),
            name,
        }
    }

    fn mark(&self) -> MemberMark {
        match self.state {
            ProcessState::Closed | ProcessState::Ended => return MemberMark::Left,
            ProcessState::Killed if self.is_gone() => return MemberMark::Left,
            ProcessState::Killed => return MemberMark::Killed,
            ProcessState::Paused => return MemberMark::Paused,
            ProcessState::Running => {}
        }
        let is_behind = |view: &GroupView| (0..view.generation).contains(&self.generation());
        let is_slow = self.client.application.is_slowed() && self.client.application.process_us() >= SLOW_US;
        match () {
            () if self.tie == GroupTie::Expelled => MemberMark::Left,
            () if self.is_stable() && self.view.is_some_and(is_behind) => MemberMark::Fenced,
            () if is_slow => MemberMark::Slow,
            () if self.is_joining() => MemberMark::Joining,
            () if self.mine.is_empty() => MemberMark::Idle,
            () => MemberMark::Reading,
        }
    }

    /// How far a member is with the four phases, as an eager rebalance has them.
    fn phases(&self) -> [Phase; 4] {
        let Some(view) = self.view.filter(|_| self.tie != GroupTie::Expelled) else { return NOTHING_TO_DO };
        if !self.is_alive() {
            return self.phases_of_the_dead(view);
        }
        let revoked = if self.has_revoked(view) { Phase::Done } else { Phase::NotNeeded };
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
                GroupState::Stable if is_current && self.had_some() && self.mine.is_empty() => {
                    [revoked, Phase::Done, Phase::Done, Phase::UnderWay]
                }
                GroupState::Stable if is_current => [revoked, Phase::Done, Phase::Done, Phase::Done],
                _ => NOTHING_TO_DO,
            },
        }
    }

    /// Whether it gave partitions back in the rebalance that is under way.
    fn has_revoked(&self, view: &GroupView) -> bool {
        let groups = self.scene.seen.groups();
        let group = self.scene.names().group_no(&view.id);
        let began = group.and_then(|group| groups.rebalances_since(group));
        groups.revoked_at(self.client.id).zip(began).is_some_and(|(revoked, began)| revoked >= began)
    }

    /// One that is gone takes part as far as it came, and is waited for.
    fn phases_of_the_dead(&self, view: &GroupView) -> [Phase; 4] {
        let Some(member) = self.member else { return NOTHING_TO_DO };
        match view.state {
            GroupState::PreparingRebalance if !member.joining => WAITED_FOR,
            GroupState::PreparingRebalance => [Phase::NotNeeded, Phase::Done, Phase::ToCome, Phase::ToCome],
            GroupState::CompletingRebalance if !member.syncing => {
                [Phase::NotNeeded, Phase::Done, Phase::UnderWay, Phase::ToCome]
            }
            _ => NOTHING_TO_DO,
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
        let last = self.scene.last_of(Process::Client(self.client.id));
        let at = last.map(|event| self.scene.ms(event.at)).unwrap_or_default();
        match self.state {
            ProcessState::Ended => self.ended("ended", "프로그램 끝남", &at),
            ProcessState::Killed => self.ended("killed", "강제 종료됨", &at),
            ProcessState::Closed => self.scene.t(&format!("left at {at}"), &format!("{at}에 나감")),
            ProcessState::Paused => {
                let still = self.scene.t(&format!("stands still since {at}"), &format!("{at}부터 멈춤"));
                match self.tie {
                    GroupTie::Expelled => format!("{still}, {}", self.expelled()),
                    GroupTie::Member | GroupTie::Outside => still,
                }
            }
            ProcessState::Running if self.tie == GroupTie::Expelled => self.expelled(),
            ProcessState::Running => self.running(),
        }
    }

    /// It has partitions, and nothing is to be said but what its program does.
    fn is_at_work(&self) -> bool {
        let is_settled = || self.consumer.rebalance_phase() == RebalancePhase::None && !self.mine.is_empty();
        self.state == ProcessState::Running
            && self.tie != GroupTie::Expelled
            && (self.client.application.processing().is_some() || is_settled())
    }

    /// The process is gone; its group learns of it when its session ends.
    fn ended(&self, en: &str, ko: &str, at: &str) -> String {
        let scene = self.scene;
        let removed = scene.seen.groups().removed_at(self.client.id).map(|at| scene.ms(at));
        match (self.waited_until(), self.member.and_then(|member| member.session_deadline), removed) {
            (Some(until), _, _) => {
                scene.t(&format!("{en}, waited for until {until}"), &format!("{ko}, {until}까지 기다림"))
            }
            (None, Some(until), _) => {
                let left = scene.left(until);
                scene.t(
                    &format!("{en} at {at}, session ends in {left} ms"),
                    &format!("{at}에 {ko}, 세션 종료까지 {left} ms"),
                )
            }
            (None, None, Some(removed)) if self.member.is_none() => {
                scene.t(&format!("{en} {at}, removed {removed}"), &format!("{at}에 {ko}, {removed}에 그룹에서 제외"))
            }
            (None, None, _) => scene.t(&format!("{en} at {at}"), &format!("{at}에 {ko}")),
        }
    }

    /// Its group goes on without it, and it has not heard of it, or has and still holds its partitions.
    fn expelled(&self) -> String {
        let scene = self.scene;
        let (mut en, mut ko) = match scene.seen.groups().removed_at(self.client.id).map(|at| scene.ms(at)) {
            Some(at) => (format!("removed at {at}"), format!("{at}에 그룹에서 제외됨")),
            None => ("removed".to_owned(), "그룹에서 제외됨".to_owned()),
        };
        match self.is_stable() {
            true => (en, ko) = (en + ", does not know it yet", ko + ", 아직 모름"),
            false => (en, ko) = (en + ", knows it now", ko + ", 이제 알게 됨"),
        }
        if let Some((partition, offset, _)) = self.client.application.processing() {
            en += &format!(", processing {partition}@{offset}");
            ko += &format!(", {partition}@{offset} 처리 중");
        }
        scene.t(&en, &ko)
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
