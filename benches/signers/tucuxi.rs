//! tucuxi, with the key kept and with the key derived; to the signature, and to the bytes on the wire.

use std::hint::black_box;

use benches::Load;
use benches::NOW;
use benches::Ours;
use benches::Place;
use benches::Says;
use tucuxi_core::hash::Software;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sink::Cursor;
use tucuxi_core::wire;

use super::Contender;
use super::Key;
use super::Proof;
use super::signature_in;
use super::timed;

/// Up to the signature.
pub(crate) const NAME: &str = "tucuxi";
/// Up to the whole head, or the whole URL.
pub(crate) const WRITTEN: &str = "tucuxi, written";

/// Room in bytes for every head and every URL.
const ROOM: usize = 2048;

pub(super) fn contenders(load: &'static Load) -> [Contender; 4] {
    let ours: &'static Ours = Box::leak(Box::new(Ours::new(load, &Software)));
    let proof = move |signature: String| Proof {
        signature,
        seconds: NOW,
        hash_sent: load.service == "s3" || load.says == Says::Unsigned,
    };
    let sent = move |signed: &Signed<'_>| ours.encode(black_box(signed), |piece| _ = black_box(piece));
    let contender = |signer, key, sample, signature: Box<dyn Fn() -> String>| Contender {
        signer,
        key,
        load,
        sample,
        proof: Box::new(move || proof(signature())),
    };
    [
        contender(
            NAME,
            Key::Kept,
            Box::new(move |times| timed(times, || black_box(ours).kept(sent))),
            Box::new(move || ours.kept(|signed| signature_of(ours, signed))),
        ),
        contender(
            NAME,
            Key::Derived,
            Box::new(move |times| timed(times, || black_box(ours).derived(sent))),
            Box::new(move || ours.derived(|signed| signature_of(ours, signed))),
        ),
        contender(
            WRITTEN,
            Key::Kept,
            Box::new(move |times| {
                let mut room = [0; ROOM];
                timed(times, || {
                    black_box(ours).kept(|signed| {
                        sent(signed);
                        written(load, signed, black_box(&mut room))
                    })
                })
            }),
            Box::new(move || ours.kept(|signed| written_signature(ours, load, signed))),
        ),
        contender(
            WRITTEN,
            Key::Derived,
            Box::new(move |times| {
                let mut room = [0; ROOM];
                timed(times, || {
                    black_box(ours).derived(|signed| {
                        sent(signed);
                        written(load, signed, black_box(&mut room))
                    })
                })
            }),
            Box::new(move || ours.derived(|signed| written_signature(ours, load, signed))),
        ),
    ]
}

/// The signature of a load.
pub(super) fn signature(load: &'static Load) -> String {
    let ours = Ours::new(load, &Software);
    ours.kept(|signed| signature_of(&ours, signed))
}

/// The signature, or that of the last chunk, for which all others were needed.
fn signature_of(ours: &Ours, signed: &Signed<'_>) -> String {
    let mut end = Vec::new();
    ours.encode(signed, |piece| end.extend_from_slice(piece));
    match str::from_utf8(&end[end.len().saturating_sub(68)..]).map(str::trim_end) {
        Ok("") => signed.signature().to_owned(),
        Ok(last) => last.to_owned(),
        Err(_) => panic!("a body that ends with data"),
    }
}

/// Writes what is sent in front of the body: the head, or the URL of what is presigned. Its length in bytes.
fn written(load: &Load, signed: &Signed<'_>, room: &mut [u8]) -> usize {
    let mut to = Cursor::new(room);
    match load.place {
        Place::Headers => wire::head(signed, &[], Some(load.body.len() as u64), &mut to),
        Place::Query => wire::url(signed, &mut to),
    }
    to.finish().expect("room for a head").len()
}

/// The signature as it was written.
fn written_signature(ours: &Ours, load: &Load, signed: &Signed<'_>) -> String {
    let mut room = [0; ROOM];
    let length = written(load, signed, &mut room);
    if load.says == Says::Chunks {
        return signature_of(ours, signed);
    }
    let text = str::from_utf8(&room[..length]).expect("ASCII");
    match load.place {
        Place::Headers => {
            let line = text.lines().find(|line| line.starts_with("authorization: "));
            signature_in(line.expect("a signed head"))
        }
        Place::Query => signature_in(text),
    }
}
