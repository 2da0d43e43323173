//! What is taken for an endpoint can go into a head as it is, and no region leads to another host.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::uri::{Scheme, Url, host_label, region};

fuzz_target!(|text: &str| {
    if let Ok(url) = Url::parse(text) {
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(!url.host().is_empty() && url.authority().starts_with(url.host()) && url.port() > 0);
        assert!(!url.authority().contains(['/', '?', '#', '@', '\\']));
        assert!(url.path().is_empty() || url.path().starts_with('/'));
        assert!(!url.path().contains(['?', '#', '\\']));
        let scheme = match url.scheme() {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let again = format!("{scheme}://{}{}", url.authority(), url.path());
        assert_eq!(Url::parse(&again), Ok(url));
    }
    if region(text) {
        assert!(host_label(text));
        let host = format!("s3.{text}.amazonaws.com");
        let endpoint = format!("https://{host}");
        assert_eq!(Url::parse(&endpoint).map(|url| url.host()), Ok(host.as_str()));
    }
    // What takes part in a host by itself is one label and brings no structure with it.
    if host_label(text) {
        assert!((1..=63).contains(&text.len()) && !text.contains(['.', ':', '@', '/', '#', '?']));
    }
});
