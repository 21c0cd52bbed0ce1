//! The pages of the client, embedded when the server was built. Each is one answer; a phone's page holds its first
//! view, put between two halves that were compressed at build time.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::{BufMut, BytesMut};
use flate2::{Compress, Compression, FlushCompress};

use super::App;
use super::headers::of_a_page;

/// A page, cut where the first view goes.
struct Page {
    head: &'static [u8],
    tail: &'static [u8],
    head_deflated: &'static [u8],
    tail_deflated: &'static [u8],
    /// What it may run, show and ask, with room for the address of sockets.
    policy: &'static str,
}

macro_rules! page {
    ($name:literal) => {
        Page {
            head: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".head.html")),
            tail: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".tail.html")),
            head_deflated: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".head.deflate")),
            tail_deflated: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".tail.deflate")),
            policy: include_str!(concat!(env!("OUT_DIR"), "/", $name, ".policy")),
        }
    };
}

static PHONE: Page = page!("index");
static PHONE_IN_ENGLISH: Page = page!("index.en");
static CHAIR: Page = page!("chair");
static PROJECTOR: Page = page!("screen");
static PRINT: Page = page!("print");
static VERIFY: Page = page!("verify");

/// What a phone's page fetches once it is there, as it is and compressed.
struct Part {
    content_type: &'static str,
    bytes: &'static [u8],
    zipped: &'static [u8],
}

macro_rules! part {
    ($name:literal, $content_type:literal) => {
        Part {
            content_type: $content_type,
            bytes: include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
            zipped: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz")),
        }
    };
}

static LATER: Part = part!("later", "text/javascript; charset=utf-8");
static KIOSK: Part = part!("kiosk", "text/javascript; charset=utf-8");
static TEXTS_ZH: Part = part!("texts_zh", "application/json");
static TEXTS_EN: Part = part!("texts_en", "application/json");

/// `GET /later.js`: the phone's half of the tokens, and what has no room in its page.
pub(super) async fn later(headers: HeaderMap) -> Response {
    LATER.answer(&headers)
}

/// `GET /kiosk.js`: what makes the phone's page one for a shared tablet.
pub(super) async fn kiosk_script(headers: HeaderMap) -> Response {
    KIOSK.answer(&headers)
}

/// `GET /texts/zh.json`: what the phone says in Chinese.
pub(super) async fn texts_zh(headers: HeaderMap) -> Response {
    TEXTS_ZH.answer(&headers)
}

/// `GET /texts/en.json`: what the phone says in English.
pub(super) async fn texts_en(headers: HeaderMap) -> Response {
    TEXTS_EN.answer(&headers)
}

/// `GET /`.
pub(super) async fn phone(headers: HeaderMap) -> Response {
    phone_page(&headers).answer(&headers, b"")
}

/// `GET /m/{meeting}`: the same page with the meeting's plan and view in it.
pub(super) async fn phone_of_meeting(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Response {
    phone_page(&headers).answer(&headers, &first(&app, &meeting).await)
}

/// `GET /m/{meeting}/kiosk`: the same page for a shared tablet, which takes one person after the other (rule f71).
pub(super) async fn kiosk(State(app): State<App>, Path(meeting): Path<String>, headers: HeaderMap) -> Response {
    let first = first_script(&first(&app, &meeting).await);
    // Before the page's own script, which finds a memory that forgets.
    let middle = [KIOSK_SCRIPT, &first].concat();
    let policy = if asks_for_english(&headers) { KIOSK_POLICY_IN_ENGLISH } else { KIOSK_POLICY };
    phone_page(&headers).answer_around(&headers, &middle, policy)
}

/// The phone's, with the look that kiosk.js brings.
const KIOSK_POLICY: &str = include_str!(concat!(env!("OUT_DIR"), "/kiosk.policy"));
const KIOSK_POLICY_IN_ENGLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/kiosk.en.policy"));

const KIOSK_SCRIPT: &[u8] = b"<script src=\"/kiosk.js\"></script>";

/// A meeting's first view.
async fn first(app: &App, meeting: &str) -> Vec<u8> {
    match app.hub.watch(meeting).await {
        Ok(Some(watched)) => watched.screens.first(),
        // The page asks again by itself, and says what is wrong.
        Ok(None) | Err(_) => Vec::new(),
    }
}

/// `GET /chair`.
pub(super) async fn chair(headers: HeaderMap) -> Response {
    CHAIR.answer(&headers, b"")
}

/// `GET /screen`.
pub(super) async fn projector(headers: HeaderMap) -> Response {
    PROJECTOR.answer(&headers, b"")
}

/// `GET /print`.
pub(super) async fn print(headers: HeaderMap) -> Response {
    PRINT.answer(&headers, b"")
}

/// `GET /verify`: checks a record in the browser. The page itself forbids every request, so that it does so from a disk too.
pub(super) async fn verify(headers: HeaderMap) -> Response {
    VERIFY.answer(&headers, b"")
}

/// The print page with what it prints in it: a file that needs no server.
pub(super) fn print_with(first: &[u8]) -> Vec<u8> {
    [PRINT.head, &first_script(first), PRINT.tail].concat()
}

/// `GET /favicon.ico`: browsers ask by themselves.
pub(super) async fn icon() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The phone's page in the language that the browser names first; Chinese where it names neither.
fn phone_page(request: &HeaderMap) -> &'static Page {
    if asks_for_english(request) { &PHONE_IN_ENGLISH } else { &PHONE }
}

