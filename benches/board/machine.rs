//! The machine under the firmware: start, stack, and words to the host. The only `unsafe` code.
//!
//! It assumes one core, no interrupts, and RAM that linker script and board agree on.

use core::arch::{asm, global_asm};
use core::panic::PanicInfo;
use core::ptr;

unsafe extern "C" {
    /// Where unused RAM begins, by the linker script.
    static bss_end: u32;

    // Empty functions, to be found in a log of what was executed: a key is derived between the first and the
    // second, and a request signed between that and the third.
    pub safe fn mark_fresh();
    pub safe fn mark_kept();
    pub safe fn mark_end();

    /// Defined nowhere: an image that can panic does not link.
    fn a_panic_is_linked() -> !;
}

/// What unused RAM is filled with.
const PAINT: u32 = 0x5aa5_c33c;

/// The stack pointer of whoever calls.
#[inline(always)]
pub fn stack() -> usize {
    let pointer;
    // SAFETY: it reads a register.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("mov {0}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags))
    };
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!("mv {0}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags))
    };
    pointer
}

/// Fills what lies below the caller's stack.
#[inline(always)]
pub fn paint() {
    for at in (unused()..stack()).step_by(4) {
        // SAFETY: nothing lies between the statics and the stack pointer.
        unsafe { ptr::with_exposed_provenance_mut::<u32>(at).write_volatile(PAINT) };
    }
}

/// How many bytes below `stack` were written to since they were painted.
#[inline(never)]
pub fn deepest(stack: usize) -> usize {
    // SAFETY: it reads RAM.
    let painted = |at: &usize| unsafe { ptr::with_exposed_provenance::<u32>(*at).read_volatile() } == PAINT;
    stack - (unused()..stack).step_by(4).find(|at| !painted(at)).unwrap_or(stack)
}

/// Where unused RAM begins.
fn unused() -> usize {
    (&raw const bss_end).expose_provenance()
}

/// Says a number of four decimal digits: a name, `=`, and a line break.
pub fn say(line: &mut [u8], mut number: usize) {
    for place in line.iter_mut().rev().filter(|byte| **byte == b'0') {
        let mut tenth = 0;
        while number >= 10 {
            number -= 10;
            tenth += 1;
        }
        *place = b'0' + number as u8;
        number = tenth;
    }
    host(WRITE0, line.as_ptr() as usize);
}

/// Ends the emulator.
pub fn exit(well: bool) -> ! {
    let why = [0x20026, usize::from(!well)];
    host(EXIT_EXTENDED, why.as_ptr() as usize);
    loop {}
}

const WRITE0: usize = 0x04;
const EXIT_EXTENDED: usize = 0x20;

/// Asks the host: [semihosting](https://github.com/ARM-software/abi-aa/blob/main/semihosting/semihosting.rst).
fn host(operation: usize, argument: usize) {
    // SAFETY: what `argument` points to outlives the call.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("bkpt 0xab", inout("r0") operation => _, in("r1") argument, options(nostack));
    }
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!(
            ".option push", ".option norvc", ".balign 16",
            "slli x0, x0, 0x1f", "ebreak", "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _, in("a1") argument, options(nostack),
        );
    }
}

#[unsafe(no_mangle)]
extern "C" fn start() -> ! {
    exit(crate::run());
}

#[unsafe(no_mangle)]
extern "C" fn fault() -> ! {
    exit(false);
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: it is never called, since it does not exist.
    unsafe { a_panic_is_linked() }
}

#[cfg(target_arch = "arm")]
global_asm!(
    ".section .vectors, \"a\"",
    ".word stack_top",
    ".word start",
    ".rept 14",
    ".word fault",
    ".endr",
    ".text",
    ".global mark_fresh, mark_kept, mark_end",
    ".thumb_func",
    "mark_fresh: bx lr",
    ".thumb_func",
    "mark_kept: bx lr",
    ".thumb_func",
    "mark_end: bx lr",
);

#[cfg(target_arch = "riscv32")]
global_asm!(
    ".section .vectors, \"ax\"",
    ".global reset",
    "reset:",
    "la sp, stack_top",
    "la t0, fault",
    "csrw mtvec, t0",
    "j start",
    ".text",
    ".global mark_fresh, mark_kept, mark_end",
    "mark_fresh: ret",
    "mark_kept: ret",
    "mark_end: ret",
);
