//! Replies of any bytes: no panic, one result however they are cut into pieces and whatever the room
//! beyond "too small", and never a sized or chunked body that is complete without its last byte.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::http::Error;
use tucuxi_core::http::Fed;
use tucuxi_core::http::Framing;
use tucuxi_core::http::Method;
use tucuxi_core::http::Piece;
use tucuxi_core::http::Reader;

#[derive(Debug, PartialEq)]
struct Reply {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    framing: Framing,
    /// How many bytes the reply took.
    size: usize,
}

fn read<'a>(mut pieces: impl Iterator<Item = &'a [u8]>, room: usize, method: Method) -> Result<Reply, Error> {
    let mut room = vec![0; room];
    let mut reader = Reader::new(&mut room, method);
    let (mut input, mut offered) = (&b""[..], 0);
    while reader.feed(&mut input)? != Fed::Head {
        if input.is_empty() {
            let Some(piece) = pieces.next() else { break };
            offered += piece.len();
            input = piece;
        }
    }
    let (head, mut reader) = reader.finish()?;
    let mut body = Vec::new();
    loop {
        match reader.read(&mut input)? {
            Piece::Bytes(bytes) => body.extend_from_slice(bytes),
            Piece::End => break,
            Piece::NeedInput => match pieces.next() {
                Some(piece) => {
                    offered += piece.len();
                    input = piece;
                }
                None => reader.end()?,
            },
        }
    }
    Ok(Reply {
        status: head.status(),
        headers: head.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body,
        framing: reader.framing(),
        size: offered - input.len(),
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((&[choice, step, room], text)) = data.split_first_chunk() else { return };
    let method = if choice & 1 == 0 { Method::Other } else { Method::Head };
    let whole = read([text].into_iter(), text.len(), method);
    assert_eq!(read(text.chunks(usize::from(step).max(1)), text.len(), method), whole);

    let small = read([text].into_iter(), usize::from(room), method);
    assert!(small == whole || matches!(small, Err(Error::RoomFull { .. })));

    if let Ok(Reply { size, framing, ref body, .. }) = whole {
        if let Framing::Sized { length } = framing {
            assert_eq!(body.len() as u64, length);
        }
        if framing != Framing::UntilClose {
            let cut = &text[..size - 1];
            assert!(matches!(read([cut].into_iter(), text.len(), method), Err(Error::Truncated { .. })));
        }
    }
});
