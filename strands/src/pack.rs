//! From a module's bytes to strands.

use std::format;
use std::string::String;
use std::vec::Vec;

use crate::operand::{CODES, DECLARED, FAR, FAR_CONSTANT, FLOATS, LOCALS, OTHERS, Operand, PAIRS, STRANDS, TABLES};
use crate::operand::{behind_prefix, code_of, constants, offsets, operand};
use crate::{BLOCKS_AT, HEAD, MAX_LOCALS, NAME, ZIPPED};

/// A block ends behind the function with which it has so many bytes: the loader hands on one block after the other, so
/// that the browser compiles while the next one comes. With smaller ones each strand is too short to be packed well.
const BLOCK: usize = 1_000_000;

const CODE_SECTION: u8 = 10;

/// From so many bytes on a constant is a far one: one of fewer is no address of what the program brings along, which lies
/// behind a stack of 2^20 bytes.
const FAR_BYTES: usize = 4;

/// The module in strands. Fails with a sentence where it has what is not known here, or is damaged.
pub fn pack(module: &[u8]) -> Result<Vec<u8>, String> {
    let mut blocks = Vec::new();
    let mut reader = Reader { bytes: module, at: HEAD.len() };
    if !module.starts_with(HEAD) {
        return Err("it does not begin as a wasm module does".into());
    }
    let mut kept = 0;
    while reader.at < module.len() {
        let section = reader.byte()?;
        let length = reader.number()?;
        let end = reader.at + length;
        if end > module.len() {
            return Err("the module ends early".into());
        }
        if section == CODE_SECTION {
            kept = functions(&mut reader, kept, &mut blocks)?;
        }
        reader.at = end;
    }
    block(&module[kept..], 0, &[], module.len() - kept, &mut blocks);
    Ok(section(NAME, &blocks))
}

/// A packed module that was packed once more with gzip, as a module that servers send as what it is.
pub fn zipped(gzip: &[u8]) -> Vec<u8> {
    section(ZIPPED, gzip)
}

/// What [`zipped`] was given; none when this is another module.
pub fn unzipped(module: &[u8]) -> Option<&[u8]> {
    let (head, gzip) = module.split_at_checked(BLOCKS_AT)?;
    (head.starts_with(HEAD) && head.ends_with(ZIPPED)).then_some(gzip)
}

/// A module with one custom section.
fn section(name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut module = HEAD.to_vec();
    module.push(0);
    // As long as a number of 32 bits gets, so that the content begins at one place.
    let length = name.len() + content.len();
    (0..5).for_each(|at| module.push((length >> (7 * at)) as u8 & 0x7f | if at < 4 { 0x80 } else { 0 }));
    module.extend(name);
    module.extend(content);
    module
}

/// Where one strand, or what is kept, ends and another begins: Brotli finds more when it begins anew there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seam {
    pub at: usize,
    /// Before it stand the codes of instructions.
    pub has_codes: bool,
}

/// All seams of a packed module.
pub fn seams(packed: &[u8]) -> Vec<Seam> {
    let mut seams = Vec::new();
    let mut reader = Reader { bytes: packed, at: BLOCKS_AT };
    while reader.at < packed.len() {
        let length = u32::from_le_bytes(core::array::from_fn(|at| packed[reader.at + at])) as usize;
        reader.at += 8;
        let end = reader.at + length;
        let _ = block_seams(&mut reader, &mut seams);
        reader.at = end;
        seams.push(Seam { at: end, has_codes: false });
    }
    seams
}

fn block_seams(reader: &mut Reader<'_>, seams: &mut Vec<Seam>) -> Result<(), String> {
    reader.at += reader.number()?;
    seams.push(Seam { at: reader.at, has_codes: false });
    if reader.number()? > 0 {
        let mut lengths = Vec::new();
        for _ in 0..STRANDS {
            lengths.push(reader.number()?);
        }
        for (strand, length) in lengths.into_iter().enumerate() {
            seams.push(Seam { at: reader.at, has_codes: strand == CODES + 1 });
            reader.at += length;
        }
    }
    Ok(())
}

/// The blocks of all functions. What stands before them from `kept` on stays as it is; returns where they end.
fn functions(reader: &mut Reader<'_>, mut kept: usize, blocks: &mut Vec<u8>) -> Result<usize, String> {
    let functions = reader.number()?;
    let (mut first, mut in_block) = (reader.at, 0);
    let mut strands = Strands::default();
    for function in 1..=functions {
        let length = reader.number()?;
        let end = reader.at + length;
        strands.function(reader)?;
        if reader.at != end {
            return Err(format!("function {function} ends at byte {} instead of {end}", reader.at));
        }
        in_block += 1;
        if reader.at - first >= BLOCK || function == functions {
            let raw = &reader.bytes[kept..first];
            block(raw, in_block, &strands.0, raw.len() + reader.at - first, blocks);
            strands = Strands::default();
            (kept, first, in_block) = (reader.at, reader.at, 0);
        }
    }
    Ok(kept)
}

