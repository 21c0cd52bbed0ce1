//! What leaves the server as a file: tables as xlsx and CSV, a whole meeting as one archive, and the page of slips. Tables
//! are made from the view that a screen gets, and from nothing beside it: what `view` holds back is in no file.

pub mod archive;
pub mod components;
pub mod csv;
pub mod restore;
pub mod slips;
pub mod tables;
pub mod words;
pub mod xlsx;
