//! HTML forms as a browser sends them.

/// The type and the body of a form with these fields, and last a file ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).
///
/// # Panics
///
/// Where a name would need escaping.
#[must_use]
pub fn multipart(fields: &[(String, String)], filename: &str, file: &[u8]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "boundary-that-is-in-no-field";
    let mut body = Vec::new();
    for (name, value) in fields {
        assert!(!name.contains(['"', '\r', '\n']), "{name:?}");
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    assert!(!filename.contains(['"', '\r', '\n']), "{filename:?}");
    let part = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(part.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}
