//! The SQS client's methods, one for each operation.

use tucuxi_core::sqs::Sqs;

use super::input;
use super::types;
use crate::client::Client;
use crate::client::methods;
use crate::page::paginated;

impl Client<Sqs> {
    methods! {
        /// Creates a queue, or finds the one of that name if its attributes are the same.
        create_queue => CreateQueue -> CreateQueueOutput;
        /// Deletes a message by the handle that it came with.
        delete_message => DeleteMessage -> DeleteMessageOutput;
        /// Deletes a queue with all that is in it.
        delete_queue => DeleteQueue -> DeleteQueueOutput;
        /// Finds the URL of a queue by its name.
        get_queue_url => GetQueueUrl -> GetQueueUrlOutput;
        /// Lists queues.
        list_queues => ListQueues -> ListQueuesOutput;
        /// Takes up to 10 messages from a queue.
        receive_message => ReceiveMessage -> ReceiveMessageOutput;
        /// Sends a message to a queue.
        send_message => SendMessage -> SendMessageOutput;
    }
}

paginated! {
    ListQueues next_token <- next_token;
}
