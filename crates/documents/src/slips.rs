//! Activation slips: paper to cut, one for each member, with a QR code and an 8-character code.
//! May touch: nothing but the typesetter.
//! Comes from: requirements on first sign-in (a member needs no e-mail and no help to start).

use serde::Serialize;

use crate::clean::line;
use crate::pdf::{Template, print};
use crate::{Error, Result, qr_svg};

/// One slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Full name of the member.
    pub name: String,
    /// Name of the cell.
    pub cell: String,
    /// The code to type by hand.
    pub code: String,
    /// Address in the QR code and, shortened by its scheme, in print.
    pub url: String,
    /// Until when, in words: "hết ngày 06-12-2026".
    pub expires: String,
}

/// How many slips go on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SlipsPerPage {
    /// Two columns of three.
    Six,
    /// Two columns of four.
    #[default]
    Eight,
}

#[derive(Serialize)]
struct SlipData {
    name: String,
    cell: String,
    code: String,
    address: String,
    expires: String,
    qr: String,
}

#[derive(Serialize)]
struct Page {
    rows: u8,
    slips: Vec<SlipData>,
}

/// Slips on A4 with cutting lines. Holds secrets: the caller must not keep the bytes.
pub fn slips_pdf(slips: &[Slip], per_page: SlipsPerPage) -> Result<Vec<u8>> {
    if slips.is_empty() {
        return Err(Error::Nothing);
    }
    let worded = |slip: &Slip| {
        let url = line(&slip.url);
        Ok(SlipData {
            name: line(&slip.name),
            cell: line(&slip.cell),
            code: grouped(&line(&slip.code)),
            address: url.split_once("://").map_or(url.as_str(), |(_, rest)| rest).to_owned(),
            expires: line(&slip.expires),
            qr: qr_svg(&url)?,
        })
    };
    let rows = match per_page {
        SlipsPerPage::Six => 3,
        SlipsPerPage::Eight => 4,
    };
    let slips = slips.iter().map(worded).collect::<Result<_>>()?;
    print(Template::Slips, &Page { rows, slips })
}

/// "ABCD2345" reads better as "ABCD 2345".
fn grouped(code: &str) -> String {
    let chars: Vec<char> = code.chars().filter(|c| !c.is_whitespace()).collect();
    let groups: Vec<String> = chars.chunks(4).map(|c| c.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_grouped_by_four() {
        assert_eq!(grouped("ABCD2345"), "ABCD 2345");
        assert_eq!(grouped("AB CD 23"), "ABCD 23");
    }
}
