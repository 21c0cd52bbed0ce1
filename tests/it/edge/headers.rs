//! Rules s95, s97 and y12: what a page may run and use, who may reach it, and whose code it is.

use std::collections::BTreeSet;
use std::process::Command;

use pingyi::notices::NOTICES;
use pingyi::rehearsal::ServerAddress;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use sha2::{Digest as _, Sha256};

use super::{Answered, get};
use crate::rehearsal::shipped;

/// A page's scripts and styles that stand in it, by their hashes, and the scripts that it fetches.
#[derive(Debug, Default, PartialEq, Eq)]
struct Inline {
    scripts: BTreeSet<String>,
    styles: BTreeSet<String>,
    fetched: Vec<String>,
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", data_encoding::BASE64.encode(&Sha256::digest(text)))
}

/// Reads a page as a browser does: from one tag to the next, over the text of scripts and styles.
fn inline(html: &str) -> Inline {
    let mut found = Inline::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').unwrap();
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        let name = tag.split(' ').next().unwrap();
        // What runs without being a script of its own.
        let attributes = tag.to_lowercase();
        for forbidden in [" on", " style=", "javascript:"] {
            assert!(!attributes.contains(forbidden), "<{tag}> has {forbidden}");
        }
        rest = after;
        if !["script", "style"].contains(&name) {
            continue;
        }
        let text = &after[..after.find(&format!("</{name}")).unwrap()];
        rest = &after[text.len()..];
        match (name, tag) {
            ("style", "style") => drop(found.styles.insert(hash(text))),
            ("script", "script") => drop(found.scripts.insert(hash(text))),
            // Data for the page's script: no browser runs it.
            ("script", tag) if tag.contains(r#"type="application/json""#) => {}
            ("script", tag) => {
                assert!(text.is_empty(), "<{tag}> is two scripts");
                let path = tag.split_once(r#"src=""#).unwrap().1.split('"').next().unwrap();
                found.fetched.push(path.to_owned());
            }
            (_, tag) => panic!("a style with attributes: <{tag}>"),
        }
    }
    found
}

/// What a policy says, by directive.
fn sources(policy: &str, directive: &str) -> BTreeSet<String> {
    let all = policy.split("; ").filter_map(|part| part.split_once(' '));
    let of = all.filter(|(name, _)| *name == directive).map(|(_, sources)| sources).collect::<Vec<_>>();
    assert_eq!(of.len(), 1, "{directive} in {policy}");
    of[0].split(' ').map(str::to_owned).collect()
}

fn hashes(sources: &BTreeSet<String>) -> BTreeSet<String> {
    sources.iter().filter(|source| source.starts_with("'sha256-")).cloned().collect()
}

struct Pages {
    server: OwnServer,
    address: ServerAddress,
    /// Paths, with how many styles the page's scripts bring, and whether it fetches scripts of this server.
    paths: Vec<(String, usize, bool)>,
}

impl Pages {
    async fn served() -> Self {
        let server = OwnServer::start().await.unwrap();
        let target = prepare(&server.base_url, Some(&server.key), &shipped("institute")).await.unwrap();
        let address = ServerAddress::parse(&server.base_url).unwrap();
        let meeting = &target.handout.meeting;
        let paths = vec![
            ("/".to_owned(), 1, true),
            (format!("/m/{meeting}"), 1, true),
            (format!("/m/{meeting}/kiosk"), 2, true),
            ("/chair".to_owned(), 0, false),
            ("/screen".to_owned(), 0, false),
            ("/print".to_owned(), 2, false),
            ("/verify".to_owned(), 0, false),
        ];
        Self { server, address, paths }
    }

    async fn asked(&self, path: &str, language: &str) -> Answered {
        let page = get(&self.address, path, &format!("accept-language: {language}\r\n")).await.unwrap();
        assert_eq!(page.status, 200, "{path}");
        page
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s95_a_pages_own_scripts_and_styles_are_allowed_and_nothing_else_is() {
    let pages = Pages::served().await;
    for (path, brought, fetches) in &pages.paths {
        for language in ["zh", "en"] {
            let page = pages.asked(path, language).await;
            let policy = page.header("content-security-policy").unwrap();
            let inline = inline(&page.body);
            assert!(!inline.scripts.is_empty() && !inline.styles.is_empty(), "{path} has nothing to look at");
            let (scripts, styles) = (sources(policy, "script-src"), sources(policy, "style-src"));
            assert_eq!(hashes(&scripts), inline.scripts, "{path}");
            assert_eq!(scripts.contains("'self'"), *fetches, "{path}");
            assert_eq!(scripts.len(), inline.scripts.len() + usize::from(*fetches), "{path} may run more: {policy}");
            assert!(*fetches || inline.fetched.is_empty(), "{path} fetches {:?}", inline.fetched);
            assert!(inline.fetched.iter().all(|fetched| fetched.starts_with('/') && !fetched.starts_with("//")));
            assert!(styles.is_superset(&inline.styles), "{path}");
            // Each is the hash of a text that the page's scripts bring; that they are the right ones a browser shows (s96).
            assert_eq!(hashes(&styles).len(), inline.styles.len() + brought, "{path}: {policy}");
            assert_eq!(styles.len(), hashes(&styles).len(), "{path} may look otherwise: {policy}");
            assert!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
            for (directive, only) in [
                ("default-src", "'none'"),
                ("base-uri", "'none'"),
                ("form-action", "'none'"),
                ("frame-ancestors", "'none'"),
            ] {
                assert_eq!(sources(policy, directive), BTreeSet::from([only.to_owned()]), "{path}");
            }
            // The control: a letter more is another script.
            let other = page.body.replace("</script></body>", " </script></body>");
            assert_ne!(hashes(&scripts), super::headers::inline(&other).scripts, "{path}");
        }
    }
    // Opened from a disk the page that checks records has no header: it says the same by itself.
    let page = pages.asked("/verify", "zh").await;
    let own = page.body.split_once(r#"http-equiv="Content-Security-Policy" content=""#).unwrap().1;
    let own = own.split('"').next().unwrap();
    assert_eq!(format!("{own}; frame-ancestors 'none'"), page.header("content-security-policy").unwrap());
    assert_eq!(sources(own, "connect-src"), BTreeSet::from(["'none'".to_owned()]));
    // A page talks to the server that it came from, at the name that it was asked for.
    let page = pages.asked("/chair", "zh").await;
    let host = &pages.address.authority;
    let connects = sources(page.header("content-security-policy").unwrap(), "connect-src");
    assert_eq!(connects, ["'self'".to_owned(), format!("ws://{host}"), format!("wss://{host}")].into());
    pages.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s97_pages_are_alone_with_their_origin_and_use_nothing_of_a_device() {
    let pages = Pages::served().await;
    for (path, ..) in &pages.paths {
        let page = pages.asked(path, "zh").await;
        assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        let permissions = page.header("permissions-policy").unwrap();
        for feature in ["camera", "microphone", "geolocation", "clipboard-read", "display-capture", "usb", "payment"] {
            assert!(permissions.split(", ").any(|said| said == format!("{feature}=()")), "{path} may use {feature}");
        }
        let allowed: Vec<&str> = permissions.split(", ").filter(|said| !said.ends_with("=()")).collect();
        assert_eq!(allowed, ["autoplay=(self)", "fullscreen=(self)"], "{path}");
    }
    let others = ["/later.js", "/api/meetings", "/readyz", "/nowhere", "/api/meetings/nowhere/plan"].map(str::to_owned);
    for path in pages.paths.iter().map(|(path, ..)| path).chain(&others) {
        let answer = get(&pages.address, path, "").await.unwrap();
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        // Where there is no TLS nobody must be told to use it: that is the proxy's to say (rule o76).
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
    pages.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn y12_the_server_and_the_program_give_the_notices() {
    let pages = Pages::served().await;
    let answer = get(&pages.address, "/notices", "").await.unwrap();
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert!(answer.body == NOTICES, "`/notices` is another text");
    let told = Command::new(env!("CARGO_BIN_EXE_pingyi")).arg("notices").output().unwrap();
    assert!(told.status.success() && told.stdout == NOTICES.as_bytes(), "`pingyi notices` is another text");
    pages.server.stop().await;
}
