//! Amazon SQS: its rules and its operations.

#[macro_use]
mod table;

use crate::endpoint::BadEndpoint;
use crate::endpoint::Endpoint;
use crate::endpoint::Place;
use crate::operation::Protocol;
use crate::operation::Service;
use crate::sigv4::Payload;
use crate::sigv4::Rules;

/// The service.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a name and nothing else")]
pub struct Sqs;

impl Service for Sqs {
    const ID: &'static str = "SQS";
    const RULES: Rules = Rules::OTHERS;
    const PRESIGNED_PAYLOAD: Payload<'static> = Payload::Body;
    const PROTOCOL: Protocol = Protocol::Json;
    const ERRORS: &'static [(&'static str, &'static str)] = &[
        ("BatchEntryIdsNotDistinct", "BatchEntryIdsNotDistinct"),
        ("BatchRequestTooLong", "BatchRequestTooLong"),
        ("EmptyBatchRequest", "EmptyBatchRequest"),
        ("InvalidAddress", "InvalidAddress"),
        ("InvalidAttributeName", "InvalidAttributeName"),
        ("InvalidAttributeValue", "InvalidAttributeValue"),
        ("InvalidBatchEntryId", "InvalidBatchEntryId"),
        ("InvalidIdFormat", "InvalidIdFormat"),
        ("InvalidMessageContents", "InvalidMessageContents"),
        ("InvalidSecurity", "InvalidSecurity"),
        ("KmsAccessDenied", "KmsAccessDenied"),
        ("KmsDisabled", "KmsDisabled"),
        ("KmsInvalidKeyUsage", "KmsInvalidKeyUsage"),
        ("KmsInvalidState", "KmsInvalidState"),
        ("KmsNotFound", "KmsNotFound"),
        ("KmsOptInRequired", "KmsOptInRequired"),
        ("KmsThrottled", "KmsThrottled"),
        ("MessageNotInflight", "MessageNotInflight"),
        ("OverLimit", "OverLimit"),
        ("PurgeQueueInProgress", "PurgeQueueInProgress"),
        ("QueueDeletedRecently", "QueueDeletedRecently"),
        ("QueueDoesNotExist", "QueueDoesNotExist"),
        ("QueueNameExists", "QueueNameExists"),
        ("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid"),
        ("RequestThrottled", "RequestThrottled"),
        ("ResourceNotFoundException", "ResourceNotFoundException"),
        ("TooManyEntriesInBatchRequest", "TooManyEntriesInBatchRequest"),
        ("UnsupportedOperation", "UnsupportedOperation"),
    ];

    fn endpoint<'r>(place: &Place<'r>, _: &str, room: &'r mut [u8]) -> Result<Endpoint<'r>, BadEndpoint> {
        place.sqs(room)
    }
}

/// What is asked of SQS: the operations, and the shapes that their inputs are made of.
pub mod input {
    use super::Sqs;

    sqs_table!([crate::table::inputs!]);
}

/// What SQS answers: a view over the reply for each operation and each shape.
pub mod output {
    use crate::json::Value as Node;

    sqs_table!([crate::view::views!]);
}

#[cfg(test)]
mod tests;
