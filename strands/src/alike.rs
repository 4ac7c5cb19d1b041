//! An order of functions in which those that are alike stand beside each other.

use std::collections::BTreeMap;
use std::vec::Vec;

/// So many instructions in a row, of which two functions that are alike have the same.
const ROW: usize = 6;

/// Of so many rows, those whose hashes are the smallest, two functions are compared by.
const KNOWN: usize = 64;

/// A row that more functions have tells nothing of them.
const COMMON: usize = 1024;

/// The places of functions that are given by the bytes of their instructions: after each one comes that of the others left
/// which is most like it. Where none is, the next from the end: by their last instructions, of which more are alike than
/// of the first.
pub fn alike(functions: &[Vec<u8>]) -> Vec<usize> {
    let mut by_end: Vec<usize> = (0..functions.len()).collect();
    by_end.sort_by(|one, other| functions[*one].iter().rev().cmp(functions[*other].iter().rev()));
    // From here on a function is its place in that order.
    let rows: Vec<Vec<u32>> = by_end.iter().map(|function| rows(&functions[*function])).collect();
    let mut holders: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (function, rows) in rows.iter().enumerate() {
        for row in rows {
            holders.entry(*row).or_default().push(function);
        }
    }
    holders.retain(|_, holders| (2..=COMMON).contains(&holders.len()));
    let mut is_left = std::vec![true; functions.len()];
    let mut shared = std::vec![0; functions.len()];
    let (mut order, mut next, mut current) = (Vec::with_capacity(functions.len()), 0, None);
    while let Some(one) = current.or_else(|| (next..functions.len()).find(|function| is_left[*function])) {
        if current.is_none() {
            next = one;
        }
        is_left[one] = false;
        order.push(by_end[one]);
        let mut found: Vec<usize> = Vec::new();
        for row in &rows[one] {
            let Some(holders) = holders.get_mut(row) else { continue };
            holders.retain(|function| is_left[*function]);
            for function in holders {
                if shared[*function] == 0 {
                    found.push(*function);
                }
                shared[*function] += 1;
            }
        }
        // As parts of all rows that one of both has; of equal ones the first from the end.
        let part = |function: usize| {
            let both = shared[function];
            (both, rows[one].len() + rows[function].len() - both)
        };
        current = found.iter().copied().reduce(|best, other| {
            let ((both, all), (other_both, other_all)) = (part(best), part(other));
            match (other_both * all).cmp(&(both * other_all)).then(best.cmp(&other)) {
                std::cmp::Ordering::Greater => other,
                _ => best,
            }
        });
        for function in found {
            shared[function] = 0;
        }
    }
    order
}

/// The rows of a function by which it is compared, as hashes in order.
fn rows(function: &[u8]) -> Vec<u32> {
    let mut rows: Vec<u32> = function.windows(ROW.min(function.len()).max(1)).map(hash).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.truncate(KNOWN);
    rows
}

/// FNV-1a, mixed once more so that the smallest are any.
fn hash(row: &[u8]) -> u32 {
    let hash = row.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d)
}
