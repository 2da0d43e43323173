//! Random hostile requests, signed here and by AWS's own signer for Rust, must have the same signature: that of version 4,
//! or for every tenth of version 4a, whose nonces both draw as RFC 6979 says.
//!
//! `aws-sigv4` is given what goes out: the text of the head, taken apart again. It shows no canonical request,
//! but a signature is a hash of the string to sign, which holds a hash of the canonical request: where the
//! signatures are equal so are the other two. Beside that, what goes out is compared with what was asked for,
//! by rules that are written down here once more and in the plainest way.
//!
//! What the two signers do differently stands in [`both::EXPLAINED`], and the test fails where a row of it is not so.
//!
//! `PROPTEST_CASES` sets the number of requests of each kind, 1,024 unless it says otherwise.

mod asked;
mod both;
mod sent;

use proptest::prelude::*;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::request::Body;
use tucuxi_core::request::Draft;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::request::Value;
use tucuxi_core::s3;
use tucuxi_core::s3::CopySource;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sqs;
use tucuxi_core::sts;
use tucuxi_core::uri::Url;

use crate::asked::Input;
use crate::asked::QUERY;
use crate::asked::headers;
use crate::asked::how;
use crate::asked::input;
use crate::asked::method;
use crate::asked::text;
use crate::asked::web;
use crate::sent::as_in_url;
use crate::sent::decoded;
use crate::sent::encoded;
use crate::sent::once;

