//! [JSONTestSuite](https://github.com/nst/JSONTestSuite): what must be read is read, what must not is refused.
//!
//! Each of the 171 texts goes through the tree of [`Value`] and through the streaming [`Reader`], whole and
//! cut into pieces of several sizes; the two must agree, whatever the suite leaves open.

use std::process::ExitCode;

use tucuxi_core::json::Reader;
use tucuxi_core::json::Value;
use tucuxi_core::room::Read;
use tucuxi_tests::cases;
use tucuxi_tests::trial;

fn main() -> ExitCode {
    tucuxi_tests::run("json-parsing", |folder| {
        let list = cases(&folder);
        let list = list.as_array().unwrap().clone();
        let trials = list.into_iter().map(|case| {
            let name = case["name"].as_str().unwrap().to_owned();
            trial(name.clone(), move || check(&name, case["input"].as_str().unwrap_or_default().as_bytes()))
        });
        trials.collect()
    })
}

fn check(name: &str, text: &[u8]) -> Result<(), String> {
    let tree = Value::parse(text).map(|_| ()).map_err(|wrong| wrong.to_string());
    for piece in [text.len().max(1), 1, 2, 3, 7, 64] {
        let streamed = stream(text, piece);
        if streamed.is_ok() != tree.is_ok() {
            return Err(format!("the tree says {tree:?}, the reader by {piece} bytes {streamed:?}"));
        }
    }
    match (name.as_bytes().first(), tree) {
        (Some(b'y'), Err(wrong)) => Err(format!("refused: {wrong}")),
        (Some(b'n'), Ok(())) => Err("read".to_owned()),
        (Some(b'i' | b'n' | b'y'), _) => Ok(()),
        _ => Err("a name without a verdict".to_owned()),
    }
}

/// Reads to the end, fed `piece` bytes at a time.
fn stream(text: &[u8], piece: usize) -> Result<(), String> {
    // Holds the longest number or key of the suite; strings may come in parts.
    let mut room = vec![0; text.len().max(64)];
    let mut reader = Reader::new(&mut room);
    let mut pieces = text.chunks(piece);
    let mut rest: &[u8] = &[];
    loop {
        match reader.read() {
            Read::Item(_) => {}
            Read::NeedInput => {
                if rest.is_empty() {
                    rest = pieces.next().unwrap_or_default();
                }
                if rest.is_empty() {
                    reader.end();
                } else {
                    let taken = reader.feed(rest);
                    rest = &rest[taken..];
                }
            }
            Read::End => return Ok(()),
            stopped => return Err(format!("{stopped:?}")),
        }
    }
}
