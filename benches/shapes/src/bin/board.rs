//! A Cortex-M0 image that signs and writes the head of one, two or three operations in one shape; without a
//! shape it is the harness alone. Prints `stack=`.
#![cfg_attr(target_os = "none", no_std, no_main)]
#![allow(unused)]

#[cfg(not(target_os = "none"))]
fn main() {}

#[cfg(target_os = "none")]
mod board {
    use core::hint::black_box;
    use shapes::sign::{Payload, Reading, Signer};
    use shapes::sink::Cursor;

    unsafe extern "C" {
        static mut _ebss: u32;
        #[cfg(feature = "never")]
        fn panic_path_is_linked() -> !;
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        #[cfg(feature = "never")]
        unsafe { panic_path_is_linked() }
        #[cfg(not(feature = "never"))]
        loop {}
    }

    #[unsafe(link_section = ".vectors")]
    #[used]
    static VECTORS: (u32, unsafe extern "C" fn() -> !) = (0x2000_4000, reset);

    fn host(op: u32, arg: *const u32) {
        unsafe { core::arch::asm!("bkpt #0xab", inout("r0") op => _, in("r1") arg, options(nostack)) }
    }

    #[unsafe(no_mangle)] #[inline(never)]
    extern "C" fn mark_start() { unsafe { core::arch::asm!("nop") } }
    #[unsafe(no_mangle)] #[inline(never)]
    extern "C" fn mark_stop() { unsafe { core::arch::asm!("nop", "nop") } }

    static mut OUT: [u8; 1024] = [0; 1024];

    #[unsafe(no_mangle)]
    unsafe extern "C" fn reset() -> ! {
        let sp: *mut u32;
        unsafe { core::arch::asm!("mov {}, sp", out(reg) sp) };
        let top = sp.wrapping_sub(16);
        let mut at = &raw mut _ebss;
        while at < top {
            unsafe { at.write_volatile(0xdead_beef) };
            at = at.wrapping_add(1);
        }
        let ok = work(unsafe { &mut *&raw mut OUT });
        let mut at = &raw mut _ebss;
        while unsafe { at.read_volatile() } == 0xdead_beef {
            at = at.wrapping_add(1);
        }
        let used = sp as u32 - at as u32;
        let mut text = *b"stack=00000\n\0";
        let mut rest = used;
        for i in 0..5 {
            unsafe { text.as_mut_ptr().add(10 - i).write_volatile(b'0' + (rest % 10) as u8) };
            rest /= 10;
        }
        host(4, text.as_ptr().cast());
        host(0x20, [0x20026, u32::from(!ok)].as_ptr());
        loop {}
    }

    #[inline(never)]
    fn work(out: &mut [u8; 1024]) -> bool {
        #[cfg(any(feature = "list", feature = "pairs", feature = "visit"))]
        {
            use shapes::sink::Sink;
            let signer = Signer::new(black_box("AKIAIOSFODNN7EXAMPLE"), black_box("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), black_box("us-east-1"), black_box("s3"), black_box(*b"20130524"));
            let mut ok = true;
            let room: &mut [u8] = out;
            #[cfg(feature = "list")]
            use shapes::list::*;
            #[cfg(feature = "pairs")]
            use shapes::pairs::*;
            #[cfg(feature = "visit")]
            use shapes::visit::*;
            #[inline(never)]
            #[cfg(not(feature = "pairs"))]
            fn send(signer: &Signer<'_>, op: &dyn Request, out: &mut dyn Sink) {
                mark_start();
                signer.sign(black_box("examplebucket.s3.us-east-1.amazonaws.com"), &op, Payload::Empty, black_box(45296)).head(out);
                mark_stop();
            }
            #[inline(never)]
            #[cfg(feature = "pairs")]
            fn send(signer: &Signer<'_>, op: &dyn Operation, out: &mut dyn Sink) {
                let mut room = [Pair::NONE; if cfg!(feature = "three") { 20 } else { 10 }];
                mark_start();
                if let Ok(request) = op.request(&mut room) {
                    signer.sign(black_box("examplebucket.s3.us-east-1.amazonaws.com"), &request, Payload::Empty, black_box(45296)).head(out);
                }
                mark_stop();
            }
            let mut out = Cursor { room, at: 0 };
            let op = ListObjectsV2 {
                continuation_token: Some("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM="),
                delimiter: Some("/"), max_keys: Some(100), prefix: Some("photos/2013/"), ..Default::default()
            };
            send(&signer, black_box(&op), &mut out);
            let end = out.at.wrapping_sub(68);
            let signature = out.room.get(end..).unwrap_or_default();
            ok &= signature.starts_with(b"e8742aea5feef1a202911d04480a901ad0e6b406ad3ca57ca86b9f2ae5dc0070");
            #[cfg(feature = "two")]
            send(&signer, black_box(&GetObject::default()), &mut out);
            #[cfg(feature = "three")]
            send(&signer, black_box(&PutObject::default()), &mut out);
            return ok;
        }
        #[cfg(not(any(feature = "list", feature = "pairs", feature = "visit")))]
        { black_box(out); true }
    }
}
