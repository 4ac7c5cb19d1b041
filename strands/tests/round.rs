//! A module comes back as it was, byte for byte.

use proptest::prelude::*;
use strands::{BLOCKS_AT, HEAD, NAME, pack, seams, unpack, unzipped, zipped};

fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id], &number(content.len() as u64)[..], content].concat()
}

/// A module of functions with these bodies, between a section before the code and one behind it.
fn module(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut code = number(bodies.len() as u64);
    for body in bodies {
        code.extend(number(body.len() as u64));
        code.extend(body);
    }
    [HEAD, &section(1, b"types"), &section(10, &code), &section(11, b"data, as long as it may be")].concat()
}

/// As the loader does it: block by block.
fn unpacked(packed: &[u8]) -> Vec<u8> {
    assert_eq!(&packed[..8], HEAD);
    assert_eq!(&packed[14..BLOCKS_AT], NAME);
    let (mut out, mut rest) = (Vec::new(), &packed[BLOCKS_AT..]);
    while !rest.is_empty() {
        let size = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| rest[at + byte])) as usize;
        let (length, room) = (size(0), size(4));
        let mut block = vec![0; room + 5];
        let made = unpack(&rest[8..8 + length], &mut block);
        assert_eq!(made, room);
        out.extend(&block[..made]);
        rest = &rest[8 + length..];
    }
    out
}

/// One instruction with what stands behind it; blocks are closed where a body is put together.
fn instruction() -> impl Strategy<Value = Vec<u8>> {
    let loose =
        (0x28..=0x3e_u8, any::<u32>()).prop_map(|(code, offset)| [&[code, 0], &number(offset.into())[..]].concat());
    let with = |code: &'static [u8]| {
        (0..code.len(), any::<u32>()).prop_map(|(at, of)| [&[code[at]], &number(of.into())[..]].concat())
    };
    prop_oneof![
        (0x45..=0xc4_u8).prop_map(|code| vec![code]),
        (0x20..=0x22_u8, 0..400_u64).prop_map(|(code, local)| [&[code], &number(local)[..]].concat()),
        (0x20..=0x22_u8, 0..4_u64).prop_map(|(code, local)| [&[code], &number(local)[..]].concat()),
        loose,
        any::<u16>().prop_map(|offset| [&[0x36, 2], &number(offset.into())[..]].concat()),
        any::<u16>().prop_map(|offset| [&[0x29, 3], &number(offset.into())[..]].concat()),
        with(&[0x41, 0x42, 0x10, 0x0c, 0x0d, 0x23, 0x24]),
        Just(vec![0x11, 5, 0]),
        Just([&[0x44], &1.5_f64.to_le_bytes()[..]].concat()),
        Just([&[0x43], &1.5_f32.to_le_bytes()[..]].concat()),
        prop::collection::vec(0..9_u8, 1..6)
            .prop_map(|targets| [&[0x0e, targets.len() as u8 - 1], &targets[..]].concat()),
        Just(vec![0x1c, 1, 0x7f]),
        Just(vec![0xfc, 10, 0, 0]),
        Just(vec![0xfc, 11, 0]),
        Just(vec![0xfc, 2]),
        Just(vec![0x02, 0x40, 0x41, 1, 0x0b]),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(instruction(), 0..80)
        .prop_map(|instructions| [&[1, 3, 0x7f], &instructions.concat()[..], &[0x0b]].concat())
}

proptest! {
    #[test]
    fn a_module_comes_back(bodies in prop::collection::vec(body(), 0..12)) {
        let module = module(&bodies);
        let packed = pack(&module).expect("all of it is known");
        prop_assert_eq!(unpacked(&packed), module);
        let seams = seams(&packed);
        prop_assert!(seams.is_sorted_by_key(|seam| seam.at) && seams.last().map(|seam| seam.at) == Some(packed.len()));
    }
}

