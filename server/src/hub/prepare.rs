//! What the server adds to a wish before it can be carried out.

mod erasing;
mod paper;
mod publishing;
