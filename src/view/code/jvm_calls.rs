//! The calls of a program in Java or in Kotlin, statement by statement.

use std::sync::Arc;

use super::super::program::poll_ms;
use super::jvm_values::{Jvm, RecordOf, sleep};
use super::out::{Out, Part};
use super::tree::{Program, Step, commits};
use crate::application::{SendMode, Written};
use crate::ids::TopicPartition;
use crate::lang::Lang;
use crate::script::{
    Call, CloseOperation, Commit, CommitEvery, CommitMode, ConsumeLoop, PollGoal, Statement, Subscription,
};

/// What one statement does.
pub(super) fn step(program: &Program<'_>, jvm: Jvm, step: &Step<'_>, out: &mut Out) {
    let printer = Printer { program, jvm, at: step.written, is_last: step.is_last };
    match step.statement {
        Statement::Send(send) => {
            let record = jvm.record(program, &RecordOf::send(send));
            match send.times {
                1 => printer.send(&record, send.mode, out),
                times => printer.counted(&times.to_string(), out, |out| printer.send(&record, send.mode, out)),
            }
        }
        Statement::ProduceLoop(of) => {
            let record = jvm.record(program, &RecordOf::of_loop(of));
            let body = |out: &mut Out| {
                printer.send(&record, of.mode, out);
                if of.pace.interval_us() > 0 {
                    out.at(step.written, Part::Sleep, sleep(of.pace.interval_us(), jvm));
                }
            };
            match of.count {
                Some(1) => printer.send(&record, of.mode, out),
                Some(count) => printer.counted(&count.to_string(), out, body),
                None => printer.endless_counted(out, body),
            }
        }
        Statement::ConsumeLoop(of) => printer.consume_loop(of, out),
        Statement::Call { call, .. } => printer.call(step.statement, call, out),
        _ => {}
    }
}

struct Printer<'p, 'a> {
    program: &'p Program<'a>,
    jvm: Jvm,
    at: Written,
    is_last: bool,
}

impl Printer<'_, '_> {
    /// A call that is a line of its own.
    fn line(&self, call: &str, out: &mut Out) {
        out.at(self.at, Part::Call, format!("{call}{}", self.jvm.end()));
    }

    fn send(&self, record: &str, mode: SendMode, out: &mut Out) {
        match mode {
            SendMode::FireAndForget => self.line(&format!("producer.send({record})"), out),
            SendMode::Sync => self.line(&format!("producer.send({record}).get()"), out),
            SendMode::Async if self.jvm.kotlin => {
                out.at(self.at, Part::Call, format!("producer.send({record}) {{ metadata, e ->"));
                out.inside(|out| out.at(self.at, Part::Callback, "println(e ?: metadata)"));
                out.line("}");
            }
            SendMode::Async => {
                out.at(self.at, Part::Call, format!("producer.send({record}, (metadata, e) -> {{"));
                out.inside(|out| out.at(self.at, Part::Callback, "System.out.println(e != null ? e : metadata);"));
                out.line("});");
            }
        }
    }

    /// A loop that counts in `i`.
    fn counted(&self, times: &str, out: &mut Out, body: impl FnOnce(&mut Out)) {
        out.line(match self.jvm.kotlin {
            true => format!("for (i in 0 until {times}) {{"),
            false => format!("for (int i = 0; i < {times}; i++) {{"),
        });
        out.inside(body);
        out.line("}");
    }

    fn endless_counted(&self, out: &mut Out, body: impl FnOnce(&mut Out)) {
        out.line(match (self.jvm.kotlin, self.is_last) {
            (true, true) => "for (i in generateSequence(0) { it + 1 }) {",
            (true, false) => "for (i in generateSequence(0) { it + 1 }.takeWhile { running }) {",
            (false, true) => "for (int i = 0; ; i++) {",
            (false, false) => "for (int i = 0; running; i++) {",
        });
        out.inside(body);
        out.line("}");
    }

    /// `for (var record : consumer.poll(…)) process(record);`
    fn poll_and_process(&self, ms: u64, out: &mut Out, also: impl FnOnce(&mut Out)) {
        let poll = format!("consumer.poll({})", self.jvm.millis(ms));
        out.at(
            self.at,
            Part::Call,
            match self.jvm.kotlin {
                true => format!("for (record in {poll}) {{"),
                false => format!("for (var record : {poll}) {{"),
            },
        );
        out.inside(|out| {
            out.at(self.at, Part::Process, format!("process(record){}", self.jvm.end()));
            also(out);
        });
        out.line("}");
    }

