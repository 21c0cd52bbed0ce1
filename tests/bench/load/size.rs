//! Sizes: the release binary, and the phone's page as one compressed answer.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::hall::Hall;
use crate::measure::line;

pub async fn run() {
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_pingyi")).unwrap().len();
    line("size", &format!("the binary: {:.1} MB", binary as f64 / 1e6), "≤ 25 MB", "");
    let hall = Hall::new(50).await;
    let mut stream = TcpStream::connect(hall.server.authority()).unwrap();
    let path = format!("/m/{}", hall.target.handout.meeting);
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end_of_head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&answer[..end_of_head]).to_lowercase();
    assert!(head.contains("content-encoding: gzip"), "the page is compressed");
    let kilobytes = (answer.len() - end_of_head) as f64 / 1e3;
    line("size", &format!("the phone's page: {kilobytes:.1} kB gzip in one request"), "≤ 30 kB", "");
}
