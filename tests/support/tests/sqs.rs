//! The SQS server as AWS documents SQS, seen by a client that is not ours. Nothing here waits:
//! tests move the server's clock.

#![expect(clippy::disallowed_methods, reason = "signatures have a date, polls an end")]
#![allow(dead_code, unreachable_pub, reason = "the client is shared with other tests")]

mod client;

use std::thread;
use std::time::Instant;

use client::Client;
use client::sqs::seconds;
use client::sqs::start;
use serde_json::Value;
use serde_json::json;

#[test]
fn a_message_comes_back_with_its_digests() {
    let (_server, client) = start();
    let queue = client.create("jobs", json!({}));
    let attributes = json!({
        "b": { "DataType": "Binary", "BinaryValue": "AAE=" },
        "a.x": { "DataType": "String", "StringValue": "é" },
        "n": { "DataType": "Number.int", "StringValue": "5" },
    });
    let sent = client.get(
        "SendMessage",
        json!({ "QueueUrl": queue, "MessageBody": "hé\n<&>", "MessageAttributes": attributes }),
    );
    // what moto 5.2.5 answers
    assert_eq!(sent["MD5OfMessageBody"], "320e678d66bf224fe147a1071ad483b2");
    assert_eq!(sent["MD5OfMessageAttributes"], "3e9ad4e86ef8b090c02718f830404eae");

    let input = json!({ "QueueUrl": queue, "MessageAttributeNames": ["a.*", "n"], "VisibilityTimeout": 0 });
    let some = &client.get("ReceiveMessage", input)["Messages"][0];
    assert_eq!(some["MD5OfMessageAttributes"], "6d25677cdec6c0f7ce9ae0c82a0c7405");
    assert_eq!(some["MessageAttributes"].as_object().unwrap().len(), 2);
    assert_eq!(some.get("Attributes"), None);

    let [all] = &client.receive(&queue)[..] else { panic!("one message") };
    assert_eq!((&all["MessageId"], &all["Body"]), (&sent["MessageId"], &json!("hé\n<&>")));
    assert_eq!((&all["MD5OfBody"], &all["MessageAttributes"]), (&sent["MD5OfMessageBody"], &attributes));
    assert_eq!(all["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"]);
    assert_eq!(all["Attributes"]["ApproximateReceiveCount"], "2");
    client.delete(&queue, all);
    client.delete(&queue, all);
}

#[test]
fn a_received_message_is_hidden_for_its_visibility_timeout() {
    let (server, client) = start();
    let queue = client.create("jobs", json!({ "VisibilityTimeout": "30" }));
    client.send_to(&queue, "a");
    let first = client.receive(&queue);
    server.advance(seconds(29));
    assert_eq!(client.bodies(&queue), [""; 0]);
    server.advance(seconds(1));
    let second = client.receive(&queue);
    assert_eq!(second[0]["Attributes"]["ApproximateReceiveCount"], "2");

    let change = |message: &Value, timeout: u32| {
        json!({
            "QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": timeout,
        })
    };
    let stale = client.error("ChangeMessageVisibility", change(&first[0], 9));
    assert_eq!(stale, "InvalidParameterValueException");
    client.get("ChangeMessageVisibility", change(&second[0], 0));
    let again = client.error("ChangeMessageVisibility", change(&second[0], 9));
    assert_eq!(again, "MessageNotInflight");
    // an outdated handle deletes nothing, the last one does
    client.delete(&queue, &first[0]);
    assert_eq!(client.bodies(&queue), ["a"]);
    server.advance(seconds(30));
    client.delete(&queue, &client.receive(&queue)[0]);
    server.advance(seconds(30));
    assert_eq!(client.bodies(&queue), [""; 0]);
}

#[test]
fn delays_and_counts_follow_the_clock() {
    let (server, client) = start();
    let queue = client.create("jobs", json!({ "DelaySeconds": "10", "MessageRetentionPeriod": "60" }));
    client.send_to(&queue, "late");
    client.get("SendMessage", json!({ "QueueUrl": queue, "MessageBody": "now", "DelaySeconds": 0 }));
    assert_eq!(client.bodies(&queue), ["now"]);
    let counts = || {
        let names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesDelayed",
            "ApproximateNumberOfMessagesNotVisible",
        ];
        let input = json!({ "QueueUrl": queue, "AttributeNames": names });
        let answer = client.get("GetQueueAttributes", input);
        names.map(|name| answer["Attributes"][name].as_str().unwrap().to_owned())
    };
    assert_eq!(counts(), ["0", "1", "1"]);
    server.advance(seconds(10));
    assert_eq!(counts(), ["1", "0", "1"]);
    assert_eq!(client.bodies(&queue), ["late"]);
    server.advance(seconds(50));
    assert_eq!(counts(), ["0", "0", "0"]);
}