#[test]
fn many_functions_are_many_blocks() {
    let body = [&[0][..], &[0x20, 1, 0x41, 0xe4, 0, 0x6a, 0x21, 1].repeat(5000), &[0x0b]].concat();
    let module = module(&vec![body; 60]);
    let packed = pack(&module).expect("all of it is known");
    assert_eq!(unpacked(&packed), module);
    let seams = seams(&packed);
    assert!(seams.len() > 40, "two blocks of strands at least");
    let codes: Vec<usize> = (1..seams.len()).filter(|at| seams[*at].has_codes).collect();
    // 20,002 instructions a function; most of them are in pairs.
    assert!(codes.len() >= 2 && codes.iter().all(|at| seams[*at].at - seams[at - 1].at > 40_000), "{codes:?}");
}

/// Constants of every length before instructions of every kind, and every two instructions without operands beside each
/// other, which may be a pair.
#[test]
fn constants_and_pairs_come_back() {
    let mut body = vec![0];
    for next in (0x45..=0xc4).chain([0x1a, 0x0f]) {
        for constant in [0_u64, 0x7f, 0x3fff, 0x000f_ffff, 0x7fff_ffff] {
            body.extend([&[0x41][..], &number(constant), &[next, 0x41, 0, 0x10, 1]].concat());
        }
    }
    for code in [0x6a, 0x45, 0x46, 0x47, 0x6b, 0x20, 0x22, 0x0d, 0x36, 0x28, 0x10, 0x24] {
        for other in [0x6a, 0x45, 0x46, 0x47, 0x6b, 0x20, 0x22, 0x0d, 0x36, 0x28, 0x10, 0x24] {
            for instruction in [code, other] {
                body.push(instruction);
                match instruction {
                    0x36 | 0x28 => body.extend([2, 4]),
                    0x20 | 0x22 | 0x0d | 0x10 | 0x24 => body.push(3),
                    _ => {}
                }
            }
        }
    }
    body.push(0x0b);
    let module = module(&[body.clone(), vec![0, 0x0c, 0, 0x0b], body]);
    let packed = pack(&module).expect("all of it is known");
    assert!(packed.len() < module.len());
    assert_eq!(unpacked(&packed), module);
}

#[test]
fn what_is_not_known_is_said() {
    assert_eq!(pack(b"nothing").unwrap_err(), "it does not begin as a wasm module does");
    assert_eq!(pack(&module(&[vec![0, 0xfd, 0, 0x0b]])).unwrap_err(), "instruction 0xfd is not known");
    assert_eq!(pack(&module(&[vec![0, 0xfc, 99, 0x0b]])).unwrap_err(), "instruction 0xfc 99 is not known");
    assert_eq!(pack(&module(&[vec![0, 0xd6, 0, 0x0b]])).unwrap_err(), "instruction 0xd6 is not known");
    assert_eq!(pack(&module(&[vec![0, 0x28, 9, 0, 0x0b]])).unwrap_err(), "instruction 0x28 is aligned to 2^9");
    let whole = module(&[vec![0, 0x0b]]);
    assert_eq!(pack(&whole[..HEAD.len() + 4]).unwrap_err(), "the module ends early");
}

#[test]
fn functions_that_are_alike_stand_beside_each_other() {
    let one = |with: u8| (0..40).map(|at| if at == 20 { with } else { at }).collect::<Vec<u8>>();
    let other = |with: u8| (0..40).map(|at| if at == 20 { with } else { 99 - at }).collect::<Vec<u8>>();
    let functions = [one(1), other(1), vec![], one(2), other(2), one(3), vec![1]];
    let order = strands::alike(&functions);
    let mut all = order.clone();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3, 4, 5, 6]);
    let places = |of: &[usize]| {
        let mut places: Vec<usize> =
            of.iter().filter_map(|function| order.iter().position(|one| one == function)).collect();
        places.sort_unstable();
        places.windows(2).all(|two| two[0] + 1 == two[1])
    };
    assert!(places(&[0, 3, 5]) && places(&[1, 4]), "{order:?}");
    assert_eq!(strands::alike(&[]), [0usize; 0]);
}

#[test]
fn what_is_zipped_is_a_module_too() {
    let module = zipped(b"gzip");
    assert_eq!(&module[..BLOCKS_AT], b"\0asm\x01\0\0\0\0\x8c\x80\x80\x80\0\x07gzipped");
    assert_eq!(unzipped(&module), Some(&b"gzip"[..]));
    assert_eq!(unzipped(&pack(HEAD).expect("an empty module")), None);
    assert_eq!(unzipped(HEAD), None);
}
