//! TLS 1.2 and 1.3 by rustls with ring, over any connection.
//!
//! ureq has a layer like this one. Ours reads the CA certificates when TLS is first used, says
//! what is wrong with them, and keeps ureq's TLS features out of the build.

use std::fmt;
use std::io;
use std::io::{Read, Write};
use std::sync::{Arc, OnceLock};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

use super::dial::{literal, to_connect};
use super::roots::Roots;
use super::watch::Fault;
use crate::transport::BrokenKind;

/// Wraps connections in TLS.
pub(super) struct Tls {
    roots: Roots,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    pub(super) const fn new(roots: Roots) -> Self {
        Self { roots, config: OnceLock::new() }
    }

    /// Shakes hands within what is left of the time to connect.
    pub(super) fn wrap(
        &self,
        details: &ConnectionDetails<'_>,
        host: &str,
        transport: Box<dyn Transport>,
    ) -> Result<Box<dyn Transport>, Error> {
        let failed = |error| Fault::unsent(BrokenKind::Tls, error);
        let name = server_name(host).map_err(failed)?;
        let config = self.config().map_err(|error| Fault::unsent(BrokenKind::Config, error))?;
        let connection = ClientConnection::new(config, name).map_err(io::Error::other);
        let mut connection = connection.map_err(failed)?;

        let mut socket = TransportAdapter::new(transport, Arc::clone(&details.current_time));
        socket.set_timeout(to_connect(details));
        connection.complete_io(&mut socket)?;
        let config = details.config;
        Ok(Box::new(Secure {
            stream: StreamOwned::new(connection, socket),
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
        }))
    }

    /// The settings, with the CA certificates read at first use. Two threads may both read them;
    /// a failure is tried again with the next connection.
    fn config(&self) -> io::Result<Arc<ClientConfig>> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(self.roots.load()?)
            .with_no_client_auth();
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("roots", &self.roots).finish_non_exhaustive()
    }
}

/// A connection inside TLS.
struct Secure {
    stream: StreamOwned<ClientConnection, TransportAdapter>,
    buffers: LazyBuffers,
}

impl Transport for Secure {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.sock.set_timeout(timeout);
        let output = self.buffers.output();
        self.stream.write_all(output.get(..amount).unwrap_or(output))?;
        // rustls hides an error of the socket behind the bytes it took; this one shows it.
        self.stream.flush()?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        let idle = self
            .stream
            .conn
            .process_new_packets()
            .is_ok_and(|state| !state.peer_has_closed() && state.plaintext_bytes_to_read() == 0);
        idle && self.stream.sock.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for Secure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secure").finish_non_exhaustive()
    }
}

fn server_name(host: &str) -> io::Result<ServerName<'static>> {
    if let Some(ip) = literal(host) {
        return Ok(ServerName::from(ip));
    }
    ServerName::try_from(host.to_owned()).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}
