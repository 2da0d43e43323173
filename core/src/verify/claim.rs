//! Reading a claim: from the `Authorization` header, or from the query.

use super::Claim;
use super::Covers;
use super::Piece;
use super::Place;
use super::Received;
use super::Refusal;
use super::Streaming;
use super::digest;
use crate::encode::PlusIs;
use crate::encode::decoded;
use crate::encode::percent_decode;
use crate::http::is_token;
use crate::request::Method;
use crate::room::Shelf;
use crate::secret::Secret;
use crate::sigv4::Expires;
use crate::sink::Full;
use crate::time::Time;

impl<'a> Claim<'a> {
    /// Reads who says to have signed a request, and when.
    ///
    /// `room` is for what is percent-encoded in a query: a copy of it is never longer than the query.
    ///
    /// # Errors
    ///
    /// [`Refusal`]: [`Absent`](Refusal::Absent) where there is no claim, and others where it cannot be true.
    pub fn read(received: Received<'a>, room: &'a mut [u8]) -> Result<Self, Refusal<'a>> {
        let method = Method::named(received.method).ok_or(malformed(Piece::Method))?;
        check_text(&received)?;
        let authorization = once(&received, "authorization")?;
        let query = Query::read(&received)?;
        let said = match (authorization, query.is_claim()) {
            (Some(_), true) => return Err(Refusal::BothPlaces),
            (Some(authorization), false) => Said::in_headers(&received, authorization)?,
            (None, true) => Said::in_query(&query, room)?,
            (None, false) => return Err(Refusal::Absent),
        };
        let ([access_key, day, region, service], time) = (said.credential()?, said.time()?);
        if !is_list(said.signed_headers) {
            return Err(malformed(Piece::SignedHeaders));
        }
        if let Some(name) = said.signed_headers.split(';').find(|name| received.named(name).next().is_none())
        {
            return Err(Refusal::Missing { name });
        }
        once(&received, "host")?;
        let signature = <[u8; 64]>::try_from(said.signature.as_bytes());
        let signature = signature.map_err(|_| malformed(Piece::Signature))?;
        digest(said.signature).ok_or(malformed(Piece::Signature))?;
        let stamp = <[u8; 16]>::try_from(said.date.as_bytes()).map_err(|_| malformed(Piece::Date))?;
        if day.as_bytes() != time.day() {
            return Err(Refusal::Day);
        }
        let content = match once(&received, "x-amz-content-sha256")? {
            Some(text) => Some((text, said_of_body(text).ok_or(malformed(Piece::Payload))?)),
            None => None,
        };
        Ok(Self {
            received,
            method,
            place: said.place,
            access_key,
            region,
            service,
            time,
            stamp,
            signed_headers: said.signed_headers,
            signature,
            token: said.token.map(Secret::new),
            content,
        })
    }
}

/// The algorithm's name.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A claim in words.
struct Said<'a> {
    place: Place,
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
    date: &'a str,
    token: Option<&'a str>,
}

impl<'a> Said<'a> {
    /// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, with blanks or without, in any order.
    fn in_headers(received: &Received<'a>, authorization: &'a str) -> Result<Self, Refusal<'a>> {
        let (algorithm, rest) = authorization.split_once([' ', '\t']).unwrap_or((authorization, ""));
        if algorithm != ALGORITHM {
            return Err(Refusal::Algorithm);
        }
        let wrong = malformed(Piece::Authorization);
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in rest.split(',') {
            let (name, value) = trim(part).split_once('=').ok_or(wrong)?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(wrong),
            };
            if place.replace(value).is_some() {
                return Err(Refusal::Duplicate { name: "authorization" });
            }
        }
        let needed = |value: Option<&'a str>, name| value.ok_or(Refusal::Missing { name });
        Ok(Self {
            place: Place::Headers,
            credential: needed(credential, "Credential")?,
            signed_headers: needed(signed_headers, "SignedHeaders")?,
            signature: needed(signature, "Signature")?,
            date: needed(once(received, "x-amz-date")?, "x-amz-date")?,
            token: token(once(received, "x-amz-security-token")?, once(received, "x-amz-s3session-token")?)?,
        })
    }

    /// The parameters of a presigned URL.
    fn in_query(query: &Query<'a>, room: &'a mut [u8]) -> Result<Self, Refusal<'a>> {
        let mut shelf = Shelf::new(room);
        let mut decode = |text: &'a str| {
            let plain = !text.contains('%');
            let decoded = if plain {
                text.as_bytes()
            } else {
                shelf.put(&|to| percent_decode(text.as_bytes(), PlusIs::Plus, to))
            };
            core::str::from_utf8(decoded).ok()
        };
        let mut decoded = |name: &'static str, piece| match query.value(name) {
            None => Err(Refusal::Missing { name }),
            Some(text) => decode(text).ok_or(Refusal::Malformed { piece }),
        };
        let algorithm = decoded("X-Amz-Algorithm", Piece::Target)?;
        let credential = decoded("X-Amz-Credential", Piece::Credential)?;
        let date = decoded("X-Amz-Date", Piece::Date)?;
        let expires = decoded("X-Amz-Expires", Piece::Expires)?;
        let signed_headers = decoded("X-Amz-SignedHeaders", Piece::SignedHeaders)?;
        let signature = decoded("X-Amz-Signature", Piece::Signature)?;
        let mut optional = |name| match query.value(name) {
            None => Ok(None),
            Some(_) => decoded(name, Piece::Target).map(Some),
        };
        let (token_one, token_other) =
            (optional("X-Amz-Security-Token")?, optional("X-Amz-S3session-Token")?);
        shelf.finish().map_err(|Full { needed }| Refusal::Room { needed })?;
        if algorithm != ALGORITHM {
            return Err(Refusal::Algorithm);
        }
        let digits = expires.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = expires.parse().ok().filter(|_| digits).and_then(Expires::from_seconds);
        let expires = seconds.ok_or(malformed(Piece::Expires))?.seconds();
        let place = Place::Query { expires };
        Ok(Self { place, credential, signed_headers, signature, date, token: token(token_one, token_other)? })
    }

    /// Access key ID, day, region and service. An access key ID of another make than AWS's may hold slashes.
    fn credential(&self) -> Result<[&'a str; 4], Refusal<'a>> {
        let wrong = malformed(Piece::Credential);
        let mut parts = self.credential.rsplitn(5, '/');
        let mut part = || parts.next().ok_or(wrong);
        let (terminator, service, region, day, access_key) = (part()?, part()?, part()?, part()?, part()?);
        if terminator != "aws4_request" {
            return Err(Refusal::Terminator);
        }
        // What is not so could not have been signed as it stands here.
        let whole = self.credential.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if access_key.is_empty() || !whole {
            return Err(wrong);
        }
        Ok([access_key, day, region, service])
    }

    fn time(&self) -> Result<Time, Refusal<'a>> {
        let time = Time::parse_stamp(self.date.as_bytes());
        // An instant has one stamp.
        let same = time.ok().filter(|time| time.stamp() == *self.date.as_bytes());
        same.ok_or(malformed(Piece::Date))
    }
}

