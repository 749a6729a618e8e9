//! Kinds of Party documents and how their numbers are written.
//! Pure. Rules: TH-13, TH-19, TH-20, TQ-01 … TQ-04, TC-08.

use crate::code::Code;
use crate::rulepack::{LayoutProfile, Rules};

crate::codes! {
    /// A kind of document (thể loại văn bản), by its symbol.
    pub enum DocKind {
        /// NQ
        Resolution = "nq" / "Nghị quyết",
        /// QĐ
        Decision = "qd" / "Quyết định",
        /// KL
        Conclusion = "kl" / "Kết luận",
        /// QC
        Regulation = "qc" / "Quy chế",
        /// TB
        Notice = "tb" / "Thông báo",
        /// BC
        Report = "bc" / "Báo cáo",
        /// KH
        Plan = "kh" / "Kế hoạch",
        /// CTr
        Programme = "ctr" / "Chương trình",
        /// TTr
        Submission = "ttr" / "Tờ trình",
        /// CV
        Letter = "cv" / "Công văn",
        /// BB
        Minutes = "bb" / "Biên bản",
        /// ĐA
        Scheme = "da" / "Đề án",
        /// PA
        Option = "pa" / "Phương án",
    }
}

impl DocKind {
    /// The symbol in a number.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Resolution => "NQ",
            Self::Decision => "QĐ",
            Self::Conclusion => "KL",
            Self::Regulation => "QC",
            Self::Notice => "TB",
            Self::Report => "BC",
            Self::Plan => "KH",
            Self::Programme => "CTr",
            Self::Submission => "TTr",
            Self::Letter => "CV",
            Self::Minutes => "BB",
            Self::Scheme => "ĐA",
            Self::Option => "PA",
        }
    }

    /// The kind with a symbol, as read from an older document.
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.symbol() == symbol)
    }

    /// Whether a document of this kind carries its type as a title; an official letter does not (TH-18).
    pub fn has_title(self) -> bool {
        self != Self::Letter
    }

    /// Whether a cell may issue it under the profile of the date (TQ-01). A cell may never issue a
    /// chỉ thị, quy định, hướng dẫn, thông tri or thông cáo: these kinds do not exist here.
    pub fn issuable_by_cell(self, rules: &Rules) -> bool {
        rules.profile().is_some_and(|p| self.issuable_by("cell", p))
    }

    /// Whether a body (`cell`, `committee`, `standing`, `congress`) may issue it.
    pub fn issuable_by(self, issuer: &str, profile: &LayoutProfile) -> bool {
        profile.sign_block(issuer).is_some_and(|b| b.issuable.iter().any(|k| k == self.code()))
    }
}

/// The number as a document bears it: `Số 05-BB/CB`. At least two digits, no colon.
pub fn number(n: u32, type_symbol: &str, org_symbol: &str) -> String {
    format!("Số {}", bare_number(n, type_symbol, org_symbol))
}

/// The number as another document cites it: `05-BB/CB`.
pub fn bare_number(n: u32, type_symbol: &str, org_symbol: &str) -> String {
    format!("{n:02}-{type_symbol}/{org_symbol}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulepack::shipped;
    use jiff::civil::date;

    #[test]
    fn numbers_have_two_digits_and_no_colon() {
        assert_eq!(number(5, DocKind::Minutes.symbol(), "CB"), "Số 05-BB/CB");
        assert_eq!(number(123, DocKind::Resolution.symbol(), "ĐU"), "Số 123-NQ/ĐU");
        assert_eq!(bare_number(10, "CTr", "CB"), "10-CTr/CB");
    }

    #[test]
    fn every_symbol_finds_its_kind() {
        for kind in DocKind::ALL {
            assert_eq!(DocKind::from_symbol(kind.symbol()), Some(*kind));
            assert!(kind.code().bytes().all(|b| b.is_ascii_lowercase()));
        }
        assert_eq!(DocKind::from_symbol("HD"), None);
    }

    #[test]
    fn a_cell_may_issue_what_its_profile_says() {
        let library = shipped().unwrap();
        for day in [date(2020, 1, 1), date(2026, 11, 22)] {
            let rules = library.at(day);
            assert!(DocKind::ALL.iter().all(|k| k.issuable_by_cell(&rules)));
        }
        let profile = library.at(date(2026, 11, 22));
        let profile = profile.profile().unwrap();
        assert!(!DocKind::Report.issuable_by("congress", profile));
        assert!(DocKind::Resolution.issuable_by("congress", profile));
    }
}