    fn consume_loop(&self, of: &ConsumeLoop, out: &mut Out) {
        let (jvm, end) = (self.jvm, self.jvm.end());
        let commits = commits(of);
        out.line(if self.is_last { "while (true) {" } else { "while (running) {" });
        out.inside(|out| {
            let (word, of_java) = if jvm.kotlin { ("val", false) } else { ("var", true) };
            out.at(self.at, Part::Call, format!("{word} records = consumer.poll({}){end}", jvm.millis(of.poll_ms)));
            out.line(if of_java { "for (var record : records) {" } else { "for (record in records) {" });
            out.inside(|out| {
                out.at(self.at, Part::Process, format!("process(record){end}"));
                if commits && of.every == CommitEvery::Record {
                    self.commit_record(of.commit, out);
                }
            });
            out.line("}");
            if commits && of.every == CommitEvery::Batch {
                let empty = if jvm.kotlin { "isEmpty" } else { "isEmpty()" };
                let call = if of.commit == CommitMode::Async { "commitAsync" } else { "commitSync" };
                out.at(self.at, Part::Commit, format!("if (!records.{empty}) consumer.{call}(){end}"));
            }
        });
        out.line("}");
    }

    /// The commit behind each record.
    fn commit_record(&self, mode: CommitMode, out: &mut Out) {
        let (new, end) = (self.jvm.made(), self.jvm.end());
        let (partition, offset) = match self.jvm.kotlin {
            true => ("TopicPartition(record.topic(), record.partition())", "record.offset() + 1"),
            false => ("new TopicPartition(record.topic(), record.partition())", "record.offset() + 1"),
        };
        let offsets = self.jvm.map(&[(partition.to_owned(), format!("{new}OffsetAndMetadata({offset})"))]);
        out.at(
            self.at,
            Part::Commit,
            match mode {
                CommitMode::Async => format!("consumer.commitAsync({offsets}, null){end}"),
                _ => format!("consumer.commitSync({offsets}){end}"),
            },
        );
    }

    fn call(&self, statement: &Statement, call: &Call, out: &mut Out) {
        let jvm = self.jvm;
        let client = if self.program.is_producer { "producer" } else { "consumer" };
        let of_partitions =
            |method: &str, all: &[TopicPartition]| format!("consumer.{method}({})", jvm.list(&jvm.partitions(all)));
        let line = match call {
            Call::Flush => "producer.flush()".to_owned(),
            Call::Exit if jvm.kotlin => "return".to_owned(),
            Call::Exit => "return".to_owned(),
            Call::PartitionsFor(topic) => format!("{client}.partitionsFor({})", jvm.text(topic)),
            Call::Close { timeout_ms: None, operation: None } if !self.program.exits => return,
            Call::Close { timeout_ms, operation } => self.close(client, *timeout_ms, *operation),
            Call::Subscribe(subscription) => return self.subscribe(subscription, out),
            Call::Unsubscribe => "consumer.unsubscribe()".to_owned(),
            Call::Assign(all) => of_partitions("assign", all),
            Call::Poll(poll) => return self.poll(statement, &poll.goal, out),
            Call::Loop => return self.consume_loop(&plain_loop(statement), out),
            Call::Commit(commit) => self.commit(commit),
            Call::Seek(to) => self.seek(to),
            Call::SeekToBeginning(all) => of_partitions("seekToBeginning", all),
            Call::SeekToEnd(all) => of_partitions("seekToEnd", all),
            Call::Position { partitions, timeout_ms } => self.each("position", partitions, *timeout_ms),
            Call::CurrentLag(partitions) => self.each("currentLag", partitions, None),
            Call::Committed { partitions, timeout_ms } => {
                let of = jvm.set(&jvm.partitions(partitions));
                let timeout = timeout_ms.map(|ms| format!(", {}", jvm.millis(ms))).unwrap_or_default();
                format!("consumer.committed({of}{timeout})")
            }
            Call::Pause(all) => of_partitions("pause", all),
            Call::Resume(all) => of_partitions("resume", all),
            Call::EndOffsets(all) => of_partitions("endOffsets", all),
            Call::BeginningOffsets(all) => of_partitions("beginningOffsets", all),
            Call::OffsetsForTimes(times) => {
                let pairs: Vec<(String, String)> =
                    times.iter().map(|(of, at)| (jvm.partition(of), format!("{at}L"))).collect();
                format!("consumer.offsetsForTimes({})", jvm.map(&pairs))
            }
            Call::EnforceRebalance => "consumer.enforceRebalance()".to_owned(),
            Call::Init => "producer.initTransactions()".to_owned(),
            Call::Begin => "producer.beginTransaction()".to_owned(),
            Call::CommitTransaction => "producer.commitTransaction()".to_owned(),
            Call::Abort => "producer.abortTransaction()".to_owned(),
            Call::SendOffsets { .. } | Call::Acknowledge { .. } => {
                return out.at(self.at, Part::Call, format!("// {}", not_built(call, self.program.lang)));
            }
            // A loop that is told to end ends by its condition; the rest is looked at.
            _ => return,
        };
        self.line(&line, out);
    }

