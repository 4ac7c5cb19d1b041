//! `BufferPool`: the memory of `buffer.memory`, handed out for batches.
//!
//! Only sizes are kept, not buffers. A producer of the model has one application thread, so that at most one waits.

use crate::error::{Code, Exception};

/// A thread that waits for memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Waiter {
    size: u64,
    /// What it has got so far; a part may come with each batch that is done.
    accumulated: u64,
}

/// All sizes are bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BufferPool {
    total: u64,
    /// Buffers of this size (`batch.size`) are kept in a free list.
    poolable_size: u64,
    free_buffers: u64,
    non_pooled_available: u64,
    waiter: Option<Waiter>,
    /// Something was given back since the waiter looked.
    signalled: bool,
    closed: bool,
}

impl BufferPool {
    pub const fn new(total: u64, poolable_size: u64) -> BufferPool {
        BufferPool {
            total,
            poolable_size,
            free_buffers: 0,
            non_pooled_available: total,
            waiter: None,
            signalled: false,
            closed: false,
        }
    }

    pub const fn total_memory(&self) -> u64 {
        self.total
    }

    pub const fn available_memory(&self) -> u64 {
        self.non_pooled_available + self.free_buffers * self.poolable_size
    }

    /// What a waiting thread has got so far.
    pub fn taken_by_waiter(&self) -> u64 {
        self.waiter.map_or(0, |waiter| waiter.accumulated)
    }

    /// How many threads wait.
    pub fn queued(&self) -> u32 {
        u32::from(self.waiter.is_some())
    }

    /// Takes `size` bytes. False: there are not enough, and the thread waits from now on. `IllegalArgumentException`
    /// when there never can be; `KafkaException` when the producer is closed.
    pub fn allocate(&mut self, size: u64) -> Result<bool, Exception> {
        assert!(self.waiter.is_none(), "an application thread waits for one buffer at a time");
        if size > self.total {
            let total = self.total;
            let message = format!(
                "Attempt to allocate {size} bytes, but there is a hard limit of {total} on memory allocations."
            );
            return Err(Exception::new("IllegalArgumentException", None, message));
        }
        self.check_open()?;
        if size == self.poolable_size && self.free_buffers > 0 {
            self.free_buffers -= 1;
            return Ok(true);
        }
        if self.available_memory() >= size {
            self.free_up(size);
            self.non_pooled_available -= size;
            return Ok(true);
        }
        self.waiter = Some(Waiter { size, accumulated: 0 });
        self.signalled = false;
        Ok(false)
    }

    /// Whether the waiting thread has a reason to look again.
    pub const fn is_signalled(&self) -> bool {
        self.signalled
    }

    /// The waiting thread looks again. True: it has its memory and waits no longer.
    /// `KafkaException` when the producer was closed meanwhile: the thread then waits no longer either.
    pub fn take_more(&mut self) -> Result<bool, Exception> {
        self.signalled = false;
        let mut waiter = self.waiter.expect("a thread waits");
        if let Err(closed) = self.check_open() {
            self.give_up();
            return Err(closed);
        }
        if waiter.accumulated == 0 && waiter.size == self.poolable_size && self.free_buffers > 0 {
            self.free_buffers -= 1;
            waiter.accumulated = waiter.size;
        } else {
            let wanted = waiter.size - waiter.accumulated;
            self.free_up(wanted);
            let got = wanted.min(self.non_pooled_available);
            self.non_pooled_available -= got;
            waiter.accumulated += got;
        }
        let done = waiter.accumulated == waiter.size;
        self.waiter = (!done).then_some(waiter);
        Ok(done)
    }

    /// The time to wait is over: `BufferExhaustedException`, and what the thread had got goes back. `max_block_ms` is
    /// the time it was allowed.
    pub fn exhausted(&mut self, max_block_ms: u64) -> Exception {
        let waiter = self.waiter.expect("a thread waits");
        let message = format!(
            "Failed to allocate {} bytes within the configured max blocking time {max_block_ms} ms. Total memory: {} bytes. \
             Available memory: {} bytes. Poolable size: {} bytes",
            waiter.size,
            self.total,
            self.available_memory(),
            self.poolable_size
        );
        self.give_up();
        Exception::new("BufferExhaustedException", Some(Code::RequestTimedOut), message)
    }

    fn give_up(&mut self) {
        if let Some(waiter) = self.waiter.take() {
            self.non_pooled_available += waiter.accumulated;
        }
    }

    /// Gives a buffer of `size` bytes back.
    pub fn deallocate(&mut self, size: u64) {
        if size == self.poolable_size {
            self.free_buffers += 1;
        } else {
            self.non_pooled_available += size;
        }
        self.signalled = self.waiter.is_some();
        assert!(self.available_memory() <= self.total, "no more comes back than was taken");
    }

    pub fn close(&mut self) {
        self.closed = true;
        self.signalled = self.waiter.is_some();
    }

    fn check_open(&self) -> Result<(), Exception> {
        if self.closed {
            return Err(Exception::new("KafkaException", None, "Producer closed while allocating memory"));
        }
        Ok(())
    }

    /// Takes buffers off the free list until `size` bytes are unpooled, or the list is empty.
    fn free_up(&mut self, size: u64) {
        while self.free_buffers > 0 && self.non_pooled_available < size {
            self.free_buffers -= 1;
            self.non_pooled_available += self.poolable_size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BufferPool;

    #[test]
    fn a_waiter_collects_what_comes_back() {
        let mut pool = BufferPool::new(3000, 1000);
        assert_eq!(pool.allocate(1000), Ok(true));
        assert_eq!(pool.allocate(1500), Ok(true));
        assert_eq!(pool.allocate(1200), Ok(false));
        assert_eq!((pool.queued(), pool.available_memory()), (1, 500));
        pool.deallocate(1000);
        assert!(pool.is_signalled());
        assert_eq!(pool.take_more(), Ok(true));
        assert_eq!((pool.queued(), pool.available_memory()), (0, 300));
        assert_eq!(pool.allocate(400), Ok(false));
        assert_eq!(pool.take_more(), Ok(false));
        let error = pool.exhausted(1000);
        assert!(error.message.contains("Failed to allocate 400 bytes"), "{}", error.message);
        assert!(error.message.contains("Available memory: 0 bytes"), "{}", error.message);
        assert_eq!(pool.available_memory(), 300, "what it had got went back");
        assert!(pool.allocate(3001).is_err());
    }
}
