//! Keys that clients get wrong: in the path, in the query, in XML both ways and in a header.

use libtest_mimic::Trial;
use tucuxi::s3::CopySource;

use crate::Peer;
use crate::scratch::ScratchBucket;

/// Keys that every server has to keep apart.
pub(crate) const ANYWHERE: &[&str] = &[
    "sp ace",
    " around ",
    "pl+us",
    "a+b c%20d",
    "per%cent",
    "per%25cent",
    "tilde~-._",
    "star*'()!",
    "q?u=e&r#y",
    "=&;:@,$",
    "[]{}|^`",
    "<xml>&\"'",
    "&amp;&#65;]]>",
    "ünïcode/ключ/鍵",
    "emoji/😀",
    "e\u{301} is not \u{e9}",
    "a/b/c.txt",
    "tab\t",
    "control\u{1}",
];

/// Keys that a server which finds its way by patterns takes for no key.
pub(crate) const NOT_IN_PATTERNS: &[&str] = &["new\nline", "return\r"];

/// Keys that a server which keeps objects as files in folders has no place for.
pub(crate) const NOT_IN_FOLDERS: &[&str] =
    &["a//b", "/leading", "trailing/", "dot/./x", "dot/../y", "back\\slash"];

pub(crate) fn trials<'p>(
    peer: &'p Peer,
    name: &'p str,
    keys: &'p [&'static str],
) -> impl Iterator<Item = Trial> {
    keys.iter().map(move |&key| {
        let peer = peer.clone();
        Trial::test(format!("{name}::the_key {key:?}"), move || {
            goes_everywhere(&peer, key);
            Ok(())
        })
    })
}

fn goes_everywhere(peer: &Peer, key: &str) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.put_object(key, b"one").unwrap();
    assert_eq!(object.size().unwrap(), Some(3), "in the path of a HEAD");
    assert_eq!(object.get().unwrap().body.bytes().unwrap(), b"one", "in the path of a GET");

    let listed = |prefix: &str| -> Vec<String> {
        let objects = bucket.objects().filter(|list| list.prefix(prefix));
        objects.into_iter().map(|object| object.unwrap().key().to_owned()).collect()
    };
    assert_eq!(listed(""), [key], "in a listing");
    assert_eq!(listed(key), [key], "as a prefix");
    let after = bucket.objects().filter(|list| list.start_after(key));
    assert_eq!(after.into_iter().count(), 0, "as the key to start after");

    let copy = bucket.object(format!("{key}.copy"));
    copy.copy_from(CopySource::new(bucket.name(), key)).unwrap();
    assert_eq!(copy.get().unwrap().body.bytes().unwrap(), b"one", "as the source of a copy");
    assert_eq!(listed(key), [key, copy.key()], "after the copy");

    object.delete().unwrap();
    assert_eq!(listed(""), [copy.key()], "in the path of a DELETE");
}
