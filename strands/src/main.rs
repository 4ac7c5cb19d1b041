//! The unpacker as the loader runs it: it lays a block into this module's memory and takes what comes out.

#![no_std]
#![no_main]

use core::panic::PanicInfo;

/// Unpacks the block of so many bytes at `from` to `to`, where the loader has made room, and returns how many they are.
#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "the loader owns this memory and says where the block lies")]
pub extern "C" fn unpack(from: usize, length: usize, to: usize, room: usize) -> usize {
    // SAFETY: both stretches lie within the memory, apart from each other and behind this program's own data.
    let (block, out) = unsafe {
        (core::slice::from_raw_parts(from as *const u8, length), core::slice::from_raw_parts_mut(to as *mut u8, room))
    };
    strands::unpack(block, out)
}

#[panic_handler]
fn damaged(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
