//! From strands back to a module's bytes.

use crate::MAX_LOCALS;
use crate::operand::{ALL, CODES, Code, DECLARED, FAR, FLOATS, LOCALS, MEANT, OTHERS, Operand, PAIRS, STRANDS, TABLES};
use crate::operand::{behind_prefix, offsets};

/// Room for the length of a function's body, which is known behind it.
const ROOM: usize = 5;

/// Unpacks a block, without its head, and returns how many bytes there are. `out` has room for them and five more.
///
/// Panics when the block is damaged.
pub fn unpack(block: &[u8], out: &mut [u8]) -> usize {
    let mut at = 0;
    let kept = number(block, &mut at);
    out[..kept].copy_from_slice(&block[at..at + kept]);
    at += kept;
    let functions = number(block, &mut at);
    if functions == 0 {
        return kept;
    }
    let lengths: [usize; STRANDS] = core::array::from_fn(|_| number(block, &mut at));
    let strands = lengths.map(|length| {
        at += length;
        at - length
    });
    let mut unpacking =
        Unpacking { block, strands, out, to: kept, recent: [0; MAX_LOCALS], waiting: [0; PAIRS.len()], waits: 0 };
    (0..functions).for_each(|_| unpacking.function());
    unpacking.to
}

fn number(bytes: &[u8], at: &mut usize) -> usize {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return number;
        }
        shift += 7;
    }
}

struct Unpacking<'a> {
    block: &'a [u8],
    /// Where each strand is read next.
    strands: [usize; STRANDS],
    out: &'a mut [u8],
    to: usize,
    /// The locals of a function, the last used first.
    recent: [u16; MAX_LOCALS],
    /// The second codes of pairs whose first ones are not done yet, the next one last, and how many they are.
    waiting: [u8; PAIRS.len()],
    waits: usize,
}

impl Unpacking<'_> {
    fn function(&mut self) {
        let start = self.to;
        self.to += ROOM;
        self.declared();
        self.body();
        let length = self.to - start - ROOM;
        self.to = start;
        let mut left = length;
        while left > 0x7f {
            self.put(left as u8 | 0x80);
            left >>= 7;
        }
        self.put(left as u8);
        self.out.copy_within(start + ROOM..start + ROOM + length, self.to);
        self.to += length;
    }

    /// A number of groups of locals: how many, and of which type.
    fn declared(&mut self) {
        let groups = self.copy(DECLARED);
        for _ in 0..groups {
            self.copy(DECLARED);
            self.copy(DECLARED);
        }
    }

    fn body(&mut self) {
        // Locals from here on were not used yet, and stand in order.
        let mut known = 0;
        let mut depth = 0;
        loop {
            let code = self.code();
            self.put(code.instruction);
            match code.operand {
                Operand::None => {}
                Operand::Block => {
                    depth += 1;
                    self.copy(OTHERS);
                }
                Operand::End if depth == 0 => return,
                Operand::End => depth -= 1,
                Operand::Local => {
                    let ago = number(self.block, &mut self.strands[LOCALS]);
                    while known <= ago {
                        self.recent[known] = known as u16;
                        known += 1;
                    }
                    let local = self.recent[ago];
                    self.recent.copy_within(..ago, 1);
                    self.recent[0] = local;
                    if local > 0x7f {
                        self.put(local as u8 | 0x80);
                        self.put((local >> 7) as u8);
                    } else {
                        self.put(local as u8);
                    }
                }
                Operand::Memory => {
                    self.put(code.align);
                    self.copy(offsets(code.instruction));
                }
                Operand::Constant => {
                    let next = match self.waits {
                        0 => self.block[self.strands[CODES]],
                        waits => self.waiting[waits - 1],
                    };
                    self.copy(usize::from(ALL[usize::from(next)].constants));
                }
                Operand::FarConstant => _ = self.copy(FAR),
                Operand::Numbers(count, strand) => (0..count).for_each(|_| _ = self.copy(strand)),
                Operand::Branches => {
                    let targets = self.copy(TABLES);
                    (0..=targets).for_each(|_| _ = self.copy(TABLES));
                }
                Operand::Float(bytes) => {
                    for _ in 0..bytes {
                        let byte = self.byte(FLOATS);
                        self.put(byte);
                    }
                }
                Operand::Types => {
                    let types = self.copy(OTHERS);
                    (0..types).for_each(|_| _ = self.copy(OTHERS));
                }
                Operand::Prefixed => {
                    let second = self.copy(OTHERS);
                    let behind = behind_prefix(second as u8).unwrap_or(0);
                    (0..behind).for_each(|_| _ = self.copy(OTHERS));
                }
                Operand::Pair | Operand::Unknown => panic!(),
            }
        }
    }

    /// The next code that means itself.
    fn code(&mut self) -> Code {
        let mut code = match self.waits {
            0 => self.byte(CODES),
            waits => {
                self.waits -= 1;
                self.waiting[waits - 1]
            }
        };
        while ALL[usize::from(code)].operand == Operand::Pair {
            let [first, second] = MEANT[usize::from(code)];
            self.waiting[self.waits] = second;
            self.waits += 1;
            code = first;
        }
        ALL[usize::from(code)]
    }

    fn byte(&mut self, strand: usize) -> u8 {
        let at = &mut self.strands[strand];
        *at += 1;
        self.block[*at - 1]
    }

    fn put(&mut self, byte: u8) {
        self.out[self.to] = byte;
        self.to += 1;
    }

    /// Copies a number of a strand, and returns it when it is a short one.
    fn copy(&mut self, strand: usize) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte(strand);
            self.put(byte);
            number |= usize::from(byte & 0x7f).unbounded_shl(shift);
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }
}
