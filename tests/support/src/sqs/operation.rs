//! The operations: JSON in, JSON out.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::sync::MutexGuard;
use std::time::Duration;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tokio::time::timeout;

use crate::accounts::ACCOUNT;
use crate::accounts::Caller;
use crate::record::lock;
use crate::sqs::State;
use crate::sqs::fault::Fault;
use crate::sqs::input::Input;
use crate::sqs::message::Draft;
use crate::sqs::message::md5;
use crate::sqs::message::md5_of_attributes;
use crate::sqs::queue::Message;
use crate::sqs::queue::Queue;
use crate::sqs::queue::Queues;
use crate::sqs::queue::no_queue;
use crate::sqs::settings::NUMBERS;
use crate::sqs::settings::TEXTS;
use crate::sqs::settings::check_settings;

/// A call whose signature has been checked.
pub(super) struct Call<'a> {
    pub(super) state: &'a State,
    pub(super) caller: &'a Caller,
    pub(super) region: &'a str,
    pub(super) host: &'a str,
}

impl Call<'_> {
    pub(super) async fn answer(&self, operation: &str, body: &[u8]) -> Result<Value, Fault> {
        let body = if body.is_empty() { b"{}" } else { body };
        let input = serde_json::from_slice(body);
        let input = input.map_err(|error| Fault::serialization(error.to_string()))?;
        let input = &Input::of(&input)?;
        match operation {
            "ChangeMessageVisibility" => self.change_visibility(input),
            "ChangeMessageVisibilityBatch" => {
                self.batch(input, |queue, entry| change_visibility(queue, entry, self.now()))
            }
            "CreateQueue" => self.create_queue(input),
            "DeleteMessage" => self.delete_message(input),
            "DeleteMessageBatch" => self.batch(input, |queue, entry| {
                queue.delete(entry.required("ReceiptHandle")?, self.now())?;
                Ok(json!({}))
            }),
            "DeleteQueue" => {
                self.queues().delete(self.region, queue_name(input)?)?;
                self.state.changed.notify_waiters();
                Ok(json!({}))
            }
            "GetQueueAttributes" => self.queue_attributes(input),
            "GetQueueUrl" => {
                let name = input.required("QueueName")?;
                self.queues().queue(self.region, name)?;
                Ok(json!({ "QueueUrl": self.queue_url(name) }))
            }
            "ListQueues" => self.list_queues(input),
            "PurgeQueue" => {
                let mut queues = self.queues();
                let queue = queues.queue(self.region, queue_name(input)?)?;
                queue.purge(self.now())?;
                Ok(json!({}))
            }
            "ReceiveMessage" => self.receive_message(input).await,
            "SendMessage" => {
                let draft = Draft::read(input)?;
                let mut queues = self.queues();
                let queue = queues.queue(self.region, queue_name(input)?)?;
                self.send(queue, draft)
            }
            "SendMessageBatch" => self.send_message_batch(input),
            "SetQueueAttributes" => {
                let settings = settings(input)?;
                let name = queue_name(input)?;
                self.queues().set(self.region, name, settings, self.now())?;
                Ok(json!({}))
            }
            _ => Err(Fault::unknown_operation()),
        }
    }

    fn create_queue(&self, input: &Input<'_>) -> Result<Value, Fault> {
        let name = input.required("QueueName")?;
        let settings = settings(input)?;
        let mut queues = self.queues();
        queues.create(self.region, name, settings, self.now())?;
        Ok(json!({ "QueueUrl": self.queue_url(name) }))
    }

    fn list_queues(&self, input: &Input<'_>) -> Result<Value, Fault> {
        let prefix = input.text("QueueNamePrefix")?.unwrap_or_default();
        let most = input.number("MaxResults", 1..=1000)?;
        let after = input.text("NextToken")?.map(read_token).transpose()?;
        let queues = self.queues();
        let names = queues.names(self.region);
        let names = names.filter(|name| name.starts_with(prefix));
        let names = names.filter(|&name| after.as_deref().is_none_or(|after| name > after));
        let mut names = names.peekable();
        let page = usize::try_from(most.unwrap_or(1000)).unwrap_or_default();
        let urls: Vec<_> = names.by_ref().take(page).collect();
        let mut answer = Map::new();
        // without MaxResults there is one page, and no token
        if let Some(last) = urls.last().filter(|_| most.is_some())
            && names.peek().is_some()
        {
            let token = base64_simd::STANDARD.encode_to_string(last);
            answer.insert("NextToken".to_owned(), token.into());
        }
        let urls = urls.into_iter().map(|name| self.queue_url(name).into());
        insert_list(&mut answer, "QueueUrls", urls.collect());
        Ok(answer.into())
    }

    fn queue_attributes(&self, input: &Input<'_>) -> Result<Value, Fault> {
        let names = input.texts("AttributeNames")?;
        let mut queues = self.queues();
        let queue = queues.queue(self.region, queue_name(input)?)?;
        let counts = queue.counts(self.now());
        let mut all = queue.settings.clone();
        for (name, ..) in NUMBERS {
            all.insert(name.to_owned(), queue.setting(name));
        }
        all.entry("SqsManagedSseEnabled".to_owned()).or_insert_with(|| "true".to_owned());
        let known = [
            ("ApproximateNumberOfMessages", counts.visible.to_string()),
            ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
            ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
            ("CreatedTimestamp", (queue.created_ms / 1000).to_string()),
            ("LastModifiedTimestamp", (queue.modified_ms / 1000).to_string()),
            ("QueueArn", queue.arn.clone()),
        ];
        all.extend(known.map(|(name, value)| (name.to_owned(), value)));
        let is_known = |name: &str| name == "All" || all.contains_key(name) || TEXTS.contains(&name);
        if let Some(name) = names.iter().find(|name| !is_known(name)) {
            return Err(Fault::invalid_attribute_name(format!("Unknown Attribute {name}.")));
        }
        all.retain(|name, _| names.iter().any(|asked| *asked == "All" || asked == name));
        Ok(if all.is_empty() { json!({}) } else { json!({ "Attributes": all }) })
    }

    fn send(&self, queue: &mut Queue, draft: Draft) -> Result<Value, Fault> {
        let md5_of_body = md5(&draft.body);
        let md5_of_attributes = md5_of_attributes(draft.attributes.iter());
        let (id, sequence) = queue.send(draft, &self.caller.user_id, self.now())?;
        self.state.changed.notify_waiters();
        let mut answer = json!({ "MessageId": id, "MD5OfMessageBody": md5_of_body });
        if let Some(md5) = md5_of_attributes {
            answer["MD5OfMessageAttributes"] = md5.into();
        }
        if let Some(sequence) = sequence {
            answer["SequenceNumber"] = sequence.into();
        }
        Ok(answer)
    }

    fn send_message_batch(&self, input: &Input<'_>) -> Result<Value, Fault> {
        let mut bytes = 0;
        for entry in input.list("Entries")? {
            bytes += Draft::read(&Input::of(entry)?).map_or(0, |draft| draft.bytes());
        }
        let most = 1_048_576;
        if bytes > most {
            return Err(Fault::batch_too_long(format!(
                "Batch requests cannot be longer than {most} bytes. You have sent {bytes} bytes."
            )));
        }
        self.batch(input, |queue, entry| {
            let draft = Draft::read(entry)?;
            self.send(queue, draft)
        })
    }

    async fn receive_message(&self, input: &Input<'_>) -> Result<Value, Fault> {
        let name = queue_name(input)?;
        let most = input.number("MaxNumberOfMessages", 1..=10)?.unwrap_or(1);
        let most = usize::try_from(most).unwrap_or_default();
        let visibility = input.number("VisibilityTimeout", 0..=43_200)?;
        let visibility_ms = visibility.map(|seconds| seconds * 1000);
        let wait = input.number("WaitTimeSeconds", 0..=20)?;
        let shown = Shown::read(input)?;
        let started = self.now();
        loop {
            // asked for before looking, so that nothing is missed in between
            let changed = self.state.changed.notified();
            let now = self.now();
            let wake = {
                let mut queues = self.queues();
                let received = queues.receive(self.region, name, most, visibility_ms, now)?;
                let queue = queues.queue(self.region, name)?;
                let wait = wait.unwrap_or_else(|| queue.number("ReceiveMessageWaitTimeSeconds"));
                let deadline = started + wait * 1000;
                if !received.is_empty() || now >= deadline {
                    let messages = received.iter().map(|it| shown.message(queue, it));
                    let mut answer = Map::new();
                    insert_list(&mut answer, "Messages", messages.collect());
                    return Ok(answer.into());
                }
                queue.next_change(now).unwrap_or(deadline).min(deadline)
            };
            let pause = u64::try_from(wake - now).unwrap_or_default();
            // either way it is time to look again
            let _ = timeout(Duration::from_millis(pause), changed).await;
        }
    }

    fn delete_message(&self, input: &Input<'_>) -> Result<Value, Fault> {
        let handle = input.required("ReceiptHandle")?;
        let mut queues = self.queues();
        let queue = queues.queue(self.region, queue_name(input)?)?;
        queue.delete(handle, self.now())?;
        // the group of a FIFO queue is free again
        self.state.changed.notify_waiters();
        Ok(json!({}))
    }

    fn change_visibility(&self, input: &Input<'_>) -> Result<Value, Fault> {
        let mut queues = self.queues();
        let queue = queues.queue(self.region, queue_name(input)?)?;
        let answer = change_visibility(queue, input, self.now())?;
        self.state.changed.notify_waiters();
        Ok(answer)
    }

    /// Does `one` for each entry; what fails does not stop the others.
    fn batch(
        &self,
        input: &Input<'_>,
        one: impl Fn(&mut Queue, &Input<'_>) -> Result<Value, Fault>,
    ) -> Result<Value, Fault> {
        let entries = input.list("Entries")?;
        let entries = entries.iter().map(|entry| {
            let entry = Input::of(entry)?;
            Ok((entry.required("Id")?, entry))
        });
        let entries = entries.collect::<Result<Vec<_>, Fault>>()?;
        check_batch(entries.iter().map(|entry| entry.0))?;
        let mut queues = self.queues();
        let queue = queues.queue(self.region, queue_name(input)?)?;
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for (id, entry) in entries {
            match one(queue, &entry) {
                Ok(mut answer) => {
                    answer["Id"] = id.into();
                    successful.push(answer);
                }
                Err(fault) => failed.push(fault.entry(id)),
            }
        }
        self.state.changed.notify_waiters();
        let mut answer = Map::new();
        insert_list(&mut answer, "Failed", failed);
        insert_list(&mut answer, "Successful", successful);
        Ok(answer.into())
    }

    fn queue_url(&self, name: &str) -> String {
        format!("http://{}/{ACCOUNT}/{name}", self.host)
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        lock(&self.state.queues)
    }

    fn now(&self) -> i64 {
        self.state.later.now_ms()
    }
}

