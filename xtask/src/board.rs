//! What signing takes of a microcontroller: flash, stack and instructions, measured.
//!
//! `benches/board` is built for Cortex-M4, Cortex-M0 and RISC-V by Debian's rustc with `core` alone, and run on
//! QEMU. Flash is what the image has more than one that makes the same request and does not sign it, and more than
//! one that makes no request; the stack is painted and looked at; instructions are lines of QEMU's log between two
//! marks. An image that can panic does not link, and one with a formatter or an allocator in it is refused. The small
//! profile on the Cortex-M4 is held to limits, and what it has over the floor that it is meant to reach is named.

#![expect(clippy::print_stdout, reason = "this command is for its figures")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::elf::Elf;
use crate::{output, top};

/// A board that QEMU plays.
struct Board {
    name: &'static str,
    target: &'static str,
    qemu: &'static [&'static str],
}

const M4: Board = Board {
    name: "Cortex-M4",
    target: "thumbv7em-none-eabi",
    qemu: &["qemu-system-arm", "-M", "mps2-an386"],
};
const M0: Board =
    Board { name: "Cortex-M0", target: "thumbv6m-none-eabi", qemu: &["qemu-system-arm", "-M", "microbit"] };
const RISCV: Board = Board {
    name: "RV32IMC",
    target: "riscv32imc-unknown-none-elf",
    qemu: &["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
};

/// The images: on what, with which hash, at which opt-level.
const IMAGES: &[(&Board, Hash, &str)] = &[
    (&M4, Hash::Small, "z"),
    (&M4, Hash::Small, "s"),
    (&M4, Hash::Small, "2"),
    (&M4, Hash::Small, "3"),
    (&M4, Hash::Sha2, "z"),
    (&M4, Hash::Sha2, "3"),
    (&M0, Hash::Small, "z"),
    (&RISCV, Hash::Small, "z"),
];

/// What the first image may take: some 3 % more than it did when this was written, as compilers differ.
const LIMIT: Taken = Taken {
    flash: Flash { signing: 7_630, all: 10_740 },
    stack: Of { fresh: 1_680, kept: 1_560 },
    instructions: Of { fresh: 120_000, kept: 58_000 },
};

/// What it is meant to take.
const FLOOR: Taken = Taken {
    flash: Flash { signing: 6_000, all: usize::MAX },
    stack: Of { fresh: 1_024, kept: 1_024 },
    instructions: Of { fresh: 120_000, kept: 65_000 },
};

/// What no symbol may be called, in the compiler's mangling.
const BANNED: &[&str] = &[
    "4core3fmt",
    "9panicking",
    "panic_fmt",
    "5alloc",
    "rust_alloc",
    "len_mismatch",
    "_index_fail",
    "unwrap_failed",
];

/// By which code SHA-256 is worked out.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Hash {
    Sha2,
    Small,
}

impl Hash {
    const fn feature(self) -> &'static str {
        match self {
            Self::Sha2 => "sha2",
            Self::Small => "small-hash",
        }
    }
}

/// With a key that is derived for the one signature, and with a kept one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Of {
    fresh: usize,
    kept: usize,
}

/// Bytes of code and constants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Flash {
    /// Of a key, a signature and the headers with it.
    signing: usize,
    /// Those, and making the request.
    all: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Taken {
    flash: Flash,
    stack: Of,
    instructions: Of,
}

impl Taken {
    /// What of this is more than may be.
    fn complaints(&self, most: &Self) -> Vec<String> {
        let pairs = [
            ("bytes of flash for signing", self.flash.signing, most.flash.signing),
            ("bytes of flash", self.flash.all, most.flash.all),
            ("bytes of stack, fresh key", self.stack.fresh, most.stack.fresh),
            ("bytes of stack, kept key", self.stack.kept, most.stack.kept),
            ("instructions, fresh key", self.instructions.fresh, most.instructions.fresh),
            ("instructions, kept key", self.instructions.kept, most.instructions.kept),
        ];
        let over = pairs.iter().filter(|(_, found, most)| found > most);
        over.map(|(what, found, most)| format!("{found} {what}, not {most}")).collect()
    }
}

