//! Where a request goes: AWS's endpoint rules for the services and settings this crate knows.
//!
//! [`Place`] holds what a client was told (region, custom URL, addressing style, …); [`Place::s3`],
//! [`Place::sqs`] and [`Place::sts`] answer with an [`Endpoint`] written into room that the caller
//! lends. The rules are AWS's rule sets in plain Rust, their error texts word for word; access point
//! ARNs, S3 Express, Outposts and acceleration are not among them yet.
//!
//! A region or a bucket name comes from configuration and may be hostile, so nothing goes into a
//! host name that is not a host label, whole and byte by byte.

mod partition;

use core::fmt;
use core::net::Ipv4Addr;

pub use self::partition::Partition;

use crate::encode::Grade;
use crate::encode::Percent;
use crate::request::Line;
use crate::sink::Cursor;
use crate::sink::Full;
use crate::sink::Sink;
use crate::uri::Scheme;
use crate::uri::Url;
use crate::uri::host_label;

/// Room in bytes that holds the endpoint of any valid bucket and region, custom URLs of usual length included.
pub const ENDPOINT_ROOM: usize = 512;

/// Where the bucket of a request is named.
///
/// See [virtual hosting of buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "boto3's three styles")]
pub enum Addressing {
    /// In the host where AWS answers and the name allows it, in the path on custom endpoints.
    #[default]
    Auto,
    /// In the path: `https://s3.us-west-2.amazonaws.com/bucket/key`.
    Path,
    /// In the host where the name allows it: `https://bucket.s3.us-west-2.amazonaws.com/key`.
    Virtual,
}

/// What decides where a client's requests go. The defaults are those of a client that was told nothing.
///
/// ```
/// use tucuxi_core::endpoint::{ENDPOINT_ROOM, Place};
///
/// let mut room = [0; ENDPOINT_ROOM];
/// let endpoint = Place::new("us-west-2").s3("logs", &mut room).unwrap();
/// assert_eq!(endpoint.authority(), "logs.s3.us-west-2.amazonaws.com");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    region: &'a str,
    url: Option<Url<'a>>,
    addressing: Addressing,
    fips: bool,
    dual_stack: bool,
    global: bool,
}

impl<'a> Place<'a> {
    /// The usual endpoints of a region, such as `us-west-2`.
    #[must_use]
    pub const fn new(region: &'a str) -> Self {
        Self {
            region,
            url: None,
            addressing: Addressing::Auto,
            fips: false,
            dual_stack: false,
            global: false,
        }
    }

    /// Uses this URL instead of AWS's, for servers that speak like AWS. Requests are signed for the region all the same.
    #[must_use]
    pub const fn url(mut self, url: Option<Url<'a>>) -> Self {
        self.url = url;
        self
    }

    /// Chooses where S3's bucket names go.
    #[must_use]
    pub const fn addressing(mut self, addressing: Addressing) -> Self {
        self.addressing = addressing;
        self
    }

    /// Asks for [FIPS endpoints](https://aws.amazon.com/compliance/fips/).
    #[must_use]
    pub const fn fips(mut self, fips: bool) -> Self {
        self.fips = fips;
        self
    }

    /// Asks for endpoints that answer over IPv6 and IPv4.
    #[must_use]
    pub const fn dual_stack(mut self, dual_stack: bool) -> Self {
        self.dual_stack = dual_stack;
        self
    }

    /// Asks for the one endpoint that serves all regions where there is one: S3's for
    /// us-east-1 (`s3.amazonaws.com`), and `sts.amazonaws.com` for the regions that are older than 2019.
    #[must_use]
    pub const fn global(mut self, global: bool) -> Self {
        self.global = global;
        self
    }

