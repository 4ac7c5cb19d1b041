//! What a site may weigh, where the tests hold it as well as the figures: bytes.

/// The page as one file.
pub const ONE_FILE: u64 = 1_600_000;

/// What a server that packs nothing sends before the first step works.
pub const PLAIN: u64 = 1_200_000;
