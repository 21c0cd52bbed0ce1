//! Somebody who listens on the way to Redis: a TCP proxy that passes everything on and keeps a copy of both directions.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What went over one connection.
#[derive(Clone, Default)]
pub struct Heard {
    /// From servers to Redis.
    pub asked: Vec<u8>,
    /// From Redis to servers.
    pub answered: Vec<u8>,
}

/// The proxy. Its threads end with the connections.
pub struct RecordingProxy {
    port: u16,
    heard: Arc<Mutex<Vec<Arc<Mutex<Heard>>>>>,
}

impl RecordingProxy {
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let own_port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<Arc<Mutex<Heard>>>>>::default();
        let all = Arc::clone(&heard);
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { return };
                let line = Arc::<Mutex<Heard>>::default();
                all.lock().unwrap().push(Arc::clone(&line));
                let (near_too, far_too, line_too) =
                    (near.try_clone().unwrap(), far.try_clone().unwrap(), Arc::clone(&line));
                std::thread::spawn(move || passes(near, far, |bytes| line.lock().unwrap().asked.extend(bytes)));
                std::thread::spawn(move || {
                    passes(far_too, near_too, |bytes| line_too.lock().unwrap().answered.extend(bytes))
                });
            }
        });
        Self { port: own_port, heard }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// What was heard so far, by connection.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().iter().map(|line| line.lock().unwrap().clone()).collect()
    }
}

fn passes(mut from: TcpStream, mut to: TcpStream, keep: impl Fn(&[u8])) {
    let _ = to.set_nodelay(true);
    let mut piece = vec![0; 16 * 1024];
    while let Ok(bytes @ 1..) = from.read(&mut piece) {
        keep(&piece[..bytes]);
        if to.write_all(&piece[..bytes]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

/// All strings in an answer or a request (RESP): what stands behind `$length`, one after the other.
pub fn strings(bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(end) = bytes[at..].windows(2).position(|pair| pair == b"\r\n").map(|end| at + end) {
        let line = &bytes[at..end];
        at = end + 2;
        let length = line.strip_prefix(b"$").and_then(|length| std::str::from_utf8(length).ok()?.parse::<usize>().ok());
        if let Some(length) = length {
            let Some(string) = bytes.get(at..at + length) else { break };
            found.push(string);
            at += length + 2;
        }
        if at >= bytes.len() {
            break;
        }
    }
    found
}
