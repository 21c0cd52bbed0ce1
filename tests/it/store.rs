//! Rules l and s20 to s27: what every store promises (`contract`), and what the local one does besides.

mod contract;
mod directory;
mod disk;
mod fixtures;
mod killed;
mod local;
mod model;
mod power_cut;
mod secrecy;
mod world;
