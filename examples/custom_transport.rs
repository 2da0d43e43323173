//! A transport of one's own: HTTP/1.1 over a `TcpStream`, with core's reader for the reply. Plain http, a
//! connection for each request, and the whole reply in memory: enough to show where the door is.

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::io::{self, Cursor, Read};
use std::net::TcpStream;

use tucuxi::transport::{Answer, Broken, BrokenKind, Head, Sent, Transport};
use tucuxi_core::http::{Fed, HEAD_ROOM, Method, Piece, Reader};
use tucuxi_test_support::{S3Server, sample_folder};

#[derive(Debug)]
struct Tcp;

impl Transport for Tcp {
    fn send(&self, head: &Head<'_>, body: &mut dyn Read) -> Result<Answer, Broken> {
        let stream = TcpStream::connect((head.host, head.port));
        let stream = stream.map_err(|why| Broken::new(BrokenKind::Connect, Sent::No, why))?;
        exchange(stream, head, body).map_err(|why| Broken::new(BrokenKind::Reset, Sent::Maybe, why))
    }
}

fn exchange(mut stream: TcpStream, head: &Head<'_>, body: &mut dyn Read) -> io::Result<Answer> {
    head.write(&mut stream)?;
    io::copy(body, &mut stream)?;
    let (mut room, mut buffer, mut input) = ([0; HEAD_ROOM], [0; 8192], &[][..]);
    let mut reader = Reader::new(&mut room, if head.method == "HEAD" { Method::Head } else { Method::Other });
    while reader.feed(&mut input).map_err(io::Error::other)? != Fed::Head {
        input = if input.is_empty() { more(&mut stream, &mut buffer)? } else { input };
    }
    let (reply, mut framing) = reader.finish().map_err(io::Error::other)?;
    let text = |(name, value): (&str, &[u8])| (name.to_lowercase(), String::from_utf8_lossy(value).into());
    let (status, headers, mut body) = (reply.status(), reply.headers().map(text).collect(), Vec::new());
    loop {
        match framing.read(&mut input).map_err(io::Error::other)? {
            Piece::Bytes(bytes) => body.extend_from_slice(bytes),
            Piece::End => return Ok(Answer::new(status, headers, Box::new(Cursor::new(body)))),
            Piece::NeedInput => input = more(&mut stream, &mut buffer)?,
        }
    }
}

fn more<'b>(stream: &mut TcpStream, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
    match stream.read(buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        length => Ok(&buffer[..length]),
    }
}

fn main() -> tucuxi::Result<()> {
    let (folder, keys) = (sample_folder(), ("AKIDWEST", "west-secret"));
    let server = S3Server::start(folder.path(), &[keys]);
    let session = tucuxi::Session::builder().transport(Tcp).endpoint_url(server.url()).keys(keys.0, keys.1);
    for object in session.build()?.s3().bucket("west-bucket").objects().all() {
        println!("{}", object?.key());
    }
    Ok(())
}
