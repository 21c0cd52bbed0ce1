//! The web client as the server sends it, embedded when it was built. It must not know who asks, nor for which meeting.
//!
//! A crate of its own with no dependency, so that the client is built beside all the others and not after them.

/// A page, cut where the server puts in the first view of a meeting.
pub struct Page {
    /// What is before the first view.
    pub head: &'static [u8],
    /// What is after it.
    pub tail: &'static [u8],
    /// The head as raw deflate blocks (RFC 1951) that others can follow.
    pub head_deflated: &'static [u8],
    /// The tail as the last raw deflate blocks.
    pub tail_deflated: &'static [u8],
    /// What it may run, show and ask, with room for the address of sockets.
    pub policy: &'static str,
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

/// The phone's page in Chinese.
pub static PHONE: Page = page!("index");
/// The phone's page in English.
pub static PHONE_IN_ENGLISH: Page = page!("index.en");
/// The page of chair, teller and scrutineer.
pub static CHAIR: Page = page!("chair");
/// The projector's page.
pub static PROJECTOR: Page = page!("screen");
/// The page that prints.
pub static PRINT: Page = page!("print");
/// The page that checks records.
pub static VERIFY: Page = page!("verify");

/// The phone's policy with the look that kiosk.js brings.
pub const KIOSK_POLICY: &str = include_str!(concat!(env!("OUT_DIR"), "/kiosk.policy"));
/// The same for the page in English.
pub const KIOSK_POLICY_IN_ENGLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/kiosk.en.policy"));

/// What a phone's page fetches once it is there.
pub struct Part {
    /// Its media type.
    pub content_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
    /// The file as gzip (RFC 1952).
    pub zipped: &'static [u8],
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

/// The phone's half of the tokens, and what has no room in its page.
pub static LATER: Part = part!("later.js", "text/javascript; charset=utf-8");
/// What makes the phone's page one for a shared tablet.
pub static KIOSK: Part = part!("kiosk.js", "text/javascript; charset=utf-8");
/// What the phone says in Chinese.
pub static TEXTS_ZH: Part = part!("zh.json", "application/json");
/// What the phone says in English.
pub static TEXTS_EN: Part = part!("en.json", "application/json");
