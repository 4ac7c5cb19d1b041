//! The page in a real Chromium: tests, measurements, and the lines of a page that computes some.
//!
//! `cargo xtask test` and `cargo xtask bench` build the site and run this. By hand, on a site that is built:
//! `cargo run -p partita-browser -- test target/site-release [NAME…]`. A test is a function in `src/cases/`.

pub mod axe;
pub mod base64;
pub mod bench;
pub mod cases;
pub mod documents;
pub mod driver;
pub mod frames;
mod key_code;
pub mod page;
pub mod picture;
pub mod servers;
pub mod suite;
