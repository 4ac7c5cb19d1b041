//! The calls of a program in Python or in Rust, statement by statement.

use super::super::program::poll_ms;
use super::jvm_calls::{not_built, plain_loop};
use super::jvm_values::RecordOf;
use super::librd::Librd;
use super::librd_settings::none;
use super::librd_values::usize_of;
use super::out::{Out, Part};
use super::tree::{Program, Step, commits};
use crate::application::{SendMode, Written};
use crate::ids::TopicPartition;
use crate::script::{Call, Commit, CommitEvery, CommitMode, ConsumeLoop, PollGoal, Statement, Subscription};

/// How long a question to a broker may take, as Java's `default.api.timeout.ms` has it.
pub(super) const API_TIMEOUT_MS: u64 = 60_000;

/// Whether a statement takes all the records that there are, as Java's `poll` does: librdkafka's gives one.
pub(super) fn takes_many(statement: &Statement) -> bool {
    match statement {
        Statement::ConsumeLoop(of) => commits(of) && of.every == CommitEvery::Batch,
        Statement::Call { call: Call::Poll(_), .. } => true,
        _ => false,
    }
}

/// Prints the calls of a program one by one.
pub(super) struct Calls<'p, 'a> {
    pub program: &'p Program<'a>,
    pub librd: Librd,
    /// The statement that closes the client: it stands at the end.
    pub ends_at: Option<Written>,
}

impl Calls<'_, '_> {
    /// What one statement does.
    pub fn step(&self, number: usize, out: &mut Out) {
        let (before, step) = (&self.program.steps[..number], &self.program.steps[number]);
        let of = Printer { program: self.program, librd: self.librd, at: step.written, is_last: step.is_last, before };
        if !self.librd.rust && takes_many(step.statement) && !before.iter().any(|step| takes_many(step.statement)) {
            let most = self.program.most_records(self.librd);
            out.line(self.librd.comment(&self.librd.lang.pick(
                format!("consume() waits its timeout for {most} records, Java's poll() for the first"),
                format!("consume()는 제한 시간까지 레코드 {most}개를, Java의 poll()은 첫 레코드를 기다립니다"),
            )));
        }
        match step.statement {
            Statement::Send(send) => {
                let record = RecordOf::send(send);
                match send.times {
                    1 => of.send(&record, send.mode, out),
                    times => of.counted(Some(u64::from(times)), record.counts(), out, |out| {
                        of.send_again(&record, send.mode, out);
                    }),
                }
            }
            Statement::ProduceLoop(sends) => {
                let record = RecordOf::of_loop(sends);
                let body = |out: &mut Out| {
                    of.send_again(&record, sends.mode, out);
                    if sends.pace.interval_us() > 0 {
                        let pause = of.librd.us(sends.pace.interval_us());
                        out.at(
                            step.written,
                            Part::Sleep,
                            match of.librd.rust {
                                true => format!("tokio::time::sleep({pause}).await;"),
                                false => format!("time.sleep({pause})"),
                            },
                        );
                    }
                };
                match sends.count {
                    Some(1) => of.send(&record, sends.mode, out),
                    count => of.counted(count, record.counts(), out, body),
                }
            }
            Statement::ConsumeLoop(reads) => of.consume_loop(reads, out),
            Statement::Call { call: Call::Close { .. }, .. }
                if self.program.exits && self.ends_at == Some(step.written) =>
            {
                super::librd::end(self.program, self.librd, Some(step), out);
            }
            Statement::Call { call, .. } => of.call(step.statement, call, out),
            _ => {}
        }
    }
}

pub(super) struct Printer<'p, 'a> {
    pub program: &'p Program<'a>,
    pub librd: Librd,
    at: Written,
    is_last: bool,
    /// The statements before it.
    pub before: &'p [Step<'a>],
}

impl Printer<'_, '_> {
    /// A call that is a line of its own.
    pub fn line(&self, call: &str, out: &mut Out) {
        out.at(self.at, Part::Call, call);
    }

