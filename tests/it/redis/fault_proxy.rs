//! A network of our own making between servers and Redis: a TCP proxy whose weather a test decides. It can delay, cut a reply
//! in its middle, lose connections without a word, and part some processes from others. It knows bytes and nothing else.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The most that is passed on in one piece.
const PIECE_BYTES: usize = 16 * 1024;

/// What happens to bytes.
#[derive(Clone, Default)]
struct Weather {
    target: u16,
    /// Each piece arrives so much later, in both directions.
    delay: Duration,
    /// Processes that the target can be reached from; all, where nobody parted them.
    reached_by: Option<HashSet<u32>>,
    /// Connections that were opened up to this number lead nowhere, and nobody is told.
    lost_up_to: u32,
}

/// A proxy in front of one port.
pub struct FaultProxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    opened: Arc<AtomicU32>,
    /// Every so manieth reply is cut in its middle; 0 for none.
    cut_every: Arc<AtomicU32>,
    cut: Arc<AtomicU32>,
    accepting: JoinHandle<()>,
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl FaultProxy {
    /// A proxy that leads nowhere yet: its port is known before the one behind it is.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let weather = watch::Sender::new(Weather::default());
        let (opened, cut_every, cut) = (Arc::default(), Arc::default(), Arc::default());
        let accepting = tokio::spawn(accept(listener, weather.clone(), Arc::clone(&opened), {
            let (cut_every, cut) = (Arc::clone(&cut_every), Arc::clone(&cut));
            move || Scissors { every: Arc::clone(&cut_every), cut: Arc::clone(&cut) }
        }));
        Self { address, weather, opened, cut_every, cut, accepting }
    }

    pub async fn to(port: u16) -> Self {
        let proxy = Self::start().await;
        proxy.leads_to(port);
        proxy
    }

    pub fn leads_to(&self, port: u16) {
        self.weather.send_modify(|weather| weather.target = port);
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// From now on each piece arrives so much later.
    pub fn delays(&self, delay: Duration) {
        self.weather.send_modify(|weather| weather.delay = delay);
    }

    /// Every so manieth reply is cut in its middle, and its connection with it.
    pub fn cuts_every(&self, replies: u32) {
        self.cut_every.store(replies, Ordering::Relaxed);
    }

    /// Replies that were cut so far.
    pub fn cut(&self) -> u32 {
        self.cut.load(Ordering::Relaxed)
    }

    /// Every connection that is open now becomes half-open: both ends believe in it, and nothing comes through. New ones work.
    pub fn loses_connections(&self) {
        let opened = self.opened.load(Ordering::Relaxed);
        self.weather.send_modify(|weather| weather.lost_up_to = opened);
    }

    /// Only these processes reach the target. What others send waits, as packets do that are sent again and again.
    pub fn parts_all_but(&self, processes: &[u32]) {
        self.weather.send_modify(|weather| weather.reached_by = Some(processes.iter().copied().collect()));
    }

    /// Fair weather; what waited arrives.
    pub fn heals(&self) {
        self.cut_every.store(0, Ordering::Relaxed);
        self.weather.send_modify(|weather| {
            weather.delay = Duration::ZERO;
            weather.reached_by = None;
        });
    }
}

/// Cuts replies.
struct Scissors {
    every: Arc<AtomicU32>,
    cut: Arc<AtomicU32>,
}

impl Scissors {
    fn cuts(&self) -> bool {
        let every = self.every.load(Ordering::Relaxed);
        let cuts = every > 0 && rand::random_ratio(1, every);
        if cuts {
            self.cut.fetch_add(1, Ordering::Relaxed);
        }
        cuts
    }
}

async fn accept(
    listener: TcpListener,
    weather: watch::Sender<Weather>,
    opened: Arc<AtomicU32>,
    scissors: impl Fn() -> Scissors,
) {
    loop {
        let Ok((near, from)) = listener.accept().await else { continue };
        let number = opened.fetch_add(1, Ordering::Relaxed) + 1;
        let here = near.local_addr().map_or(0, |here| here.port());
        let line = Line { number, inode: inode_of(from.port(), here), weather: weather.subscribe() };
        tokio::spawn(line.carries(near, scissors()));
    }
}

/// One connection through the proxy.
#[derive(Clone)]
struct Line {
    number: u32,
    /// The socket of the process that opened it, as the kernel numbers it.
    inode: Option<u64>,
    weather: watch::Receiver<Weather>,
}

impl Line {
    async fn carries(mut self, near: TcpStream, scissors: Scissors) {
        self.is_passable().await;
        let target = self.weather.borrow().target;
        let Ok(far) = TcpStream::connect(("127.0.0.1", target)).await else { return };
        // Small pieces must not wait for more.
        let _ = (near.set_nodelay(true), far.set_nodelay(true));
        let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
        let back = tokio::spawn(self.clone().passes(far_read, near_write, Some(scissors)));
        let forth = tokio::spawn(self.passes(near_read, far_write, None));
        let ends = (forth.abort_handle(), back.abort_handle());
        // Where one direction ends the other one does: a connection that was cut is gone for both.
        tokio::select! {
            _ = forth => {}
            _ = back => {}
        }
        ends.0.abort();
        ends.1.abort();
    }

    async fn passes(mut self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, scissors: Option<Scissors>) {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let Ok(bytes @ 1..) = from.read(&mut piece).await else { return };
            self.is_passable().await;
            let delay = self.weather.borrow().delay;
            tokio::time::sleep(delay).await;
            if scissors.as_ref().is_some_and(Scissors::cuts) {
                let _ = to.write_all(&piece[..bytes / 2]).await;
                return;
            }
            if to.write_all(&piece[..bytes]).await.is_err() {
                return;
            }
        }
    }

    /// Waits until the weather lets this line through; for ever, where it was lost.
    async fn is_passable(&mut self) {
        let (number, inode) = (self.number, self.inode);
        let passes = |weather: &Weather| {
            let is_reached = weather.reached_by.as_ref().is_none_or(|some| some.iter().any(|pid| holds(*pid, inode)));
            number > weather.lost_up_to && is_reached && weather.target != 0
        };
        if self.weather.wait_for(passes).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The kernel's number of the socket that leads from one loopback port to another (proc_pid_net(5)). A port may have another
/// connection beside it, to somewhere else, which ended a moment ago and is nobody's.
fn inode_of(from: u16, to: u16) -> Option<u64> {
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let ends = [from, to].map(|port| format!("0100007F:{port:04X}"));
    let fields = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let line = table.lines().map(fields).find(|fields| fields.get(1..3) == Some(&ends))?;
    line.get(9)?.parse().ok()
}

/// Whether a process holds a socket.
fn holds(process: u32, inode: Option<u64>) -> bool {
    let Some(inode) = inode else { return false };
    let link = format!("socket:[{inode}]");
    let Ok(open) = std::fs::read_dir(format!("/proc/{process}/fd")) else { return false };
    open.flatten().any(|file| std::fs::read_link(file.path()).is_ok_and(|to| to.as_os_str() == link.as_str()))
}
