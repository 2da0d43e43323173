//! Whatever is put in whatever pieces, every sink agrees with the bytes joined.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::sink::{Count, Cursor, Full, Sink, Window};

fuzz_target!(|input: (u8, u8, Vec<&[u8]>)| {
    let (room, skip, pieces) = (usize::from(input.0), usize::from(input.1), input.2);
    let joined = pieces.concat();
    let recite = |to: &mut dyn Sink| pieces.iter().for_each(|piece| to.put(piece));

    let mut count = Count::default();
    recite(&mut count);
    assert_eq!(count.bytes(), joined.len());

    let mut buffer = vec![0; room];
    let mut cursor = Cursor::new(&mut buffer);
    recite(&mut cursor);
    let expected = if joined.len() > room { Err(Full::new(joined.len())) } else { Ok(&joined[..]) };
    assert_eq!(cursor.finish().map(|bytes| &*bytes), expected);

    let mut buffer = vec![0; room];
    let mut window = Window::new(&mut buffer, skip);
    recite(&mut window);
    let seen = joined.get(skip..).unwrap_or_default();
    assert_eq!(window.finish(), &seen[..seen.len().min(room)]);
});
