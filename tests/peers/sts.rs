//! STS: who is asking, and the keys of a role put to use.

use std::time::Duration;

use tucuxi::host::Host;
use tucuxi::host::System;
use tucuxi::sts::input;

use crate::Peer;
use crate::checks;
use crate::scratch::ScratchQueue;

pub(crate) const CHECKS: &[(&str, fn(&Peer))] = checks![
    the_caller_has_an_identity,
    a_role_is_assumed_and_used,
    keys_of_a_role_want_their_token,
    a_wrong_secret_is_refused,
];

fn the_caller_has_an_identity(peer: &Peer) {
    let identity = peer.session().sts_client().get_caller_identity(input::GetCallerIdentity::new()).unwrap();
    assert_eq!(identity.arn.as_deref(), Some("arn:aws:iam::123456789012:user/tests"));
    assert_eq!(identity.account.as_deref(), Some("123456789012"));
    assert!(identity.user_id.is_some());
}

fn a_role_is_assumed_and_used(peer: &Peer) {
    let role = peer.role.as_deref().unwrap();
    // no space in it: moto signs a form that it puts together anew, with `+` where there was `%20`
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let assume = input::AssumeRole::new(role, "peers=,.@-").duration_seconds(900).policy(policy);
    let assumed = peer.session().sts_client().assume_role(assume).unwrap();
    assert!(assumed.assumed_role_user.unwrap().arn.unwrap().ends_with("/tests/peers=,.@-"));
    let keys = assumed.credentials.unwrap();
    let lasts = keys.expiration.unwrap().duration_since(System.now());
    assert!(lasts > Duration::from_secs(800) && lasts <= Duration::from_secs(900), "{lasts:?}");

    let (id, secret) = (keys.access_key_id.unwrap(), keys.secret_access_key.unwrap());
    let session =
        peer.with_keys(&id, secret.reveal()).session_token(keys.session_token.unwrap()).build().unwrap();
    let identity = session.sts_client().get_caller_identity(input::GetCallerIdentity::new()).unwrap();
    assert!(identity.arn.unwrap().contains(":assumed-role/tests/"));
    let queue = ScratchQueue::new(&session);
    queue.send_message("from a role").unwrap();
    assert_eq!(queue.receive_messages().unwrap()[0].body(), "from a role");
}

fn keys_of_a_role_want_their_token(peer: &Peer) {
    let assume = input::AssumeRole::new(peer.role.as_deref().unwrap(), "peers");
    let keys = peer.session().sts_client().assume_role(assume).unwrap().credentials.unwrap();
    let (id, secret) = (keys.access_key_id.unwrap(), keys.secret_access_key.unwrap());
    for session in
        [peer.with_keys(&id, secret.reveal()), peer.with_keys(&id, secret.reveal()).session_token("another")]
    {
        let error = session.build().unwrap().sqs().queues().next().unwrap().unwrap_err();
        assert_eq!((error.status(), error.is_credentials()), (Some(403), true), "{error:?}");
    }
}

fn a_wrong_secret_is_refused(peer: &Peer) {
    let session = peer.with_keys(&peer.key_id, "wrong").build().unwrap();
    let error = session.sts_client().get_caller_identity(input::GetCallerIdentity::new()).unwrap_err();
    assert_eq!((error.status(), error.is_credentials(), error.attempts()), (Some(403), true, 1), "{error:?}");
}