/// Which attributes a receiver wants to see.
struct Shown<'a> {
    system: Vec<&'a str>,
    message: Vec<&'a str>,
}

impl<'a> Shown<'a> {
    fn read(input: &Input<'a>) -> Result<Self, Fault> {
        let mut system = input.texts("AttributeNames")?;
        system.extend(input.texts("MessageSystemAttributeNames")?);
        let message = input.texts("MessageAttributeNames")?;
        Ok(Self { system, message })
    }

    fn message(&self, queue: &Queue, message: &Message) -> Value {
        let draft = &message.draft;
        let system = [
            ("ApproximateFirstReceiveTimestamp", message.first_received_ms.map(|ms| ms.to_string())),
            ("ApproximateReceiveCount", Some(message.receives.to_string())),
            ("AWSTraceHeader", draft.trace.clone()),
            ("DeadLetterQueueSourceArn", message.source_arn.clone()),
            ("MessageDeduplicationId", draft.deduplication.clone()),
            ("MessageGroupId", draft.group.clone()),
            ("SenderId", Some(message.sender.clone())),
            ("SentTimestamp", Some(message.sent_ms.to_string())),
            ("SequenceNumber", message.sequence.clone()),
        ];
        let system = system.into_iter().filter_map(|(name, value)| {
            let asked = self.system.iter().any(|it| *it == "All" || *it == name);
            Some((name, value.filter(|_| asked)?))
        });
        let system: BTreeMap<_, _> = system.collect();
        let mut answer = json!({
            "MessageId": message.id,
            "ReceiptHandle": queue.handle(message),
            "MD5OfBody": md5(&draft.body),
            "Body": draft.body,
        });
        if !system.is_empty() {
            answer["Attributes"] = json!(system);
        }
        let asked = draft.attributes.iter();
        let asked = asked.filter(|(name, _)| self.wants(name));
        if let Some(md5) = md5_of_attributes(asked.clone()) {
            let attributes = asked.map(|(name, attribute)| (name.clone(), attribute.to_json()));
            answer["MessageAttributes"] = attributes.collect::<Map<_, _>>().into();
            answer["MD5OfMessageAttributes"] = md5.into();
        }
        answer
    }

