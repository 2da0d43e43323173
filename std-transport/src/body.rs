//! Bodies that are read while they arrive.

use std::fmt;
use std::io;
use std::io::Read;

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
/// let mut object = tucuxi::s3().bucket("logs").object("2026/11.log").get()?;
/// let mut first = [0; 16];
/// object.body.read_exact(&mut first)?;
/// # Ok(())
/// # }
/// ```
pub struct Body(Option<Box<dyn Read + Send>>);

impl Body {
    pub(crate) fn new(reader: Box<dyn Read + Send>) -> Self {
        Self(Some(reader))
    }

    /// Reads everything that is left.
    ///
    /// # Errors
    ///
    /// What reading returns; the connection may have broken.
    pub fn bytes(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads everything that is left, as text.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and where it is not UTF-8.
    pub fn text(mut self) -> io::Result<String> {
        let mut text = String::new();
        self.read_to_string(&mut text)?;
        Ok(text)
    }
}

impl Default for Body {
    /// An empty body.
    fn default() -> Self {
        Self(None)
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |reader| reader.read(buffer))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(…)")
    }
}
