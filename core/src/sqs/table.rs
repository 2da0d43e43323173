//! SQS's table: see `core/src/table.rs` for how it is read.

/// Hands the table to the macro named in brackets.
#[doc(hidden)]
#[macro_export]
macro_rules! sqs_table { ([$($then:tt)+]) => { $($then)+ {
    service Sqs json "AmazonSQS";
    operations {
        /// Creates a queue, or finds the one of that name if its attributes are the same.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html).
        CreateQueue => CreateQueueOutput: Post {
            checksum None;
        needs {
            member "QueueName" queue_name: text = "QueueName",
        } takes {
            member "Attributes" attributes: {text} = "Attributes",
            member "tags" tags: {text} = "tags",
        } gives {
            member "QueueUrl" queue_url: text = "QueueUrl",
        }}
        /// Deletes a message that was received, by the handle that it came with.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html).
        DeleteMessage => DeleteMessageOutput: Post {
            checksum None;
        needs {
            member "QueueUrl" queue_url: text = "QueueUrl",
            member "ReceiptHandle" receipt_handle: text = "ReceiptHandle",
        } takes {
        } gives {
        }}
        /// Deletes a queue with all that is in it. Its name is free again after 60 seconds.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html).
        DeleteQueue => DeleteQueueOutput: Post {
            checksum None;
        needs {
            member "QueueUrl" queue_url: text = "QueueUrl",
        } takes {
        } gives {
        }}
        /// Finds the URL of a queue by its name.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html).
        GetQueueUrl => GetQueueUrlOutput: Post {
            checksum None;
        needs {
            member "QueueName" queue_name: text = "QueueName",
        } takes {
            member "QueueOwnerAWSAccountId" queue_owner_aws_account_id: text = "QueueOwnerAWSAccountId",
        } gives {
            member "QueueUrl" queue_url: text = "QueueUrl",
        }}
        /// Lists up to 1,000 queues, those whose names begin with a prefix.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html).
        ListQueues => ListQueuesOutput: Post {
            checksum None;
        needs {
        } takes {
            member "QueueNamePrefix" queue_name_prefix: text = "QueueNamePrefix",
            member "NextToken" next_token: text = "NextToken",
            member "MaxResults" max_results: int = "MaxResults",
        } gives {
            member "QueueUrls" queue_urls: [text] = "QueueUrls",
            member "NextToken" next_token: text = "NextToken",
        }}
        /// Takes up to 10 messages from a queue, waiting up to 20 seconds for the first. Each comes again unless it is deleted within its visibility timeout.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html).
        ReceiveMessage => ReceiveMessageOutput: Post {
            checksum None;
        needs {
            member "QueueUrl" queue_url: text = "QueueUrl",
        } takes {
            member "AttributeNames" attribute_names: [text] = "AttributeNames",
            member "MessageSystemAttributeNames" message_system_attribute_names: [text] = "MessageSystemAttributeNames",
            member "MessageAttributeNames" message_attribute_names: [text] = "MessageAttributeNames",
            member "MaxNumberOfMessages" max_number_of_messages: int = "MaxNumberOfMessages",
            member "VisibilityTimeout" visibility_timeout: int = "VisibilityTimeout",
            member "WaitTimeSeconds" wait_time_seconds: int = "WaitTimeSeconds",
            member "ReceiveRequestAttemptId" receive_request_attempt_id: text = "ReceiveRequestAttemptId",
        } gives {
            member "Messages" messages: [Message] = "Messages",
        }}
        /// Sends a message of up to 1 MiB to a queue.
        ///
        /// See [AWS's description](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
        SendMessage => SendMessageOutput: Post {
            checksum None;
        needs {
            member "QueueUrl" queue_url: text = "QueueUrl",
            member "MessageBody" message_body: text = "MessageBody",
        } takes {
            member "DelaySeconds" delay_seconds: int = "DelaySeconds",
            member "MessageAttributes" message_attributes: {MessageAttributeValue} = "MessageAttributes",
            member "MessageSystemAttributes" message_system_attributes: {MessageSystemAttributeValue} = "MessageSystemAttributes",
            member "MessageDeduplicationId" message_deduplication_id: text = "MessageDeduplicationId",
            member "MessageGroupId" message_group_id: text = "MessageGroupId",
        } gives {
            member "MD5OfMessageBody" md5_of_message_body: text = "MD5OfMessageBody",
            member "MD5OfMessageAttributes" md5_of_message_attributes: text = "MD5OfMessageAttributes",
            member "MD5OfMessageSystemAttributes" md5_of_message_system_attributes: text = "MD5OfMessageSystemAttributes",
            member "MessageId" message_id: text = "MessageId",
            member "SequenceNumber" sequence_number: text = "SequenceNumber",
        }}
    }
    inputs {
        /// A typed value that travels beside a message.
        MessageAttributeValue {
            member "DataType" data_type: text = "DataType",
        } {
            member "StringValue" string_value: text = "StringValue",
            member "BinaryValue" binary_value: blob = "BinaryValue",
            member "StringListValues" string_list_values: [text] = "StringListValues",
            member "BinaryListValues" binary_list_values: [blob] = "BinaryListValues",
        }
        /// A value for SQS itself, such as a trace header.
        MessageSystemAttributeValue {
            member "DataType" data_type: text = "DataType",
        } {
            member "StringValue" string_value: text = "StringValue",
            member "BinaryValue" binary_value: blob = "BinaryValue",
            member "StringListValues" string_list_values: [text] = "StringListValues",
            member "BinaryListValues" binary_list_values: [blob] = "BinaryListValues",
        }
    }
    outputs {
        /// A message, with the handle that deletes it.
        Message {
            member "MessageId" message_id: text = "MessageId",
            member "ReceiptHandle" receipt_handle: text = "ReceiptHandle",
            member "MD5OfBody" md5_of_body: text = "MD5OfBody",
            member "Body" body: text = "Body",
            member "Attributes" attributes: {text} = "Attributes",
            member "MD5OfMessageAttributes" md5_of_message_attributes: text = "MD5OfMessageAttributes",
            member "MessageAttributes" message_attributes: {MessageAttributeValue} = "MessageAttributes",
        }
        /// A typed value that came beside a message.
        MessageAttributeValue {
            member "StringValue" string_value: text = "StringValue",
            member "BinaryValue" binary_value: blob = "BinaryValue",
            member "StringListValues" string_list_values: [text] = "StringListValues",
            member "BinaryListValues" binary_list_values: [blob] = "BinaryListValues",
            member "DataType" data_type: text = "DataType",
        }
    }
} } }
