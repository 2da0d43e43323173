//! AWS's partitions: groups of regions with their own accounts and domain names.

/// A group of regions that share accounts and domain names.
///
/// See [AWS's description](https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Partition {
    /// `aws`: the commercial regions, and all that no other partition claims.
    Aws,
    /// `aws-cn`: China.
    AwsCn,
    /// `aws-eusc`: the European Sovereign Cloud.
    AwsEusc,
    /// `aws-iso`.
    AwsIso,
    /// `aws-iso-b`.
    AwsIsoB,
    /// `aws-iso-e`.
    AwsIsoE,
    /// `aws-iso-f`.
    AwsIsoF,
    /// `aws-us-gov`: GovCloud (US).
    AwsUsGov,
}

/// Partition, how its regions begin, its pseudo region, its name, its domain, and its domain for both versions of IP.
const TABLE: [(Partition, &str, &str, &str, &str, &str); 7] = [
    (Partition::AwsCn, "cn-", "aws-cn-global", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    (Partition::AwsEusc, "eusc-de-", "", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
    (Partition::AwsIso, "us-iso-", "aws-iso-global", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
    (Partition::AwsIsoB, "us-isob-", "aws-iso-b-global", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
    (
        Partition::AwsIsoE,
        "eu-isoe-",
        "aws-iso-e-global",
        "aws-iso-e",
        "cloud.adc-e.uk",
        "api.cloud-aws.adc-e.uk",
    ),
    (Partition::AwsIsoF, "us-isof-", "aws-iso-f-global", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    (Partition::AwsUsGov, "us-gov-", "aws-us-gov-global", "aws-us-gov", "amazonaws.com", "api.aws"),
];

impl Partition {
    /// The partition of a region, known or not: new regions are recognised by how they begin.
    #[must_use]
    pub fn of(region: &str) -> Self {
        let found = TABLE.iter().find(|(_, begins, pseudo, ..)| {
            region.strip_prefix(begins).is_some_and(name_and_number)
                || (region == *pseudo && !region.is_empty())
        });
        found.map_or(Self::Aws, |(partition, ..)| *partition)
    }

    /// The name in ARNs: `aws`, `aws-cn`, …
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The domain of the usual endpoints.
    #[must_use]
    pub fn dns_suffix(self) -> &'static str {
        self.row().1
    }

    /// The domain of the endpoints that answer over IPv6 and IPv4, S3's excepted.
    #[must_use]
    pub fn dual_stack_suffix(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, &'static str, &'static str) {
        let found = TABLE.iter().find(|(partition, ..)| *partition == self);
        found.map_or(("aws", "amazonaws.com", "api.aws"), |(_, _, _, name, dns, dual)| (name, dns, dual))
    }
}

/// Whether a text is like `north-1`: what follows a region's beginning.
fn name_and_number(text: &str) -> bool {
    text.split_once(['-']).is_some_and(|(name, number)| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_known_by_how_they_begin() {
        for (region, name) in [
            ("us-west-2", "aws"),
            ("cn-north-1", "aws-cn"),
            ("cn-north", "aws"),
            ("eusc-de-east-1", "aws-eusc"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("us-gov-west-1", "aws-us-gov"),
            ("aws-us-gov-global", "aws-us-gov"),
            ("aws-global", "aws"),
            ("mars-east-1", "aws"),
            ("", "aws"),
        ] {
            assert_eq!(Partition::of(region).name(), name, "{region}");
        }
    }
}