#[test]
fn a_long_poll_ends_when_a_message_comes_or_the_wait_is_over() {
    let (server, client) = start();
    let attributes = json!({ "ReceiveMessageWaitTimeSeconds": "20", "VisibilityTimeout": "10" });
    let queue = client.create("jobs", attributes);
    let began = Instant::now();
    let poll = || {
        let (client, queue) = (client.clone(), queue.clone());
        let asked = server.requests().len();
        let poll = thread::spawn(move || client.receive(&queue));
        while server.requests().len() == asked {
            thread::yield_now();
        }
        poll
    };
    let woken_by_a_message = poll();
    client.send_to(&queue, "a");
    assert_eq!(woken_by_a_message.join().unwrap()[0]["Body"], "a");

    let woken_by_a_timeout = poll();
    server.advance(seconds(10));
    let messages = woken_by_a_timeout.join().unwrap();
    client.delete(&queue, &messages[0]);

    let not_woken = poll();
    while !not_woken.is_finished() {
        // more than once, for when the poll has not begun to wait
        server.advance(seconds(20));
        thread::yield_now();
    }
    assert_eq!(not_woken.join().unwrap(), [Value::Null; 0]);
    assert!(began.elapsed() < seconds(10), "some poll slept through what should have ended it");
}

#[test]
fn a_fifo_queue_keeps_order_and_locks_groups() {
    let (server, client) = start();
    let attributes = json!({ "FifoQueue": "true", "ContentBasedDeduplication": "true" });
    let queue = client.create("jobs.fifo", attributes);
    for (body, group) in [("1", "g"), ("2", "g"), ("3", "h"), ("4", "g")] {
        client.send_in_group(&queue, body, group);
    }
    let input = json!({ "QueueUrl": queue, "AttributeNames": ["All"] });
    let first = &client.get("ReceiveMessage", input)["Messages"][0];
    assert_eq!((&first["Body"], &first["Attributes"]["MessageGroupId"]), (&json!("1"), &json!("g")));
    assert_eq!(client.bodies(&queue), ["3"]);
    client.delete(&queue, first);
    let both = client.receive(&queue);
    assert_eq!((both.len(), &both[0]["Body"], &both[1]["Body"]), (2, &json!("2"), &json!("4")));
    // given back, "2" is held up by "4", which is still with its receiver
    let handle = &both[0]["ReceiptHandle"];
    let input = json!({ "QueueUrl": queue, "ReceiptHandle": handle, "VisibilityTimeout": 0 });
    client.get("ChangeMessageVisibility", input);
    assert_eq!(client.bodies(&queue), [""; 0]);
    // all that is in flight comes back, and an expired handle is refused
    server.advance(seconds(30));
    let handle = &first["ReceiptHandle"];
    client.get("DeleteMessage", json!({ "QueueUrl": queue, "ReceiptHandle": handle }));
    let messages = client.receive(&queue);
    server.advance(seconds(30));
    let expired = json!({ "QueueUrl": queue, "ReceiptHandle": messages[0]["ReceiptHandle"] });
    assert_eq!(client.error("DeleteMessage", expired), "InvalidParameterValueException");
    assert_eq!(client.bodies(&queue), ["2", "3", "4"]);
}

#[test]
fn a_fifo_queue_drops_what_it_took_in_the_last_five_minutes() {
    let (server, client) = start();
    let attributes = json!({ "FifoQueue": "true", "ContentBasedDeduplication": "true" });
    let queue = client.create("jobs.fifo", attributes);
    let first = client.send_in_group(&queue, "a", "g");
    server.advance(seconds(299));
    let second = client.send_in_group(&queue, "a", "h");
    assert_eq!(
        (&first["MessageId"], &first["SequenceNumber"]),
        (&second["MessageId"], &second["SequenceNumber"])
    );
    assert_eq!(client.bodies(&queue), ["a"]);
    server.advance(seconds(1));
    let third = client.send_in_group(&queue, "a", "h");
    assert!(first["SequenceNumber"].as_str() < third["SequenceNumber"].as_str());
    let [third] = &client.receive(&queue)[..] else { panic!("one message") };
    assert_eq!(
        third["Attributes"]["MessageDeduplicationId"],
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    );
}

