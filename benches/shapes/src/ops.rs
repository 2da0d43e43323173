//! The same tables for every shape: `operations!(shape)` hands each to the macro of that name.

#[cfg(feature = "wide")]
use crate::sink::below;

/// A JSON document of one message.
pub fn message(body: &str, queue: &str, to: &mut dyn crate::sink::Sink) {
    to.put(b"{\"MessageBody\":\"");
    string(body, to);
    to.put(b"\",\"QueueUrl\":\"");
    string(queue, to);
    to.put(b"\"}");
}

fn string(text: &str, to: &mut dyn crate::sink::Sink) {
    let mut rest = text.as_bytes();
    while let Some(at) = special(rest) {
        let Some((run, [byte, after @ ..])) = rest.split_at_checked(at) else { return };
        to.put(run);
        match byte {
            b'"' | b'\\' => to.put(&[b'\\', *byte]),
            _ => {
                let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' - 10 + half };
                to.put(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
        }
        rest = after;
    }
    to.put(rest);
}

fn special(bytes: &[u8]) -> Option<usize> {
    let mut skip = 0;
    #[cfg(feature = "wide")]
    for word in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*word);
        if [below(word, 32), below(word ^ u64::MAX / 255 * 0x22, 1), below(word ^ u64::MAX / 255 * 0x5c, 1)].contains(&true) {
            break;
        }
        skip += 8;
    }
    let rest = bytes.get(skip..)?.iter();
    rest.clone().position(|&byte| byte < 32 || byte == b'"' || byte == b'\\').map(|at| at + skip)
}

#[macro_export]
macro_rules! operations {
    ($shape:ident) => {
        $shape! { ListObjectsV2 "GET" ("/") {
            continuation_token: Option<&'a str>, delimiter: Option<&'a str>, encoding_type: Option<&'a str>,
            fetch_owner: Option<&'a str>, max_keys: Option<u32>, prefix: Option<&'a str>,
            request_payer: Option<&'a str>, start_after: Option<&'a str>,
        } query {
            "continuation-token" continuation_token, "delimiter" delimiter, "encoding-type" encoding_type,
            "fetch-owner" fetch_owner, "list-type" "2", "max-keys" max_keys, "prefix" prefix, "start-after" start_after,
        } header { "x-amz-request-payer" request_payer, } body {} }

        $shape! { GetObject "GET" ("/" key) {
            key: &'a str,
            checksum_mode: Option<&'a str>, if_match: Option<&'a str>, if_none_match: Option<&'a str>,
            part_number: Option<u32>, range: Option<&'a str>, response_cache_control: Option<&'a str>,
            response_content_disposition: Option<&'a str>, response_content_encoding: Option<&'a str>,
            response_content_type: Option<&'a str>, version_id: Option<&'a str>,
        } query {
            "partNumber" part_number, "response-cache-control" response_cache_control,
            "response-content-disposition" response_content_disposition,
            "response-content-encoding" response_content_encoding, "response-content-type" response_content_type,
            "versionId" version_id,
        } header {
            "if-match" if_match, "if-none-match" if_none_match, "range" range, "x-amz-checksum-mode" checksum_mode,
        } body {} }

        $shape! { PutObject "PUT" ("/" key) {
            key: &'a str,
            acl: Option<&'a str>, cache_control: Option<&'a str>, checksum_sha256: Option<&'a str>,
            content_disposition: Option<&'a str>, content_encoding: Option<&'a str>, content_language: Option<&'a str>,
            content_length: Option<u32>, content_md5: Option<&'a str>, content_type: Option<&'a str>,
            expected_bucket_owner: Option<&'a str>, expires: Option<&'a str>, if_match: Option<&'a str>,
            if_none_match: Option<&'a str>, object_lock_mode: Option<&'a str>, request_payer: Option<&'a str>,
            server_side_encryption: Option<&'a str>, sse_kms_key_id: Option<&'a str>, storage_class: Option<&'a str>,
            tagging: Option<&'a str>, website_redirect_location: Option<&'a str>,
        } query {} header {
            "cache-control" cache_control, "content-disposition" content_disposition,
            "content-encoding" content_encoding, "content-language" content_language,
            "content-length" content_length, "content-md5" content_md5, "content-type" content_type,
            "expires" expires, "if-match" if_match, "if-none-match" if_none_match, "x-amz-acl" acl,
            "x-amz-checksum-sha256" checksum_sha256, "x-amz-expected-bucket-owner" expected_bucket_owner,
            "x-amz-object-lock-mode" object_lock_mode, "x-amz-request-payer" request_payer,
            "x-amz-server-side-encryption" server_side_encryption,
            "x-amz-server-side-encryption-aws-kms-key-id" sse_kms_key_id, "x-amz-storage-class" storage_class,
            "x-amz-tagging" tagging, "x-amz-website-redirect-location" website_redirect_location,
        } body {} }

        $shape! { SendMessage "POST" ("/") {
            message_body: &'a str, queue_url: &'a str,
        } query {} header {
            "content-type" "application/x-amz-json-1.0", "x-amz-target" "AmazonSQS.SendMessage",
        } body { $crate::ops::message, message_body queue_url } }
    };
}
