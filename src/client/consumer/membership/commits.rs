//! The commits of a member: under way, ended, waiting for the coordinator; callbacks; the timer of `enable.auto.commit`
//! (`ConsumerCoordinator`).

use super::super::lent::Lent;
use super::super::network::is_retriable;
use super::super::settings::ConsumerSettings;
use super::super::turn::Turn;
use super::state::{CommitCallback, CommitCompletion, Coordinator, Offsets, PendingCommit};

use crate::call::Notice;
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::time::Now;

impl Coordinator {
    /// Whether asynchronous commits are not answered yet.
    pub const fn has_async_commits(&self) -> bool {
        self.in_flight_async > 0
    }

    /// Whether asynchronous commits wait for the coordinator to be found.
    pub const fn has_pending_commits(&self) -> bool {
        !self.pending_async.is_empty()
    }

    /// What the newest of the commits asks for.
    pub fn newest_commit(&self) -> Option<&Offsets> {
        self.commits.last_key_value().map(|(_, commit)| &commit.offsets)
    }

    pub fn commit_is_done(&self, number: u32) -> bool {
        self.commits.get(&number).is_some_and(|commit| commit.result.is_some())
    }

    /// The end of a commit; one that has not ended is no longer waited for.
    pub fn take_commit(&mut self, number: u32) -> Option<Result<(), Exception>> {
        self.commits.remove(&number)?.result
    }

    /// The coordinator is unknown: the commit is sent once it is found.
    pub fn commit_when_found(&mut self, lent: &mut Lent<'_>, pending: PendingCommit, turn: &mut Turn<'_>) {
        self.pending_async.push(pending);
        self.lookup_coordinator(lent, turn);
        if let Some(Some(failed)) = self.find.as_ref().map(|find| find.result.clone()) {
            self.send_pending_commits(lent, &failed, turn);
        }
    }

    /// The look-up that asynchronous commits wait for has ended.
    pub(super) fn send_pending_commits(
        &mut self,
        lent: &mut Lent<'_>,
        found: &Result<(), Exception>,
        turn: &mut Turn<'_>,
    ) {
        for pending in std::mem::take(&mut self.pending_async) {
            match found {
                Ok(()) => {
                    self.send_offset_commit(lent, pending.offsets, pending.how, Some(pending.callback), false, turn);
                }
                Err(exception) => {
                    let error = Some(retriable_commit_failed(exception.clone()));
                    let completion = CommitCompletion { callback: pending.callback, offsets: pending.offsets, error };
                    self.completed.push_back(completion);
                }
            }
        }
    }

    /// A commit has ended: who waits for it, or its callback, is to hear of it.
    pub(super) fn commit_done(
        &mut self,
        lent: &Lent<'_>,
        number: u32,
        result: Result<(), Exception>,
        code: Code,
        turn: &mut Turn<'_>,
    ) {
        let (client, group) = (lent.client, self.number(turn.out));
        let Some(commit) = self.commits.get_mut(&number) else { return };
        let (how, callback, awaited) = (commit.how, commit.callback, commit.awaited);
        let offsets = commit.offsets.clone();
        if !offsets.is_empty() {
            let kind = match &result {
                Ok(()) => EventKind::CommitSucceeded { client, group, how },
                Err(exception) => {
                    let retried = callback.is_none() && is_retriable(exception);
                    EventKind::CommitFailed { client, group, how, code, retried }
                }
            };
            turn.out.emit(turn.cause, kind);
        }
        if let Some(callback) = callback {
            self.in_flight_async -= 1;
            let error = result.as_ref().err().map(|exception| {
                if is_retriable(exception) { retriable_commit_failed(exception.clone()) } else { exception.clone() }
            });
            if error.as_ref().is_some_and(|error| error.code == Some(Code::FencedInstanceId)) {
                self.async_commit_fenced = true;
            }
            self.completed.push_back(CommitCompletion { callback, offsets, error });
        }
        if awaited {
            if let Some(commit) = self.commits.get_mut(&number) {
                commit.result = Some(result);
            }
        } else {
            self.commits.remove(&number);
        }
    }

    /// `invokeCompletedOffsetCommitCallbacks`.
    pub fn invoke_completed_callbacks(&mut self, lent: &Lent<'_>, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let now = turn.now;
        if self.async_commit_fenced {
            let instance = lent.settings.group_instance_id.as_deref().unwrap_or("unset_instance_id");
            let message = format!(
                "Get fenced exception for group.instance.id {instance}, current member.id is {}",
                self.generation.member_id
            );
            return Err(Exception::with_message(Code::FencedInstanceId, message));
        }
        while let Some(completion) = self.completed.pop_front() {
            match (completion.callback, completion.error) {
                (CommitCallback::User(call), error) => {
                    let offsets = completion.offsets.to_vec();
                    turn.out.notice(lent.client, Notice::CommitCallback { call, offsets, error });
                }
                (CommitCallback::Auto, Some(error)) if error.class == "RetriableCommitFailedException" => {
                    self.next_auto_commit_ms = now.ms().saturating_add(lent.settings.retry_backoff_ms);
                }
                (CommitCallback::Auto, _) => {}
            }
        }
        Ok(())
    }

    /// Whether a commit of `enable.auto.commit` is due; its timer starts again (`maybeAutoCommitOffsetsAsync`).
    pub fn auto_commit_is_due(&mut self, settings: &ConsumerSettings, now: Now) -> bool {
        let is_due = settings.enable_auto_commit && now.ms() >= self.next_auto_commit_ms;
        if is_due {
            self.restart_auto_commit_timer(settings, now);
        }
        is_due
    }

    pub(super) fn restart_auto_commit_timer(&mut self, settings: &ConsumerSettings, now: Now) {
        self.next_auto_commit_ms = now.ms().saturating_add(settings.auto_commit_interval_ms);
    }
}

fn retriable_commit_failed(cause: Exception) -> Exception {
    let message = "Offset commit failed with a retriable exception. You should retry committing the latest consumed \
                   offsets.";
    Exception::new("RetriableCommitFailedException", None, message).caused_by(cause)
}
