//! Amazon SQS: the resources [`Sqs`], [`Queue`] and [`Message`], and the client's methods.
//!
//! [`input`] holds what the client is asked, [`types`] what it answers.

mod client;
mod queue;

/// What is asked: one input for each operation, and the shapes that they are made of.
pub use tucuxi_core::sqs::input;

pub use self::queue::Message;
pub use self::queue::Queue;
pub use self::queue::Queues;
pub use self::queue::Sqs;

/// What is answered: one output for each operation, and the shapes that they are made of.
pub mod types {
    use tucuxi_core::json::Value as Node;
    use tucuxi_core::sqs::input::{
        CreateQueue, DeleteMessage, DeleteQueue, GetQueueUrl, ListQueues, ReceiveMessage, SendMessage,
    };

    tucuxi_core::sqs_table!([crate::output::outputs!]);
    #[cfg(feature = "serde")]
    tucuxi_core::sqs_table!([crate::json::read::named!]);
}
