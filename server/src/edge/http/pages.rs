//! The pages of the client, as `pingyi_pages` has them. Each is one answer; a phone's page holds its first view, put between two
//! halves that were compressed at build time.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::{BufMut, BytesMut};
use flate2::{Compress, Compression, FlushCompress};
use pingyi_pages::{
    CHAIR, KIOSK, KIOSK_POLICY, KIOSK_POLICY_IN_ENGLISH, LATER, PHONE, PHONE_IN_ENGLISH, PRINT, PROJECTOR, Page, Part,
    TEXTS_EN, TEXTS_ZH, VERIFY,
};

use super::App;
use super::headers::of_a_page;
use crate::notices;

/// `GET /later.js`: the phone's half of the tokens, and what has no room in its page.
pub(super) async fn later(headers: HeaderMap) -> Response {
    part(&LATER, &headers)
}

/// `GET /kiosk.js`: what makes the phone's page one for a shared tablet.
pub(super) async fn kiosk_script(headers: HeaderMap) -> Response {
    part(&KIOSK, &headers)
}

/// `GET /texts/zh.json`: what the phone says in Chinese.
pub(super) async fn texts_zh(headers: HeaderMap) -> Response {
    part(&TEXTS_ZH, &headers)
}

/// `GET /texts/en.json`: what the phone says in English.
pub(super) async fn texts_en(headers: HeaderMap) -> Response {
    part(&TEXTS_EN, &headers)
}

/// `GET /notices`: whose code is in the pages and in the server.
pub(super) async fn notices(headers: HeaderMap) -> Response {
    file(&headers, "text/plain; charset=utf-8", notices::NOTICES.as_bytes(), notices::zipped())
}

/// `GET /`.
pub(super) async fn phone(headers: HeaderMap) -> Response {
    page(phone_page(&headers), &headers, b"")
}

/// `GET /m/{meeting}`: the same page with the meeting's plan and view in it.
pub(super) async fn phone_of_meeting(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Response {
    page(phone_page(&headers), &headers, &first(&app, &meeting).await)
}

/// `GET /m/{meeting}/kiosk`: the same page for a shared tablet, which takes one person after the other (rule f71).
pub(super) async fn kiosk(State(app): State<App>, Path(meeting): Path<String>, headers: HeaderMap) -> Response {
    let first = first_script(&first(&app, &meeting).await);
    // Before the page's own script, which finds a memory that forgets.
    let middle = [KIOSK_SCRIPT, &first].concat();
    let policy = if asks_for_english(&headers) { KIOSK_POLICY_IN_ENGLISH } else { KIOSK_POLICY };
    page_around(phone_page(&headers), &headers, &middle, policy)
}

const KIOSK_SCRIPT: &[u8] = b"<script src=\"/kiosk.js\"></script>";

/// A meeting's first view.
async fn first(app: &App, meeting: &str) -> Vec<u8> {
    match app.hub.watch(meeting).await {
        Ok(Some(watched)) => watched.views.first(),
        // The page asks again by itself, and says what is wrong.
        Ok(None) | Err(_) => Vec::new(),
    }
}

/// `GET /chair`.
pub(super) async fn chair(headers: HeaderMap) -> Response {
    page(&CHAIR, &headers, b"")
}

/// `GET /screen`.
pub(super) async fn projector(headers: HeaderMap) -> Response {
    page(&PROJECTOR, &headers, b"")
}

/// `GET /print`.
pub(super) async fn print(headers: HeaderMap) -> Response {
    page(&PRINT, &headers, b"")
}

/// `GET /verify`: checks a record in the browser. The page itself forbids every request, so that it does so from a disk too.
pub(super) async fn verify(headers: HeaderMap) -> Response {
    page(&VERIFY, &headers, b"")
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

fn part(part: &'static Part, request: &HeaderMap) -> Response {
    file(request, part.content_type, part.bytes, part.zipped)
}

/// A file, compressed where the browser takes gzip.
fn file(request: &HeaderMap, content_type: &'static str, bytes: &'static [u8], zipped: &'static [u8]) -> Response {
    let is_zipped = takes_gzip(request);
    let mut response = Body::from(if is_zipped { zipped } else { bytes }).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if is_zipped {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// The page with a first view (JSON, or nothing) in it, compressed where the browser takes gzip.
fn page(page: &Page, request: &HeaderMap, first: &[u8]) -> Response {
    page_around(page, request, &first_script(first), page.policy)
}

/// The page with this between its halves.
fn page_around(page: &Page, request: &HeaderMap, middle: &[u8], policy: &str) -> Response {
    let zipped = if takes_gzip(request) { zipped(page, middle) } else { None };
    let is_zipped = zipped.is_some();
    let body = zipped.unwrap_or_else(|| [page.head, middle, page.tail].concat());
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
fn zipped(page: &Page, first: &[u8]) -> Option<Vec<u8>> {
    let mut middle = Vec::with_capacity(first.len() + 64);
    if !first.is_empty() {
        let mut compress = Compress::new(Compression::fast(), false);
        compress.compress_vec(first, &mut middle, FlushCompress::Full).ok()?;
    }
    let mut checksum = crc32fast::Hasher::new();
    for part in [page.head, first, page.tail] {
        checksum.update(part);
    }
    let length = page.head.len() + first.len() + page.tail.len();
    let mut zip = BytesMut::with_capacity(18 + page.head_deflated.len() + middle.len() + page.tail_deflated.len());
    // Deflate, no flags, no time, unknown system.
    zip.put_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
    zip.put_slice(page.head_deflated);
    zip.put_slice(&middle);
    zip.put_slice(page.tail_deflated);
    zip.put_u32_le(checksum.finalize());
    zip.put_u32_le(u32::try_from(length).ok()?);
    Some(zip.to_vec())
}

/// The first view as the page finds it. `<` is written as an escape, so that no title can end the script.
fn first_script(first: &[u8]) -> Vec<u8> {
    if first.is_empty() {
        return Vec::new();
    }
    let escaped = String::from_utf8_lossy(first).replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"first\">{escaped}</script>").into_bytes()
}
