//! The conformance driver: JSON lines in, JSON lines out.
//!
//! A request is one line, `{"id": 1, "verb": "sign", …}`, and so is its reply: `{"id": 1, "ok": {…}}` or
//! `{"id": 1, "error": {"kind": "…", "message": "…"}}`. Each verb is a thin call into the public API of
//! `tucuxi-core` or `tucuxi`, so that a test suite in any language reaches them. Nothing here knows a suite
//! or repairs an answer. The kind `driver` is for lines that are not understood; what the library refuses
//! has the library's kind.

mod calls;
mod chunks;
mod documents;
mod endpoints;
mod fields;
mod post;
mod settings;
mod signing;
mod skew;
mod verifying;

use std::io;
use std::io::BufRead as _;
use std::io::Write as _;

use serde_json::Value;
use serde_json::json;

use crate::fields::Fields;
use crate::fields::Refusal;

fn main() -> io::Result<()> {
    let mut input = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        serde_json::to_writer(&mut output, &reply(&line))?;
        output.write_all(b"\n")?;
        // Whoever waits for this reply before asking on gets it now.
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
        line.clear();
    }
    output.flush()
}

fn reply(line: &[u8]) -> Value {
    let request = match serde_json::from_slice(line) {
        Ok(Value::Object(request)) => request,
        Ok(_) => return refused(&Value::Null, Refusal::driver("a line is a JSON object")),
        Err(wrong) => return refused(&Value::Null, Refusal::driver(format!("malformed line: {wrong}"))),
    };
    let id = request.get("id").unwrap_or(&Value::Null);
    match answer(&Fields::new(&request)) {
        Ok(ok) => json!({"id": id, "ok": ok}),
        Err(refusal) => refused(id, refusal),
    }
}

fn refused(id: &Value, refusal: Refusal) -> Value {
    json!({"id": id, "error": refusal.into_value()})
}

fn answer(fields: &Fields<'_>) -> Result<Value, Refusal> {
    match fields.needed("verb")? {
        "build" => calls::build(fields),
        "call" => calls::call(fields),
        "checksum" => chunks::checksum(fields),
        "client_endpoint" => calls::client_endpoint(fields),
        "date" => documents::date(fields),
        "derive_v4a_key" => signing::derive_v4a_key(fields),
        "endpoint" => endpoints::endpoint(fields),
        "file_locations" => settings::file_locations(fields),
        "ini" => documents::ini(fields),
        "json" => documents::json(fields),
        "pages" => calls::pages(fields),
        "parse" => calls::parse(fields),
        "parse_profiles" => settings::parse_profiles(fields),
        "post_policy" => post::post_policy(fields),
        "presign" => calls::presign(fields),
        "settings" => settings::settings(fields),
        "sign" => signing::sign(fields),
        "sign_chunks" => chunks::sign_chunks(fields),
        "skew" => skew::skew(fields),
        "verify" => verifying::verify(fields),
        "xml" => documents::xml(fields),
        verb => Err(Refusal::driver(format!("unknown verb {verb:?}"))),
    }
}
