//! Transactions on one partition: the guard of verification, and the index of what was aborted.

/// Shows that the transaction coordinator was asked about this producer since its last transaction ended
/// (`VerificationGuard`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct VerificationGuard(pub(crate) u64);

impl VerificationGuard {
    /// Nobody was asked.
    pub const SENTINEL: VerificationGuard = VerificationGuard(0);

    pub(crate) fn verify(self, given: VerificationGuard) -> bool {
        given != VerificationGuard::SENTINEL && given == self
    }
}

/// `VerificationStateEntry`: a verification under way or done, until the transaction's first batch is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct VerificationState {
    pub started_ms: i64,
    pub guard: VerificationGuard,
    pub lowest_sequence: i32,
    pub epoch: i16,
    /// Transactions of version 2, whose epoch grows with each transaction.
    pub supports_epoch_bump: bool,
}

impl VerificationState {
    pub fn update_lowest_sequence_and_epoch(&mut self, sequence: i32, epoch: i16) {
        if epoch == self.epoch && sequence < self.lowest_sequence {
            self.lowest_sequence = sequence;
        }
        if epoch > self.epoch {
            self.epoch = epoch;
            self.lowest_sequence = sequence;
        }
    }
}

/// An aborted transaction, as the transaction index has it and a `read_committed` fetch answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AbortedTxn {
    pub producer_id: i64,
    pub first_offset: i64,
    /// Of its marker.
    pub last_offset: i64,
    /// What could be read when the marker was written.
    pub last_stable_offset: i64,
}

/// A transaction whose marker was just written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CompletedTxn {
    pub producer_id: i64,
    pub first_offset: i64,
    pub last_offset: i64,
    pub is_aborted: bool,
}

/// `TxnMetadata`: `last_offset` is of the marker, once there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Txn {
    pub producer_id: i64,
    pub first_offset: i64,
    pub last_offset: Option<i64>,
}
