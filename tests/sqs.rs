//! SQS and STS from the session to the queue, against a server that checks signatures.

use std::time::Duration;

use tucuxi::ErrorKind;
use tucuxi::Session;
use tucuxi::sqs::input;
use tucuxi::sqs::input::MessageAttributeValue;
use tucuxi::sts;
use tucuxi_test_support::SqsServer;
use tucuxi_tests::WEST;
use tucuxi_tests::west;

fn world() -> (SqsServer, Session) {
    let server = SqsServer::start(&[WEST]);
    let session = west(&server.url()).build().unwrap();
    (server, session)
}

/// The operations that the server was asked for, in order.
fn asked(server: &SqsServer) -> Vec<String> {
    let target = |target: &str| target.replace("AmazonSQS.", "");
    server.requests().iter().filter_map(|asked| asked.header("x-amz-target").map(target)).collect()
}

#[test]
fn every_operation_does_what_it_says() {
    let (server, session) = world();
    let sqs = session.sqs_client();
    let create = input::CreateQueue::new("jobs").attributes(&[("VisibilityTimeout", "60")]);
    let url = sqs.create_queue(create).unwrap().queue_url.unwrap();
    assert_eq!(url, format!("{}/123456789012/jobs", server.url()));
    assert_eq!(sqs.get_queue_url(input::GetQueueUrl::new("jobs")).unwrap().queue_url.as_deref(), Some(&*url));
    let listed = sqs.list_queues(input::ListQueues::new().queue_name_prefix("jo")).unwrap();
    assert_eq!(listed.queue_urls, [url.as_str()]);

    let body = "text & <tags> \"quoted\" \\ \u{1f42c}\n\ttab";
    let sent = sqs.send_message(input::SendMessage::new(&url, body)).unwrap();
    assert_eq!(sent.md5_of_message_body.map(|md5| md5.len()), Some(32));
    let received = sqs.receive_message(input::ReceiveMessage::new(&url).max_number_of_messages(10)).unwrap();
    let [message] = &received.messages[..] else { panic!("one message") };
    assert_eq!((message.body.as_deref(), &message.message_id), (Some(body), &sent.message_id));
    let again = sqs.receive_message(input::ReceiveMessage::new(&url)).unwrap();
    assert_eq!(again.messages.len(), 0, "it is not visible");
    server.advance(Duration::from_secs(61));
    let again = sqs.receive_message(input::ReceiveMessage::new(&url)).unwrap();
    assert_eq!(again.messages.len(), 1, "it is visible again");
    let handle = again.messages[0].receipt_handle.as_deref().unwrap();
    sqs.delete_message(input::DeleteMessage::new(&url, handle)).unwrap();
    server.advance(Duration::from_secs(61));
    assert_eq!(sqs.receive_message(input::ReceiveMessage::new(&url)).unwrap().messages.len(), 0);
    sqs.delete_queue(input::DeleteQueue::new(&url)).unwrap();

    let gone = sqs.get_queue_url(input::GetQueueUrl::new("jobs")).unwrap_err();
    assert_eq!(gone.code(), Some("AWS.SimpleQueueService.NonExistentQueue"), "the code that boto3 shows");
    assert_eq!((gone.shape(), gone.status()), (Some("QueueDoesNotExist"), Some(400)));
    assert!(gone.is_not_found() && gone.request_id().is_some());
    let all = "CreateQueue GetQueueUrl ListQueues SendMessage ReceiveMessage ReceiveMessage ReceiveMessage \
               DeleteMessage ReceiveMessage DeleteQueue GetQueueUrl";
    assert_eq!(asked(&server).join(" "), all);
    assert!(server.requests().iter().all(|asked| asked.region.as_deref() == Some("us-west-2")));
}

#[test]
fn attributes_go_both_ways() {
    let (_server, session) = world();
    let queue = session.sqs().create_queue("jobs").unwrap();
    let attributes = [
        ("colour", MessageAttributeValue::new("String").string_value("blue")),
        ("bytes", MessageAttributeValue::new("Binary").binary_value(&[0, 1, 254, 255])),
    ];
    queue.send_message_with("body", |send| send.message_attributes(&attributes)).unwrap();
    let received = queue.receive_messages_with(|receive| {
        receive.message_attribute_names(&["All"]).message_system_attribute_names(&["ApproximateReceiveCount"])
    });
    let [message] = &received.unwrap()[..] else { panic!("one message") };
    let attributes = message.message_attributes();
    assert_eq!(attributes["colour"].string_value.as_deref(), Some("blue"));
    assert_eq!(attributes["bytes"].binary_value.as_deref(), Some(&[0, 1, 254, 255][..]));
    assert_eq!(attributes["bytes"].data_type.as_deref(), Some("Binary"));
    assert_eq!(message.attributes()["ApproximateReceiveCount"], "1");
}

