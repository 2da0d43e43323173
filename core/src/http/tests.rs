//! Replies good and hostile: whole, byte by byte, split everywhere, cut everywhere, in rooms from 0 up.
#![expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]

extern crate std;

use std::format;
use std::string::String;
use std::string::ToString;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;

/// Everything that a host can learn from a reply.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reply {
    interim: Vec<u16>,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    reusable: bool,
    surplus: Vec<u8>,
}

/// Reads a reply that arrives in pieces, after which the connection ends.
fn read(pieces: &[&[u8]], room: usize, method: Method) -> Result<Reply, Error> {
    let mut reply = Reply::default();
    let mut room = vec![0; room];
    let mut reader = Reader::new(&mut room, method);
    let mut pieces = pieces.iter();
    let mut input = &b""[..];
    loop {
        match reader.feed(&mut input)? {
            Fed::Head => break,
            Fed::Interim { status } => reply.interim.push(status),
            Fed::NeedInput => {
                assert_eq!(input, b"");
                let Some(piece) = pieces.next() else { break };
                input = piece;
            }
        }
    }
    let (head, mut body) = reader.finish()?;
    reply.status = head.status();
    reply.headers =
        head.headers().map(|(n, v)| (n.to_string(), String::from_utf8_lossy(v).into_owned())).collect();
    loop {
        match body.read(&mut input)? {
            Piece::Bytes(bytes) => {
                assert_ne!(bytes, b"");
                reply.body.extend_from_slice(bytes);
            }
            Piece::End => break,
            Piece::NeedInput => {
                assert_eq!(input, b"");
                match pieces.next() {
                    Some(piece) => input = piece,
                    None => body.end()?,
                }
            }
        }
    }
    assert_eq!(body.read(&mut input), Ok(Piece::End));
    for piece in [input].iter().chain(pieces) {
        reply.surplus.extend_from_slice(piece);
    }
    reply.reusable = body.leaves_reusable(&reply.surplus);
    Ok(reply)
}

/// The result of a reply, which must be the same whole, byte by byte and split anywhere.
fn result(bytes: &[u8], room: usize, method: Method) -> Result<Reply, Error> {
    let whole = read(&[bytes], room, method);
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(read(&single, room, method), whole, "byte by byte: {}", bytes.escape_ascii());
    for at in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(at);
        assert_eq!(read(&[head, tail], room, method), whole, "split at {at}: {}", bytes.escape_ascii());
    }
    whole
}

struct Good {
    method: Method,
    text: &'static str,
    status: u16,
    body: &'static str,
    surplus: &'static str,
    reusable: bool,
}

const fn good(text: &'static str, status: u16, body: &'static str) -> Good {
    Good { method: Method::Other, text, status, body, surplus: "", reusable: true }
}

impl Good {
    const fn for_head(mut self) -> Self {
        self.method = Method::Head;
        self
    }

    const fn closes(mut self) -> Self {
        self.reusable = false;
        self
    }

    const fn leaves(mut self, surplus: &'static str) -> Self {
        self.surplus = surplus;
        self.closes()
    }
}

