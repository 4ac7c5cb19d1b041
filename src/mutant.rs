//! Deliberately broken models, one for each invariant: only with the feature `mutants`, for the tests that prove that
//! the invariants catch them (`tests/mutants.rs`). A run carries its mutant in the outbox that every node is given.

/// A way in which the model is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutant {
    /// A request is its own cause.
    CausesItself,
    /// A fenced broker keeps its leaderships.
    FencedLeads,
    /// A log leaves an offset out behind each batch of a client.
    SkipsOffset,
    /// The high watermark stays behind what is written.
    StaleHighWatermark,
    /// A batch is acknowledged and not kept.
    ForgetsBatch,
    /// A batch that comes again is written again.
    WritesDuplicates,
    /// The last record of a batch never hears of its end.
    ForgetsRecord,
    /// The memory of a batch that is done does not come back.
    LeaksBuffer,
    /// More requests go on a connection than are allowed.
    CrowdsConnection,
    /// What is said of a record's place in its batch is one too high.
    SaysWrongPlace,
    /// A poll goes one offset further than what it returns.
    ReadsAhead,
    /// A member owns the first partition of each of its topics, too.
    TakesMore,
    /// A leader gives every member what the first one gets.
    GivesTwice,
    /// Commits are not written to the group's log.
    ForgetsCommits,
    /// A consumer commits one offset less than it has read.
    CommitsBehind,
    /// A consumer commits one offset more than it has read.
    CommitsAhead,
}