    /// Opens a block: `for msg in msgs:`, `for record in records {`.
    pub fn block(&self, at: Option<Part>, head: &str, out: &mut Out, body: impl FnOnce(&mut Out)) {
        let head = format!("{head}{}", self.librd.of(":", " {"));
        match at {
            Some(part) => out.at(self.at, part, head),
            None => out.line(head),
        }
        out.inside(body);
        if self.librd.rust {
            out.line("}");
        }
    }

    /// In a loop Python's queue has to be emptied of what was delivered, or it is full one day.
    fn send_again(&self, record: &RecordOf<'_>, mode: SendMode, out: &mut Out) {
        self.send(record, mode, out);
        if mode == SendMode::FireAndForget && !self.librd.rust {
            let why = self.librd.lang.pick("what was delivered leaves the queue", "전달된 레코드를 큐에서 비웁니다");
            out.line(format!("producer.poll(0)  # {why}"));
        }
    }

    fn send(&self, record: &RecordOf<'_>, mode: SendMode, out: &mut Out) {
        let record = self.librd.record(self.program, record);
        match (mode, self.librd.rust) {
            (SendMode::FireAndForget, false) => self.line(&format!("producer.produce({record})"), out),
            (SendMode::FireAndForget, true) => self.line(&format!("let _ = producer.send_result({record});"), out),
            (SendMode::Sync, false) => {
                self.line(&format!("producer.produce({record}, on_delivery=checked)"), out);
                out.at(self.at, Part::Get, "producer.flush()");
            }
            (SendMode::Sync, true) => {
                let wait = self.librd.ms(usize_of(&self.program.value("max.block.ms"), 60_000) as u64);
                self.line(&format!("producer.send({record}, {wait}).await.map_err(|(error, _)| error)?;"), out);
            }
            (SendMode::Async, false) => {
                self.line(&format!("producer.produce({record}, on_delivery=on_delivery)"), out);
                let why = self.librd.lang.pick("runs the callbacks", "콜백을 실행합니다");
                out.line(format!("producer.poll(0)  # {why}"));
            }
            (SendMode::Async, true) => {
                let send = format!("let delivery = producer.send_result({record}).map_err(|(error, _)| error)?;");
                self.line(&send, out);
                // Those that nobody waits for may be cut off when `main` returns.
                let is_awaited = super::librd::awaits(self.program, self.librd);
                out.line(if is_awaited { "callbacks.spawn(async move {" } else { "tokio::spawn(async move {" });
                out.inside(|out| out.at(self.at, Part::Callback, "println!(\"{:?}\", delivery.await);"));
                out.line("});");
            }
        }
    }

    /// A loop that counts in `i`, when that is used.
    fn counted(&self, count: Option<u64>, uses: bool, out: &mut Out, body: impl FnOnce(&mut Out)) {
        let i = if uses { "i" } else { "_" };
        let head = match (count, self.librd.rust, self.is_last) {
            (Some(count), false, _) => format!("for {i} in range({count})"),
            (Some(count), true, _) => format!("for {i} in 0..{count}"),
            (None, false, true) => format!("for {i} in itertools.count()"),
            (None, false, false) => format!("for {i} in itertools.takewhile(lambda _: running, itertools.count())"),
            (None, true, true) => format!("for {i} in 0u64.."),
            (None, true, false) => format!("for {i} in (0u64..).take_while(|_| RUNNING.load(Ordering::Relaxed))"),
        };
        self.block(None, &head, out, body);
    }

    /// `while True:`, or as long as nobody ends it.
    fn endless(&self, out: &mut Out, body: impl FnOnce(&mut Out)) {
        let head = match (self.librd.rust, self.is_last) {
            (false, true) => "while True",
            (false, false) => "while running",
            (true, true) => "loop",
            (true, false) => "while RUNNING.load(Ordering::Relaxed)",
        };
        self.block(None, head, out, body);
    }

    /// All that there is, as an expression.
    fn taken(&self, ms: u64) -> String {
        let timeout = self.librd.ms(ms);
        match self.librd.rust {
            true => format!("poll(&consumer, {timeout})?"),
            false => {
                let most = self.program.most_records(self.librd);
                format!("consumer.consume({most}, timeout={timeout})")
            }
        }
    }

