//! The edge of the server, the only place that knows axum: requests and sockets come in here, are handed to whoever decides, and
//! are answered.

pub mod http;
pub mod socket;
