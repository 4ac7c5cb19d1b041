//! The functions of a module in an order in which those that are alike stand beside each other.
//!
//! Generic code makes many functions that do nearly the same. Whoever writes a module (`walrus`) puts the largest first,
//! so that like ones lie far apart; beside each other Brotli and gzip find the one in the other, in every strand.

use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{BinaryReaderError, CodeSectionReader, FunctionSectionReader, Parser, Payload};

use crate::weigh::is_function;

/// The same module; only the numbers of functions are others.
pub fn alike(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let told = |error: &dyn std::fmt::Display| format!("the page's functions are not put in order: {error}");
    let (imported, bodies) = functions(wasm).map_err(|error| told(&error))?;
    let instructions = bodies.into_iter().map(|body| instructions(wasm, body));
    let instructions = instructions.collect::<Result<Vec<_>, _>>().map_err(|error| told(&error))?;
    let order = strands::alike(&instructions);
    let mut numbers: Vec<u32> = (0..imported + order.len() as u32).collect();
    for (new, old) in (imported..).zip(&order) {
        numbers[imported as usize + old] = new;
    }
    let mut module = Module::new();
    let mut ordered = Ordered { order, numbers };
    ordered.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|error| told(&error))?;
    Ok(module.finish())
}

/// How many functions are imported, and where the body of each other one lies.
fn functions(wasm: &[u8]) -> Result<(u32, Vec<Range<usize>>), BinaryReaderError> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                imported = imports.into_imports().filter(|import| is_function(import.as_ref())).count();
            }
            Payload::CodeSectionEntry(body) => {
                bodies.push(body.get_operators_reader()?.original_position()..body.range().end);
            }
            _ => {}
        }
    }
    Ok((imported as u32, bodies))
}

/// The first byte of each instruction.
fn instructions(wasm: &[u8], body: Range<usize>) -> Result<Vec<u8>, BinaryReaderError> {
    let mut reader = wasmparser::OperatorsReader::new(wasmparser::BinaryReader::new(&wasm[body.clone()], body.start));
    let mut found = Vec::new();
    while !reader.eof() {
        found.push(wasm[reader.original_position()]);
        reader.read()?;
    }
    Ok(found)
}

struct Ordered {
    /// The old places of the functions, in the new order.
    order: Vec<usize>,
    /// The new number of each function.
    numbers: Vec<u32>,
}

impl Reencode for Ordered {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.numbers[function as usize])
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for old in &self.order {
            functions.function(types[*old]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for old in self.order.clone() {
            utils::parse_function_body(self, code, bodies[old].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, ModuleConfig, ValType};

    /// Three functions that give a number; `main`, the second, calls the first and the third.
    fn module() -> Vec<u8> {
        let mut module = walrus::Module::with_config(ModuleConfig::new());
        let empty = module.types.add(&[], &[]);
        module.add_import_func("env", "told", empty);
        let mut number = |constant: i32, more: usize| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            let mut body = builder.func_body();
            body.i32_const(constant);
            for _ in 0..more {
                body.i32_const(1).binop(walrus::ir::BinaryOp::I32Add);
            }
            builder.finish(vec![], &mut module.funcs)
        };
        let (one, many) = (number(1, 3), number(7, 0));
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        builder.func_body().call(one).call(many).binop(walrus::ir::BinaryOp::I32Sub);
        let main = builder.finish(vec![], &mut module.funcs);
        module.exports.add("main", main);
        module.emit_wasm()
    }

    /// What each function is: its instructions, and those of what it calls, by name of export.
    fn main_of(wasm: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
        let (imported, bodies) = functions(wasm).expect("a module");
        let all: Vec<Vec<u8>> =
            bodies.iter().map(|body| instructions(wasm, body.clone()).expect("instructions")).collect();
        let module = walrus::Module::from_buffer(wasm).expect("a module that is valid");
        let main = module.exports.iter().find(|export| export.name == "main").expect("main is exported");
        let walrus::ExportItem::Function(main) = main.item else { panic!("a function") };
        let of = |id: walrus::FunctionId| all[id.index() - imported as usize].clone();
        let walrus::FunctionKind::Local(local) = &module.funcs.get(main).kind else { panic!("a body") };
        let calls = local.block(local.entry_block()).instrs.iter().filter_map(|(instruction, _)| match instruction {
            walrus::ir::Instr::Call(call) => Some(of(call.func)),
            _ => None,
        });
        (of(main), calls.collect())
    }

    #[test]
    fn calls_and_exports_go_where_they_went() {
        let before = module();
        let after = alike(&before).expect("it is put in order");
        assert_ne!(before, after, "the short function was the last");
        assert_eq!(main_of(&before), main_of(&after));
    }

    #[test]
    fn what_is_no_module_is_told() {
        let told = alike(b"no wasm").expect_err("it is none");
        assert!(told.starts_with("the page's functions are not put in order: "), "{told}");
    }
}
