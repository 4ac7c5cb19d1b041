//! What a client is told of an operation that failed (`CoordinatorOperationExceptionHelper`).

use crate::error::Code;

/// The code of an answer for that of a log or of the runtime (`handleOperationException`, and
/// `appendGroupMetadataErrorToResponseError`, which say the same of what a log answers).
pub const fn operation_error(code: Code) -> Code {
    match code {
        Code::NetworkException => Code::CoordinatorLoadInProgress,
        Code::UnknownTopicOrPartition | Code::NotEnoughReplicas | Code::RequestTimedOut => {
            Code::CoordinatorNotAvailable
        }
        Code::NotLeaderOrFollower | Code::KafkaStorageError => Code::NotCoordinator,
        Code::MessageTooLarge | Code::RecordListTooLarge | Code::InvalidFetchSize => Code::UnknownServerError,
        code => code,
    }
}
