//! The little of an ELF file that sizes and marks need: sections and symbols, 32 bits, little-endian.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is read of an image.
#[derive(Debug)]
pub(crate) struct Elf {
    /// Bytes of code and constants, and of what variables begin with.
    pub(crate) flash: usize,
    /// Where the symbols lie.
    pub(crate) symbols: BTreeMap<String, u32>,
}

impl Elf {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&bytes).ok_or_else(|| format!("{}: not the ELF that is meant", path.display()))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(b"\x7fELF\x01\x01") {
            return None;
        }
        let (table, count, names) = (word(bytes, 32)?, half(bytes, 48)?, half(bytes, 50)?);
        let sections: Vec<Section> =
            (0..count).map(|nth| Section::read(bytes, table + nth * 40)).collect::<Option<_>>()?;
        let names = sections.get(names)?;
        let mut elf = Self { flash: 0, symbols: BTreeMap::new() };
        for section in &sections {
            if matches!(text(bytes, names.offset + section.name)?, ".text" | ".rodata" | ".data") {
                elf.flash += section.size;
            }
            // SHT_SYMTAB
            if section.kind == 2 {
                let strings = sections.get(section.link)?;
                for at in (section.offset..section.offset + section.size).step_by(16) {
                    let name = text(bytes, strings.offset + word(bytes, at)?)?;
                    elf.symbols.insert(name.to_owned(), u32::try_from(word(bytes, at + 4)?).ok()?);
                }
            }
        }
        Some(elf)
    }
}

struct Section {
    name: usize,
    kind: usize,
    offset: usize,
    size: usize,
    link: usize,
}

impl Section {
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self {
            name: word(bytes, at)?,
            kind: word(bytes, at + 4)?,
            offset: word(bytes, at + 16)?,
            size: word(bytes, at + 20)?,
            link: word(bytes, at + 24)?,
        })
    }
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    usize::try_from(word).ok()
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?).into())
}

/// A text that ends in a zero.
fn text(bytes: &[u8], at: usize) -> Option<&str> {
    let rest = bytes.get(at..)?;
    str::from_utf8(rest.split(|byte| *byte == 0).next()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF of sections: name, kind, link, bytes.
    fn elf(sections: &[(&str, u32, u32, &[u8])]) -> Vec<u8> {
        let names: String = sections.iter().map(|(name, ..)| format!("\0{name}")).collect();
        let names = names + "\0.shstrtab\0";
        let all: Vec<_> = sections.iter().copied().chain([(".shstrtab", 3, 0, names.as_bytes())]).collect();
        let mut bytes = b"\x7fELF\x01\x01".to_vec();
        bytes.resize(52, 0);
        let (mut table, mut name) = (Vec::new(), 1_u32);
        for (called, kind, link, content) in &all {
            let size = u32::try_from(content.len()).unwrap();
            let fields = [name, *kind, 0, 0, u32::try_from(bytes.len()).unwrap(), size, *link, 0, 0, 0];
            table.extend(fields.iter().flat_map(|field| field.to_le_bytes()));
            bytes.extend(*content);
            name += u32::try_from(called.len()).unwrap() + 1;
        }
        let at = u32::try_from(bytes.len()).unwrap();
        bytes[32..36].copy_from_slice(&at.to_le_bytes());
        let count = u16::try_from(all.len()).unwrap();
        bytes[48..50].copy_from_slice(&count.to_le_bytes());
        bytes[50..52].copy_from_slice(&(count - 1).to_le_bytes());
        bytes.extend(table);
        bytes
    }

    #[test]
    fn flash_is_code_and_constants_and_symbols_have_addresses() {
        let symbol: Vec<u8> = [1_u32, 0x1234, 0, 0].iter().flat_map(|field| field.to_le_bytes()).collect();
        let bytes = elf(&[
            (".text", 1, 0, &[0; 10]),
            (".rodata", 1, 0, &[0; 5]),
            (".bss", 8, 0, &[0; 100]),
            (".symtab", 2, 4, &symbol),
            (".strtab", 3, 0, b"\0mark\0"),
        ]);
        let read = Elf::parse(&bytes).unwrap();
        assert_eq!(read.flash, 15);
        assert_eq!(read.symbols.get("mark"), Some(&0x1234));
    }

    #[test]
    fn anything_else_is_refused() {
        let good = elf(&[(".text", 1, 0, &[0; 10])]);
        assert!(Elf::parse(&good).is_some());
        assert!(Elf::parse(&good[..good.len() - 40]).is_none());
        assert!(Elf::parse(b"\x7fELF\x02\x01").is_none());
        assert!(Elf::parse(b"").is_none());
    }
}