    fn close(&self, client: &str, timeout_ms: Option<u64>, operation: Option<CloseOperation>) -> String {
        let timeout = timeout_ms.map(|ms| self.jvm.millis(ms));
        let Some(operation) = operation else { return format!("{client}.close({})", timeout.unwrap_or_default()) };
        let how = match operation {
            CloseOperation::LeaveGroup => "LEAVE_GROUP",
            CloseOperation::RemainInGroup => "REMAIN_IN_GROUP",
        };
        let options = format!("CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.{how})");
        let timeout = timeout.map(|timeout| format!(".withTimeout({timeout})")).unwrap_or_default();
        format!("{client}.close({options}{timeout})")
    }

    fn subscribe(&self, subscription: &Subscription, out: &mut Out) {
        let jvm = self.jvm;
        let to = match subscription {
            Subscription::Topics(topics) => {
                jvm.list(&topics.iter().map(|topic: &Arc<str>| jvm.text(topic)).collect::<Vec<_>>())
            }
            Subscription::Pattern(pattern) if jvm.kotlin => format!("Regex({}).toPattern()", jvm.text(pattern)),
            Subscription::Pattern(pattern) => format!("java.util.regex.Pattern.compile({})", jvm.text(pattern)),
            Subscription::Re2j(pattern) => format!("{}SubscriptionPattern({})", jvm.made(), jvm.text(pattern)),
        };
        if !self.program.commits_on_revoked {
            return self.line(&format!("consumer.subscribe({to})"), out);
        }
        let (object, revoked, assigned) = match jvm.kotlin {
            true => (
                "object : ConsumerRebalanceListener {",
                "override fun onPartitionsRevoked(partitions: Collection<TopicPartition>) {",
                "override fun onPartitionsAssigned(partitions: Collection<TopicPartition>) {}",
            ),
            false => (
                "new ConsumerRebalanceListener() {",
                "public void onPartitionsRevoked(Collection<TopicPartition> partitions) {",
                "public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}",
            ),
        };
        out.at(self.at, Part::Call, format!("consumer.subscribe({to}, {object}"));
        out.inside(|out| {
            out.line(revoked);
            out.inside(|out| out.shared(Part::Listener, format!("consumer.commitSync(){}", jvm.end())));
            out.line("}");
            out.line(assigned);
        });
        out.line(format!("}}){}", jvm.end()));
    }

    fn poll(&self, statement: &Statement, goal: &PollGoal, out: &mut Out) {
        let (jvm, ms) = (self.jvm, poll_ms(statement).unwrap_or(1));
        let nothing = |_: &mut Out| {};
        match goal {
            PollGoal::Times(1) => self.poll_and_process(ms, out, nothing),
            PollGoal::Times(times) => {
                self.counted(&times.to_string(), out, |out| self.poll_and_process(ms, out, nothing));
            }
            PollGoal::Records(records) if jvm.kotlin => {
                // The lines of a program are of one block.
                let counts = |step: &Step<'_>| matches!(step.statement, Statement::Call { call: Call::Poll(poll), .. } if matches!(poll.goal, PollGoal::Records(_)));
                let first = self.program.steps.iter().find(|step| counts(step));
                let is_first = first.is_none_or(|step| step.written == self.at);
                out.line(if is_first { "var n = 0" } else { "n = 0" });
                out.line(format!("while (n < {records}) {{"));
                out.inside(|out| self.poll_and_process(ms, out, |out| out.line("n++")));
                out.line("}");
            }
            PollGoal::Records(records) => {
                out.line(format!("for (int n = 0; n < {records}; ) {{"));
                out.inside(|out| self.poll_and_process(ms, out, |out| out.line("n++;")));
                out.line("}");
            }
            PollGoal::ForMs(limit) => {
                let end = format!("Instant.now().plusMillis({limit})");
                if jvm.kotlin {
                    out.line(format!("{end}.let {{ end ->"));
                    out.inside(|out| {
                        out.line("while (Instant.now().isBefore(end)) {");
                        out.inside(|out| self.poll_and_process(ms, out, nothing));
                        out.line("}");
                    });
                } else {
                    out.line(format!("for (var end = {end}; Instant.now().isBefore(end); ) {{"));
                    out.inside(|out| self.poll_and_process(ms, out, nothing));
                }
                out.line("}");
            }
            PollGoal::Assigned(partitions) => {
                let wanted = jvm.set(&jvm.partitions(partitions));
                out.line(match jvm.kotlin {
                    true => format!("while (consumer.assignment() != {wanted}) {{"),
                    false => format!("while (!consumer.assignment().equals({wanted})) {{"),
                });
                out.inside(|out| self.poll_and_process(ms, out, nothing));
                out.line("}");
            }
        }
    }

