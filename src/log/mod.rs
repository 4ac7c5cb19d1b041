//! `PartitionLog`: segments, leader epochs, producer state.
