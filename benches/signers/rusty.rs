//! `rusty-s3`, which presigns for S3 and nothing else. It derives the key for each signature.

use std::iter;

use benches::ACCESS_KEY;
use benches::EXPIRES;
use benches::Load;
use benches::NOW;
use benches::Place;
use benches::REGION;
use benches::SECRET_KEY;
use jiff::Timestamp;
use rusty_s3::Method;
use rusty_s3::signing;
use url::Url;

use super::Contender;
use super::Key;
use super::Proof;
use super::signature_in;
use super::timed_with;

const NAME: &str = "rusty-s3";

pub(super) fn contender(load: &'static Load) -> Option<Contender> {
    if load.place != Place::Query {
        return None;
    }
    let url: &'static Url = Box::leak(Box::new(load.url().parse().unwrap()));
    let now = Timestamp::from_second(NOW).unwrap();
    let sign = move |url: Url| {
        let expires = u64::from(EXPIRES);
        let (query, headers) = (load.query.iter().copied(), iter::empty());
        signing::sign(
            &now,
            Method::Get,
            url,
            ACCESS_KEY,
            SECRET_KEY,
            load.token,
            REGION,
            expires,
            query,
            headers,
        )
    };
    Some(Contender {
        signer: NAME,
        key: Key::Derived,
        load,
        sample: Box::new(move |times| timed_with(times, || url.clone(), sign)),
        proof: Box::new(move || Proof {
            signature: signature_in(sign(url.clone()).as_str()),
            seconds: NOW,
            hash_sent: true,
        }),
    })
}
