//! Findings in words, for the people who have to mend it.

use core::fmt;

use super::Cause;
use super::Finding;
use super::Part;
use super::Side;

impl fmt::Display for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = self.part;
        match (part, self.cause) {
            (Part::Key, _) => {
                return f.write_str(
                    "both sides have the same texts, so the secret access key is not the one of this access key ID",
                );
            }
            (Part::Signature, _) => {
                return f.write_str("the signature that arrived is not the one that was made: it was changed on the way");
            }
            (Part::AccessKey, _) => f.write_str("the server has another access key ID")?,
            (Part::CanonicalRequest, _) => f.write_str(
                "the canonical requests have different hashes, and nothing that was shown says where they differ",
            )?,
            (Part::Algorithm, Cause::Chunk) => f.write_str(
                "the signature that is refused is that of a chunk or a trailer: the body was changed on the way",
            )?,
            (Part::Header(b"host"), Cause::Port) => {
                let (longer, port) = self.port();
                write!(f, "the Host that {longer} lacks {port}")?;
            }
            (_, cause) => self.say(cause, f)?,
        }
        self.sides(f)
    }
}

impl Finding<'_> {
    fn say(&self, cause: Cause, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = self.part;
        match cause {
            Cause::Absent => match part {
                Part::SignedHeaders => write!(f, "{part} lacks names that were signed"),
                _ => write!(f, "{part} was signed and did not arrive"),
            },
            Cause::Added => match part {
                Part::SignedHeaders => write!(f, "{part} has names that were not signed"),
                _ => write!(f, "{part} is on the server and was not signed"),
            },
            Cause::BlanksAround => write!(f, "{part} has blanks around its value {}", self.blanker()),
            Cause::BlanksWithin => write!(f, "{part} has blanks in a row {}", self.blanker()),
            Cause::Case => write!(f, "{part} differs in upper and lower case"),
            Cause::Changed => match part {
                Part::Payload => f.write_str("the body that arrived is not the one that was hashed"),
                Part::Header(_) | Part::Method | Part::Path | Part::Query(_) => {
                    write!(f, "{part} was changed on the way")
                }
                _ => write!(f, "{part} differs"),
            },
            Cause::Chunk => write!(f, "{part} is that of a chunk"),
            Cause::CommaBlanks => {
                write!(f, "{part} has its values joined with blanks behind the commas on one side")
            }
            Cause::Dots => write!(
                f,
                "{part} had its dots or empty segments resolved on one side: S3 never does that, the other services do"
            ),
            Cause::Empty => match part {
                Part::Payload => f.write_str("the body that arrived is empty"),
                _ => write!(f, "{part} arrived without its value"),
            },
            Cause::EncodedAgain => write!(
                f,
                "{part} is encoded once more by the server: it encodes twice, or a proxy did it first"
            ),
            Cause::EncodedLess => write!(
                f,
                "{part} is encoded once more here than by the server: S3 encodes once, the other services twice"
            ),
            Cause::EscapeCase => write!(f, "{part} has escapes that differ in case: AWS signs %2F, not %2f"),
            Cause::NoEquals => write!(f, "{part} has no value and, on the server, no equals sign"),
            Cause::NotAscii => {
                write!(f, "{part} holds characters beyond ASCII, which were read in another encoding")
            }
            Cause::Order => write!(f, "{part} is the same in another order"),
            Cause::Plus => {
                write!(f, "{part} has a + on one side where the other has a space: AWS signs %20 and %2B")
            }
            Cause::Port => write!(f, "{part} lacks a port on one side"),
            Cause::PrefixAdded => write!(
                f,
                "{part} has something in front that was not signed: the bucket is in the path, or a proxy adds to it"
            ),
            Cause::PrefixLost => write!(
                f,
                "{part} lacks something in front that was signed: the bucket is in the host, or a proxy took it away"
            ),
            Cause::Repeats => write!(f, "{part} does not stand there as often as it was signed"),
            Cause::Slashes => write!(f, "{part} has slashes in a row, which are one slash on one side"),
            Cause::Spelling => {
                write!(f, "{part} has other characters encoded: AWS leaves letters, digits and -._~")
            }
            Cause::TrailingSlash => write!(f, "{part} ends with a slash on one side"),
            Cause::Unsigned => write!(f, "{part} is signed on one side and unsigned on the other"),
            Cause::ValuesLost => write!(f, "{part} lacks some of its values"),
        }
    }

    /// Which host lacks a port, and that port with its colon.
    fn port(&self) -> (&'static str, Escaped<'_>) {
        let (ours, theirs) = (self.ours.bytes().unwrap_or_default(), self.theirs.bytes().unwrap_or_default());
        match ours.strip_prefix(theirs) {
            Some(port) => ("arrived", Escaped(port)),
            None => ("was signed", Escaped(theirs.strip_prefix(ours).unwrap_or_default())),
        }
    }

    /// On which side the blanks are.
    fn blanker(&self) -> &'static str {
        let length = |side: Side<'_>| side.bytes().map(<[u8]>::len);
        match length(self.ours) > length(self.theirs) {
            true => "here and not on the server",
            false => "on the server and not here",
        }
    }

    /// What was signed and what the server has, from where they begin to differ.
    fn sides(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ours, theirs) = (self.ours.bytes(), self.theirs.bytes());
        let pairs = ours.unwrap_or_default().iter().zip(theirs.unwrap_or_default());
        let same = pairs.take_while(|(one, other)| one == other).count();
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                write!(f, " (signed {}, the server has {})", Shown(ours, same), Shown(theirs, same))
            }
            (Some(ours), None) => write!(f, " (signed {})", Shown(ours, 0)),
            (None, Some(theirs)) => write!(f, " (the server has {})", Shown(theirs, 0)),
            (None, None) => Ok(()),
        }
    }
}

