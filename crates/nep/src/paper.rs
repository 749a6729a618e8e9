//! From the rules of layout to a document: profile, header and signatures that every export
//! shares. May touch organisations by date, rule packs and `documents`. Rules: section 5 (TH, KY).

use db::Tx;
use documents::{Head, Margins, Profile, Signature};
use domain::numbering::DocKind;
use domain::post::Role;
use domain::rulepack::LayoutProfile;
use domain::vi;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::org::store::{self as orgs, Org};

/// A rule pack's layout as the renderers take it. Figures are the pack's own.
pub fn profile(rules: &LayoutProfile) -> Profile {
    let (sizes, spacing, header) = (&rules.sizes_pt, &rules.spacing, &rules.header);
    Profile {
        id: rules.code.clone(),
        margins_mm: Margins {
            top: rules.margins_mm.top,
            bottom: rules.margins_mm.bottom,
            left: rules.margins_mm.left,
            right: rules.margins_mm.right,
        },
        font: rules.font.family.clone(),
        body_pt: sizes.body,
        line_pt: spacing.line_exact_pt,
        para_gap_pt: spacing.paragraph_after_pt,
        indent_mm: spacing.first_line_mm,
        superior_pt: sizes.superior,
        issuer_pt: sizes.issuer,
        number_pt: sizes.number,
        party_pt: sizes.party,
        place_pt: sizes.place_date,
        kind_pt: sizes.title,
        summary_pt: sizes.subject,
        letter_summary_pt: sizes.letter_subject,
        table_pt: sizes.table,
        signature_pt: sizes.sign,
        signature_space_mm: spacing.signature_space_mm,
        recipients_label_pt: sizes.recipients_title,
        recipients_pt: sizes.recipients,
        page_number_pt: sizes.page_number,
        footer_pt: sizes.footer,
        head_left_pct: header.left_percent,
        party_name: header.party.clone(),
        issuer_mark: header.star.clone(),
        summary_mark: header.subject_rule.clone(),
        recipients_label: rules.recipients.title.clone(),
        draft_mark: header.draft_mark.clone(),
    }
}

/// Who issues, under whom and where: frozen with a sealed document, because names change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// Name of the organisation above; empty at the top of a tree.
    pub superior: String,
    /// Name of the issuing organisation.
    pub issuer: String,
    /// Symbol in document numbers.
    pub symbol: String,
    /// Place name.
    pub place: String,
    /// Whether the issuer is a cell.
    pub is_cell: bool,
}

impl Letterhead {
    /// The names valid on a date.
    ///
    /// # Errors
    /// Database faults only.
    pub fn on(tx: &mut Tx, org: &Org, date: Date) -> db::Result<Self> {
        let superior = orgs::above(tx, org, date)?.map(|o| o.name).unwrap_or_default();
        Ok(Self {
            superior,
            issuer: org.name.clone(),
            symbol: org.symbol.clone(),
            place: org.place.clone(),
            is_cell: org.is_cell,
        })
    }

    /// The two-column header of a document; `number` as written, or room for the pen.
    pub fn head(&self, number: Option<&str>, kind: DocKind, date: Date) -> Head {
        let number = number.map_or_else(|| documents::number_text(None, kind.symbol(), &self.symbol), ToOwned::to_owned);
        Head {
            superior: self.superior.to_uppercase(),
            issuer: self.issuer.to_uppercase(),
            number: Some(number),
            place: self.place.clone(),
            date_text: vi::date_long(date),
        }
    }

    /// The block of whoever signs in the name of the body (KY-01, KY-02).
    pub fn sign(&self, rules: &LayoutProfile, role: Role, name: &str) -> Option<Signature> {
        let block = rules.sign_block(if self.is_cell { "cell" } else { "committee" })?;
        let post = if role == Role::Deputy { block.posts.get(1) } else { block.posts.first() };
        Some(Signature::for_body(&block.on_behalf, post?, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_shipped_profile_can_be_set() {
        let library = domain::rulepack::shipped().unwrap();
        for (day, code) in [(date(2020, 5, 1), "HD36-2018"), (date(2026, 11, 22), "HD05-2026")] {
            let rules = library.at(day);
            let paper = profile(rules.profile().unwrap());
            assert_eq!(paper.id, code);
            paper.check().unwrap();
        }
    }
}
