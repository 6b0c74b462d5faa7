//! The machine code of a program, as `objdump` shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::process::Job;

/// The functions of a program by address.
#[derive(Debug)]
pub(crate) struct Machine {
    functions: BTreeMap<u64, Function>,
}

#[derive(Debug)]
pub(crate) struct Function {
    /// Demangled, without hash.
    pub(crate) name: String,
    /// Its instructions `div` and `idiv`.
    pub(crate) divisions: Vec<String>,
    /// All addresses that occur in it: of what it calls, jumps to or takes a pointer of.
    mentions: BTreeSet<u64>,
}

impl Machine {
    /// Disassembles a program.
    ///
    /// # Errors
    ///
    /// In words, when `objdump` cannot.
    pub(crate) fn read(program: &Path) -> Result<Self, String> {
        let objdump = |flags: &[&str]| {
            let ended = Job::new("objdump").args(flags).arg(program).run()?;
            if ended.status.success() {
                Ok(ended.output)
            } else {
                Err(ended.details())
            }
        };
        let code = objdump(&["--disassemble", "--demangle", "--no-show-raw-insn"])?;
        let pointers = objdump(&["--dynamic-reloc"])?;
        Ok(Self::parse(&code, &pointers))
    }

    fn parse(code: &str, relocations: &str) -> Self {
        let pointers = pointers(relocations);
        let mut functions = BTreeMap::new();
        let mut current: Option<(u64, Function)> = None;
        for line in code.lines() {
            if let Some((address, name)) = heading(line) {
                functions.extend(current.take());
                let function = Function {
                    name: name.to_owned(),
                    divisions: Vec::new(),
                    mentions: BTreeSet::new(),
                };
                current = Some((address, function));
            } else if let (Some((_, function)), Some((_, instruction))) =
                (&mut current, line.split_once(":\t"))
            {
                if is_division(instruction) {
                    function.divisions.push(instruction.trim().to_owned());
                }
                // Calls into another unit of code go through a table of pointers.
                let mentioned = mentioned(instruction);
                function
                    .mentions
                    .extend(mentioned.map(|address| *pointers.get(&address).unwrap_or(&address)));
            }
        }
        functions.extend(current);
        Self { functions }
    }

    /// The functions whose name begins so, and all that can be reached from them.
    ///
    /// A function is reached where its address occurs: a call through a register goes to an address that was
    /// taken somewhere on the way. More functions than are really called may be reached, not fewer.
    pub(crate) fn reached_from(&self, beginning: &str) -> Vec<&Function> {
        let begins = |entry: &(&u64, &Function)| entry.1.name.starts_with(beginning);
        let mut waiting: Vec<u64> = self
            .functions
            .iter()
            .filter(begins)
            .map(|(address, _)| *address)
            .collect();
        let mut reached = BTreeMap::new();
        while let Some(address) = waiting.pop() {
            if let Some(function) = self.functions.get(&address)
                && reached.insert(address, function).is_none()
            {
                waiting.extend(&function.mentions);
            }
        }
        reached.into_values().collect()
    }
}

/// `0000000000015310 <otp_core::totp::Totp::verify>:`
fn heading(line: &str) -> Option<(u64, &str)> {
    let (address, name) = line.strip_suffix(">:")?.split_once(" <")?;
    Some((u64::from_str_radix(address, 16).ok()?, name))
}

/// The addresses before `<…>`, as in `call 15310 <…>` and `lea 0x5(%rip),%rax  # 15310 <…>`.
fn mentioned(instruction: &str) -> impl Iterator<Item = u64> {
    instruction
        .split(" <")
        .filter_map(|text| text.rsplit(' ').next())
        .filter_map(|address| u64::from_str_radix(address, 16).ok())
}

fn is_division(instruction: &str) -> bool {
    let mnemonic = instruction.split_whitespace().next().unwrap_or_default();
    matches!(
        mnemonic.trim_end_matches(['b', 'w', 'l', 'q']),
        "div" | "idiv"
    )
}

/// What the loader writes where: `00000000000684d0 R_X86_64_RELATIVE  *ABS*+0x0000000000015310`.
fn pointers(relocations: &str) -> BTreeMap<u64, u64> {
    let entry = |line: &str| {
        let (place, rest) = line.split_once(' ')?;
        let (_, target) = rest.split_once("*ABS*+0x")?;
        Some((
            u64::from_str_radix(place, 16).ok()?,
            u64::from_str_radix(target.trim(), 16).ok()?,
        ))
    };
    relocations.lines().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "\
0000000000001000 <entry>:
    1000:\tpush   %rax
    1001:\tcall   2000 <direct>
    1006:\tjmp    *0x54f22(%rip)        # 6000 <_DYNAMIC+0x288>

0000000000002000 <direct>:
    2000:\tlea    0x5(%rip),%rax        # 4000 <taken>
    2007:\tcall   *%rax

0000000000003000 <through_a_table>:
    3000:\tdiv    %rcx
    3003:\tidivl  0x8(%rsp)
    3007:\tdivsd  %xmm0,%xmm1

0000000000004000 <taken>:
    4000:\tjmp    1001 <entry+0x1>

0000000000005000 <elsewhere>:
    5000:\tdiv    %ecx
";
    const RELOCATIONS: &str = "0000000000006000 R_X86_64_RELATIVE  *ABS*+0x0000000000003000\n";

    #[test]
    fn follows_calls_pointers_and_tables() {
        let machine = Machine::parse(CODE, RELOCATIONS);
        let reached = machine.reached_from("entry");
        let names: Vec<&str> = reached
            .iter()
            .map(|function| function.name.as_str())
            .collect();
        assert_eq!(names, ["entry", "direct", "through_a_table", "taken"]);
    }

    #[test]
    fn sees_integer_divisions_where_they_are() {
        let machine = Machine::parse(CODE, RELOCATIONS);
        let divisions: Vec<&String> = machine
            .reached_from("entry")
            .iter()
            .flat_map(|function| &function.divisions)
            .collect();
        assert_eq!(divisions, ["div    %rcx", "idivl  0x8(%rsp)"]);
    }
}
