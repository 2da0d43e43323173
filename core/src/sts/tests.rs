//! STS requests and replies, as botocore writes and reads them.

extern crate std;

use super::input::*;
use super::*;
use crate::operation::tests::sent;

const WEST: Place<'_> = Place::new("us-west-2");

#[test]
fn requests_are_forms() {
    let (head, body) = sent(&GetCallerIdentity::new(), &WEST, None);
    assert!(head.starts_with("POST / HTTP/1.1\r\nhost: sts.us-west-2.amazonaws.com\r\n"));
    assert!(head.ends_with("\r\ncontent-type: application/x-www-form-urlencoded; charset=utf-8\r\n\r\n"));
    assert_eq!(body, "Action=GetCallerIdentity&Version=2011-06-15");

    let role = AssumeRole::new("arn:aws:iam::123456789012:role/r", "me & you=+~*");
    let form = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr\
                &RoleSessionName=me%20%26%20you%3D%2B~%2A";
    let arns = [PolicyDescriptorType::new().arn("a:1"), PolicyDescriptorType::new()];
    let tags = [Tag::new("k\u{e9}", ""), Tag::new("l", "m n")];
    for (role, rest) in [
        (role, ""),
        (role.duration_seconds(-900), "&DurationSeconds=-900"),
        (role.policy("{\"a\":\n1}"), "&Policy=%7B%22a%22%3A%0A1%7D"),
        (role.policy_arns(&arns), "&PolicyArns.member.1.arn=a%3A1"),
        (
            role.tags(&tags),
            "&Tags.member.1.Key=k%C3%A9&Tags.member.1.Value=&Tags.member.2.Key=l&Tags.member.2.Value=m%20n",
        ),
        (
            role.transitive_tag_keys(&["a", "b&"]),
            "&TransitiveTagKeys.member.1=a&TransitiveTagKeys.member.2=b%26",
        ),
        // An empty list is sent as one, by the protocol.
        (role.tags(&[]), "&Tags="),
        (role.external_id("x").token_code("123456"), "&ExternalId=x&TokenCode=123456"),
    ] {
        let (_, body) = sent(&role, &WEST, None);
        assert_eq!(body, std::format!("{form}{rest}"));
    }
}
