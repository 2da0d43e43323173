//! Bodies that are read while they arrive.

use std::fmt;
use std::io;
use std::io::Read;

use tucuxi_core::call::Effect;

use crate::error::Error;
use crate::error::Result;

/// The body of an output, read as it arrives: an [`io::Read`].
///
/// Reading fails when the connection ends before the body does, so what was read to its end is whole.
/// Dropping it early gives up the rest, and the connection with it.
///
/// ```no_run
/// use std::io::Read;
///
/// # fn main() {}
/// # #[cfg(feature = "s3")]
/// # fn shown() -> Result<(), Box<dyn std::error::Error>> {
/// let object = tucuxi::s3().bucket("logs").object("2026/11.log");
/// println!("{}", object.get()?.body.text()?);
///
/// let mut first = [0; 16];
/// object.get()?.body.read_exact(&mut first)?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Body(Option<Arriving>);

/// What there is to read, and what is known of it.
struct Arriving {
    reader: Box<dyn Read + Send>,
    operation: &'static str,
    length: Option<u64>,
}

impl Body {
    /// The body of a reply to that operation, of that length if the reply has announced one.
    pub(crate) fn new(reader: Box<dyn Read + Send>, operation: &'static str, length: Option<u64>) -> Self {
        Self(Some(Arriving { reader, operation, length }))
    }

    /// Reads everything that is left.
    ///
    /// # Errors
    ///
    /// [`Transport`](crate::ErrorKind::Transport) where the connection broke before the end. Reading by
    /// [`io::Read`] gives the bytes up to there.
    pub fn bytes(self) -> Result<Vec<u8>> {
        let Some(Arriving { mut reader, operation, length }) = self.0 else { return Ok(Vec::new()) };
        let length = length.unwrap_or(0).min(MOST_RESERVED);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        match reader.read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(why) => Err(Error::broken_reply(why).in_call(operation, 1, Effect::None, None)),
        }
    }

    /// Reads everything that is left, as text.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`Reply`](crate::ErrorKind::Reply) where it is not UTF-8.
    pub fn text(self) -> Result<String> {
        let operation = self.0.as_ref().map_or("", |arriving| arriving.operation);
        String::from_utf8(self.bytes()?)
            .map_err(|why| Error::no_text(why.utf8_error()).in_call(operation, 1, Effect::None, None))
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |arriving| arriving.reader.read(buffer))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(…)")
    }
}

/// The most that is reserved on a server's word, in bytes.
const MOST_RESERVED: u64 = 64 << 20;

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::error::ErrorKind;

    fn body(bytes: &'static [u8], length: Option<u64>) -> Body {
        Body::new(Box::new(bytes), "GetObject", length)
    }

    /// Ends with an error.
    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }

    #[test]
    fn whole_bodies_are_bytes_and_text() -> Result<()> {
        assert_eq!(body(b"abc", Some(3)).bytes()?, b"abc");
        assert_eq!(body("aé".as_bytes(), None).text()?, "aé");
        assert_eq!(Body::default().text()?, "");
        Ok(())
    }

    #[test]
    fn an_announced_length_is_reserved_up_to_a_limit() {
        let bytes = body(b"abc", Some(3)).bytes().unwrap();
        assert_eq!(bytes.capacity(), 3);
        let bytes = body(b"abc", Some(u64::MAX)).bytes().unwrap();
        assert_eq!((bytes.len(), bytes.capacity() as u64), (3, MOST_RESERVED));
    }

    #[test]
    fn a_body_that_breaks_off_names_its_operation() {
        let broken = || Body::new(Box::new((&b"abc"[..]).chain(Broken)), "GetObject", Some(9));
        for error in [broken().bytes().unwrap_err(), broken().text().unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Transport);
            assert_eq!(error.to_string(), "GetObject: the reply broke off");
            let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
            assert_eq!(source.map(io::Error::kind), Some(io::ErrorKind::ConnectionReset));
        }
        let mut read = Vec::new();
        assert!(broken().read_to_end(&mut read).is_err());
        assert_eq!(read, b"abc");
    }

    #[test]
    fn what_is_not_utf_8_is_no_text() {
        let error = body(b"a\xff", None).text().unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::Reply, "GetObject: the body is not UTF-8")
        );
        assert!(error.source().is_some());
    }
}