    /// The region as given.
    #[must_use]
    pub const fn region(&self) -> &'a str {
        self.region
    }

    /// S3's endpoint for a bucket, or for none where the name is empty.
    ///
    /// # Errors
    ///
    /// What of the settings does not go together or is not a name, or that the room is too small.
    pub fn s3<'r>(&self, bucket: &str, room: &'r mut [u8]) -> Result<Endpoint<'r>, BadEndpoint>
    where
        'a: 'r,
    {
        if self.url.is_some() && self.dual_stack {
            return Err(BadEndpoint::S3CustomDualStack);
        }
        if self.url.is_some() && self.fips {
            return Err(BadEndpoint::S3CustomFips);
        }
        // In a path they would be steps, and name something else.
        if bucket == "." || bucket == ".." {
            return Err(BadEndpoint::S3Bucket);
        }
        if bucket.starts_with("arn:") || bucket.ends_with("--x-s3") || bucket.ends_with("--xa-s3") {
            return Err(BadEndpoint::S3Unsupported);
        }
        let partition = Partition::of(self.region);
        if self.fips && partition == Partition::AwsCn {
            return Err(BadEndpoint::S3PartitionFips);
        }
        if !host_label(self.region) {
            return Err(BadEndpoint::S3Region);
        }
        let everywhere = self.region == "aws-global";
        let region = if everywhere { "us-east-1" } else { self.region };
        let plain = !self.fips && !self.dual_stack;
        let global = plain && (everywhere || (self.global && region == "us-east-1"));
        let (https, host, base) = match self.url {
            Some(url) => (url.scheme() == Scheme::Https, url.authority(), url.path().trim_end_matches('/')),
            None => (true, "", ""),
        };
        let in_host = !bucket.is_empty()
            && virtual_hostable(bucket, !https)
            && match (self.addressing, self.url) {
                (Addressing::Path, _) | (Addressing::Auto, Some(_)) => false,
                (Addressing::Virtual, Some(url)) => !ip_literal(url.host()),
                (_, None) => true,
            };
        let mut text = Cursor::new(room);
        if in_host {
            text.put(bucket.as_bytes());
            text.put(b".");
        }
        if self.url.is_some() {
            text.put(host.as_bytes());
        } else {
            text.put(if self.fips { b"s3-fips" } else { b"s3" });
            if self.dual_stack {
                text.put(b".dualstack");
            }
            if !global {
                text.put(b".");
                text.put(region.as_bytes());
            }
            text.put(b".");
            text.put(partition.dns_suffix().as_bytes());
        }
        let authority = text.bytes();
        text.put(base.as_bytes());
        if !bucket.is_empty() && !in_host {
            text.put(b"/");
            Percent::component(&mut text).put(bucket.as_bytes());
        }
        Endpoint::of(text, authority, https, "s3", region)
    }

    /// SQS's endpoint.
    ///
    /// # Errors
    ///
    /// What of the settings does not go together or is not a name, or that the room is too small.
    pub fn sqs<'r>(&self, room: &'r mut [u8]) -> Result<Endpoint<'r>, BadEndpoint>
    where
        'a: 'r,
    {
        self.regional("sqs", self.region, room)
    }

    /// STS's endpoint.
    ///
    /// # Errors
    ///
    /// What of the settings does not go together or is not a name, or that the room is too small.
    pub fn sts<'r>(&self, room: &'r mut [u8]) -> Result<Endpoint<'r>, BadEndpoint>
    where
        'a: 'r,
    {
        /// The regions of the time when STS had one endpoint.
        const OLD: [&str; 16] = [
            "ap-northeast-1",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "aws-global",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ];
        let plain = self.url.is_none() && !self.fips && !self.dual_stack;
        let old = self.global && OLD.contains(&self.region);
        if plain && (old || self.region == "aws-global") {
            let mut text = Cursor::new(room);
            text.put(b"sts.amazonaws.com");
            let authority = text.bytes();
            return Endpoint::of(text, authority, true, "sts", "us-east-1");
        }
        let region = if self.region == "aws-global" { "us-east-1" } else { self.region };
        self.regional("sts", region, room)
    }

    /// The rules that most services share: one host for each region.
    fn regional<'r>(
        &self,
        service: &'static str,
        region: &'a str,
        room: &'r mut [u8],
    ) -> Result<Endpoint<'r>, BadEndpoint>
    where
        'a: 'r,
    {
        let mut text = Cursor::new(room);
        if let Some(url) = self.url {
            if self.fips {
                return Err(BadEndpoint::CustomFips);
            }
            if self.dual_stack {
                return Err(BadEndpoint::CustomDualStack);
            }
            // It goes into the credential scope.
            if !region.is_empty() && !host_label(region) {
                return Err(BadEndpoint::Region);
            }
            text.put(url.authority().as_bytes());
            let authority = text.bytes();
            text.put(url.path().trim_end_matches('/').as_bytes());
            return Endpoint::of(text, authority, url.scheme() == Scheme::Https, service, region);
        }
        if region.is_empty() {
            return Err(BadEndpoint::NoRegion);
        }
        if !host_label(region) {
            return Err(BadEndpoint::Region);
        }
        let partition = Partition::of(region);
        text.put(service.as_bytes());
        // GovCloud's usual endpoints are FIPS endpoints.
        if self.fips && (partition != Partition::AwsUsGov || self.dual_stack) {
            text.put(b"-fips");
        }
        text.put(b".");
        text.put(region.as_bytes());
        text.put(b".");
        let suffix = if self.dual_stack { partition.dual_stack_suffix() } else { partition.dns_suffix() };
        text.put(suffix.as_bytes());
        let authority = text.bytes();
        Endpoint::of(text, authority, true, service, region)
    }
}

/// Where to send, and what to sign for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Endpoint<'r> {
    https: bool,
    authority: &'r str,
    path: &'r str,
    service: &'r str,
    region: &'r str,
    /// What of the authority, and of service and region, must be changed before it is signed.
    grades: [Grade; 2],
}

impl<'r> Endpoint<'r> {
    /// An endpoint from its parts, for requests that no rule covers: `authority` is the value of
    /// the `Host` header, and the path is empty.
    #[must_use]
    pub fn new(https: bool, authority: &'r str, service: &'r str, region: &'r str) -> Self {
        Self::with_path(https, authority, "", service, region)
    }

