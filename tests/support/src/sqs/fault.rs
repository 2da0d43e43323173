//! SQS's errors: each has a shape for JSON and a code from the days of the query protocol.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait>

use std::fmt::Display;

use serde_json::json;

use crate::accounts::Refusal;

/// An error as SQS answers it.
#[derive(Debug)]
pub(super) struct Fault {
    status: u16,
    /// `__type`, namespace and all.
    shape: &'static str,
    /// What `x-amzn-query-error` and the entries of a batch say.
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn body(&self) -> String {
        json!({ "__type": self.shape, "message": self.message }).to_string()
    }

    pub(super) fn query_error(&self) -> String {
        format!("{};Sender", self.code)
    }

    /// An entry of a batch's `Failed`.
    pub(super) fn entry(&self, id: &str) -> serde_json::Value {
        json!({ "Id": id, "SenderFault": true, "Code": self.code, "Message": self.message })
    }

    pub(super) fn invalid(parameter: &str, value: impl Display, reason: &str) -> Self {
        Self::invalid_value(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"))
    }

    pub(super) fn unknown_operation() -> Self {
        Self {
            status: 400,
            shape: "com.amazon.coral.service#UnknownOperationException",
            code: "InvalidAction",
            message: String::new(),
        }
    }
}

/// Writes a constructor for each kind of error.
macro_rules! faults {
    ($($name:ident = $status:literal $shape:literal $code:literal;)*) => {
        impl Fault {$(
            pub(super) fn $name(message: impl Into<String>) -> Self {
                Self {
                    status: $status,
                    shape: $shape,
                    code: $code,
                    message: message.into(),
                }
            }
        )*}
    };
}

faults! {
    batch_too_long = 400 "com.amazonaws.sqs#BatchRequestTooLong" "AWS.SimpleQueueService.BatchRequestTooLong";
    empty_batch = 400 "com.amazonaws.sqs#EmptyBatchRequest" "AWS.SimpleQueueService.EmptyBatchRequest";
    ids_not_distinct = 400 "com.amazonaws.sqs#BatchEntryIdsNotDistinct" "AWS.SimpleQueueService.BatchEntryIdsNotDistinct";
    invalid_attribute_name = 400 "com.amazonaws.sqs#InvalidAttributeName" "InvalidAttributeName";
    invalid_attribute_value = 400 "com.amazonaws.sqs#InvalidAttributeValue" "InvalidAttributeValue";
    invalid_batch_id = 400 "com.amazonaws.sqs#InvalidBatchEntryId" "AWS.SimpleQueueService.InvalidBatchEntryId";
    invalid_contents = 400 "com.amazonaws.sqs#InvalidMessageContents" "InvalidMessageContents";
    invalid_handle = 400 "com.amazonaws.sqs#ReceiptHandleIsInvalid" "ReceiptHandleIsInvalid";
    invalid_value = 400 "com.amazon.coral.service#InvalidParameterValueException" "InvalidParameterValue";
    missing = 400 "com.amazon.coral.service#MissingRequiredParameterException" "MissingParameter";
    not_in_flight = 400 "com.amazonaws.sqs#MessageNotInflight" "AWS.SimpleQueueService.MessageNotInflight";
    purge_in_progress = 403 "com.amazonaws.sqs#PurgeQueueInProgress" "AWS.SimpleQueueService.PurgeQueueInProgress";
    queue_exists = 400 "com.amazonaws.sqs#QueueNameExists" "QueueAlreadyExists";
    serialization = 400 "com.amazon.coral.service#SerializationException" "MalformedInput";
    too_many_entries = 400 "com.amazonaws.sqs#TooManyEntriesInBatchRequest" "AWS.SimpleQueueService.TooManyEntriesInBatchRequest";
    no_queue = 400 "com.amazonaws.sqs#QueueDoesNotExist" "AWS.SimpleQueueService.NonExistentQueue";
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let (status, shape, code) = match refusal {
            Refusal::Expired => (403, "com.amazon.coral.service#ExpiredTokenException", "ExpiredToken"),
            Refusal::Incomplete => {
                (400, "com.amazon.coral.service#IncompleteSignatureException", "IncompleteSignature")
            }
            Refusal::Missing => (
                403,
                "com.amazon.coral.service#MissingAuthenticationTokenException",
                "MissingAuthenticationToken",
            ),
            Refusal::Signature(_) => {
                (403, "com.amazon.coral.service#InvalidSignatureException", "SignatureDoesNotMatch")
            }
            Refusal::UnknownKey => {
                (403, "com.amazon.coral.service#UnrecognizedClientException", "InvalidClientTokenId")
            }
        };
        Self { status, shape, code, message: refusal.message().to_owned() }
    }
}
