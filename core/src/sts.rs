//! AWS STS: what the credential chain needs of it, and who is asking.

#[macro_use]
mod table;

use crate::endpoint::BadEndpoint;
use crate::endpoint::Endpoint;
use crate::endpoint::Place;
use crate::operation::Protocol;
use crate::operation::Service;
use crate::sigv4::Payload;
use crate::sigv4::Rules;

/// The service.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a name and nothing else")]
pub struct Sts;

impl Service for Sts {
    const ID: &'static str = "STS";
    const RULES: Rules = Rules::OTHERS;
    const PRESIGNED_PAYLOAD: Payload<'static> = Payload::Body;
    const PROTOCOL: Protocol = Protocol::Query;
    const ERRORS: &'static [(&'static str, &'static str)] = &[
        ("ExpiredTokenException", "ExpiredTokenException"),
        ("ExpiredTradeInTokenException", "ExpiredTradeInTokenException"),
        ("IDPCommunicationError", "IDPCommunicationErrorException"),
        ("IDPRejectedClaim", "IDPRejectedClaimException"),
        ("InvalidAuthorizationMessageException", "InvalidAuthorizationMessageException"),
        ("InvalidIdentityToken", "InvalidIdentityTokenException"),
        ("JWTPayloadSizeExceededException", "JWTPayloadSizeExceededException"),
        ("MalformedPolicyDocument", "MalformedPolicyDocumentException"),
        ("OutboundWebIdentityFederationDisabledException", "OutboundWebIdentityFederationDisabledException"),
        ("PackedPolicyTooLarge", "PackedPolicyTooLargeException"),
        ("RegionDisabledException", "RegionDisabledException"),
        ("SessionDurationEscalationException", "SessionDurationEscalationException"),
    ];

    fn endpoint<'r>(place: &Place<'r>, _: &str, room: &'r mut [u8]) -> Result<Endpoint<'r>, BadEndpoint> {
        place.sts(room)
    }
}

/// What is asked of STS: the operations, and the shapes that their inputs are made of.
pub mod input {
    use super::Sts;

    sts_table!([crate::table::inputs!]);
}

/// What STS answers: a view over the reply for each operation and each shape.
pub mod output {
    use crate::xml::Element as Node;

    sts_table!([crate::view::views!]);
}

#[cfg(test)]
mod tests;
