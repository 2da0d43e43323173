//! SQS itself, its queues and messages, as objects to pass around.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;
use std::hash::Hasher;

use super::input;
use super::types;
use crate::client::Client;
use crate::error::Error;
use crate::error::Result;
use crate::page::Pages;
use crate::page::Rest;
use crate::service;

/// Amazon SQS as one session sees it: boto3's `session.resource("sqs")`.
///
/// ```no_run
/// # fn main() -> tucuxi::Result<()> {
/// let queue = tucuxi::sqs().get_queue_by_name("jobs")?;
/// queue.send_message("build 42")?;
/// for message in queue.receive_messages()? {
///     println!("{}", message.body());
///     message.delete()?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Sqs {
    client: Client<service::Sqs>,
}

impl Sqs {
    pub(crate) const fn new(client: Client<service::Sqs>) -> Self {
        Self { client }
    }

    /// The client that this resource and all that come from it call.
    #[must_use]
    pub const fn client(&self) -> &Client<service::Sqs> {
        &self.client
    }

    /// A queue by its URL, whether it exists or not. Nothing is sent.
    #[must_use]
    pub fn queue(&self, url: impl Into<String>) -> Queue {
        Queue { client: self.client.clone(), url: url.into() }
    }

    /// Creates a queue, or finds the one of that name if its attributes are the same.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn create_queue(&self, name: &str) -> Result<Queue> {
        self.create_queue_with(name, |create| create)
    }

    /// Creates a queue, with more to say: `create_queue_with("jobs", |create| create.attributes(&[("DelaySeconds", "5")]))`.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn create_queue_with<'a>(
        &self,
        name: &'a str,
        say: impl FnOnce(input::CreateQueue<'a>) -> input::CreateQueue<'a>,
    ) -> Result<Queue> {
        let created = self.client.create_queue(say(input::CreateQueue::new(name)))?;
        self.named(created.queue_url)
    }

    /// Finds a queue by its name.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; [`is_not_found`](Error::is_not_found) where there is none.
    pub fn get_queue_by_name(&self, name: &str) -> Result<Queue> {
        let found = self.client.get_queue_url(input::GetQueueUrl::new(name))?;
        self.named(found.queue_url)
    }

    /// The queues of the account in this region, asked for page by page.
    #[must_use]
    pub fn queues(&self) -> Queues<'static> {
        self.queues_with(|list| list)
    }

    /// Those queues whose names begin so: `queues_with(|list| list.queue_name_prefix("jobs"))`.
    #[must_use]
    pub fn queues_with<'a>(
        &self,
        say: impl FnOnce(input::ListQueues<'a>) -> input::ListQueues<'a>,
    ) -> Queues<'a> {
        // Without a size SQS answers with no token, and 1,000 queues at most.
        let list = say(input::ListQueues::new().max_results(1000));
        Queues { sqs: self.clone(), pages: self.client.pages(list), page: Rest::empty() }
    }

    fn named(&self, url: Option<String>) -> Result<Queue> {
        let url =
            url.ok_or_else(|| Error::reply(tucuxi_core::reply::BadReply::Value { member: "QueueUrl" }))?;
        Ok(self.queue(url))
    }
}

/// The queues of an account, from [`Sqs::queues`].
#[derive(Debug)]
pub struct Queues<'a> {
    sqs: Sqs,
    pages: Pages<input::ListQueues<'a>, service::Sqs>,
    page: Rest<String>,
}

impl Queues<'_> {
    /// All of them, which is what this is: boto3's word, and nothing else.
    #[must_use]
    pub const fn all(self) -> Self {
        self
    }
}

impl Iterator for Queues<'_> {
    type Item = Result<Queue>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { sqs, pages, page } = self;
        let url = page.next(|| Some(pages.next()?.map(|page| page.queue_urls)))?;
        Some(url.map(|url| sqs.queue(url)))
    }
}