fn asks_for_english(request: &HeaderMap) -> bool {
    let accepted = request.get(ACCEPT_LANGUAGE).and_then(|languages| languages.to_str().ok()).unwrap_or_default();
    let known =
        accepted.split(',').map(str::trim).find(|language| language.starts_with("zh") || language.starts_with("en"));
    known.is_some_and(|language| language.starts_with("en"))
}

fn takes_gzip(request: &HeaderMap) -> bool {
    let accepted = request.get(ACCEPT_ENCODING).and_then(|encodings| encodings.to_str().ok());
    accepted.is_some_and(|encodings| encodings.contains("gzip"))
}

impl Part {
    fn answer(&self, request: &HeaderMap) -> Response {
        let is_zipped = takes_gzip(request);
        let mut response = Body::from(if is_zipped { self.zipped } else { self.bytes }).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if is_zipped {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

impl Page {
    /// The page with a first view (JSON, or nothing) in it, compressed where the browser takes gzip.
    fn answer(&self, request: &HeaderMap, first: &[u8]) -> Response {
        self.answer_around(request, &first_script(first), self.policy)
    }

    /// The page with this between its halves.
    fn answer_around(&self, request: &HeaderMap, middle: &[u8], policy: &str) -> Response {
        let zipped = if takes_gzip(request) { self.zipped(middle) } else { None };
        let is_zipped = zipped.is_some();
        let body = zipped.unwrap_or_else(|| [self.head, middle, self.tail].concat());
        let mut response = Body::from(body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding, accept-language"));
        if is_zipped {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        of_a_page(headers, request, policy);
        response
    }

    /// One gzip member (RFC 1952) out of three pieces of raw deflate; nothing if the middle one could not be compressed.
    fn zipped(&self, first: &[u8]) -> Option<Vec<u8>> {
        let mut middle = Vec::with_capacity(first.len() + 64);
        if !first.is_empty() {
            let mut compress = Compress::new(Compression::fast(), false);
            compress.compress_vec(first, &mut middle, FlushCompress::Full).ok()?;
        }
        let mut checksum = crc32fast::Hasher::new();
        for part in [self.head, first, self.tail] {
            checksum.update(part);
        }
        let length = self.head.len() + first.len() + self.tail.len();
        let mut zip = BytesMut::with_capacity(18 + self.head_deflated.len() + middle.len() + self.tail_deflated.len());
        // Deflate, no flags, no time, unknown system.
        zip.put_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
        zip.put_slice(self.head_deflated);
        zip.put_slice(&middle);
        zip.put_slice(self.tail_deflated);
        zip.put_u32_le(checksum.finalize());
        zip.put_u32_le(u32::try_from(length).ok()?);
        Some(zip.to_vec())
    }
}

/// The first view as the page finds it. `<` is written as an escape, so that no title can end the script.
fn first_script(first: &[u8]) -> Vec<u8> {
    if first.is_empty() {
        return Vec::new();
    }
    let escaped = String::from_utf8_lossy(first).replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"first\">{escaped}</script>").into_bytes()
}
