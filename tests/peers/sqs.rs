//! SQS: queues, messages with their attributes, long polls and refusals.

use std::thread;
use std::time::Duration;

use tucuxi::host::Host;
use tucuxi::host::System;
use tucuxi::sqs::input;

use crate::Peer;
use crate::checks;
use crate::scratch;
use crate::scratch::ScratchQueue;

pub(crate) const CHECKS: &[(&str, fn(&Peer))] = checks![
    a_queue_is_made_found_and_deleted,
    queues_are_listed_in_pages,
    a_missing_queue_is_not_found,
    a_message_comes_back_and_is_deleted,
    a_body_is_sent_as_it_is,
    attributes_come_back,
    a_message_comes_again_when_its_time_is_up,
    a_delayed_message_comes_later,
    a_long_poll_waits,
    a_long_poll_ends_with_a_message,
    many_messages_are_taken_at_once,
    a_wrong_secret_is_refused,
    an_unknown_key_is_refused,
];

fn a_queue_is_made_found_and_deleted(peer: &Peer) {
    let sqs = peer.session().sqs();
    let name = scratch::name();
    let attributes = [("DelaySeconds", "0"), ("VisibilityTimeout", "7")];
    let tags = [("colour", "blue & \"green\"")];
    let queue = sqs.create_queue_with(&name, |create| create.attributes(&attributes).tags(&tags)).unwrap();
    assert!(queue.url().ends_with(&name), "{}", queue.url());
    assert_eq!(sqs.get_queue_by_name(&name).unwrap(), queue);
    let listed: Vec<_> = sqs.queues_with(|list| list.queue_name_prefix(&name)).map(Result::unwrap).collect();
    assert_eq!(listed, std::slice::from_ref(&queue));
    queue.delete().unwrap();
    assert!(sqs.get_queue_by_name(&name).unwrap_err().is_not_found());
}

fn queues_are_listed_in_pages(peer: &Peer) {
    let sqs = peer.session().sqs();
    let prefix = scratch::name();
    let queues: Vec<_> = (0..5).map(|n| sqs.create_queue(&format!("{prefix}-{n}")).unwrap()).collect();
    let list = input::ListQueues::new().queue_name_prefix(&prefix).max_results(2);
    let pages: Vec<_> = sqs.client().pages(list).map(|page| page.unwrap().queue_urls).collect();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    let mut listed = pages.concat();
    listed.sort();
    assert_eq!(listed, queues.iter().map(|queue| queue.url().to_owned()).collect::<Vec<_>>());
    for queue in queues {
        queue.delete().unwrap();
    }
}

fn a_missing_queue_is_not_found(peer: &Peer) {
    let sqs = peer.session().sqs();
    let name = scratch::name();
    let error = sqs.get_queue_by_name(&name).unwrap_err();
    assert_eq!(error.code(), Some("AWS.SimpleQueueService.NonExistentQueue"));
    assert_eq!((error.shape(), error.attempts()), (Some("QueueDoesNotExist"), 1));
    let error = sqs.queue(format!("{}/123456789012/{name}", peer.url)).send_message("a").unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
}

fn a_message_comes_back_and_is_deleted(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    let sent = queue.send_message("hello").unwrap();
    assert_eq!(sent.md5_of_message_body.as_deref(), Some("5d41402abc4b2a76b9719d911017c592"));
    let received = queue.receive_messages().unwrap();
    let [message] = &received[..] else { panic!("{received:?}") };
    assert_eq!((message.body(), message.message_id()), ("hello", sent.message_id.as_deref()));
    message.delete().unwrap();
    let again = queue.receive_messages_with(|receive| receive.visibility_timeout(0)).unwrap();
    assert_eq!(again.len(), 0);
}

fn a_body_is_sent_as_it_is(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    for body in [
        "\"quotes\" and \\backslashes\\ and /slashes/",
        "{\"a\": [1, null, \"b\"]}",
        "<xml>&amp;'</xml>",
        "tab\tnew\nline\rreturn",
        "ключ 鍵 😀 \u{fffd}",
        "%41+%20=&",
        " around ",
    ] {
        queue.send_message(body).unwrap();
        let received = queue.receive_messages().unwrap();
        assert_eq!(received.iter().map(|message| message.body()).collect::<Vec<_>>(), [body]);
        received[0].delete().unwrap();
    }
    // nearly all that a message may hold
    let long = "x".repeat(250 * 1024);
    queue.send_message(&long).unwrap();
    assert!(queue.receive_messages().unwrap()[0].body() == long);
}

