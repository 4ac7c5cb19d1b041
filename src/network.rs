//! Connections: FIFO, latency, faults.