fn block(kept: &[u8], functions: usize, strands: &[Vec<u8>], unpacked: usize, blocks: &mut Vec<u8>) {
    let mut packed = Vec::new();
    put(&mut packed, kept.len());
    packed.extend(kept);
    put(&mut packed, functions);
    for strand in strands {
        put(&mut packed, strand.len());
    }
    packed.extend(strands.concat());
    blocks.extend((packed.len() as u32).to_le_bytes());
    blocks.extend((unpacked as u32).to_le_bytes());
    blocks.extend(packed);
}

fn put(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[derive(Default)]
struct Strands([Vec<u8>; STRANDS]);

impl Strands {
    fn function(&mut self, reader: &mut Reader<'_>) -> Result<(), String> {
        for _ in 0..self.copy(reader, DECLARED)? {
            self.copy(reader, DECLARED)?;
            self.copy(reader, DECLARED)?;
        }
        // As when it is unpacked: the locals, the last used first.
        let mut recent: Vec<usize> = (0..MAX_LOCALS).collect();
        let (mut depth, mut constant, mut codes) = (0, None, Vec::new());
        loop {
            let instruction = reader.byte()?;
            let operand = operand(instruction);
            if let Some(number) = constant.take() {
                self.0[constants(instruction)].extend::<&[u8]>(number);
            }
            let code = match operand {
                Operand::Memory => {
                    let align = reader.byte()?;
                    let loose = || format!("instruction {instruction:#x} is aligned to 2^{align}");
                    code_of(instruction, align).ok_or_else(loose)?
                }
                Operand::Constant if reader.length()? >= FAR_BYTES => FAR_CONSTANT,
                _ => instruction,
            };
            codes.push(code);
            match operand {
                Operand::None => {}
                Operand::Block => {
                    depth += 1;
                    self.copy(reader, OTHERS)?;
                }
                Operand::End if depth == 0 => {
                    self.0[CODES].extend(paired(codes));
                    return Ok(());
                }
                Operand::End => depth -= 1,
                Operand::Local => {
                    let local = reader.number()?;
                    let ago = recent.iter().position(|recent| *recent == local);
                    let ago = ago.ok_or_else(|| format!("a function has more than {MAX_LOCALS} locals"))?;
                    recent[..=ago].rotate_right(1);
                    put(&mut self.0[LOCALS], ago);
                }
                Operand::Memory => _ = self.copy(reader, offsets(instruction))?,
                Operand::Constant if code == FAR_CONSTANT => _ = self.copy(reader, FAR)?,
                Operand::Constant => {
                    let start = reader.at;
                    reader.number()?;
                    constant = Some(&reader.bytes[start..reader.at]);
                }
                Operand::Numbers(count, strand) => self.copy_all(reader, count, strand)?,
                Operand::Branches => {
                    let targets = self.copy(reader, TABLES)?;
                    self.copy_all(reader, targets + 1, TABLES)?;
                }
                Operand::Float(bytes) => {
                    for _ in 0..bytes {
                        let byte = reader.byte()?;
                        self.0[FLOATS].push(byte);
                    }
                }
                Operand::Types => {
                    let types = self.copy(reader, OTHERS)?;
                    self.copy_all(reader, types, OTHERS)?;
                }
                Operand::Prefixed => {
                    let second = self.copy(reader, OTHERS)?;
                    let behind = u8::try_from(second).ok().and_then(behind_prefix);
                    let behind = behind.ok_or_else(|| format!("instruction {instruction:#x} {second} is not known"))?;
                    self.copy_all(reader, behind, OTHERS)?;
                }
                Operand::FarConstant | Operand::Pair | Operand::Unknown => {
                    return Err(format!("instruction {instruction:#x} is not known"));
                }
            }
        }
    }

    fn copy_all(&mut self, reader: &mut Reader<'_>, count: usize, strand: usize) -> Result<(), String> {
        (0..count).try_for_each(|_| self.copy(reader, strand).map(|_| ()))
    }

    fn copy(&mut self, reader: &mut Reader<'_>, strand: usize) -> Result<usize, String> {
        let start = reader.at;
        let number = reader.number()?;
        self.0[strand].extend(&reader.bytes[start..reader.at]);
        Ok(number)
    }
}

/// A function's codes with pairs of them as one.
fn paired(mut codes: Vec<u8>) -> Vec<u8> {
    for [pair, first, second] in PAIRS {
        let (mut from, mut to) = (0, 0);
        while from < codes.len() {
            let is_pair = codes[from] == first && codes.get(from + 1) == Some(&second);
            codes[to] = if is_pair { pair } else { codes[from] };
            from += if is_pair { 2 } else { 1 };
            to += 1;
        }
        codes.truncate(to);
    }
    codes
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, String> {
        let byte = self.bytes.get(self.at).ok_or("the module ends early")?;
        self.at += 1;
        Ok(*byte)
    }

    /// How many bytes the next number has.
    fn length(&mut self) -> Result<usize, String> {
        let start = self.at;
        self.number()?;
        let length = self.at - start;
        self.at = start;
        Ok(length)
    }

    /// A number; of one with a sign its bits.
    fn number(&mut self) -> Result<usize, String> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).unbounded_shl(shift);
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }
}