    fn with_path(https: bool, authority: &'r str, path: &'r str, service: &'r str, region: &'r str) -> Self {
        let grades = [Grade::of(authority), Grade::of(service).min(Grade::of(region))];
        Self { https, authority, path, service, region, grades }
    }

    /// What must be done to the authority, the service or the region before it is signed.
    #[inline]
    pub(crate) fn grade(&self) -> Grade {
        let [authority, scope] = self.grades;
        authority.min(scope)
    }

    /// What must be done to the service or the region before it is signed.
    pub(crate) const fn scope_grade(&self) -> Grade {
        let [_, scope] = self.grades;
        scope
    }

    fn of(
        text: Cursor<'r>,
        authority: usize,
        https: bool,
        service: &'static str,
        region: &'r str,
    ) -> Result<Self, BadEndpoint> {
        let text = text.finish().map_err(|Full { needed }| BadEndpoint::Room { needed })?;
        let text = core::str::from_utf8(text).unwrap_or_default();
        let (authority, path) = text.split_at_checked(authority).unwrap_or_default();
        Ok(Self::with_path(https, authority, path, service, region))
    }

    /// Whether to speak TLS.
    #[must_use]
    pub const fn https(&self) -> bool {
        self.https
    }

    /// The value of the `Host` header: a host, and a port where it is not the scheme's own.
    #[must_use]
    pub const fn authority(&self) -> &'r str {
        self.authority
    }

    /// What comes before a request's own path, percent-encoded and without a slash at its end: often nothing.
    #[must_use]
    pub const fn path(&self) -> &'r str {
        self.path
    }

    /// The name of the service in the credential scope.
    #[must_use]
    pub const fn service(&self) -> &'r str {
        self.service
    }

    /// The region in the credential scope.
    #[must_use]
    pub const fn region(&self) -> &'r str {
        self.region
    }

    /// Writes scheme and authority, without what no header may hold.
    pub fn write_origin(&self, to: &mut dyn Sink) {
        to.put(if self.https { b"https://" } else { b"http://" });
        Line(to).put(self.authority.as_bytes());
    }

    /// Writes the URL, without a slash at its end.
    pub fn write_url(&self, to: &mut dyn Sink) {
        to.put(if self.https { b"https://" } else { b"http://" });
        to.put(self.authority.as_bytes());
        to.put(self.path.as_bytes());
    }
}

/// Why there is no endpoint. The texts are those of AWS's rule sets.
///
/// Returned by [`Place`]'s methods; all but [`Room`](Self::Room) are for the user to mend in the configuration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadEndpoint {
    /// A custom URL and dual stack.
    CustomDualStack,
    /// A custom URL and FIPS.
    CustomFips,
    /// No region and no custom URL.
    NoRegion,
    /// The region is no host label.
    Region,
    /// The endpoint needs this many bytes of room.
    Room {
        /// The size in bytes that would do.
        needed: usize,
    },
    /// S3: the bucket is `.` or `..`.
    S3Bucket,
    /// S3: a custom URL and dual stack.
    S3CustomDualStack,
    /// S3: a custom URL and FIPS.
    S3CustomFips,
    /// S3: FIPS in a partition that has none.
    S3PartitionFips,
    /// S3: the region is no host label.
    S3Region,
    /// S3: the bucket is one whose endpoint is not known here: an access point, a directory bucket.
    S3Unsupported,
}

impl fmt::Display for BadEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CustomDualStack => "Invalid Configuration: Dualstack and custom endpoint are not supported",
            Self::CustomFips => "Invalid Configuration: FIPS and custom endpoint are not supported",
            Self::NoRegion => "Invalid Configuration: Missing Region",
            Self::Region => "Invalid Configuration: the region is not a valid host label",
            Self::Room { needed } => return write!(f, "{needed} bytes of room are needed for the endpoint"),
            Self::S3Bucket => "A bucket cannot be called `.` or `..`",
            Self::S3Unsupported => "Access points and directory buckets are not supported yet",
            Self::S3CustomDualStack => "Cannot set dual-stack in combination with a custom endpoint.",
            Self::S3CustomFips => "A custom endpoint cannot be combined with FIPS",
            Self::S3PartitionFips => "Partition does not support FIPS",
            Self::S3Region => "Invalid region: region was not a valid DNS name.",
        })
    }
}

impl core::error::Error for BadEndpoint {}

/// Whether a bucket can be named in a host: 3 to 63 lower-case letters, digits and hyphens, in
/// several labels only where `dots` are allowed (a wildcard certificate covers one label).
fn virtual_hostable(bucket: &str, dots: bool) -> bool {
    let lower = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    (3..=63).contains(&bucket.len())
        && bucket.bytes().all(lower)
        && bucket.split(['.']).all(host_label)
        && (dots || !bucket.contains(['.']))
        && bucket.parse::<Ipv4Addr>().is_err()
}

fn ip_literal(host: &str) -> bool {
    host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests;
