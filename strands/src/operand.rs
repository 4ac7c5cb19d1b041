//! What stands behind an instruction's byte, and in which strand.

/// Strands of a block. The first has a code for each instruction, the others what stands behind it.
pub(crate) const STRANDS: usize = 21;

pub(crate) const CODES: usize = 0;
/// How long ago a local was used last: 0 for the one that was used just before.
pub(crate) const LOCALS: usize = 1;
const LOADS: usize = 2;
const STORES: usize = 3;
const CALLS: usize = 4;
const BRANCHES: usize = 5;
const LONGS: usize = 6;
/// The types of a function's locals.
pub(crate) const DECLARED: usize = 7;
pub(crate) const OTHERS: usize = 8;
pub(crate) const TABLES: usize = 9;
pub(crate) const FLOATS: usize = 10;
/// Constants of 32 bits in four bytes or more: addresses of what the program brings along.
pub(crate) const FAR: usize = 11;
/// The others, apart by what the next instruction is: it says what they are for.
const CONSTANTS: usize = 12;

/// The code of a constant of four bytes or more.
pub(crate) const FAR_CONSTANT: u8 = 0xc5;
/// The instruction of every constant of 32 bits.
const CONSTANT: u8 = 0x41;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operand {
    None,
    /// A block begins: its type.
    Block,
    /// A block, or the function, ends.
    End,
    Local,
    /// How an address is aligned, which the code says, and the offset from it.
    Memory,
    Constant,
    FarConstant,
    /// So many numbers of a strand.
    Numbers(usize, usize),
    /// The targets of a table of branches, and their number.
    Branches,
    /// So many bytes of a floating-point number.
    Float(usize),
    /// A number of types, and the types.
    Types,
    /// An instruction of two numbers, and what stands behind it.
    Prefixed,
    /// Two codes, see [`PAIRS`].
    Pair,
    /// Nothing that this page's compiler writes.
    Unknown,
}

/// The instructions that reach for memory, from `i32.load` to `i64.store32`: how they are aligned (as a power of two)
/// when nothing speaks against it.
const FIRST_MEMORY: u8 = 0x28;
const FIRST_STORE: u8 = 0x36;
const NATURAL: [u8; 23] = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];

/// Codes from here on are instructions of memory that are aligned to less than they could be.
const FIRST_LOOSE: u8 = 0xd6;

/// Codes that mean two others, one behind the other, the first of which may mean two itself: the pairs that this page's
/// instructions have most often, each found when those before it were put in place. No function ends within one.
pub(crate) const PAIRS: [[u8; 3]; 37] = [
    [0x06, 0x20, 0x41],
    [0x07, 0x20, 0x20],
    [0x08, 0x06, 0x6a],
    [0x09, 0x20, 0x28],
    [0x0a, 0x36, 0x07],
    [0x14, 0x41, 0x10],
    [0x15, 0x08, 0x10],
    [0x16, 0x0c, 0x0b],
    [0x17, 0x02, 0x02],
    [0x18, 0x09, 0x21],
    [0x19, 0x06, 0x36],
    [0x1d, 0x09, 0x22],
    [0x1e, 0x20, 0x10],
    [0x1f, 0x41, 0x21],
    [0x27, 0x45, 0x0d],
    [0xc6, 0x07, 0x28],
    [0xc7, 0xda, 0xec],
    [0xc8, 0x14, 0x14],
    [0xc9, 0x41, 0x6a],
    [0xca, 0x08, 0x21],
    [0xcb, 0x20, 0x08],
    [0xcc, 0x10, 0x10],
    [0xcd, 0x0a, 0x36],
    [0xce, 0x20, 0x42],
    [0xcf, 0x09, 0x10],
    [0xd3, 0x47, 0x0d],
    [0xd4, 0x20, 0xc5],
    [0xd5, 0x6b, 0x22],
    [0xf6, 0x46, 0x0d],
    [0xf7, 0x07, 0x10],
    [0xf8, 0x37, 0x07],
    [0xf9, 0x08, 0x15],
    [0xfa, 0x23, 0x41],
    [0xfb, 0xfa, 0xd5],
    [0xfd, 0xfb, 0x24],
    [0xfe, 0x08, 0x24],
    [0xff, 0x07, 0xc7],
];

/// The two codes that each code means; nothing for one that means itself.
pub(crate) static MEANT: [[u8; 2]; 256] = meant();

