//! What a terminal shows: addresses, links, QR codes, and the language that the environment asks for.

use std::net::{IpAddr, SocketAddr};

use qrcode::render::unicode;
use qrcode::{EcLevel, QrCode};

/// A code that a phone reads off a terminal, light on dark or dark on light.
#[must_use]
pub fn qr(text: &str) -> String {
    QrCode::with_error_correction_level(text, EcLevel::L)
        .map(|code| {
            code.render::<unicode::Dense1x2>()
                .dark_color(unicode::Dense1x2::Light)
                .light_color(unicode::Dense1x2::Dark)
                .quiet_zone(true)
                .build()
        })
        .unwrap_or_default()
}

/// Whether the environment asks for Chinese; everything else reads English.
#[must_use]
pub fn is_chinese() -> bool {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .is_some_and(|value| value.starts_with("zh"))
}

/// One of two sentences, by the language of the environment.
#[must_use]
pub fn said<'a>(zh: &'a str, en: &'a str) -> &'a str {
    if is_chinese() { zh } else { en }
}

/// The address that phones in the hall can reach: the one listened on, or where that is "all of them", the first
/// private address of this machine.
#[must_use]
pub fn base_url(listen: SocketAddr) -> String {
    let address =
        if listen.ip().is_unspecified() { hall_address().unwrap_or(IpAddr::from([127, 0, 0, 1])) } else { listen.ip() };
    match listen.port() {
        80 => format!("http://{}", SocketAddr::new(address, 80).ip()),
        port => format!("http://{}", SocketAddr::new(address, port)),
    }
}

fn hall_address() -> Option<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().ok()?;
    let mut addresses: Vec<IpAddr> = interfaces
        .iter()
        .filter(|interface| !interface.is_loopback())
        .map(if_addrs::Interface::ip)
        .filter(IpAddr::is_ipv4)
        .collect();
    // Private addresses before public ones, and those of home and hall routers before those of virtual machines.
    addresses.sort_by_key(|address| match address {
        IpAddr::V4(v4) if v4.octets()[..2] == [192, 168] => 0,
        IpAddr::V4(v4) if v4.octets()[0] == 10 => 1,
        IpAddr::V4(v4) if v4.is_private() => 2,
        IpAddr::V4(v4) if v4.is_link_local() => 4,
        _ => 3,
    });
    addresses.first().copied()
}
