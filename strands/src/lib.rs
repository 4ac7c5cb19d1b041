//! A wasm module in strands: instructions apart from their operands, and those by what they are (locals, offsets, calls,
//! constants …). Brotli and gzip look at bytes that follow each other; where bytes of one kind do, they find a tenth more.
//!
//! A packed module is a module with one custom section, so that servers send it and pack it as what it is. The section
//! holds blocks, each with the number of its bytes behind this head and the number it unpacks to (32 bits, lowest first).
//! A block is: a number of bytes that stay as they are and these bytes; a number of functions; and, when there are any,
//! the length of each strand and the strands. Numbers are LEB128, as in wasm.

#![no_std]

#[cfg(not(target_arch = "wasm32"))]
extern crate std;

#[cfg(not(target_arch = "wasm32"))]
mod alike;
mod operand;
#[cfg(not(target_arch = "wasm32"))]
mod pack;
mod unpack;

#[cfg(not(target_arch = "wasm32"))]
pub use alike::alike;
#[cfg(not(target_arch = "wasm32"))]
pub use pack::{Seam, pack, seams, unzipped, zipped};
pub use unpack::unpack;

/// What stands before the blocks: a module's head, then a custom section of a length in five bytes, by its name.
pub const HEAD: &[u8] = b"\0asm\x01\0\0\0";
pub const NAME: &[u8] = b"\x07strands";
/// The name, just as long, where a packed module follows that was packed with gzip as a whole: for servers that pack nothing.
pub const ZIPPED: &[u8] = b"\x07gzipped";
/// Bytes before the first block.
pub const BLOCKS_AT: usize = HEAD.len() + 1 + 5 + NAME.len();

/// Locals that a function may have.
const MAX_LOCALS: usize = 4096;