/// A text between quotes: a stretch of it around that place.
struct Shown<'a>(&'a [u8], usize);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BEFORE: usize = 16;
        const MOST: usize = 64;
        let Self(text, at) = *self;
        let start = if text.len() > MOST { at.saturating_sub(BEFORE) } else { 0 };
        let rest = text.get(start..).unwrap_or_default();
        let (stretch, behind) = rest.split_at_checked(MOST).unwrap_or((rest, &[]));
        let before = if start > 0 { "…" } else { "" };
        let after = if behind.is_empty() { "" } else { "…" };
        write!(f, "\"{before}{}{after}\"", Escaped(stretch))
    }
}

/// A text of any bytes, on one line and in ASCII.
struct Escaped<'a>(&'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_ascii().fmt(f)
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::AccessKey => f.write_str("the access key ID"),
            Self::Algorithm => f.write_str("the algorithm"),
            Self::CanonicalRequest => f.write_str("the canonical request"),
            Self::Day => f.write_str("the day of the scope"),
            Self::Header(name) => write!(f, "the header {}", Escaped(name)),
            Self::Hidden => f.write_str("a line that may hold a secret"),
            Self::Key => f.write_str("the secret access key"),
            Self::Method => f.write_str("the method"),
            Self::Path => f.write_str("the path"),
            Self::Payload => f.write_str("the hash of the body"),
            Self::Query(name) => write!(f, "the query parameter {}", Escaped(name)),
            Self::QueryOrder => f.write_str("the query"),
            Self::Region => f.write_str("the region of the scope"),
            Self::Service => f.write_str("the service of the scope"),
            Self::Signature => f.write_str("the signature"),
            Self::SignedHeaders => f.write_str("the list of signed headers"),
            Self::Terminator => f.write_str("the end of the scope"),
            Self::Time => f.write_str("the time of signing"),
        }
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Header(name) => write!(f, "Header({})", Escaped(name)),
            Self::Query(name) => write!(f, "Query({})", Escaped(name)),
            part => write!(f, "{part}"),
        }
    }
}

impl fmt::Debug for Side<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Absent => f.write_str("Absent"),
            Self::Bytes(bytes) => write!(f, "{}", Shown(bytes, 0)),
            Self::Hidden => f.write_str("…"),
        }
    }
}