const GOOD: &[Good] = &[
    good("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"),
    good("HTTP/1.1 200 OK\r\ncontent-length:005 \t\r\n\r\nhello", 200, "hello"),
    good("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, ""),
    good("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, ""),
    good("HTTP/1.1 299 Tr\u{e8}s bien\tfait\r\nContent-Length: 0\r\n\r\n", 299, ""),
    good("HTTP/1.1 999 Odd\r\nContent-Length: 1\r\n\r\n!", 999, "!"),
    good("HTTP/1.1 404 Not Found\r\nContent-Length: 5000\r\n\r\n", 404, "").for_head(),
    good("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "").for_head(),
    good("HTTP/1.1 200 OK\r\n\r\n", 200, "").for_head(),
    good("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
    good("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", 204, "").leaves("abc"),
    good("HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n", 304, ""),
    good("HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 1\r\n\r\nx", 301, "x"),
    good("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1", 200, "ab").leaves("HTTP/1.1"),
    good("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab", 200, "ab").closes(),
    good("HTTP/1.1 200 OK\r\nConnection: Upgrade , CLOSE\r\nContent-Length: 0\r\n\r\n", 200, "").closes(),
    good("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, ""),
    good("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, "").closes(),
    good("HTTP/1.1 200 OK\r\nServer: x\r\n\r\nuntil the end", 200, "until the end").closes(),
    good("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", 200, "a"),
    good(
        "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        200,
        "",
    ),
    good("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, "abc"),
    good("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n", 200, ""),
    good(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00a\r\n0123456789\r\n000\r\n\r\nX",
        200,
        "0123456789",
    )
    .leaves("X"),
    good(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nA\r\n1 \t;c=\"d\"\r\nB\r\n0;e\r\nF: g\r\nH:\r\n\r\n",
        200,
        "AB",
    ),
    good(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000001\r\n\r\r\n0\r\n\r\n",
        200,
        "\r",
    ),
];

#[test]
fn good_replies_are_read_however_they_arrive() {
    for case in GOOD {
        let text = case.text;
        let reply = result(text.as_bytes(), text.len(), case.method).expect(text);
        assert_eq!((reply.status, reply.body.as_slice()), (case.status, case.body.as_bytes()), "{text}");
        assert_eq!(
            (reply.reusable, reply.surplus.as_slice()),
            (case.reusable, case.surplus.as_bytes()),
            "{text}"
        );
    }
}

#[test]
fn no_cut_reply_is_ever_whole() {
    for case in GOOD {
        let text = case.text.strip_suffix(case.surplus).unwrap().as_bytes();
        let body = text.len() - text.windows(4).rposition(|w| w == b"\r\n\r\n").map_or(0, |n| n + 4);
        for at in 0..text.len() {
            let result = result(&text[..at], text.len(), case.method);
            if case.text.ends_with("until the end") && text.len() - at <= body {
                // Here HTTP has no way to tell, and the host can know that by the framing.
                assert_eq!(result.unwrap().body, text[text.len() - body..at]);
            } else {
                assert_eq!(result, Err(Error::Truncated { at: at as u64 }), "{} at {at}", case.text);
            }
        }
    }
}

#[test]
fn a_room_takes_the_largest_head_or_says_that_it_is_too_small() {
    for case in GOOD {
        let heads: Vec<&str> =
            case.text.split_inclusive("\r\n\r\n").take_while(|s| s.starts_with("HTTP")).collect();
        let largest = heads.iter().map(|head| head.len()).max().unwrap();
        for room in 0..largest + 2 {
            let result = result(case.text.as_bytes(), room, case.method);
            if room < largest {
                assert_eq!(result, Err(Error::RoomFull { needed: room + 1 }), "{}", case.text);
            } else {
                assert_eq!(result.unwrap().status, case.status);
            }
        }
    }
}

/// What is wrong, and a text with a `¦` before the wrong byte.
type Hostile = (fn(u64) -> Error, &'static str);

const HEADER: fn(u64) -> Error = |at| Error::Header { at };
const LENGTH: fn(u64) -> Error = |at| Error::Length { at };
const CODING: fn(u64) -> Error = |at| Error::Coding { at };
const CHUNK: fn(u64) -> Error = |at| Error::Chunk { at };
const STATUS: fn(u64) -> Error = |at| Error::Status { at };

const HOSTILE: &[Hostile] = &[
    (STATUS, "¦\r\nHTTP/1.1 200 OK\r\n\r\n"),
    (STATUS, "HTTP/1.1¦\r\n\r\n"),
    (STATUS, "HTTP/1.1 20¦\r\n\r\n"),
    (STATUS, "HTTP/1.1 200 OK¦\n\n"),
    (STATUS, "HTTP/1.1 200 O¦\rK\r\n\r\n"),
    (STATUS, "HTTP/1.1 200 O¦\0K\r\n\r\n"),
    (STATUS, "HTTP/1.1 200¦0 OK\r\n\r\n"),
    (STATUS, "HTTP/1.1 ¦2x0 OK\r\n\r\n"),
    (STATUS, "HTTP/1.1 ¦099 OK\r\n\r\n"),
    (STATUS, "HTTP/1.1 ¦+20 OK\r\n\r\n"),
    (STATUS, "HTTP/1.1 ¦ 200 OK\r\n\r\n"),
    (STATUS, "¦http/1.1 200 OK\r\n\r\n"),
    (STATUS, "¦HTTP/1.2 200 OK\r\n\r\n"),
    (STATUS, "¦HTTP/2.0 200 OK\r\n\r\n"),
    (STATUS, "¦SSH-2.0-OpenSSH_9.2p1\r\n"),
    (HEADER, "HTTP/1.1 200 OK\r\nA: b¦\n\r\n"),
    (HEADER, "HTTP/1.1 200 OK\r\nA: b\r\n¦\n"),
    (HEADER, "HTTP/1.1 200 OK\r\nA: b\r\n¦ folded\r\n\r\n"),
    (HEADER, "HTTP/1.1 200 OK\r\nA: b\r\n¦\tfolded\r\n\r\n"),
    (HEADER, "HTTP/1.1 200 OK\r\n¦ Content-Length: 3\r\n\r\nabc"),
    (HEADER, "HTTP/1.1 200 OK\r\nContent-Length¦ : 3\r\n\r\nabc"),
    (HEADER, "HTTP/1.1 200 OK\r\n¦: 3\r\n\r\nabc"),
    (HEADER, "HTTP/1.1 200 OK\r\nno-colon¦\r\n\r\n"),
    (HEADER, "HTTP/1.1 200 OK\r\nA: b¦\rContent-Length: 3\r\n\r\nabc"),
    (HEADER, "HTTP/1.1 200 OK\r\nA: b¦\0c\r\n\r\n"),
    (HEADER, "HTTP/1.1 200 OK\r\nA: b¦\x7fc\r\n\r\n"),
    (HEADER, "HTTP/1.1 200 OK\r\nA¦é: b\r\n\r\n"),
    (LENGTH, "HTTP/1.1 200 OK\r\n¦Content-Length: \r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\n¦Content-Length: -3\r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\n¦Content-Length: +3\r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\n¦Content-Length: 3.0\r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\n¦Content-Length: 0x3\r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\n¦Content-Length: 3, 3\r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\n¦Content-Length: 18446744073709551616\r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n¦Content-Length: 4\r\n\r\nabc"),
    (LENGTH, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n¦content-length: 3\r\n\r\nabc"),
    (CODING, "HTTP/1.1 200 OK\r\n¦Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    (CODING, "HTTP/1.1 200 OK\r\n¦Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    (CODING, "HTTP/1.1 200 OK\r\n¦Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    (CODING, "HTTP/1.1 200 OK\r\n¦Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc"),
    (CODING, "HTTP/1.1 200 OK\r\n¦Transfer-Encoding:\r\nContent-Length: 3\r\n\r\nabc"),
    (CODING, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n¦Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (CODING, "HTTP/1.0 200 OK\r\n¦Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (
        |at| Error::CodingAndLength { at },
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n¦0\r\n\r\n",
    ),
    (
        |at| Error::CodingAndLength { at },
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n¦0\r\n\r\n",
    ),
    (
        |at| Error::Interim { at },
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n¦HTTP/1.1 200 OK\r\n\r\n",
    ),
];

const HOSTILE_CHUNKS: &[Hostile] = &[
    (CHUNK, "¦\r\nabc"),
    (CHUNK, "¦;x\r\nabc"),
    (CHUNK, "¦-1\r\nabc"),
    (CHUNK, "¦+3\r\nabc\r\n0\r\n\r\n"),
    (CHUNK, "0¦x3\r\nabc\r\n0\r\n\r\n"),
    (CHUNK, "¦ 3\r\nabc\r\n0\r\n\r\n"),
    (CHUNK, "3 ¦\r\nabc\r\n0\r\n\r\n"),
    (CHUNK, "3¦\nabc\r\n0\r\n\r\n"),
    (CHUNK, "3;a¦\nabc\r\n0\r\n\r\n"),
    (CHUNK, "3;a\r¦abc\r\n0\r\n\r\n"),
    (CHUNK, "3;a¦\0\r\nabc\r\n0\r\n\r\n"),
    (CHUNK, "3\r¦abc\r\n0\r\n\r\n"),
    (CHUNK, "3\r\nabc¦d\r\n0\r\n\r\n"),
    (CHUNK, "3\r\nab\r¦\n0\r\n\r\n"),
    (CHUNK, "3\r\nabc¦\n0\r\n\r\n"),
    (CHUNK, "3\r\nabc\r¦0\r\n\r\n"),
    (CHUNK, "3\r\nabc\r\n¦\r\n"),
    (CHUNK, "0000000000000000¦1\r\nabc\r\n0\r\n\r\n"),
    (CHUNK, "ffffffffffffffff¦f\r\nabc"),
    (CHUNK, "1000000000000000¦03\r\nabc\r\n0\r\n\r\n"),
    (HEADER, "0\r\n¦\n"),
    (HEADER, "0\r\n\r¦\r"),
    (HEADER, "0\r\n¦ folded\r\n\r\n"),
    (HEADER, "0\r\n¦: b\r\n\r\n"),
    (HEADER, "0\r\na¦ : b\r\n\r\n"),
    (HEADER, "0\r\na¦\r\n\r\n"),
    (HEADER, "0\r\na: b¦\n\r\n"),
    (HEADER, "0\r\na: b\r¦c\r\n\r\n"),
    (HEADER, "0\r\na: ¦\0\r\n\r\n"),
];

#[test]
fn hostile_replies_are_refused_at_the_wrong_byte() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = HOSTILE_CHUNKS.iter().map(|(error, text)| (error, format!("{chunked}{text}")));
    let heads = HOSTILE.iter().map(|(error, text)| (error, text.to_string()));
    for (error, marked) in heads.chain(chunks) {
        let at = marked.find('¦').expect("a mark");
        let text = marked.replace('¦', "");
        let expected = error(at as u64);
        assert_eq!(result(text.as_bytes(), text.len(), Method::Other), Err(expected), "{marked:?}");
        for room in 0..text.len() {
            let result = result(text.as_bytes(), room, Method::Other);
            let full = Error::RoomFull { needed: room + 1 };
            assert!(result == Err(full) || result == Err(expected), "{marked:?} in {room}: {result:?}");
        }
    }
}

#[test]
fn interim_replies_are_shown_and_bounded() {
    let interim = "HTTP/1.1 102 Processing\r\n\r\n";
    let end = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    for count in 0..=usize::from(INTERIM_MAX) + 1 {
        let text = interim.repeat(count) + end;
        let result = result(text.as_bytes(), end.len(), Method::Other);
        if count <= usize::from(INTERIM_MAX) {
            assert_eq!(result.unwrap().interim, vec![102; count]);
        } else {
            assert_eq!(result, Err(Error::Interim { at: (interim.len() * count) as u64 }));
        }
    }
}

#[test]
fn extensions_and_trailers_are_bounded_over_the_whole_body() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let most = usize::from(EXTRAS_MAX);
    let extension = |size: usize| format!("{head}1;{}\r\na\r\n0\r\n\r\n", "x".repeat(size - 1));
    let extensions = |count: usize| format!("{head}{}0\r\n\r\n", "1;\r\na\r\n".repeat(count));
    let trailer = |size: usize| format!("{head}0\r\na:{}\r\n\r\n", "x".repeat(size - 2));
    for text in [extension(most), extensions(most), trailer(most)] {
        assert!(read(&[text.as_bytes()], head.len(), Method::Other).is_ok());
    }
    for text in [extension(most + 1), extensions(most + 1), trailer(most + 1)] {
        let result = read(&[text.as_bytes()], head.len(), Method::Other);
        assert!(matches!(result, Err(Error::Extras { .. })), "{result:?}");
    }
}

#[test]
fn a_length_that_no_machine_can_hold_is_passed_through() {
    let mut room = [0; 80];
    let mut reader = Reader::new(&mut room, Method::Other);
    let mut input = &b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nabc"[..];
    assert_eq!(reader.feed(&mut input), Ok(Fed::Head));
    let (_, mut body) = reader.finish().unwrap();
    assert_eq!(body.framing(), Framing::Sized { length: u64::MAX });
    assert_eq!(body.read(&mut input), Ok(Piece::Bytes(b"abc")));
    assert_eq!(body.end(), Err(Error::Truncated { at: 60 }));
}

#[test]
fn headers_are_found_in_any_case_and_the_first_counts() {
    let text = b"HTTP/1.1 200 OK\r\nx-a: 1\r\nX-A: 2\r\nEmpty:\r\nX-Latin: \xe9\r\nx-Utf8: \xc3\xa9\r\n\r\n";
    let mut room = [0; HEAD_ROOM];
    let mut reader = Reader::new(&mut room, Method::Head);
    assert_eq!(reader.feed(&mut &text[..]), Ok(Fed::Head));
    let (head, _) = reader.finish().unwrap();
    assert_eq!(head.header("X-a"), Some("1"));
    assert_eq!(head.header("empty"), Some(""));
    assert_eq!(head.header("x-latin"), None);
    assert_eq!(head.header("X-UTF8"), Some("é"));
    assert_eq!(head.header("x-b"), None);
    let names: Vec<&str> = head.headers().map(|(name, _)| name).collect();
    assert_eq!(names, ["x-a", "X-A", "Empty", "X-Latin", "x-Utf8"]);
}

#[test]
fn what_was_read_is_not_in_debug() {
    let mut room = [0; 80];
    let mut reader = Reader::new(&mut room, Method::Other);
    let _ = reader.feed(&mut &b"HTTP/1.1 200 OK\r\nToken: sesame\r\n\r\n"[..]).unwrap();
    let before = format!("{reader:?}");
    let (head, body) = reader.finish().unwrap();
    let after = format!("{head:?} {:?} {body:?}", head.headers());
    assert!(!before.contains("sesame") && !after.contains("sesame"), "{before} {after}");
}

/// The grammar of a chunked body once more, on the whole text: the body and what follows it, or nothing if the
/// text is malformed or cut.
fn chunked_model(text: &str) -> Option<(String, &str)> {
    let (line, rest) = text.split_once("\r\n")?;
    let (size, extension) =
        line.split_once(';').map_or((line, ""), |(s, e)| (s.trim_end_matches([' ', '\t']), e));
    let digits = (1..=16).contains(&size.len()) && size.bytes().all(|b| b.is_ascii_hexdigit());
    if !digits || extension.contains(|c: char| c.is_control() && c != '\t') {
        return None;
    }
    let size = usize::from_str_radix(size, 16).ok()?;
    if size > 0 {
        let (data, rest) = rest.split_at_checked(size)?;
        let (others, rest) = chunked_model(rest.strip_prefix("\r\n")?)?;
        return Some((String::from(data) + &others, rest));
    }
    let mut rest = rest;
    loop {
        let (line, others) = rest.split_once("\r\n")?;
        rest = others;
        if line.is_empty() {
            return Some((String::new(), rest));
        }
        let (name, value) = line.split_once(':')?;
        let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
        if !named || value.contains(|c: char| c.is_control() && c != '\t') {
            return None;
        }
    }
}

#[test]
fn every_short_chunked_body_agrees_with_the_grammar() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let alphabet = ["0", "1", "a", "\r", "\n", "\r\n", ";", " ", ":"];
    let (mut whole, mut texts) = (0, vec![String::new()]);
    for _ in 0..6 {
        texts = texts.iter().flat_map(|t| alphabet.iter().map(move |s| format!("{t}{s}"))).collect();
        for text in &texts {
            let reply = read(&[head.as_bytes(), text.as_bytes()], head.len(), Method::Other).ok();
            let reply = reply.map(|reply| (reply.body, reply.surplus));
            let model = chunked_model(text).map(|(body, rest)| (body.into_bytes(), rest.as_bytes().to_vec()));
            assert_eq!(reply, model, "{text:?}");
            whole += usize::from(reply.is_some());
        }
    }
    assert!(whole > 1000, "{whole}");
}

proptest! {
    #[test]
    fn damaged_replies_have_one_result_however_they_arrive(
        case: prop::sample::Index,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let case = case.get(GOOD);
        let mut bytes = case.text.as_bytes().to_vec();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.sort_unstable();
        let (mut pieces, mut from) = (Vec::new(), 0);
        for cut in cuts {
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        pieces.push(&bytes[from..]);
        let room = bytes.len();
        prop_assert_eq!(read(&pieces, room, case.method), read(&[&bytes], room, case.method));
    }
}
