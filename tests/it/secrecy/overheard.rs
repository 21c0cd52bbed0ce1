//! Somebody in the hall's Wi-Fi: a proxy between screens and server that passes everything on and writes it down, by
//! connection, in both directions and with its time. Doors are its addresses: whoever comes by one is one device to it.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One direction of a connection as it was overheard.
#[derive(Default)]
struct Stream {
    bytes: Vec<u8>,
    /// How long it was, and when.
    came: Vec<(usize, Instant)>,
}

impl Stream {
    fn came_at(&self, length: usize) -> Option<Instant> {
        self.came.iter().find(|(until, _)| *until >= length).map(|(_, at)| *at)
    }
}

/// One connection as it was overheard.
pub struct Overheard {
    pub door: Arc<str>,
    asked: Mutex<Stream>,
    answered: Mutex<Stream>,
}

impl Overheard {
    pub fn asked(&self) -> Vec<u8> {
        self.asked.lock().unwrap().bytes.clone()
    }

    pub fn answered(&self) -> Vec<u8> {
        self.answered.lock().unwrap().bytes.clone()
    }

    /// When so many bytes had been asked.
    pub fn asked_at(&self, length: usize) -> Option<Instant> {
        self.asked.lock().unwrap().came_at(length)
    }
}

/// Stands between screens and server and writes everything down.
pub struct Listener {
    server: String,
    connections: Arc<Mutex<Vec<Arc<Overheard>>>>,
}

impl Listener {
    pub fn before(server: &str) -> Self {
        Self { server: server.trim_start_matches("http://").to_owned(), connections: Arc::default() }
    }

    /// One more address that leads to the server, by the name of whoever comes by it.
    pub async fn door(&self, name: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (server, all, door) = (self.server.clone(), Arc::clone(&self.connections), Arc::<str>::from(name));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let overheard =
                    Overheard { door: Arc::clone(&door), asked: Mutex::default(), answered: Mutex::default() };
                let overheard = Arc::new(overheard);
                all.lock().unwrap().push(Arc::clone(&overheard));
                // The server has stopped: whoever comes now is not let in.
                let Ok(far) = TcpStream::connect(&server).await else { return };
                let ((near_says, near_hears), (far_says, far_hears)) = (near.into_split(), far.into_split());
                let heard = Arc::clone(&overheard);
                tokio::spawn(passes_on(near_says, far_hears, move |bytes| note(&heard.asked, bytes)));
                tokio::spawn(passes_on(far_says, near_hears, move |bytes| note(&overheard.answered, bytes)));
            }
        });
        url
    }

    /// Every connection so far, in the order in which they were made.
    pub fn overheard(&self) -> Vec<Arc<Overheard>> {
        self.connections.lock().unwrap().clone()
    }
}

fn note(stream: &Mutex<Stream>, bytes: &[u8]) {
    let mut stream = stream.lock().unwrap();
    stream.bytes.extend_from_slice(bytes);
    let length = stream.bytes.len();
    stream.came.push((length, Instant::now()));
}

async fn passes_on(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, note: impl Fn(&[u8])) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        note(&buffer[..read]);
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    // Whoever left first needs no goodbye.
    let _ = to.shutdown().await;
}