    /// By its name, by a prefix that ends in `.*`, or as one of `All`.
    fn wants(&self, name: &str) -> bool {
        self.message.iter().any(|asked| {
            let prefix = asked.strip_suffix(".*");
            *asked == "All" || *asked == name || prefix.is_some_and(|it| name.starts_with(it))
        })
    }
}

fn change_visibility(queue: &mut Queue, input: &Input<'_>, now: i64) -> Result<Value, Fault> {
    let handle = input.required("ReceiptHandle")?;
    let seconds = input.number("VisibilityTimeout", 0..=43_200)?;
    let seconds =
        seconds.ok_or_else(|| Fault::missing("The request must contain the parameter VisibilityTimeout."))?;
    queue.change_visibility(handle, seconds, now)?;
    Ok(json!({}))
}

/// The name at the end of the URL; its host does not matter.
fn queue_name<'a>(input: &Input<'a>) -> Result<&'a str, Fault> {
    let url = input.required("QueueUrl")?;
    let mut parts = url.rsplit('/');
    let name = parts.next().filter(|_| parts.next() == Some(ACCOUNT));
    name.ok_or_else(no_queue)
}

fn settings(input: &Input<'_>) -> Result<BTreeMap<String, String>, Fault> {
    let settings = input.map("Attributes")?.map(|(name, value)| {
        let value = value.as_str();
        let value = value.ok_or_else(|| Fault::serialization("Expected a string"))?;
        Ok((name.clone(), value.to_owned()))
    });
    let settings = settings.collect::<Result<_, Fault>>()?;
    check_settings(&settings)?;
    Ok(settings)
}

fn check_batch<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Result<(), Fault> {
    let count = ids.clone().count();
    if count == 0 {
        return Err(Fault::empty_batch("There should be at least one entry in the request."));
    }
    if count > 10 {
        return Err(Fault::too_many_entries(format!(
            "Maximum number of entries per request are 10. You have sent {count}."
        )));
    }
    let mut seen = HashSet::new();
    for id in ids {
        let of_id = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        if !(1..=80).contains(&id.len()) || !id.chars().all(of_id) {
            return Err(Fault::invalid_batch_id(
                "A batch entry id can only contain alphanumeric characters, hyphens and \
                 underscores. It can be at most 80 letters long.",
            ));
        }
        if !seen.insert(id) {
            return Err(Fault::ids_not_distinct(format!("Id {id} repeated.")));
        }
    }
    Ok(())
}

/// SQS leaves out an empty list.
fn insert_list(answer: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        answer.insert(name.to_owned(), list.into());
    }
}

fn read_token(token: &str) -> Result<String, Fault> {
    let name = base64_simd::STANDARD.decode_to_vec(token).ok();
    let name = name.and_then(|name| String::from_utf8(name).ok());
    name.ok_or_else(|| Fault::invalid_value("Invalid or expired next token."))
}
