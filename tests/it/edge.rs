//! What the server's edge holds against whoever floods it, and what it tells browsers.

mod lock_out;