    fn consume_loop(&self, of: &ConsumeLoop, out: &mut Out) {
        let librd = self.librd;
        let asynchronous = of.commit == CommitMode::Async;
        let many = commits(of) && of.every == CommitEvery::Batch;
        self.endless(out, |out| {
            if many {
                self.line(
                    &format!("{} = {}{}", librd.of("msgs", "let records"), self.taken(of.poll_ms), librd.of("", ";")),
                    out,
                );
                self.block(None, librd.of("for msg in msgs", "for record in &records"), out, |out| {
                    out.at(self.at, Part::Process, librd.of("process(msg)", "process(record);"));
                });
                self.block(None, librd.of("if msgs", "if !records.is_empty()"), out, |out| {
                    out.at(self.at, Part::Commit, self.commit_all(asynchronous));
                });
                return;
            }
            let timeout = librd.ms(of.poll_ms);
            if of.commit == CommitMode::Auto && self.program.lets_commit() {
                let words = librd.lang.pick(
                    "librdkafka commits what poll() gave, processed or not",
                    "librdkafka는 poll()이 돌려준 것을 처리 여부와 관계없이 커밋합니다",
                );
                out.line(librd.comment(words));
            }
            if librd.rust {
                self.line(&format!("let Some(record) = consumer.poll({timeout}) else {{ continue }};"), out);
                out.line("let record = record?;");
            } else {
                self.line(&format!("msg = consumer.poll({timeout})"), out);
                out.line("if msg is None:");
                out.inside(|out| out.line("continue"));
            }
            out.at(self.at, Part::Process, librd.of("process(msg)", "process(&record);"));
            if commits(of) {
                out.at(
                    self.at,
                    Part::Commit,
                    match (librd.rust, asynchronous) {
                        (false, true) => "consumer.commit(message=msg, asynchronous=True)",
                        (false, false) => "consumer.commit(message=msg, asynchronous=False)",
                        (true, true) => "consumer.commit_message(&record, CommitMode::Async)?;",
                        (true, false) => "consumer.commit_message(&record, CommitMode::Sync)?;",
                    },
                );
            }
        });
    }

