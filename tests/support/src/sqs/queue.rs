//! Queues as data: what happens to messages as time goes by. All times are handed in, in
//! milliseconds since 1970.

use std::collections::BTreeMap;
use std::collections::HashSet;

use crate::accounts::ACCOUNT;
use crate::random::unique;
use crate::sqs::fault::Fault;
use crate::sqs::input::missing;
use crate::sqs::message::Draft;
use crate::sqs::message::sha256;
use crate::sqs::settings::FIFO;
use crate::sqs::settings::NUMBERS;
use crate::sqs::settings::Redrive;
use crate::sqs::settings::check_name;

/// The queues of all regions.
#[derive(Default)]
pub(super) struct Queues {
    /// By region and name.
    queues: BTreeMap<(String, String), Queue>,
}

/// A queue, standard or FIFO.
pub(super) struct Queue {
    pub(super) arn: String,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) created_ms: i64,
    pub(super) modified_ms: i64,
    purged_ms: Option<i64>,
    /// In the order they were sent.
    messages: Vec<Message>,
    /// What a FIFO queue has taken in the last five minutes.
    taken: Vec<Taken>,
    sequence: u128,
}

/// A message in a queue.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) draft: Draft,
    pub(super) sender: String,
    pub(super) sent_ms: i64,
    pub(super) first_received_ms: Option<i64>,
    pub(super) receives: i64,
    pub(super) sequence: Option<String>,
    /// The queue that gave it up, in a dead-letter queue.
    pub(super) source_arn: Option<String>,
    /// To be seen by receivers from then on.
    visible_ms: i64,
    /// It is hidden because someone has received it, not because it is delayed.
    received: bool,
}

/// A message that a FIFO queue will not take again.
struct Taken {
    deduplication: String,
    group: String,
    sent_ms: i64,
    id: String,
    sequence: String,
}

/// How many messages of a queue can be received, cannot yet, and are with a receiver.
pub(super) struct Counts {
    pub(super) visible: usize,
    pub(super) delayed: usize,
    pub(super) in_flight: usize,
}

/// The five minutes of <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html>.
const DEDUPLICATION_MS: i64 = 5 * 60 * 1000;
const PURGE_PAUSE_MS: i64 = 60 * 1000;

