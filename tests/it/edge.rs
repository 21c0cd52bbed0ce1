//! What the server's edge holds against whoever floods it, and what it tells browsers.

mod connections;
mod headers;
mod links;
mod lock_out;
mod visitors;

use pingyi::rehearsal::ServerAddress;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// An answer as it came.
pub struct Answered {
    pub status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answered {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// One request on a connection of its own, with more header lines; nothing where the connection broke.
pub async fn get(address: &ServerAddress, path: &str, more: &str) -> Option<Answered> {
    let mut stream = address.connect().await.ok()?;
    let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{more}\r\n", address.authority);
    stream.write_all(head.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (first, lines) = head.split_once("\r\n")?;
    let line = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers = lines.split("\r\n").filter_map(line).collect();
    Some(Answered { status: first.split(' ').nth(1)?.parse().ok()?, headers, body: body.to_owned() })
}
