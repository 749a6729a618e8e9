//! QR codes as SVG: one path, no script, no style attribute.
//! May touch: nothing.
//! Comes from: activation slips and links shown on a screen for a phone to read.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

use crate::{Error, Result};

/// Width of the white edge the standard asks for, in modules.
const QUIET: usize = 4;

/// The text as a QR code that scales to its container; 15 % of it may be damaged.
pub fn qr_svg(text: &str) -> Result<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| Error::Qr)?;
    let size = code.size + 2 * QUIET;
    let mut path = String::with_capacity(code.size * code.size * 4);
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            let run = row[x..].iter().take_while(|m| m.value()).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" role=\"img\" \
         aria-label=\"Mã QR\" shape-rendering=\"crispEdges\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corner_pattern_is_where_it_belongs() {
        let svg = qr_svg("https://nep.vn/k/ABCD2345").unwrap();
        // The upper left finder: seven dark modules in the first row after the quiet edge.
        assert!(svg.contains("d=\"M4 4h7v1h-7z"), "{svg}");
        assert!(svg.contains("M4 10h7v1h-7z"));
        assert!(!svg.contains("<script") && !svg.contains("style="));
        assert_eq!(svg, qr_svg("https://nep.vn/k/ABCD2345").unwrap());
        assert_ne!(svg, qr_svg("https://nep.vn/k/ABCD2346").unwrap());
    }

    #[test]
    fn too_much_text_is_refused() {
        assert!(matches!(qr_svg(&"x".repeat(4000)), Err(Error::Qr)));
    }
}