    /// After records were read: there is something new.
    fn commit_all(&self, asynchronous: bool) -> &'static str {
        match (self.librd.rust, asynchronous) {
            (false, true) => "consumer.commit(asynchronous=True)",
            (false, false) => "consumer.commit(asynchronous=False)",
            (true, true) => "consumer.commit_consumer_state(CommitMode::Async)?;",
            (true, false) => "consumer.commit_consumer_state(CommitMode::Sync)?;",
        }
    }

    /// Something that these clients lack: it is said in its place, which is the line that is lit.
    fn lacks(&self, call: &str, out: &mut Out) {
        out.at(self.at, Part::Call, self.librd.comment(&none(call, self.librd.lang)));
    }

    fn not_built(&self, call: &Call, out: &mut Out) {
        out.at(self.at, Part::Call, self.librd.comment(&not_built(call, self.librd.lang)));
    }

    fn lacks_timeout(&self, call: &str, timeout_ms: Option<u64>, out: &mut Out) {
        if let Some(ms) = timeout_ms {
            out.line(self.librd.comment(&none(&format!("{call}(Duration.ofMillis({ms}))"), self.librd.lang)));
        }
    }

    fn call(&self, statement: &Statement, call: &Call, out: &mut Out) {
        let librd = self.librd;
        let of_partitions = |method: &str, all: &[TopicPartition]| {
            let all = librd.partitions(all);
            if librd.rust { format!("consumer.{method}(&{all})?;") } else { format!("consumer.{method}({all})") }
        };
        if let Some(to) = self.sought(call) {
            return self.seek(&to, out);
        }
        let line = match call {
            Call::Flush => librd.of("producer.flush()", "producer.flush(Timeout::Never)?;").to_owned(),
            Call::Exit => librd.of("os._exit(0)", "std::process::exit(0);").to_owned(),
            Call::Subscribe(subscription) => self.subscribe(subscription),
            Call::Unsubscribe => librd.of("consumer.unsubscribe()", "consumer.unsubscribe();").to_owned(),
            Call::Assign(all) => of_partitions("assign", all),
            Call::Poll(poll) => return self.poll(statement, &poll.goal, out),
            Call::Loop => return self.consume_loop(&plain_loop(statement), out),
            Call::Commit(commit) => {
                self.lacks_timeout("commitSync", commit.timeout_ms, out);
                self.commit(commit)
            }
            Call::Pause(all) => of_partitions("pause", all),
            Call::Resume(all) => of_partitions("resume", all),
            Call::Init => {
                librd.of("producer.init_transactions()", "producer.init_transactions(Timeout::Never)?;").to_owned()
            }
            Call::Begin => librd.of("producer.begin_transaction()", "producer.begin_transaction()?;").to_owned(),
            Call::CommitTransaction => {
                librd.of("producer.commit_transaction()", "producer.commit_transaction(Timeout::Never)?;").to_owned()
            }
            Call::Abort => {
                librd.of("producer.abort_transaction()", "producer.abort_transaction(Timeout::Never)?;").to_owned()
            }
            Call::CurrentLag(_) => return self.lacks("currentLag()", out),
            Call::EnforceRebalance => return self.lacks("enforceRebalance()", out),
            Call::SendOffsets { .. } | Call::Acknowledge { .. } => return self.not_built(call, out),
            _ => return self.question(call, out),
        };
        self.line(&line, out);
    }

    /// What is asked of the client, or of a broker through it.
    fn question(&self, call: &Call, out: &mut Out) {
        let librd = self.librd;
        let api = librd.ms(API_TIMEOUT_MS);
        let line = match call {
            Call::PartitionsFor(topic) => {
                let topic = librd.text(topic);
                let client = if self.program.is_producer { "producer" } else { "consumer" };
                match (librd.rust, self.program.is_producer) {
                    (false, _) => format!("{client}.list_topics({topic})"),
                    (true, true) => format!("producer.client().fetch_metadata(Some({topic}), {api})?;"),
                    (true, false) => format!("consumer.fetch_metadata(Some({topic}), {api})?;"),
                }
            }
            Call::Position { partitions, timeout_ms } => {
                self.lacks_timeout("position", *timeout_ms, out);
                match librd.rust {
                    true => "consumer.position()?;".to_owned(),
                    false => format!("consumer.position({})", librd.partitions(partitions)),
                }
            }
            Call::Committed { partitions, timeout_ms } => {
                let (all, timeout) = (librd.partitions(partitions), timeout_ms.map(|ms| librd.ms(ms)));
                match (librd.rust, timeout) {
                    (true, timeout) => format!("consumer.committed_offsets({all}, {})?;", timeout.unwrap_or(api)),
                    (false, Some(timeout)) => format!("consumer.committed({all}, timeout={timeout})"),
                    (false, None) => format!("consumer.committed({all})"),
                }
            }
            Call::EndOffsets(all) | Call::BeginningOffsets(all) => {
                for of in all {
                    self.line(
                        &match librd.rust {
                            true => format!(
                                "consumer.fetch_watermarks({}, {}, {api})?;",
                                librd.text(&of.topic),
                                of.partition
                            ),
                            false => format!("consumer.get_watermark_offsets({})", librd.place(of, "")),
                        },
                        out,
                    );
                }
                return;
            }
            Call::OffsetsForTimes(times) => {
                let all: Vec<_> = times.iter().map(|(of, ms)| (of.clone(), Some(librd.offset(*ms)))).collect();
                let all = librd.offsets(&all, None);
                if librd.rust {
                    format!("consumer.offsets_for_times({all}, {api})?;")
                } else {
                    format!("consumer.offsets_for_times({all})")
                }
            }
            // A loop that is told to end ends by its condition, and the client at the end; the rest is looked at.
            _ => return,
        };
        self.line(&line, out);
    }

    fn subscribe(&self, subscription: &Subscription) -> String {
        let librd = self.librd;
        let topics: Vec<String> = match subscription {
            Subscription::Topics(topics) => topics.iter().map(|topic| librd.text(topic)).collect(),
            // A pattern of librdkafka begins with `^`; Java's is one of the whole name, whatever it chooses between.
            Subscription::Pattern(pattern) | Subscription::Re2j(pattern) => {
                vec![librd.text(&format!("^({pattern})$"))]
            }
        };
        let topics = topics.join(", ");
        match (librd.rust, self.program.commits_on_revoked) {
            (true, _) => format!("consumer.subscribe(&[{topics}])?;"),
            (false, true) => format!("consumer.subscribe([{topics}], on_revoke=on_revoke)"),
            (false, false) => format!("consumer.subscribe([{topics}])"),
        }
    }

    /// `for msg in consumer.consume(…): process(msg)`
    fn poll_and_process(&self, ms: u64, out: &mut Out, counts: bool) {
        let librd = self.librd;
        let head = format!("{} in {}", librd.of("for msg", "for record"), self.taken(ms));
        self.block(Some(Part::Call), &head, out, |out| {
            out.at(self.at, Part::Process, librd.of("process(msg)", "process(&record);"));
            if counts {
                out.line(librd.of("n += 1", "n += 1;"));
            }
        });
    }

    fn poll(&self, statement: &Statement, goal: &PollGoal, out: &mut Out) {
        let (librd, ms) = (self.librd, poll_ms(statement).unwrap_or(1));
        match goal {
            PollGoal::Times(1) => self.poll_and_process(ms, out, false),
            PollGoal::Times(times) => {
                self.counted(Some(u64::from(*times)), false, out, |out| self.poll_and_process(ms, out, false));
            }
            PollGoal::Records(records) => {
                out.line(librd.of("n = 0", "let mut n = 0;"));
                self.block(None, &format!("while n < {records}"), out, |out| self.poll_and_process(ms, out, true));
            }
            PollGoal::ForMs(limit) => {
                let limit = librd.ms(*limit);
                out.line(match librd.rust {
                    true => format!("let end = Instant::now() + {limit};"),
                    false => format!("end = time.monotonic() + {limit}"),
                });
                let head = librd.of("while time.monotonic() < end", "while Instant::now() < end");
                self.block(None, head, out, |out| self.poll_and_process(ms, out, false));
            }
            PollGoal::Assigned(partitions) => {
                let head = match librd.rust {
                    true => format!("while consumer.assignment()? != {}", librd.partitions(partitions)),
                    false => format!("while sorted(consumer.assignment()) != sorted({})", librd.partitions(partitions)),
                };
                self.block(None, &head, out, |out| self.poll_and_process(ms, out, false));
            }
        }
    }

    fn commit(&self, commit: &Commit) -> String {
        let librd = self.librd;
        if commit.offsets.is_empty() {
            return match (librd.rust, commit.asynchronous) {
                (true, true) => "commit_new(&consumer, CommitMode::Async)?;",
                (true, false) => "commit_new(&consumer, CommitMode::Sync)?;",
                (false, true) => "commit_new(consumer, asynchronous=True)",
                (false, false) => "commit_new(consumer, asynchronous=False)",
            }
            .to_owned();
        }
        let metadata = match (&commit.metadata, commit.metadata_size, librd.rust) {
            (_, Some(size), true) => Some(format!("&\"m\".repeat({size})")),
            (_, Some(size), false) => Some(format!("\"m\" * {size}")),
            (Some(metadata), None, _) => Some(librd.text(metadata)),
            (None, None, _) => None,
        };
        let all: Vec<_> = commit.offsets.iter().map(|(of, at)| (of.clone(), Some(librd.offset(*at)))).collect();
        let all = librd.offsets(&all, metadata.as_deref());
        match (librd.rust, commit.asynchronous) {
            (true, true) => format!("consumer.commit(&{all}, CommitMode::Async)?;"),
            (true, false) => format!("consumer.commit(&{all}, CommitMode::Sync)?;"),
            (false, true) => format!("consumer.commit(offsets={all}, asynchronous=True)"),
            (false, false) => format!("consumer.commit(offsets={all}, asynchronous=False)"),
        }
    }
}
