//! What a queue may be called, and what can be set on it: attributes and their limits.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sqs::fault::Fault;

/// When to stop giving a message out again.
pub(super) struct Redrive {
    pub(super) target: String,
    pub(super) most_receives: i64,
}

impl Redrive {
    pub(super) fn read(policy: &str) -> Option<Self> {
        let policy: Value = serde_json::from_str(policy).ok()?;
        let target = policy.get("deadLetterTargetArn")?.as_str()?;
        let most = policy.get("maxReceiveCount")?;
        let most = most.as_i64().or_else(|| most.as_str()?.parse().ok())?;
        Some(Self { target: target.rsplit(':').next()?.to_owned(), most_receives: most })
    }
}

/// Checks the values of attributes that a caller sets.
pub(super) fn check_settings(settings: &BTreeMap<String, String>) -> Result<(), Fault> {
    for (name, value) in settings {
        if let Some((_, _, least, most)) = NUMBERS.iter().find(|number| number.0 == name) {
            let number = value.parse::<i64>();
            if !number.is_ok_and(|number| (least..=most).contains(&&number)) {
                return Err(Fault::invalid_attribute_value(format!(
                    "Invalid value for the parameter {name}."
                )));
            }
        } else if !TEXTS.contains(&name.as_str()) {
            return Err(Fault::invalid_attribute_name(format!("Unknown Attribute {name}.")));
        }
    }
    Ok(())
}

/// Checks a name, which tells a FIFO queue from a standard one.
pub(super) fn check_name(name: &str, is_fifo: bool) -> Result<(), Fault> {
    let stem = name.strip_suffix(".fifo");
    let of_name = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let is_name = (1..=80).contains(&name.len()) && stem.unwrap_or(name).chars().all(of_name);
    if !is_name {
        return Err(Fault::invalid_value(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ));
    }
    match (stem.is_some(), is_fifo) {
        (true, false) => Err(Fault::invalid_value(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        )),
        (false, true) => Err(Fault::invalid_value(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or \
             underscores, must end with .fifo suffix and be 1 to 80 in length.",
        )),
        _ => Ok(()),
    }
}

/// Attributes that are numbers: the default, the least and the most.
pub(super) const NUMBERS: [(&str, i64, i64, i64); 5] = [
    ("DelaySeconds", 0, 0, 900),
    ("MaximumMessageSize", 1_048_576, 1024, 1_048_576),
    ("MessageRetentionPeriod", 345_600, 60, 1_209_600),
    ("ReceiveMessageWaitTimeSeconds", 0, 0, 20),
    ("VisibilityTimeout", 30, 0, 43_200),
];

/// What a FIFO queue is unless told otherwise.
pub(super) const FIFO: [(&str, &str); 3] = [
    ("ContentBasedDeduplication", "false"),
    ("DeduplicationScope", "queue"),
    ("FifoThroughputLimit", "perQueue"),
];

/// The others that can be set.
pub(super) const TEXTS: [&str; 10] = [
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "Policy",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
];
