//! The driver's `sign_chunks` and `checksum`: AWS's own examples, fields, defaults and errors.

use serde_json::Value;
use serde_json::json;
use tucuxi_tests::driver::Driver;
use tucuxi_tests::driver::with;

fn driver() -> Driver {
    Driver::start(env!("CARGO_BIN_EXE_tucuxi-driver"))
}

/// The upload of AWS's examples, in chunks that are signed.
fn upload() -> Value {
    json!({
        "verb": "sign_chunks",
        "method": "PUT",
        "url": "https://s3.amazonaws.com/examplebucket/chunkObject.txt",
        "headers": [
            ["content-encoding", "aws-chunked"],
            ["content-length", "66824"],
            ["x-amz-decoded-content-length", "66560"],
            ["x-amz-storage-class", "REDUCED_REDUNDANCY"],
        ],
        "data": "a".repeat(66_560),
        "chunk_size": 65_536,
        "mode": "signed",
        "credentials": {
            "access_key": "AKIAIOSFODNN7EXAMPLE",
            "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        },
        "region": "us-east-1",
        "service": "s3",
        "time": "20130524T000000Z",
    })
}

fn announced(length: usize, trailer: &str) -> Value {
    json!([
        ["content-encoding", "aws-chunked"],
        ["x-amz-decoded-content-length", length.to_string()],
        ["x-amz-storage-class", "REDUCED_REDUNDANCY"],
        ["x-amz-trailer", trailer],
    ])
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>
#[test]
fn sign_chunks_signs_each_chunk() {
    let ok = driver().ok(&upload());
    assert_eq!(ok["seed_signature"], "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    let signatures = [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ];
    assert_eq!(ok["chunk_signatures"], json!(signatures));
    assert_eq!((&ok["content_length"], &ok["trailer_signature"]), (&json!(66_824), &Value::Null));
    // base64 of 66,824 bytes
    assert_eq!(ok["body"]["$b64"].as_str().unwrap().len(), 89_100);
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>
#[test]
fn sign_chunks_signs_the_trailers() {
    let fields = json!({
        "headers": announced(66_560, "x-amz-checksum-crc32c"),
        "mode": "signed-trailer",
        "trailers": [["x-amz-checksum-crc32c", "sOO8/Q=="]],
    });
    let ok = driver().ok(&with(&upload(), fields));
    assert_eq!(ok["seed_signature"], "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
    let signatures = [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ];
    assert_eq!(ok["chunk_signatures"], json!(signatures));
    let trailer = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";
    assert_eq!(ok["trailer_signature"], trailer);
}

#[test]
fn sign_chunks_frames_what_is_not_signed() {
    let fields = json!({
        "headers": announced(5, "x-amz-checksum-crc32"),
        "mode": "unsigned-trailer",
        "data": "hello",
        "chunk_size": null,
        "trailers": [["x-amz-checksum-crc32", "NhCmhg=="]],
    });
    let ok = driver().ok(&with(&upload(), fields));
    // 5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n
    let body = "NQ0KaGVsbG8NCjANCngtYW16LWNoZWNrc3VtLWNyYzMyOk5oQ21oZz09DQoNCg==";
    assert_eq!(ok["body"], json!({"$b64": body}));
    assert_eq!((&ok["chunk_signatures"], &ok["content_length"]), (&json!([]), &json!(46)));
}

#[test]
fn sign_chunks_signs_with_version_4a() {
    let headers = json!([["content-encoding", "aws-chunked"], ["x-amz-decoded-content-length", "66560"]]);
    let asked = with(&upload(), json!({"algorithm": "v4a", "region": "*", "headers": headers}));
    let ok = driver().ok(&asked);
    // three signatures of 144 bytes, not of 64
    assert_eq!(ok["content_length"], json!(66_824 + 3 * 80));
    assert_eq!(ok["chunk_signatures"].as_array().unwrap().len(), 3);
    assert_eq!(ok, driver().ok(&asked));
}

#[test]
fn sign_chunks_refuses_with_the_librarys_words_or_its_own() {
    for (fields, kind) in [
        (json!({"headers": []}), "unfit"),
        (json!({"headers": announced(66_560, "x")}), "unfit"),
        (json!({"headers": announced(66_559, "")}), "unfit"),
        (json!({"service": "sqs"}), "unfit"),
        (json!({"chunk_size": 8_191}), "input"),
        (json!({"chunk_size": 0}), "input"),
        (json!({"mode": "signed-trailer"}), "invalid"),
        (json!({"mode": "unsigned-trailer", "trailers": [["a b", "c"]]}), "invalid"),
        (json!({"url": "ftp://x/"}), "invalid"),
        (json!({"time": "x"}), "time"),
        (json!({"mode": "none"}), "driver"),
        (json!({"mode": null}), "driver"),
        (json!({"trailers": [["a", "b"]]}), "driver"),
        (json!({"credentials": null}), "driver"),
        (json!({"algorithm": "v2"}), "driver"),
        (json!({"chunk_size": -1}), "driver"),
    ] {
        let refused = driver().error(&with(&upload(), fields.clone()));
        assert_eq!(refused["kind"], kind, "{fields} {refused}");
    }
}

#[test]
fn checksum_knows_every_algorithm_and_how_parts_go_together() {
    let mut driver = driver();
    let mut of = |algorithm: &str, fields: Value| {
        let request = json!({"verb": "checksum", "algorithm": algorithm, "data": "123456789"});
        driver.ok(&with(&request, fields))["base64"].take()
    };
    for (algorithm, whole, parts) in [
        ("CRC32", "y/Q5Jg==", "4zspdQ==-2"),
        ("CRC32C", "4waSgw==", "ZrDMrw==-2"),
        ("CRC64NVME", "rosUhgp5mIg=", "rosUhgp5mIg="),
        ("MD5", "JfnnlDI7RTiF9RgfG2JNCw==", "MkcwWC8gw/GMu2bWOmE30g==-2"),
        ("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE=", "UGmj5L5/K7lmsIeci6hTqydwTCs=-2"),
        (
            "SHA256",
            "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
            "/wiQ+jHXUUcr18tTEaeru5H1cBgrYDQGvfxkGFLzgl4=-2",
        ),
        (
            "SHA512",
            "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
            "7mq9aUS+fL/nGoVn00cjk1Ya4tCBnHyf8UjzgjLk2nUZRERznf4NvBmuOm63A2FnajMZ174I/m81hyIN7fBsHQ==-2",
        ),
        ("XXHASH128", "MxGUd+3l3NXpcWQnaB1YYA==", "EYkKFz9GAtSF8B3qj4uibg==-2"),
        ("XXHASH3", "ctyxi2ehff8=", "/szbaZbktRo=-2"),
        ("XXHASH64", "jLhB20DmroM=", "pk+Q96PvVXo=-2"),
    ] {
        assert_eq!(of(algorithm, json!({})), whole, "{algorithm}");
        assert_eq!(of(algorithm, json!({"parts": [5, 4]})), parts, "{algorithm}");
        assert_eq!(of(algorithm, json!({"data": null, "parts": ["12345", {"$b64": "Njc4OQ=="}]})), parts);
        if algorithm.starts_with("CRC") {
            let whole_again = of(algorithm, json!({"parts": [1, 0, 8], "type": "FULL_OBJECT"}));
            assert_eq!(whole_again, whole, "{algorithm}");
        }
    }
}

#[test]
fn checksum_refuses_with_the_librarys_words_or_its_own() {
    let request = json!({"verb": "checksum", "algorithm": "SHA1", "data": "123456789"});
    for (fields, kind) in [
        (json!({"algorithm": "crc32"}), "checksum"),
        (json!({"parts": [9], "type": "FULL_OBJECT"}), "checksum"),
        (json!({"algorithm": "CRC64NVME", "parts": [9], "type": "COMPOSITE"}), "checksum"),
        (json!({"algorithm": null}), "driver"),
        (json!({"parts": [9], "type": "WHOLE"}), "driver"),
        (json!({"parts": [10]}), "driver"),
        (json!({"parts": [8]}), "driver"),
        (json!({"parts": [true]}), "driver"),
        (json!({"parts": 2}), "driver"),
    ] {
        let refused = driver().error(&with(&request, fields.clone()));
        assert_eq!(refused["kind"], kind, "{fields} {refused}");
    }
}