#[test]
fn queues_and_messages_are_things_to_pass_around() {
    let (server, session) = world();
    let sqs = session.sqs();
    let made = sqs.create_queue_with("jobs", |create| create.attributes(&[("DelaySeconds", "5")])).unwrap();
    assert!(sqs.get_queue_by_name("jobs").unwrap() == made && sqs.queue(made.url()) == made);
    let before = server.requests().len();
    let _ = (sqs.queue("http://127.0.0.1/none"), sqs.queues(), made.message("a handle"));
    assert_eq!(server.requests().len(), before, "names are no requests");

    made.send_message("later").unwrap();
    assert_eq!(made.receive_messages().unwrap().len(), 0);
    server.advance(Duration::from_secs(6));
    let received = made.receive_messages_with(|receive| receive.wait_time_seconds(20)).unwrap();
    let [message] = &received[..] else { panic!("one message") };
    assert_eq!((message.body(), message.queue() == &made), ("later", true));
    made.message(message.receipt_handle()).delete().unwrap();

    for name in ["jobs-1", "jobs-2", "others"] {
        sqs.create_queue(name).unwrap();
    }
    let named = |queues: tucuxi::sqs::Queues<'_>| {
        queues.map(|queue| queue.unwrap().url().rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named(sqs.queues()), ["jobs", "jobs-1", "jobs-2", "others"]);
    let before = server.requests().len();
    let two = sqs.queues_with(|list| list.queue_name_prefix("jobs").max_results(2));
    assert_eq!(named(two), ["jobs", "jobs-1", "jobs-2"]);
    assert_eq!(server.requests().len() - before, 2, "two pages");
    made.delete().unwrap();
    assert!(made.send_message("none there").unwrap_err().is_not_found());
}

#[test]
fn a_queue_belongs_to_its_region() {
    let (_server, session) = world();
    session.sqs().create_queue("jobs").unwrap();
    let elsewhere = session.with_region("eu-west-1").sqs();
    assert!(elsewhere.get_queue_by_name("jobs").unwrap_err().is_not_found());
    assert!(session.sqs().get_queue_by_name("jobs").is_ok());
}

#[test]
fn sts_says_who_is_asking_and_gives_out_keys() {
    let (server, session) = world();
    let who = session.sts_client().get_caller_identity(sts::input::GetCallerIdentity::new()).unwrap();
    let arn = format!("arn:aws:iam::123456789012:user/{}", WEST.0);
    assert_eq!((who.account.as_deref(), who.arn), (Some("123456789012"), Some(arn)));

    let assume = sts::input::AssumeRole::new("arn:aws:iam::123456789012:role/reader", "a-session");
    let assumed = session.sts_client().assume_role(assume.duration_seconds(900)).unwrap();
    let keys = assumed.credentials.unwrap();
    assert!(keys.expiration.is_some());
    let temporary = west(&server.url())
        .keys(keys.access_key_id.as_deref().unwrap(), keys.secret_access_key.as_ref().unwrap().reveal())
        .session_token(keys.session_token.as_ref().unwrap().reveal())
        .build()
        .unwrap();
    let who = temporary.sts_client().get_caller_identity(sts::input::GetCallerIdentity::new()).unwrap();
    assert_eq!(who.arn.as_deref(), Some("arn:aws:sts::123456789012:assumed-role/reader/a-session"));
    temporary.sqs().create_queue("made-by-a-role").unwrap();

    server.advance(Duration::from_secs(901));
    let expired =
        temporary.sts_client().get_caller_identity(sts::input::GetCallerIdentity::new()).unwrap_err();
    assert_eq!((expired.code(), expired.is_credentials()), (Some("ExpiredToken"), true));
}

#[test]
fn a_wrong_secret_is_refused() {
    let (server, _) = world();
    let session = west(&server.url()).keys(WEST.0, "wrong").build().unwrap();
    let refused = session.sqs().create_queue("jobs").unwrap_err();
    assert_eq!((refused.kind(), refused.status()), (ErrorKind::Service, Some(403)));
    assert!(refused.is_credentials() && !refused.may_have_taken_effect());
    let refused = session.sts_client().get_caller_identity(sts::input::GetCallerIdentity::new()).unwrap_err();
    assert_eq!((refused.code(), refused.is_credentials()), (Some("SignatureDoesNotMatch"), true));
}
