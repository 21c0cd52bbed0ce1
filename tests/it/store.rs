//! Rules l and s20 to s27: what every store promises (`contract`), and what the local one and the one at Redis do besides.

mod box_format;
mod codes;
mod contract;
mod directory;
pub mod disk;
mod fixtures;
mod killed;
mod local;
mod model;
mod people;
mod power_cut;
pub mod redis;
mod secrecy;
mod world;