/// One token, of one kind.
fn token<'a>(one: Option<&'a str>, other: Option<&'a str>) -> Result<Option<&'a str>, Refusal<'a>> {
    match (one, other) {
        (Some(_), Some(_)) => Err(Refusal::Duplicate { name: "x-amz-security-token" }),
        _ => Ok(one.or(other)),
    }
}

/// The parameters of signing in a query.
const PARAMETERS: [&str; 8] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// Those that are there, with their values as they stand there.
struct Query<'a>([Option<&'a str>; PARAMETERS.len()]);

impl<'a> Query<'a> {
    /// Finds them. Whoever reads a query without regard to case would see two where their names differ only so.
    fn read(received: &Received<'a>) -> Result<Self, Refusal<'a>> {
        let mut query = Self([None; PARAMETERS.len()]);
        let mut seen = [false; PARAMETERS.len()];
        for (name, value) in received.query() {
            let is = |parameter: &str| {
                let lower = |byte: u8| byte.to_ascii_lowercase();
                decoded(name.as_bytes()).map(lower).eq(parameter.bytes().map(lower))
            };
            let places = query.0.iter_mut().zip(&mut seen).zip(PARAMETERS);
            for ((place, seen), parameter) in places.filter(|(_, parameter)| is(parameter)) {
                if core::mem::replace(seen, true) {
                    return Err(Refusal::Duplicate { name: parameter });
                }
                if decoded(name.as_bytes()).eq(parameter.bytes()) {
                    *place = Some(value.unwrap_or_default());
                }
            }
        }
        Ok(query)
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        let mut values = PARAMETERS.iter().zip(&self.0);
        values.find(|(parameter, _)| **parameter == name).and_then(|(_, value)| *value)
    }

    /// Whether they say that the request is signed here.
    fn is_claim(&self) -> bool {
        let telling = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"];
        telling.into_iter().any(|name| self.value(name).is_some())
    }
}

const fn malformed(piece: Piece) -> Refusal<'static> {
    Refusal::Malformed { piece }
}

/// Whether target and headers are such that they can have been lines of a request.
fn check_text<'a>(received: &Received<'a>) -> Result<(), Refusal<'a>> {
    let target = received.target;
    if !target.starts_with('/') || target.bytes().any(|byte| byte.is_ascii_control() || byte == b'#') {
        return Err(malformed(Piece::Target));
    }
    let name = |name: &str| !name.is_empty() && name.bytes().all(is_token);
    // A line break in a value would be a line of the canonical request.
    let value = |value: &str| value.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control());
    match received.headers.iter().all(|header| name(header.0) && value(header.1)) {
        true => Ok(()),
        false => Err(malformed(Piece::Header)),
    }
}

/// The value of a header that may stand there once, without the blanks around it.
fn once<'a>(received: &Received<'a>, name: &'static str) -> Result<Option<&'a str>, Refusal<'a>> {
    let mut values = received.named(name);
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(Refusal::Duplicate { name }),
        (value, None) => Ok(value.map(trim)),
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Whether these are names of headers in lower case, in order and each once, and `host` among them.
fn is_list(names: &str) -> bool {
    let name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| is_token(byte) && !byte.is_ascii_uppercase())
    };
    names.split(';').all(name)
        && names.split(';').is_sorted_by(|one, other| one < other)
        && names.split(';').any(|name| name == "host")
}

/// What a text in place of the body's digest says.
pub(super) fn said_of_body(text: &str) -> Option<Covers> {
    if text == "UNSIGNED-PAYLOAD" {
        return Some(Covers::Nothing);
    }
    let streaming = Streaming::ALL.into_iter().find(|streaming| streaming.as_str() == text);
    streaming.map(Covers::Chunks).or_else(|| digest(text).map(Covers::Digest))
}
