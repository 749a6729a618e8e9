//! Looks at a package before anything unfolds it.
//! May touch: nothing; it counts and throws away.
//! Comes from: bounds on hostile uploads (bombs, macros, encryption, other file types).

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{PART_LIMIT, SheetError, UNPACKED_LIMIT};

/// A part that unfolds more than this many times is a bomb, unless it is small.
const RATIO_LIMIT: u64 = 200;
/// Largest list of styles; the reader keeps far more than a byte for each byte of it.
const STYLES_LIMIT: u64 = 4 * 1024 * 1024;
/// Below this size the ratio says nothing: a sheet of equal rows packs very well.
const RATIO_FROM: u64 = 8 * 1024 * 1024;

/// Refuses a package that is not a plain XLSX within bounds. Sizes are counted, not believed.
pub(super) fn check(bytes: &[u8]) -> Result<(), SheetError> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|e| fault(&e))?;
    if package.len() > PART_LIMIT {
        return Err(SheetError::TooLarge);
    }
    let (mut declared, mut actual) = (0_u64, 0_u64);
    let (mut workbook, mut types) = (false, String::new());
    for at in 0..package.len() {
        let part = package.by_index_raw(at).map_err(|e| fault(&e))?;
        if part.encrypted() {
            return Err(SheetError::Locked);
        }
        declared = declared.saturating_add(part.size());
        let name = part.name().map_err(|e| fault(&e))?.to_lowercase();
        if name.ends_with("vbaproject.bin") || name.contains("/macrosheets/") {
            return Err(SheetError::Macro);
        }
        if name.ends_with("styles.xml") && part.size() > STYLES_LIMIT {
            return Err(SheetError::TooLarge);
        }
        workbook |= name == "xl/workbook.xml";
    }
    if declared > UNPACKED_LIMIT {
        return Err(SheetError::TooLarge);
    }
    if !workbook {
        return Err(SheetError::WrongType);
    }
    for at in 0..package.len() {
        let mut part = package.by_index(at).map_err(|e| fault(&e))?;
        let is_styles = part.name().is_ok_and(|n| n.to_lowercase().ends_with("styles.xml"));
        let is_types = part.name().is_ok_and(|n| n.eq_ignore_ascii_case("[Content_Types].xml"));
        let packed = part.compressed_size().max(1);
        let size = if is_types {
            let mut text = Vec::new();
            let limit = UNPACKED_LIMIT - actual + 1;
            part.by_ref().take(limit).read_to_end(&mut text).map_err(|_| SheetError::Damaged)?;
            types = String::from_utf8_lossy(&text).to_lowercase();
            text.len() as u64
        } else {
            let mut part = part.by_ref().take(UNPACKED_LIMIT - actual + 1);
            std::io::copy(&mut part, &mut std::io::sink()).map_err(|_| SheetError::Damaged)?
        };
        actual = actual.saturating_add(size);
        if actual > UNPACKED_LIMIT || (is_styles && size > STYLES_LIMIT) || (size > RATIO_FROM && size / packed > RATIO_LIMIT) {
            return Err(SheetError::TooLarge);
        }
    }
    if types.contains("macroenabled") {
        return Err(SheetError::Macro);
    }
    Ok(())
}

fn fault(error: &ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(why) if why.to_lowercase().contains("password") => SheetError::Locked,
        _ => SheetError::Damaged,
    }
}

/// What an OLE file is: an encrypted XLSX, an old workbook, or something else.
pub(super) fn compound(bytes: &[u8]) -> SheetError {
    if holds(bytes, "EncryptedPackage") || holds(bytes, "EncryptionInfo") {
        SheetError::Locked
    } else if holds(bytes, "Workbook") || holds(bytes, "Book") {
        SheetError::OldExcel
    } else {
        SheetError::WrongType
    }
}

/// Names of streams are UTF-16LE at the start of directory entries of 128 bytes.
fn holds(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.chunks(128).any(|entry| entry.starts_with(&name))
}