#[test]
fn what_is_received_too_often_goes_to_the_dead_letter_queue() {
    let (_server, client) = start();
    let dead = client.create("dead", json!({}));
    let policy =
        json!({ "deadLetterTargetArn": "arn:aws:sqs:us-west-2:123456789012:dead", "maxReceiveCount": "2" });
    let attributes = json!({ "RedrivePolicy": policy.to_string(), "VisibilityTimeout": "0" });
    let queue = client.create("jobs", attributes);
    client.send_to(&queue, "a");
    assert_eq!(client.bodies(&queue), ["a"]);
    assert_eq!(client.bodies(&queue), ["a"]);
    assert_eq!(client.bodies(&dead), [""; 0]);
    assert_eq!(client.bodies(&queue), [""; 0]);
    let [message] = &client.receive(&dead)[..] else { panic!("one message") };
    let source = &message["Attributes"]["DeadLetterQueueSourceArn"];
    assert_eq!(source, "arn:aws:sqs:us-west-2:123456789012:jobs");
}

#[test]
fn a_batch_fails_entry_by_entry() {
    let (_server, client) = start();
    let queue = client.create("jobs", json!({}));
    let entries = json!([
        { "Id": "good", "MessageBody": "a" },
        { "Id": "late", "MessageBody": "b", "DelaySeconds": 901 },
        { "Id": "odd", "MessageBody": "\u{b}" },
    ]);
    let sent = client.get("SendMessageBatch", json!({ "QueueUrl": queue, "Entries": entries }));
    assert_eq!(sent["Successful"].as_array().unwrap().len(), 1);
    assert_eq!(sent["Successful"][0]["Id"], "good");
    let failed: Vec<_> =
        sent["Failed"].as_array().unwrap().iter().map(|it| (&it["Id"], &it["Code"])).collect();
    assert_eq!(
        failed,
        [
            (&json!("late"), &json!("InvalidParameterValue")),
            (&json!("odd"), &json!("InvalidMessageContents"))
        ]
    );
    let handle = client.receive(&queue)[0]["ReceiptHandle"].clone();
    for (operation, timeout) in
        [("ChangeMessageVisibilityBatch", json!(9)), ("DeleteMessageBatch", Value::Null)]
    {
        let entry = |id: &str, handle: &Value| json!({ "Id": id, "ReceiptHandle": handle, "VisibilityTimeout": timeout });
        let entries = [entry("good", &handle), entry("bad", &json!("nonsense"))];
        let answer = client.get(operation, json!({ "QueueUrl": queue, "Entries": entries }));
        assert_eq!(answer["Successful"], json!([{ "Id": "good" }]));
        assert_eq!(answer["Failed"][0]["Code"], "ReceiptHandleIsInvalid");
        assert_eq!(answer["Failed"][0]["SenderFault"], true);
    }
}

