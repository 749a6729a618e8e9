//! The layout figures of one set of rules on the form of Party documents, as data.
//! May touch: nothing. Rule packs fill it through serde; a document keeps the one of its date.
//! Comes from: TH-01..TH-21, KY-01..KY-05; HD 36-HD/VPTW (2018), HD 05-HD/VPTW (2026).

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Page margins in millimetres (TH-02).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margins {
    /// Top edge.
    pub top: f64,
    /// Bottom edge.
    pub bottom: f64,
    /// Left edge, the binding side.
    pub left: f64,
    /// Right edge.
    pub right: f64,
}

/// Layout figures of one set of rules. Lengths are millimetres or points, as named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the set of rules, for example `HD05-2026`.
    pub id: String,
    /// Page margins, mm.
    pub margins_mm: Margins,
    /// Typeface named in DOCX files; PDF uses a typeface of the same widths.
    pub font: String,
    /// Body text size (TH-04).
    pub body_pt: f64,
    /// Exact distance between lines of body text (TH-05).
    pub line_pt: f64,
    /// Extra space between paragraphs (TH-05).
    pub para_gap_pt: f64,
    /// First line indent (TH-05).
    pub indent_mm: f64,
    /// Superior organisation (TH-10).
    pub superior_pt: f64,
    /// Issuing organisation (TH-11).
    pub issuer_pt: f64,
    /// Number and symbol (TH-13).
    pub number_pt: f64,
    /// The Party's name (TH-14).
    pub party_pt: f64,
    /// Place and date (TH-15).
    pub place_pt: f64,
    /// Type of document (TH-16).
    pub kind_pt: f64,
    /// Summary under the type (TH-17).
    pub summary_pt: f64,
    /// Summary of an official letter, under the number (TH-18).
    pub letter_summary_pt: f64,
    /// Text in tables.
    pub table_pt: f64,
    /// Authority, office and name of the signer (KY-01).
    pub signature_pt: f64,
    /// Height left for the signature by hand.
    pub signature_space_mm: f64,
    /// The label of the recipients (KY-05).
    pub recipients_label_pt: f64,
    /// The recipients (KY-05).
    pub recipients_pt: f64,
    /// Page number, top centre from page 2 (TH-06).
    pub page_number_pt: f64,
    /// Line at the foot of each page.
    pub footer_pt: f64,
    /// Share of the text width for the left column of the header, percent.
    pub head_left_pct: f64,
    /// The Party's name as printed (TH-14).
    pub party_name: String,
    /// Mark under the issuing organisation (TH-12).
    pub issuer_mark: String,
    /// Mark under the summary (TH-17).
    pub summary_mark: String,
    /// Label above the recipients (KY-05).
    pub recipients_label: String,
    /// Mark of a draft.
    pub draft_mark: String,
}

impl Profile {
    /// Refuses figures that cannot be laid out, so that a slip in a rule pack is a message.
    pub fn check(&self) -> Result<()> {
        let m = &self.margins_mm;
        let points = [
            ("body_pt", self.body_pt),
            ("line_pt", self.line_pt),
            ("superior_pt", self.superior_pt),
            ("issuer_pt", self.issuer_pt),
            ("number_pt", self.number_pt),
            ("party_pt", self.party_pt),
            ("place_pt", self.place_pt),
            ("kind_pt", self.kind_pt),
            ("summary_pt", self.summary_pt),
            ("letter_summary_pt", self.letter_summary_pt),
            ("table_pt", self.table_pt),
            ("signature_pt", self.signature_pt),
            ("recipients_label_pt", self.recipients_label_pt),
            ("recipients_pt", self.recipients_pt),
            ("page_number_pt", self.page_number_pt),
            ("footer_pt", self.footer_pt),
        ];
        let others = [
            ("margins_mm.top", m.top, 10.0, 60.0),
            ("margins_mm.bottom", m.bottom, 10.0, 60.0),
            ("margins_mm.left", m.left, 5.0, 60.0),
            ("margins_mm.right", m.right, 5.0, 60.0),
            ("line_pt", self.line_pt, self.body_pt, 60.0),
            ("para_gap_pt", self.para_gap_pt, 0.0, 40.0),
            ("indent_mm", self.indent_mm, 0.0, 40.0),
            ("signature_space_mm", self.signature_space_mm, 5.0, 80.0),
            ("head_left_pct", self.head_left_pct, 20.0, 80.0),
        ];
        let bounds = points.into_iter().map(|(name, v)| (name, v, 6.0, 40.0));
        for (field, value, low, high) in bounds.chain(others) {
            // NaN is in no range, so it is refused here too.
            if !(low..=high).contains(&value) {
                return Err(Error::Profile { id: self.id.clone(), field });
            }
        }
        if self.font.trim().is_empty() {
            return Err(Error::Profile { id: self.id.clone(), field: "font" });
        }
        Ok(())
    }

    /// Figures of HD 05-HD/VPTW (2026), for tests; the product reads them from its rule pack.
    pub fn hd05_2026() -> Self {
        Self {
            id: "HD05-2026".into(),
            margins_mm: Margins { top: 20.0, bottom: 20.0, left: 30.0, right: 15.0 },
            font: "Times New Roman".into(),
            body_pt: 14.0,
            line_pt: 18.0,
            para_gap_pt: 6.0,
            indent_mm: 10.0,
            superior_pt: 14.0,
            issuer_pt: 14.0,
            number_pt: 14.0,
            party_pt: 15.0,
            place_pt: 14.0,
            kind_pt: 16.0,
            summary_pt: 14.0,
            letter_summary_pt: 12.0,
            table_pt: 13.0,
            signature_pt: 14.0,
            signature_space_mm: 25.0,
            recipients_label_pt: 14.0,
            recipients_pt: 12.0,
            page_number_pt: 14.0,
            footer_pt: 8.0,
            head_left_pct: 44.0,
            party_name: "ĐẢNG CỘNG SẢN VIỆT NAM".into(),
            issuer_mark: "*".into(),
            summary_mark: "-----".into(),
            recipients_label: "Nơi nhận:".into(),
            draft_mark: "DỰ THẢO".into(),
        }
    }

    /// Figures of HD 36-HD/VPTW (2018), for tests; the product reads them from its rule pack.
    pub fn hd36_2018() -> Self {
        Self { id: "HD36-2018".into(), kind_pt: 15.0, ..Self::hd05_2026() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_figures_pass_and_survive_serde() {
        for profile in [Profile::hd05_2026(), Profile::hd36_2018()] {
            profile.check().unwrap();
            let back: Profile = serde_json::from_str(&serde_json::to_string(&profile).unwrap()).unwrap();
            assert_eq!(back, profile);
        }
    }

    #[test]
    fn figures_out_of_range_are_named() {
        let mut wide = Profile::hd05_2026();
        wide.margins_mm.left = 300.0;
        assert!(wide.check().unwrap_err().to_string().contains("margins_mm.left"));
        let mut tight = Profile::hd05_2026();
        tight.line_pt = 12.0;
        assert!(tight.check().is_err());
        let mut nan = Profile::hd05_2026();
        nan.body_pt = f64::NAN;
        assert!(nan.check().is_err());
    }
}
