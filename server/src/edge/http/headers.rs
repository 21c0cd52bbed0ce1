//! What an answer tells a browser beside itself: that nothing is kept or passed on, and of a page what it may run, ask and use.
//! Which scripts and styles those are was found out when the client was built. That everything goes over TLS is said where TLS
//! is, by the proxy.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The projector fills its screen and rings a bell; nothing else of a device is needed.
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), autoplay=(self), bluetooth=(), camera=(), clipboard-read=(), clipboard-write=(), display-capture=(), \
     encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
     screen-wake-lock=(), serial=(), storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()",
);

/// No answer is kept by a browser or a proxy, none says where it was asked from, and none is read by a page of another origin.
pub(super) async fn of_every_answer(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// A page with the policy that was made for it. Windows of another origin cannot reach it; the print page and the page that
/// opened it are of one, and talk to each other.
pub(super) fn of_a_page(headers: &mut HeaderMap, request: &HeaderMap, policy: &str) {
    if let Ok(policy) = HeaderValue::from_str(&policy.replace(SOCKETS, &sockets(request))) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
}

/// Where the client's build left room for the address of sockets (`web-client/policy.mjs`).
const SOCKETS: &str = "{sockets}";

/// The address of this server's sockets, because older browsers do not count it as `'self'`.
fn sockets(request: &HeaderMap) -> String {
    let is_plain = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte));
    let host = request.get(HOST).and_then(|host| host.to_str().ok()).filter(is_plain);
    host.map(|host| format!("ws://{host} wss://{host}")).unwrap_or_default()
}