/// Prints the table, and holds the first image to its floor.
pub(crate) fn run() -> Result<(), String> {
    let tools = Tools::find()?;
    println!(
        "| board | feature | opt-level | flash: signing | with the request | stack: fresh key / kept | instructions: fresh key / kept |"
    );
    println!("|---|---|---|--:|--:|--:|--:|");
    let (mut complaints, mut missed) = (Vec::new(), Vec::new());
    for (at, (board, hash, level)) in IMAGES.iter().enumerate() {
        let taken = tools.measure(board, *hash, level)?;
        let Taken { flash, stack, instructions } = taken;
        println!(
            "| {} | `{}` | `{level}` | {} | {} | {} / {} | {} / {} |",
            board.name,
            hash.feature(),
            flash.signing,
            flash.all,
            stack.fresh,
            stack.kept,
            instructions.fresh,
            instructions.kept
        );
        if at == 0 {
            (complaints, missed) = (taken.complaints(&LIMIT), taken.complaints(&FLOOR));
        }
    }
    println!("\n{}; no panic, no formatter and no allocator in any image", tools.compiler.trim());
    if !missed.is_empty() {
        println!("over the floor: {}", missed.join("; "));
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// The other compiler, and where QEMU lies.
struct Tools {
    linker: PathBuf,
    /// Below the target directory: images, and QEMU's own tree.
    out: PathBuf,
    compiler: String,
}

impl Tools {
    /// Installs what is missing. Fails where that cannot be had.
    fn find() -> Result<Self, String> {
        let said = output("bash", &[".ci/bare-metal-tools.sh", "qemu"])?;
        let out = said.lines().last().map(PathBuf::from).ok_or("no place for the tools")?;
        let sysroot = output("rustc", &["--print", "sysroot"])?;
        let host = output("rustc", &["--print", "host-tuple"])?;
        let linker = Path::new(sysroot.trim()).join("lib/rustlib").join(host.trim()).join("bin/rust-lld");
        Ok(Self { linker, out, compiler: output("/usr/bin/rustc", &["--version"])? })
    }

    fn measure(&self, board: &Board, hash: Hash, level: &str) -> Result<Taken, String> {
        let empty = self.build(board, "empty", level)?;
        let unsigned = self.build(board, &format!("unsigned,{}", hash.feature()), level)?;
        let image = self.build(board, hash.feature(), level)?;
        let (said, log) = self.play(board, &image)?;
        let elf = Elf::read(&image)?;
        let found: Vec<&str> = elf
            .symbols
            .keys()
            .map(String::as_str)
            .filter(|name| BANNED.iter().any(|banned| name.contains(banned)))
            .collect();
        if !found.is_empty() {
            return Err(format!("{} at {level}: {}", board.name, found.join(", ")));
        }
        let stack = |name: &str| {
            let number = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            number.and_then(|number| number.parse().ok()).ok_or_else(|| format!("no {name} in: {said}"))
        };
        Ok(Taken {
            flash: Flash {
                signing: elf.flash - Elf::read(&unsigned)?.flash,
                all: elf.flash - Elf::read(&empty)?.flash,
            },
            stack: Of { fresh: stack("fresh")?, kept: stack("kept")? },
            instructions: between(&log, &elf.symbols)?,
        })
    }

    /// Builds the firmware with a feature: where it lies.
    fn build(&self, board: &Board, feature: &str, level: &str) -> Result<PathBuf, String> {
        let out = self.out.join(level);
        let linker = format!("CARGO_TARGET_{}_LINKER", board.target.to_uppercase().replace('-', "_"));
        let mut cargo = Command::new("/usr/bin/cargo");
        cargo.args(["build", "-q", "--locked", "--release", "--target", board.target, "--features", feature]);
        cargo.arg("--target-dir").arg(&out).current_dir(top().join("benches/board"));
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CARGO") || name.starts_with("RUST"))
        {
            cargo.env_remove(name);
        }
        // else Debian's cargo would find rustup's rustc in PATH
        cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1").env(linker, &self.linker);
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level).env("CARGO_INCREMENTAL", "0");
        let done = cargo.output().map_err(|error| format!("/usr/bin/cargo: {error}"))?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr);
            return Err(format!("{} at {level} with {feature}:\n{said}", board.name));
        }
        let built = out.join(board.target).join("release/board");
        let kept = out.join(format!("{}-{feature}", board.target));
        fs::copy(&built, &kept).map_err(|error| format!("{}: {error}", built.display()))?;
        Ok(kept)
    }

    /// Runs an image, an instruction at a time: what it said, and what was executed.
    fn play(&self, board: &Board, image: &Path) -> Result<(String, String), String> {
        let [program, machine @ ..] = board.qemu else { return Err("no machine".to_owned()) };
        let (root, log) = (self.out.join("qemu"), self.out.join("executed"));
        let libraries =
            ["usr/lib", "lib"].map(|lib| root.join(lib).join("x86_64-linux-gnu").display().to_string());
        let mut qemu = Command::new("timeout");
        qemu.arg("60").arg(root.join("usr/bin").join(program)).arg("-L").arg(root.join("usr/share/qemu"));
        qemu.args(machine).args(["-display", "none", "-monitor", "none", "-serial", "none"]);
        qemu.args(["-semihosting-config", "enable=on,target=native", "-singlestep", "-d", "exec,nochain"]);
        qemu.arg("-D").arg(&log).arg("-kernel").arg(image).env("LD_LIBRARY_PATH", libraries.join(":"));
        let done = qemu.output().map_err(|error| format!("{program}: {error}"))?;
        // semihosting speaks on standard error
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        if !done.status.success() {
            return Err(format!("{}: {}: wrong signature or a fault: {said}", image.display(), done.status));
        }
        let executed = fs::read_to_string(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        fs::remove_file(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        Ok((said, executed))
    }
}

/// How many instructions were executed between the marks.
fn between(log: &str, symbols: &BTreeMap<String, u32>) -> Result<Of, String> {
    // the lowest bit of a function's address says that it is Thumb code
    let mark = |name: &str| symbols.get(name).map(|address| address & !1).ok_or_else(|| format!("no {name}"));
    let marks = [mark("mark_fresh")?, mark("mark_kept")?, mark("mark_end")?];
    let mut at = [0; 3];
    let executed = log.lines().filter(|line| line.starts_with("Trace"));
    // Trace 0: 0x7f4824000100 [00800408/00001dfe/00000110/ff000201] start
    let addresses = executed.filter_map(|line| u32::from_str_radix(line.split('/').nth(1)?, 16).ok());
    for (number, address) in addresses.enumerate() {
        for (mark, at) in marks.iter().zip(&mut at) {
            if *mark == address {
                *at = number;
            }
        }
    }
    let [fresh, kept, end] = at;
    let count = |from: usize| end.checked_sub(from).filter(|_| from > 0).ok_or("a mark was not passed");
    Ok(Of { fresh: count(fresh)?, kept: count(kept)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_counted_between_marks() {
        let symbols = [("mark_fresh", 0x11), ("mark_kept", 0x21), ("mark_end", 0x30)];
        let symbols = symbols.into_iter().map(|(name, at)| (name.to_owned(), at)).collect();
        let log = |addresses: &[u32]| -> String {
            addresses.iter().map(|at| format!("Trace 0: 0x7f [0/{at:08x}/0/0] f\nother\n")).collect()
        };
        let counted = between(&log(&[1, 0x10, 2, 4, 0x20, 6, 0x30, 8]), &symbols);
        assert_eq!(counted, Ok(Of { fresh: 5, kept: 2 }));
        assert!(between(&log(&[1, 0x10, 2, 0x30]), &symbols).is_err());
        assert!(between("", &symbols).is_err());
    }

    #[test]
    fn what_is_over_the_floor_is_named() {
        assert_eq!(FLOOR.complaints(&FLOOR), Vec::<String>::new());
        let more = Taken {
            flash: Flash { signing: 6_001, ..FLOOR.flash },
            stack: Of { kept: 1_025, ..FLOOR.stack },
            ..FLOOR
        };
        assert_eq!(
            more.complaints(&FLOOR),
            ["6001 bytes of flash for signing, not 6000", "1025 bytes of stack, kept key, not 1024"]
        );
    }
}
