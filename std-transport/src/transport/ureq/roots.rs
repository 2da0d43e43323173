//! The CA certificates that a server's certificate is checked against.
//!
//! On Unix they are the system's: one file in PEM, read when TLS is first used. Elsewhere Mozilla's
//! list is compiled in. A bundle of the caller's replaces either.

use std::error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Where the CA certificates come from.
#[derive(Clone, Debug)]
pub(super) enum Roots {
    /// A file in PEM.
    File(PathBuf),
    /// The system's.
    System,
}

impl Roots {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// An error whose inner one is a [`CaBundleError`].
    pub(super) fn load(&self) -> io::Result<RootCertStore> {
        match self {
            Self::File(path) => Ok(read(path)?),
            Self::System => system(),
        }
    }
}

/// A file of CA certificates is of no use.
#[derive(Debug)]
#[non_exhaustive]
pub enum CaBundleError {
    /// The file has no certificate in PEM that can be used.
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// None of the places where systems keep their CA certificates has any: install the system's
    /// package (`ca-certificates`) or name a bundle.
    NoneFound,
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl fmt::Display for CaBundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { path } => write!(f, "no CA certificate in {}", path.display()),
            Self::NoneFound => f.write_str("no CA certificates on this system"),
            Self::Unreadable { path, .. } => write!(f, "cannot read CA certificates from {}", path.display()),
        }
    }
}

impl error::Error for CaBundleError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<CaBundleError> for io::Error {
    fn from(error: CaBundleError) -> Self {
        let kind = match &error {
            CaBundleError::Empty { .. } => io::ErrorKind::InvalidData,
            CaBundleError::NoneFound => io::ErrorKind::NotFound,
            CaBundleError::Unreadable { source, .. } => source.kind(),
        };
        Self::new(kind, error)
    }
}

/// Systems' bundles hold certificates that webpki cannot use; those are left out, as they could
/// only ever fail to match.
fn read(path: &Path) -> Result<RootCertStore, CaBundleError> {
    let pem = fs::read(path).map_err(|source| CaBundleError::Unreadable { path: path.to_owned(), source })?;
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
    if store.is_empty() {
        return Err(CaBundleError::Empty { path: path.to_owned() });
    }
    Ok(store)
}

/// `SSL_CERT_FILE` when it is set, as with OpenSSL, else the first usual place that has any.
#[cfg(unix)]
fn system() -> io::Result<RootCertStore> {
    #[expect(clippy::disallowed_methods, reason = "a setting of the machine, not of a session")]
    let named = std::env::var_os("SSL_CERT_FILE");
    if let Some(path) = named.filter(|path| !path.is_empty()) {
        return Ok(read(Path::new(&path))?);
    }
    let first = USUAL_PLACES.iter().find_map(|path| read(Path::new(path)).ok());
    first.ok_or_else(|| CaBundleError::NoneFound.into())
}

#[cfg(not(unix))]
fn system() -> io::Result<RootCertStore> {
    Ok(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
}

#[cfg(unix)]
const USUAL_PLACES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Alpine, NixOS
    "/etc/pki/tls/certs/ca-bundle.crt",   // Amazon Linux, Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",             // openSUSE
    "/etc/ssl/cert.pem",                  // macOS, Alpine, OpenBSD
    "/usr/local/etc/ssl/cert.pem",        // FreeBSD
    "/usr/share/ssl/certs/ca-bundle.crt", // older ones
];
