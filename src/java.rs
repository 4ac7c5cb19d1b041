//! What depends on Java itself: `String.hashCode`, the iteration order of `HashMap`, `ExponentialBackoff`.