    fn commit(&self, commit: &Commit) -> String {
        let (jvm, new) = (self.jvm, self.jvm.made());
        let metadata = match (&commit.metadata, commit.metadata_size) {
            (_, Some(size)) => format!(", \"m\".repeat({size})"),
            (Some(metadata), None) => format!(", {}", jvm.text(metadata)),
            (None, None) => String::new(),
        };
        let one = |(partition, offset): &(TopicPartition, i64)| {
            (jvm.partition(partition), format!("{new}OffsetAndMetadata({offset}{metadata})"))
        };
        let offsets = jvm.map(&commit.offsets.iter().map(one).collect::<Vec<_>>());
        let timeout = commit.timeout_ms.map(|ms| jvm.millis(ms));
        match (commit.asynchronous, commit.offsets.is_empty()) {
            (true, true) => "consumer.commitAsync()".to_owned(),
            (true, false) => format!("consumer.commitAsync({offsets}, null)"),
            (false, true) => format!("consumer.commitSync({})", timeout.unwrap_or_default()),
            (false, false) => {
                let timeout = timeout.map(|timeout| format!(", {timeout}")).unwrap_or_default();
                format!("consumer.commitSync({offsets}{timeout})")
            }
        }
    }

    fn seek(&self, to: &[(TopicPartition, i64)]) -> String {
        let jvm = self.jvm;
        if let [(partition, offset)] = to {
            return format!("consumer.seek({}, {offset}L)", jvm.partition(partition));
        }
        let pairs: Vec<(String, String)> = to.iter().map(|(of, at)| (jvm.partition(of), format!("{at}L"))).collect();
        match jvm.kotlin {
            true => {
                format!("{}.forEach {{ (partition, offset) -> consumer.seek(partition, offset) }}", jvm.map(&pairs))
            }
            false => format!("{}.forEach((partition, offset) -> consumer.seek(partition, offset))", jvm.map(&pairs)),
        }
    }

    /// A call for each of some partitions.
    fn each(&self, method: &str, partitions: &[TopicPartition], timeout_ms: Option<u64>) -> String {
        let jvm = self.jvm;
        let timeout = timeout_ms.map(|ms| format!(", {}", jvm.millis(ms))).unwrap_or_default();
        if let [partition] = partitions {
            return format!("consumer.{method}({}{timeout})", jvm.partition(partition));
        }
        let all = jvm.list(&jvm.partitions(partitions));
        match jvm.kotlin {
            true => format!("{all}.forEach {{ consumer.{method}(it{timeout}) }}"),
            false => format!("{all}.forEach(partition -> consumer.{method}(partition{timeout}))"),
        }
    }
}

/// What a comment says in the place of a call that the model has not.
pub(super) fn not_built(call: &Call, lang: Lang) -> String {
    let verb = call.verb();
    lang.pick(format!("{verb}: Partita does not play it yet"), format!("{verb}: Partita에서 아직 재생하지 않습니다"))
}

/// The loop that `loop` is.
pub(super) fn plain_loop(statement: &Statement) -> ConsumeLoop {
    ConsumeLoop {
        client: Arc::from(""),
        poll_ms: poll_ms(statement).unwrap_or(ConsumeLoop::DEFAULT_POLL_MS),
        process_us: 0,
        commit: CommitMode::Auto,
        every: CommitEvery::Batch,
    }
}
