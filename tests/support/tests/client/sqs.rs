//! SQS and STS for the client: JSON and forms.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use tucuxi_test_support::SqsServer;

use super::Answer;
use super::Client;

/// A server, and a client that it answers.
pub fn start() -> (SqsServer, Client) {
    let server = SqsServer::start(&[("AKIDWEST", "west secret")]);
    let client = Client::new(server.url(), "sqs");
    (server, client)
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

impl Client {
    pub fn ask(&self, operation: &str, input: &Value) -> Answer {
        let target = format!("AmazonSQS.{operation}");
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", &target),
            ("x-amzn-query-mode", "true"),
        ];
        self.call("POST", "/", &headers, input.to_string().as_bytes())
    }

    /// What a request that has to succeed is answered.
    pub fn get(&self, operation: &str, input: Value) -> Value {
        let answer = self.ask(operation, &input);
        assert_eq!(answer.status, 200, "{operation} {input}: {}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }

    /// The shape of the error that a request has to end in; its code in the query protocol has to
    /// be the shape's.
    pub fn error(&self, operation: &str, input: Value) -> String {
        let answer = self.ask(operation, &input);
        assert!(answer.status >= 400, "{operation} {input}: {}", answer.text);
        let error: Value = serde_json::from_str(&answer.text).unwrap();
        let shape = error["__type"].as_str().unwrap().split('#').nth(1).unwrap();
        let code = CODES.iter().find(|code| code.0 == shape);
        let code = code.map_or_else(|| format!("AWS.SimpleQueueService.{shape}"), |code| code.1.to_owned());
        assert_eq!(answer.header("x-amzn-query-error"), format!("{code};Sender"));
        shape.to_owned()
    }

    pub fn create(&self, name: &str, attributes: Value) -> Value {
        let input = json!({ "QueueName": name, "Attributes": attributes });
        self.get("CreateQueue", input)["QueueUrl"].clone()
    }

    pub fn send_to(&self, queue: &Value, body: &str) -> Value {
        self.get("SendMessage", json!({ "QueueUrl": queue, "MessageBody": body }))
    }

    pub fn send_in_group(&self, queue: &Value, body: &str, group: &str) -> Value {
        let input = json!({ "QueueUrl": queue, "MessageBody": body, "MessageGroupId": group });
        self.get("SendMessage", input)
    }

    /// All that can be received, attributes included.
    pub fn receive(&self, queue: &Value) -> Vec<Value> {
        let input = json!({
            "QueueUrl": queue, "MaxNumberOfMessages": 10,
            "AttributeNames": ["All"], "MessageAttributeNames": ["All"],
        });
        let answer = self.get("ReceiveMessage", input);
        answer["Messages"].as_array().cloned().unwrap_or_default()
    }

    pub fn bodies(&self, queue: &Value) -> Vec<String> {
        let messages = self.receive(queue);
        messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
    }

    pub fn delete(&self, queue: &Value, message: &Value) {
        let handle = &message["ReceiptHandle"];
        self.get("DeleteMessage", json!({ "QueueUrl": queue, "ReceiptHandle": handle }));
    }

    pub fn sts(&self, form: &str) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let client = Self { service: "sts", ..self.clone() };
        client.call("POST", "/", &headers, form.as_bytes())
    }
}

/// Shapes whose code is not `AWS.SimpleQueueService.` and the shape.
const CODES: [(&str, &str); 12] = [
    ("UnrecognizedClientException", "InvalidClientTokenId"),
    ("ExpiredTokenException", "ExpiredToken"),
    ("InvalidAttributeName", "InvalidAttributeName"),
    ("InvalidAttributeValue", "InvalidAttributeValue"),
    ("InvalidMessageContents", "InvalidMessageContents"),
    ("InvalidParameterValueException", "InvalidParameterValue"),
    ("MissingRequiredParameterException", "MissingParameter"),
    ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
    ("QueueNameExists", "QueueAlreadyExists"),
    ("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid"),
    ("SerializationException", "MalformedInput"),
    ("UnknownOperationException", "InvalidAction"),
];