const fn meant() -> [[u8; 2]; 256] {
    let mut meant = [[0; 2]; 256];
    let mut at = 0;
    while at < PAIRS.len() {
        let [code, first, second] = PAIRS[at];
        meant[code as usize] = [first, second];
        at += 1;
    }
    meant
}

/// The code of an instruction of memory with this alignment.
pub(crate) const fn code_of(instruction: u8, align: u8) -> Option<u8> {
    let place = (instruction - FIRST_MEMORY) as usize;
    if align == NATURAL[place] {
        return Some(instruction);
    }
    if align > NATURAL[place] {
        return None;
    }
    let (mut at, mut code) = (0, FIRST_LOOSE + align);
    while at < place {
        code += NATURAL[at];
        at += 1;
    }
    Some(code)
}

/// The instruction of each code, what stands behind it, its alignment, and the strand of a constant before it.
#[derive(Clone, Copy)]
pub(crate) struct Code {
    pub instruction: u8,
    pub operand: Operand,
    pub align: u8,
    pub constants: u8,
}

pub(crate) static ALL: [Code; 256] = all();

const fn all() -> [Code; 256] {
    let mut all = [Code { instruction: 0, operand: Operand::Unknown, align: 0, constants: 0 }; 256];
    let mut code = 0;
    while code < 256 {
        let instruction = code as u8;
        let (operand, constants) = (operand(instruction), constants(instruction) as u8);
        all[code] = Code { instruction, operand, align: 0, constants };
        code += 1;
    }
    let mut place = 0;
    while place < NATURAL.len() {
        let instruction = FIRST_MEMORY + place as u8;
        let mut align = 0;
        while align <= NATURAL[place] {
            if let Some(code) = code_of(instruction, align) {
                let constants = constants(instruction) as u8;
                all[code as usize] = Code { instruction, operand: Operand::Memory, align, constants };
            }
            align += 1;
        }
        place += 1;
    }
    let constants = constants(CONSTANT) as u8;
    all[FAR_CONSTANT as usize] = Code { instruction: CONSTANT, operand: Operand::FarConstant, align: 0, constants };
    let mut pair = 0;
    while pair < PAIRS.len() {
        let [code, first, _] = PAIRS[pair];
        let constants = all[first as usize].constants;
        all[code as usize] = Code { instruction: 0, operand: Operand::Pair, align: 0, constants };
        pair += 1;
    }
    all
}

/// What stands behind an instruction as wasm has it, without codes of our own.
pub(crate) const fn operand(instruction: u8) -> Operand {
    match instruction {
        0x02..=0x04 => Operand::Block,
        0x0b => Operand::End,
        0x0c | 0x0d => Operand::Numbers(1, BRANCHES),
        0x0e => Operand::Branches,
        0x10 | 0x12 => Operand::Numbers(1, CALLS),
        0x11 | 0x13 => Operand::Numbers(2, OTHERS),
        0x1c => Operand::Types,
        0x20..=0x22 => Operand::Local,
        0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => Operand::Numbers(1, OTHERS),
        0x28..=0x3e => Operand::Memory,
        CONSTANT => Operand::Constant,
        0x42 => Operand::Numbers(1, LONGS),
        0x43 => Operand::Float(4),
        0x44 => Operand::Float(8),
        0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Operand::None,
        0xfc => Operand::Prefixed,
        _ => Operand::Unknown,
    }
}

/// The strand of an offset.
pub(crate) const fn offsets(instruction: u8) -> usize {
    if instruction < FIRST_STORE { LOADS } else { STORES }
}

/// The strand of a constant before this instruction.
pub(crate) const fn constants(next: u8) -> usize {
    CONSTANTS
        + match next {
            // Added; subtracted, multiplied or divided by; compared with; shifted by, or a mask.
            0x6a => 0,
            0x6b..=0x70 => 1,
            0x45..=0x5a => 2,
            0x71..=0x78 => 3,
            _ => match operand(next) {
                Operand::Memory => 4,
                Operand::Local => 5,
                Operand::Constant => 6,
                Operand::Numbers(1, CALLS) => 7,
                _ => 8,
            },
        }
}

/// How many numbers stand behind the second one of an instruction that begins with `0xfc`; none: it is not known.
pub(crate) const fn behind_prefix(second: u8) -> Option<usize> {
    match second {
        0..=7 => Some(0),
        8 | 10 | 12 | 14 => Some(2),
        9 | 11 | 13 | 15..=17 => Some(1),
        _ => None,
    }
}