fn attributes_come_back(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    let attributes = [
        ("colour", input::MessageAttributeValue::new("String").string_value("blue & \"green\" ключ")),
        ("count", input::MessageAttributeValue::new("Number.int").string_value("42")),
        ("bytes", input::MessageAttributeValue::new("Binary").binary_value(&[0, 1, 254, 255])),
    ];
    let sent = queue.send_message_with("a", |send| send.message_attributes(&attributes)).unwrap();
    assert!(sent.md5_of_message_attributes.is_some());
    let received = queue
        .receive_messages_with(|receive| {
            receive.message_attribute_names(&["All"]).message_system_attribute_names(&["All"])
        })
        .unwrap();
    let message = &received[0];
    let attribute = |name: &str| &message.message_attributes()[name];
    assert_eq!(message.message_attributes().len(), 3);
    assert_eq!(attribute("colour").string_value.as_deref(), Some("blue & \"green\" ключ"));
    assert_eq!(attribute("count").data_type.as_deref(), Some("Number.int"));
    assert_eq!(attribute("count").string_value.as_deref(), Some("42"));
    assert_eq!(attribute("bytes").binary_value.as_deref(), Some(&[0, 1, 254, 255][..]));
    assert_eq!(message.attributes()["ApproximateReceiveCount"], "1");
    assert!(message.attributes().contains_key("SentTimestamp"));
}

fn a_message_comes_again_when_its_time_is_up(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    queue.send_message("a").unwrap();
    let first = queue.receive_messages_with(|receive| receive.visibility_timeout(0)).unwrap();
    let again = queue
        .receive_messages_with(|receive| receive.message_system_attribute_names(&["ApproximateReceiveCount"]))
        .unwrap();
    assert_eq!(again[0].message_id(), first[0].message_id());
    assert_eq!(again[0].attributes()["ApproximateReceiveCount"], "2");
    // now it is hidden
    assert_eq!(queue.receive_messages().unwrap().len(), 0);
}

fn a_delayed_message_comes_later(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    queue.send_message_with("a", |send| send.delay_seconds(1)).unwrap();
    assert_eq!(queue.receive_messages().unwrap().len(), 0);
    let received = queue.receive_messages_with(|receive| receive.wait_time_seconds(5)).unwrap();
    assert_eq!(received.len(), 1);
}

fn a_long_poll_waits(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    let began = System.now();
    let received = queue.receive_messages_with(|receive| receive.wait_time_seconds(1)).unwrap();
    assert_eq!(received.len(), 0);
    assert!(System.now().duration_since(began) >= Duration::from_secs(1));
}

fn a_long_poll_ends_with_a_message(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    let began = System.now();
    let received = thread::scope(|scope| {
        let poll = scope.spawn(|| queue.receive_messages_with(|receive| receive.wait_time_seconds(15)));
        queue.send_message("a").unwrap();
        poll.join().unwrap().unwrap()
    });
    assert_eq!(received.len(), 1);
    assert!(System.now().duration_since(began) < Duration::from_secs(14));
}

fn many_messages_are_taken_at_once(peer: &Peer) {
    let queue = ScratchQueue::new(&peer.session());
    let bodies: Vec<String> = (0..10).map(|n| format!("message {n}")).collect();
    for body in &bodies {
        queue.send_message(body).unwrap();
    }
    let received = queue.receive_messages_with(|receive| receive.max_number_of_messages(10)).unwrap();
    let mut found: Vec<_> = received.iter().map(|message| message.body()).collect();
    found.sort_unstable();
    assert_eq!(found, bodies);
    // by the handle alone, as another program would
    for message in &received {
        queue.message(message.receipt_handle()).delete().unwrap();
    }
}

fn a_wrong_secret_is_refused(peer: &Peer) {
    let session = peer.with_keys(&peer.key_id, "wrong").build().unwrap();
    let error = session.sqs().queues().next().unwrap().unwrap_err();
    assert_eq!((error.status(), error.is_credentials(), error.attempts()), (Some(403), true, 1), "{error:?}");
}

fn an_unknown_key_is_refused(peer: &Peer) {
    let session = peer.with_keys("AKIDNOBODY", &peer.secret).build().unwrap();
    let error = session.sqs().queues().next().unwrap().unwrap_err();
    assert_eq!((error.status(), error.is_credentials(), error.attempts()), (Some(403), true, 1), "{error:?}");
}