#[test]
fn what_breaks_a_rule_is_refused_as_aws_does() {
    let (_server, client) = start();
    let queue = &client.create("jobs", json!({}));
    let fifo = &client.create("jobs.fifo", json!({ "FifoQueue": "true" }));
    let none = "http://127.0.0.1/123456789012/none";
    let entry = |id: &str, body: &str| json!({ "Id": id, "MessageBody": body });
    let batch = |entries: Vec<Value>| json!({ "QueueUrl": queue, "Entries": entries });
    let eleven = (0..11).map(|nth| entry(&nth.to_string(), "a")).collect();
    let (big, bigger) = ("x".repeat(600_000), "x".repeat(1_048_577));
    let text = json!({ "a": { "DataType": "String", "StringValue": "x" } });
    let empty = json!({ "a": { "DataType": "String", "StringValue": "" } });
    let float = json!({ "a": { "DataType": "Float", "StringValue": "1" } });
    let full = "x".repeat(1_048_576);
    client.send_to(queue, &full);
    let existing = json!({ "QueueName": "jobs", "Attributes": { "VisibilityTimeout": "9" } });
    for (operation, input, shape) in [
        ("GetQueueUrl", json!({ "QueueName": "none" }), "QueueDoesNotExist"),
        ("SendMessage", json!({ "QueueUrl": none, "MessageBody": "a" }), "QueueDoesNotExist"),
        ("ReceiveMessage", json!({ "QueueUrl": "jobs" }), "QueueDoesNotExist"),
        ("CreateQueue", existing, "QueueNameExists"),
        ("CreateQueue", json!({ "QueueName": "a b" }), "InvalidParameterValueException"),
        ("CreateQueue", json!({ "QueueName": "a.fifo" }), "InvalidParameterValueException"),
        (
            "CreateQueue",
            json!({ "QueueName": "a", "Attributes": { "Colour": "blue" } }),
            "InvalidAttributeName",
        ),
        (
            "CreateQueue",
            json!({ "QueueName": "a", "Attributes": { "DelaySeconds": "901" } }),
            "InvalidAttributeValue",
        ),
        ("SendMessage", json!({ "QueueUrl": queue }), "MissingRequiredParameterException"),
        ("SendMessage", json!({ "QueueUrl": queue, "MessageBody": "" }), "MissingRequiredParameterException"),
        ("SendMessage", json!({ "QueueUrl": queue, "MessageBody": 1 }), "SerializationException"),
        ("SendMessage", json!({ "QueueUrl": queue, "MessageBody": "\u{1}" }), "InvalidMessageContents"),
        ("SendMessage", json!({ "QueueUrl": queue, "MessageBody": "\u{ffff}" }), "InvalidMessageContents"),
        (
            "SendMessage",
            json!({ "QueueUrl": queue, "MessageBody": bigger }),
            "InvalidParameterValueException",
        ),
        (
            "SendMessage",
            json!({ "QueueUrl": queue, "MessageBody": full, "MessageAttributes": text }),
            "InvalidParameterValueException",
        ),
        (
            "SendMessage",
            json!({ "QueueUrl": queue, "MessageBody": "a", "MessageAttributes": empty }),
            "InvalidParameterValueException",
        ),
        (
            "SendMessage",
            json!({ "QueueUrl": queue, "MessageBody": "a", "MessageAttributes": float }),
            "InvalidParameterValueException",
        ),
        ("SendMessage", json!({ "QueueUrl": fifo, "MessageBody": "a" }), "MissingRequiredParameterException"),
        (
            "SendMessage",
            json!({ "QueueUrl": fifo, "MessageBody": "a", "MessageGroupId": "g" }),
            "InvalidParameterValueException",
        ),
        ("SendMessageBatch", batch(vec![]), "EmptyBatchRequest"),
        ("SendMessageBatch", batch(eleven), "TooManyEntriesInBatchRequest"),
        ("SendMessageBatch", batch(vec![entry("a", "x"), entry("a", "y")]), "BatchEntryIdsNotDistinct"),
        ("SendMessageBatch", batch(vec![entry("a b", "x")]), "InvalidBatchEntryId"),
        ("SendMessageBatch", batch(vec![entry("a", &big), entry("b", &big)]), "BatchRequestTooLong"),
        (
            "ReceiveMessage",
            json!({ "QueueUrl": queue, "MaxNumberOfMessages": 11 }),
            "InvalidParameterValueException",
        ),
        (
            "ReceiveMessage",
            json!({ "QueueUrl": queue, "WaitTimeSeconds": 21 }),
            "InvalidParameterValueException",
        ),
        (
            "DeleteMessage",
            json!({ "QueueUrl": queue, "ReceiptHandle": "nonsense" }),
            "ReceiptHandleIsInvalid",
        ),
        (
            "GetQueueAttributes",
            json!({ "QueueUrl": queue, "AttributeNames": ["Colour"] }),
            "InvalidAttributeName",
        ),
        ("Sing", json!({}), "UnknownOperationException"),
    ] {
        assert_eq!(client.error(operation, input), shape, "{operation}");
    }
}

#[test]
fn queues_are_listed_page_by_page_and_region_by_region() {
    let (_server, client) = start();
    for name in ["a1", "a2", "a3", "b1"] {
        client.create(name, json!({}));
    }
    let names = |answer: &Value| -> Vec<String> {
        let urls = answer["QueueUrls"].as_array().cloned().unwrap_or_default();
        urls.iter().map(|url| url.as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    let first = client.get("ListQueues", json!({ "QueueNamePrefix": "a", "MaxResults": 2 }));
    assert_eq!(names(&first), ["a1", "a2"]);
    let token = &first["NextToken"];
    let input = json!({ "QueueNamePrefix": "a", "MaxResults": 2, "NextToken": token });
    let second = client.get("ListQueues", input);
    assert_eq!((names(&second), second.get("NextToken")), (vec!["a3".to_owned()], None));
    let url = client.get("GetQueueUrl", json!({ "QueueName": "b1" }))["QueueUrl"].clone();
    assert_eq!(url, format!("{}/123456789012/b1", client.url));

    let elsewhere = Client { region: "eu-west-1", ..client.clone() };
    assert_eq!(elsewhere.get("ListQueues", json!({})), json!({}));
    assert_eq!(elsewhere.error("PurgeQueue", json!({ "QueueUrl": url })), "QueueDoesNotExist");
    client.get("DeleteQueue", json!({ "QueueUrl": url }));
    assert_eq!(client.error("PurgeQueue", json!({ "QueueUrl": url })), "QueueDoesNotExist");
}

#[test]
fn a_queue_is_purged_once_a_minute() {
    let (server, client) = start();
    let queue = client.create("jobs", json!({}));
    client.send_to(&queue, "a");
    client.get("PurgeQueue", json!({ "QueueUrl": queue }));
    assert_eq!(client.bodies(&queue), [""; 0]);
    assert_eq!(client.error("PurgeQueue", json!({ "QueueUrl": queue })), "PurgeQueueInProgress");
    server.advance(seconds(60));
    client.get("PurgeQueue", json!({ "QueueUrl": queue }));
}
