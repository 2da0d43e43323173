//! Shared files are read the same in memory and through a room of any size, fed in any pieces; and
//! what a lookup finds is what going through the files leaves.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use tucuxi_core::ini::{Events, Reader};
use tucuxi_core::profile::{Entry, Profiles, Section};
use tucuxi_core::room::Read;

fuzz_target!(|input: (u8, Vec<u8>, &[u8], &[u8])| {
    let (room, cuts, config, credentials) = input;
    through(usize::from(room), &cuts, config);
    lookups(config, credentials);
});

fn through(room: usize, cuts: &[u8], text: &[u8]) {
    let mut expected = Events::new(text);
    let mut buffer = vec![0; room];
    let mut reader = Reader::new(&mut buffer);
    let (mut cuts, mut rest, mut piece) = (cuts.iter().cycle(), text, &text[..0]);
    loop {
        piece = &piece[reader.feed(piece)..];
        if rest.is_empty() && piece.is_empty() {
            reader.end();
        }
        match reader.read() {
            Read::Item(event) => assert_eq!(expected.next(), Some(Ok(event))),
            Read::NeedInput if piece.is_empty() => {
                let size = cuts.next().map_or(rest.len(), |&cut| usize::from(cut).clamp(1, rest.len()));
                (piece, rest) = rest.split_at(size);
            }
            Read::NeedInput => {}
            Read::End => return assert_eq!(expected.next(), None),
            Read::RoomFull { needed } => {
                assert_eq!(needed, room + 1);
                let longest = text.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::len).max();
                return assert!(longest.unwrap_or(0) >= room.max(1));
            }
            Read::Malformed { at } => {
                assert!(at < text.len() as u64);
                return assert_eq!(expected.next(), reader.malformed().map(Err));
            }
        }
    }
}

fn lookups(config: &[u8], credentials: &[u8]) {
    let Ok(profiles) = Profiles::new(config, credentials) else { return };
    let mut all = BTreeMap::new();
    for entry in profiles.entries() {
        match entry {
            Entry::Section(section) => assert!(profiles.contains(section)),
            Entry::Property { section: Section::Profile(name), key, found } => {
                all.insert((name, key.to_ascii_lowercase()), found);
            }
            Entry::Property { .. } => {}
        }
    }
    // A few are enough: each lookup reads the files again.
    for ((name, key), last) in all.into_iter().take(8) {
        let found = profiles.get(Section::Profile(name), &key).expect("it was gone through");
        assert_eq!((found.file, found.line), (last.file, last.line));
        assert!(found.value.lines().eq(last.value.lines()));
        assert_eq!(found.value.single().is_some(), found.value.lines().count() == 1);
    }
}