/// A queue by its URL.
#[derive(Clone)]
pub struct Queue {
    client: Client<service::Sqs>,
    url: String,
}

impl Queue {
    /// The client that this resource calls.
    #[must_use]
    pub const fn client(&self) -> &Client<service::Sqs> {
        &self.client
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends a message.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]. Where [`may_have_taken_effect`](Error::may_have_taken_effect) says so, the message may be there for all that.
    pub fn send_message(&self, body: &str) -> Result<types::SendMessageOutput> {
        self.send_message_with(body, |send| send)
    }

    /// Sends a message, with more to say: `send_message_with("build 42", |send| send.delay_seconds(60))`.
    ///
    /// # Errors
    ///
    /// As [`send_message`](Self::send_message).
    pub fn send_message_with<'a>(
        &'a self,
        body: &'a str,
        say: impl FnOnce(input::SendMessage<'a>) -> input::SendMessage<'a>,
    ) -> Result<types::SendMessageOutput> {
        self.client.send_message(say(input::SendMessage::new(&self.url, body)))
    }

    /// Takes a message, if one is there at once. It comes again unless it is deleted within its visibility timeout.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn receive_messages(&self) -> Result<Vec<Message>> {
        self.receive_messages_with(|receive| receive)
    }

    /// Takes messages, with more to say:
    /// `receive_messages_with(|receive| receive.max_number_of_messages(10).wait_time_seconds(20))`.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn receive_messages_with<'a>(
        &'a self,
        say: impl FnOnce(input::ReceiveMessage<'a>) -> input::ReceiveMessage<'a>,
    ) -> Result<Vec<Message>> {
        let received = self.client.receive_message(say(input::ReceiveMessage::new(&self.url)))?;
        let message = |message| Message { queue: self.clone(), message };
        Ok(received.messages.into_iter().map(message).collect())
    }

    /// A message by its handle, to delete it. boto3's `queue.Message(receipt_handle)`.
    #[must_use]
    pub fn message(&self, receipt_handle: impl Into<String>) -> Message {
        let message =
            types::Message { receipt_handle: Some(receipt_handle.into()), ..types::Message::default() };
        Message { queue: self.clone(), message }
    }

    /// Deletes it with all that is in it.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn delete(&self) -> Result<types::DeleteQueueOutput> {
        self.client.delete_queue(input::DeleteQueue::new(&self.url))
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("sqs::Queue").field("url", &self.url).finish()
    }
}

impl PartialEq for Queue {
    /// Two of the same URL are the same, as in boto3.
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Eq for Queue {}

impl Hash for Queue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.url.hash(state);
    }
}

/// A message that was received.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    queue: Queue,
    message: types::Message,
}

impl Message {
    /// The queue that it came from.
    #[must_use]
    pub const fn queue(&self) -> &Queue {
        &self.queue
    }

    /// What it says.
    #[must_use]
    pub fn body(&self) -> &str {
        self.message.body.as_deref().unwrap_or_default()
    }

    /// Its ID.
    #[must_use]
    pub fn message_id(&self) -> Option<&str> {
        self.message.message_id.as_deref()
    }

    /// The handle that deletes it.
    #[must_use]
    pub fn receipt_handle(&self) -> &str {
        self.message.receipt_handle.as_deref().unwrap_or_default()
    }

    /// SQS's own attributes of it, those that were asked for.
    #[must_use]
    pub const fn attributes(&self) -> &BTreeMap<String, String> {
        &self.message.attributes
    }

    /// The sender's attributes of it, those that were asked for.
    #[must_use]
    pub const fn message_attributes(&self) -> &BTreeMap<String, types::MessageAttributeValue> {
        &self.message.message_attributes
    }

    /// Deletes it: it was dealt with.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn delete(&self) -> Result<types::DeleteMessageOutput> {
        let delete = input::DeleteMessage::new(self.queue.url(), self.receipt_handle());
        self.queue.client().delete_message(delete)
    }
}