fn config() -> ProptestConfig {
    #[expect(clippy::disallowed_methods, reason = "proptest's own variable, with a default of ours")]
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1024);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn some(text: &str) -> Option<Vec<u8>> {
    Some(text.as_bytes().to_vec())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn requests_of_urls_are_signed_as_aws_signs_them(web in web(), how in how()) {
        let query = web.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let url = format!("{}{}{query}", web.origin, web.path);
        let mut room = [Pair::EMPTY; 64];
        let mut raw = Raw::from_url(&url, &mut room).unwrap();
        raw.method(web.method);
        for (name, value) in &web.headers {
            raw.header(name, value);
        }
        if let Some(host) = web.host {
            raw.header("hOst", host);
        }
        raw.body(&web.body);
        let (https, host) = (web.origin.starts_with("https"), raw.host());
        let endpoint = Endpoint::new(https, host, how.service, &how.region);
        let request = raw.finish().unwrap();
        how.sign(&request, endpoint, &|sent| {
            prop_assert_eq!(&sent.method, web.method.as_str());
            let path = if web.path.is_empty() { "/" } else { &web.path };
            prop_assert_eq!(sent.path(), match how.rules.encoding {
                PathEncoding::Once => once(path),
                PathEncoding::Twice => as_in_url(path),
            });
            let pairs = web.query.iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty());
            sent.has_query(pairs.map(|pair| match pair.split_once('=') {
                Some((name, value)) => (decoded(name), Some(decoded(value))),
                None => (decoded(pair), None),
            }))?;
            let headers: Vec<_> = web.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            sent.has_headers(&headers)
        })?;
    }

    #[test]
    fn requests_of_parts_are_signed_as_aws_signs_them(
        input in input(),
        pairs in prop::collection::vec((text(QUERY, 3), 0..4_u8, text(QUERY, 3), -20..20_i64), 0..8),
        headers in headers(),
        body in prop::collection::vec(any::<u8>(), 0..200),
        method in method(),
        mut how in how(),
    ) {
        how.rules.encoding = PathEncoding::Once;
        let mut room = [Pair::EMPTY; 64];
        let mut draft = Draft::new(method, &mut room);
        draft.bucket("Bucket", &input.bucket);
        draft.key("Key", &input.key);
        let said = |(_, kind, text, number): &(String, u8, String, i64)| match kind {
            0 => some(text),
            1 => some(&number.to_string()),
            2 => some(if *number < 0 { "true" } else { "false" }),
            _ => None,
        };
        // Queries and headers in turns: their places are not those of their coming.
        for nth in 0..8 {
            if let Some((name, value)) = headers.get(nth) {
                draft.header(name, Value::Text(value));
            }
            if let Some((name, kind, text, number)) = pairs.get(nth) {
                draft.query(name, match kind {
                    0 => Value::Text(text),
                    1 => Value::Int(*number),
                    2 => Value::Bool(*number < 0),
                    _ => Value::Flag,
                });
            }
        }
        draft.body(Body::Bytes(&body));
        let request = draft.finish().unwrap();
        let url = input.url.map(|url| Url::parse(url).unwrap());
        let place = Place::new(&how.region).addressing(input.style).url(url);
        let mut room = [0; ENDPOINT_ROOM];
        let endpoint = place.s3(&input.bucket, &mut room).unwrap();
        how.sign(&request, endpoint, &|sent| {
            input.has_path(sent, &input.key)?;
            sent.has_query(pairs.iter().map(|pair| (pair.0.clone().into_bytes(), said(pair))))?;
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            sent.has_headers(&headers)
        })?;
    }

    #[test]
    fn operations_are_signed_as_aws_signs_them(input in input(), how in how()) {
        let Input { bucket, key, texts: [one, two, three], values: [a, b, c], .. } = &input;
        let number = input.number;
        match input.which {
            0 => {
                let get = s3::input::GetObject::new(bucket, key)
                    .version_id(one)
                    .part_number(number)
                    .response_content_disposition(two)
                    .range(a)
                    .sse_customer_key(b);
                let query = [("versionId", some(one)), ("partNumber", some(&number.to_string())),
                    ("response-content-disposition", some(two))];
                input.operate(&how, &get, &|sent| {
                    input.has_path(sent, key)?;
                    sent.has_query(query.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.clone())))?;
                    sent.has_headers(&[("range", a), ("x-amz-server-side-encryption-customer-key", b)])
                })?;
            }
            1 => {
                let list = s3::input::ListObjectsV2::new(bucket)
                    .prefix(one)
                    .delimiter(two)
                    .start_after(three)
                    .optional_object_attributes(&["RestoreStatus", "a b"]);
                let query = [("list-type", "2"), ("encoding-type", "url"), ("prefix", one), ("delimiter", two),
                    ("start-after", three)];
                input.operate(&how, &list, &|sent| {
                    input.has_path(sent, "")?;
                    sent.has_query(query.iter().map(|(name, value)| (name.as_bytes().to_vec(), some(value))))?;
                    sent.has_headers(&[("x-amz-optional-object-attributes", "RestoreStatus,a b")])
                })?;
            }
            2 => {
                let metadata = [("host", a.as_str()), ("authorization", b), ("A", c)];
                let put = s3::input::PutObject::new(bucket, key)
                    .content_type(a)
                    .metadata(&metadata)
                    .storage_class(b)
                    .body(one.as_bytes());
                input.operate(&how, &put, &|sent| {
                    input.has_path(sent, key)?;
                    sent.has_headers(&[("content-type", a), ("x-amz-storage-class", b), ("x-amz-meta-host", a),
                        ("x-amz-meta-authorization", b), ("x-amz-meta-a", c)])
                })?;
            }
            3 => {
                let copy = s3::input::CopyObject::new(bucket, CopySource::new(bucket, key).version_id(three), key);
                let source = format!("{}/{}?versionId={}", encoded(bucket.as_bytes(), "/"), encoded(key.as_bytes(), "/"),
                    encoded(three.as_bytes(), ""));
                input.operate(&how, &copy, &|sent| {
                    input.has_path(sent, key)?;
                    sent.has_headers(&[("x-amz-copy-source", &source)])
                })?;
            }
            4 => {
                let of = s3::input::ObjectIdentifier::new;
                let objects = [of(one).version_id(two), of(key)];
                let delete = s3::input::DeleteObjects::new(bucket, s3::input::Delete::new(&objects).quiet(true));
                input.operate(&how, &delete, &|sent| {
                    input.has_path(sent, "")?;
                    prop_assert_eq!(sent.query(), "delete");
                    prop_assert!(sent.headers.iter().any(|(name, _)| name == "x-amz-checksum-crc32"));
                    Ok(())
                })?;
            }
            5 => {
                let place = s3::input::CreateBucketConfiguration::new().location_constraint(one);
                let create = s3::input::CreateBucket::new(bucket).acl(a).create_bucket_configuration(place);
                input.operate(&how, &create, &|sent| input.has_path(sent, ""))?;
            }
            6 => {
                let attribute = sqs::input::MessageAttributeValue::new("String").string_value(two);
                let attributes = [(three.as_str(), attribute)];
                let send = sqs::input::SendMessage::new(one, key).message_attributes(&attributes);
                input.operate(&how, &send, &|sent| sent.has_headers(&[
                    ("content-type", "application/x-amz-json-1.0"),
                    ("x-amz-target", "AmazonSQS.SendMessage"),
                    ("x-amzn-query-mode", "true"),
                ]))?;
            }
            7 => {
                let assume = sts::input::AssumeRole::new(one, two).duration_seconds(number).policy(three);
                let form = "application/x-www-form-urlencoded; charset=utf-8";
                input.operate(&how, &assume, &|sent| sent.has_headers(&[("content-type", form)]))?;
            }
            _ => input.operate(&how, &s3::input::ListBuckets::new().prefix(one), &|sent| {
                sent.has_query([(b"prefix".to_vec(), some(one))].into_iter())
            })?,
        }
    }
}
