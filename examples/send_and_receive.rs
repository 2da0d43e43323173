//! After `list_bucket_contents`: three messages, sent to a queue, received and deleted.
//!
//! ```text
//! cargo run --example send_and_receive
//! ```
//!
//! Where flags, environment and `~/.aws` name no credentials and no endpoint, this starts an SQS server
//! in its own process, and prints what the server was asked. Where they do, the same code works with a
//! real queue: see `--help`. Messages of others in that queue stay there.

#![expect(clippy::print_stderr, clippy::print_stdout, reason = "an example talks")]

mod arguments;

use std::process::ExitCode;

use tucuxi::Result;
use tucuxi::Session;
use tucuxi::sqs::Queue;
use tucuxi_test_support::SqsServer;

const HELP: &str = "\
Sends three messages to a queue, receives and deletes them.

  --queue NAME          the queue, made if there is none: tucuxi-example unless said. It stays
  --endpoint-url URL    an SQS server; AWS_ENDPOINT_URL and the profile's endpoint_url do as well
  --profile NAME        a profile of ~/.aws/config and ~/.aws/credentials; so does AWS_PROFILE
  --region NAME         the region; so does AWS_REGION
  --local               an SQS server in this process, whatever is configured";

/// How often to ask for messages that do not come, each time for up to 2 seconds.
const PATIENCE: u32 = 5;

fn main() -> ExitCode {
    arguments::main("--queue", HELP, |arguments| {
        let name = arguments.names.last().map_or("tucuxi-example", String::as_str);
        let mut session = arguments.session();
        if let Some(region) = arguments.regions.last() {
            session = session.region(region);
        }
        if arguments.configured("SQS")? {
            return send_and_receive(&session.build()?, name);
        }
        let server = SqsServer::start(&[("AKIDWEST", "west-secret")]);
        server.on_request(|request| println!("  server: {request}"));
        println!("no credentials and no endpoint: SQS in this process at {}", server.url());
        if arguments.regions.is_empty() {
            session = session.region("us-west-2");
        }
        let session = session.endpoint_url(server.url()).keys("AKIDWEST", "west-secret").build()?;
        send_and_receive(&session, name)
    })
}

fn send_and_receive(session: &Session, name: &str) -> Result<()> {
    let queue = create_or_find(session, name)?;
    println!("queue {}", queue.url());

    let mut sent = Vec::new();
    for body in ["one", "two & <three>", "ключ 🐬"] {
        let message = queue.send_message(body)?;
        println!("sent      {body}");
        sent.extend(message.message_id);
    }

    let mut tries = 0;
    while !sent.is_empty() && tries < PATIENCE {
        tries += 1;
        // Waiting at the server is cheaper than asking again and again.
        let received =
            queue.receive_messages_with(|receive| receive.max_number_of_messages(10).wait_time_seconds(2))?;
        for message in received {
            // Others may use the queue too: their messages come back after their visibility timeout.
            let Some(ours) = sent.iter().position(|id| message.message_id() == Some(id)) else { continue };
            println!("received  {}", message.body());
            message.delete()?;
            sent.remove(ours);
        }
    }
    match sent.len() {
        0 => println!("all deleted"),
        left => println!(
            "{left} did not come back in time: they are still in the queue, or somebody else has them"
        ),
    }
    Ok(())
}

fn create_or_find(session: &Session, name: &str) -> Result<Queue> {
    let sqs = session.sqs();
    match sqs.get_queue_by_name(name) {
        Err(error) if error.is_not_found() => sqs.create_queue(name),
        found => found,
    }
}
