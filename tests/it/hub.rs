//! Meetings that are watched: loaded while others go on, and let go when nobody needs them.

mod letting_go;
mod loading;
mod slow_disk;