impl Queues {
    /// Makes a queue, or finds the one that is like it.
    pub(super) fn create(
        &mut self,
        region: &str,
        name: &str,
        mut settings: BTreeMap<String, String>,
        now: i64,
    ) -> Result<(), Fault> {
        let is_fifo = settings.get("FifoQueue").is_some_and(|it| it == "true");
        check_name(name, is_fifo)?;
        self.check_redrive(region, &settings, is_fifo)?;
        let key = (region.to_owned(), name.to_owned());
        if let Some(queue) = self.queues.get(&key) {
            let differs = |(name, value): &(&String, &String)| queue.setting(name) != **value;
            return match settings.iter().find(differs) {
                None => Ok(()),
                Some((attribute, _)) => Err(Fault::queue_exists(format!(
                    "A queue already exists with the same name and a different value for \
                     attribute {attribute}"
                ))),
            };
        }
        if is_fifo {
            for (name, value) in FIFO {
                settings.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        let queue = Queue {
            arn: format!("arn:aws:sqs:{region}:{ACCOUNT}:{name}"),
            settings,
            created_ms: now,
            modified_ms: now,
            purged_ms: None,
            messages: Vec::new(),
            taken: Vec::new(),
            sequence: 18_870_000_000_000_000_000,
        };
        self.queues.insert(key, queue);
        Ok(())
    }

    pub(super) fn set(
        &mut self,
        region: &str,
        name: &str,
        settings: BTreeMap<String, String>,
        now: i64,
    ) -> Result<(), Fault> {
        let is_fifo = self.queue(region, name)?.is_fifo();
        if settings.contains_key("FifoQueue") {
            return Err(Fault::invalid_attribute_name("Unknown Attribute FifoQueue."));
        }
        self.check_redrive(region, &settings, is_fifo)?;
        let queue = self.queue(region, name)?;
        queue.settings.extend(settings);
        queue.modified_ms = now;
        Ok(())
    }

    pub(super) fn delete(&mut self, region: &str, name: &str) -> Result<(), Fault> {
        let key = (region.to_owned(), name.to_owned());
        self.queues.remove(&key).map(drop).ok_or_else(no_queue)
    }

    pub(super) fn queue(&mut self, region: &str, name: &str) -> Result<&mut Queue, Fault> {
        let key = (region.to_owned(), name.to_owned());
        self.queues.get_mut(&key).ok_or_else(no_queue)
    }

    /// The names of a region's queues, in order.
    pub(super) fn names<'s>(&'s self, region: &'s str) -> impl Iterator<Item = &'s str> {
        let keys = self.queues.keys().filter(move |key| key.0 == region);
        keys.map(|key| key.1.as_str())
    }

    /// Takes up to `most` messages for a receiver, who has them to itself for `visibility_ms`; those
    /// that have been received too often go to the dead-letter queue instead.
    pub(super) fn receive(
        &mut self,
        region: &str,
        name: &str,
        most: usize,
        visibility_ms: Option<i64>,
        now: i64,
    ) -> Result<Vec<Message>, Fault> {
        let queue = self.queue(region, name)?;
        let (received, dead) = queue.receive(most, visibility_ms, now);
        let source_arn = queue.arn.clone();
        if let Some(redrive) = queue.redrive()
            && let Ok(target) = self.queue(region, &redrive.target)
        {
            for mut message in dead {
                message.source_arn = Some(source_arn.clone());
                message.received = false;
                message.visible_ms = now;
                message.sequence = message.sequence.map(|_| target.next_sequence());
                target.messages.push(message);
            }
        }
        Ok(received)
    }

    fn check_redrive(
        &mut self,
        region: &str,
        settings: &BTreeMap<String, String>,
        is_fifo: bool,
    ) -> Result<(), Fault> {
        let Some(policy) = settings.get("RedrivePolicy").filter(|it| !it.is_empty()) else {
            return Ok(());
        };
        let refused = |reason| Err(Fault::invalid("RedrivePolicy", policy, reason));
        let Some(redrive) = Redrive::read(policy) else {
            return refused("Redrive policy is not a valid JSON map.");
        };
        if !(1..=1000).contains(&redrive.most_receives) {
            return refused("Invalid value for maxReceiveCount.");
        }
        match self.queue(region, &redrive.target) {
            Err(_) => refused("Dead letter target does not exist."),
            Ok(target) if target.is_fifo() != is_fifo => {
                refused("Dead-letter queue must be same type of queue as the source.")
            }
            Ok(_) => Ok(()),
        }
    }
}

impl Queue {
    /// Takes a message; one that a FIFO queue already has is answered like the first, and dropped.
    pub(super) fn send(
        &mut self,
        mut draft: Draft,
        sender: &str,
        now: i64,
    ) -> Result<(String, Option<String>), Fault> {
        let largest = self.number("MaximumMessageSize");
        if i64::try_from(draft.bytes()).is_ok_and(|bytes| bytes > largest) {
            return Err(Fault::invalid_value(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than \
                 {largest} bytes."
            )));
        }
        let mut sequence = None;
        if self.is_fifo() {
            let (group, deduplication) = self.fifo_names(&draft)?;
            self.taken.retain(|it| it.sent_ms + DEDUPLICATION_MS > now);
            let by_group = self.setting("DeduplicationScope") == "messageGroup";
            if let Some(taken) = self
                .taken
                .iter()
                .find(|it| it.deduplication == deduplication && (!by_group || it.group == group))
            {
                return Ok((taken.id.clone(), Some(taken.sequence.clone())));
            }
            draft.deduplication = Some(deduplication);
            sequence = Some(self.next_sequence());
        } else if draft.deduplication.is_some() {
            return Err(Fault::invalid_value(
                "The request include parameter MessageDeduplicationId which is not valid for this \
                 queue type",
            ));
        }
        let delay = draft.delay.unwrap_or_else(|| self.number("DelaySeconds"));
        let message = Message {
            id: unique(),
            sender: sender.to_owned(),
            sent_ms: now,
            first_received_ms: None,
            receives: 0,
            sequence,
            source_arn: None,
            visible_ms: now + delay * 1000,
            received: false,
            draft,
        };
        let receipt = (message.id.clone(), message.sequence.clone());
        if let (Some(deduplication), Some(sequence)) = (&message.draft.deduplication, &message.sequence) {
            self.taken.push(Taken {
                deduplication: deduplication.clone(),
                group: message.draft.group.clone().unwrap_or_default(),
                sent_ms: now,
                id: message.id.clone(),
                sequence: sequence.clone(),
            });
        }
        self.messages.push(message);
        Ok(receipt)
    }

    /// Deletes what was received with this handle. An outdated one deletes nothing, and only a
    /// FIFO queue complains.
    pub(super) fn delete(&mut self, handle: &str, now: i64) -> Result<(), Fault> {
        let (id, receives) = self.read_handle(handle)?;
        let is_fifo = self.is_fifo();
        let Some(at) = self.messages.iter().position(|message| message.id == id) else {
            return Ok(());
        };
        let message = &self.messages[at];
        let is_current = message.receives == receives;
        if is_fifo && !(is_current && message.is_in_flight(now)) {
            return Err(Fault::invalid("ReceiptHandle", handle, "The receipt handle has expired."));
        }
        if is_current {
            self.messages.remove(at);
        }
        Ok(())
    }

    pub(super) fn change_visibility(&mut self, handle: &str, seconds: i64, now: i64) -> Result<(), Fault> {
        let (id, receives) = self.read_handle(handle)?;
        let message = self.messages.iter_mut().find(|message| message.id == id);
        let Some(message) = message.filter(|message| message.receives == receives) else {
            return Err(Fault::invalid(
                "ReceiptHandle",
                handle,
                "Message does not exist or is not available for visibility timeout change.",
            ));
        };
        if !message.is_in_flight(now) {
            return Err(Fault::not_in_flight("The specified message isn't in flight."));
        }
        message.visible_ms = now + seconds * 1000;
        Ok(())
    }

    pub(super) fn purge(&mut self, now: i64) -> Result<(), Fault> {
        if self.purged_ms.is_some_and(|at| now < at + PURGE_PAUSE_MS) {
            return Err(Fault::purge_in_progress(format!(
                "Only one PurgeQueue operation on {} is allowed every 60 seconds.",
                self.name()
            )));
        }
        self.purged_ms = Some(now);
        self.messages.clear();
        Ok(())
    }

    pub(super) fn counts(&mut self, now: i64) -> Counts {
        self.forget(now);
        let count = |is: fn(&Message, i64) -> bool| {
            let messages = self.messages.iter();
            messages.filter(|message| is(message, now)).count()
        };
        Counts {
            visible: count(|message, now| message.visible_ms <= now),
            delayed: count(|message, now| message.visible_ms > now && !message.received),
            in_flight: count(Message::is_in_flight),
        }
    }

    /// When something may change without anyone asking for it.
    pub(super) fn next_change(&self, now: i64) -> Option<i64> {
        let times = self.messages.iter().map(|message| message.visible_ms);
        times.filter(|&at| at > now).min()
    }

    /// What proves that `message` was received, its last time.
    pub(super) fn handle(&self, message: &Message) -> String {
        let text = format!("{} {} {}", self.arn, message.id, message.receives);
        base64_simd::STANDARD.encode_to_string(text)
    }

    /// The value that was set, or AWS's default.
    pub(super) fn setting(&self, name: &str) -> String {
        let default = || {
            let number = NUMBERS.iter().find(|number| number.0 == name);
            number.map(|number| number.1.to_string())
        };
        let set = self.settings.get(name).cloned();
        set.or_else(default).unwrap_or_default()
    }

    pub(super) fn is_fifo(&self) -> bool {
        self.setting("FifoQueue") == "true"
    }

    pub(super) fn number(&self, name: &str) -> i64 {
        let number = self.setting(name).parse();
        number.expect("numbers are checked when they are set")
    }

    /// The messages for a receiver, and those that were received too often.
    fn receive(&mut self, most: usize, visibility_ms: Option<i64>, now: i64) -> (Vec<Message>, Vec<Message>) {
        self.forget(now);
        let visibility_ms = visibility_ms.unwrap_or_else(|| self.number("VisibilityTimeout") * 1000);
        let is_fifo = self.is_fifo();
        let most_receives = self.redrive().map(|redrive| redrive.most_receives);
        let mut locked = HashSet::new();
        if is_fifo {
            let in_flight = self.messages.iter().filter(|it| it.is_in_flight(now));
            locked.extend(in_flight.map(|message| message.draft.group.clone()));
        }
        let (mut received, mut dead) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < self.messages.len() && received.len() < most {
            let message = &mut self.messages[at];
            if message.visible_ms > now || locked.contains(&message.draft.group) {
                if is_fifo {
                    locked.insert(message.draft.group.clone());
                }
                at += 1;
            } else if most_receives.is_some_and(|most| message.receives >= most) {
                dead.push(self.messages.remove(at));
            } else {
                message.receives += 1;
                message.received = true;
                message.first_received_ms.get_or_insert(now);
                message.visible_ms = now + visibility_ms;
                received.push(message.clone());
                at += 1;
            }
        }
        (received, dead)
    }

    /// The group and deduplication id that a FIFO queue asks for.
    fn fifo_names(&self, draft: &Draft) -> Result<(String, String), Fault> {
        if draft.delay.is_some_and(|seconds| seconds > 0) {
            return Err(Fault::invalid(
                "DelaySeconds",
                draft.delay.unwrap_or_default(),
                "The request include parameter that is not valid for this queue type.",
            ));
        }
        let group = draft.group.clone();
        let group = group.ok_or_else(|| missing("MessageGroupId"))?;
        let by_content = self.setting("ContentBasedDeduplication") == "true";
        let by_content = by_content.then(|| sha256(&draft.body));
        let deduplication = draft.deduplication.clone().or(by_content);
        let deduplication = deduplication.ok_or_else(|| {
            Fault::invalid_value(
                "The queue should either have ContentBasedDeduplication enabled or \
                 MessageDeduplicationId provided explicitly",
            )
        })?;
        Ok((group, deduplication))
    }

    fn read_handle(&self, handle: &str) -> Result<(String, i64), Fault> {
        let read = || {
            let text = base64_simd::STANDARD.decode_to_vec(handle).ok()?;
            let text = String::from_utf8(text).ok()?;
            let (id, receives) = text.strip_prefix(&self.arn)?.trim_start().split_once(' ')?;
            Some((id.to_owned(), receives.parse().ok()?))
        };
        read().ok_or_else(|| {
            Fault::invalid_handle(format!("The input receipt handle \"{handle}\" is not valid."))
        })
    }

    fn forget(&mut self, now: i64) {
        let kept_ms = self.number("MessageRetentionPeriod") * 1000;
        self.messages.retain(|message| message.sent_ms + kept_ms > now);
    }

    fn next_sequence(&mut self) -> String {
        self.sequence += 256;
        self.sequence.to_string()
    }

    fn redrive(&self) -> Option<Redrive> {
        Redrive::read(self.settings.get("RedrivePolicy")?)
    }

    fn name(&self) -> &str {
        self.arn.rsplit(':').next().unwrap_or_default()
    }
}

impl Message {
    fn is_in_flight(&self, now: i64) -> bool {
        self.received && self.visible_ms > now
    }
}

pub(super) fn no_queue() -> Fault {
    Fault::no_queue("The specified queue does not exist.")
}
