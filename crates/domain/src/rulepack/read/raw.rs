//! The shape of a pack's text, word for word; what it means is checked in the module above.
//! Pure. Rules: regulations.md, opening section.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::lint::{DayOffRaw, LintRaw, WordListRaw};
use super::{Pack, Read};
use crate::rulepack::{AbsenceReason, CellType, Exemption, LayoutProfile, Span};

type Text = Spanned<String>;
type Day = Spanned<Datetime>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    pub pack: Spanned<Head>,
    #[serde(default)]
    pub documents: Vec<Spanned<DocumentRaw>>,
    #[serde(default)]
    pub figures: BTreeMap<String, Spanned<FigureRaw>>,
    #[serde(default)]
    pub agendas: Vec<Spanned<AgendaRaw>>,
    pub profile: Option<Spanned<LayoutProfile>>,
    #[serde(default)]
    pub targets: Vec<Spanned<TargetRaw>>,
    #[serde(default)]
    pub org_kinds: Vec<Spanned<OrgKindRaw>>,
    #[serde(default)]
    pub cell_types: Vec<Spanned<CellTypeRaw>>,
    #[serde(default)]
    pub absence_reasons: Vec<Spanned<AbsenceReasonRaw>>,
    #[serde(default)]
    pub exemptions: Vec<Spanned<ExemptionRaw>>,
    #[serde(default)]
    pub lints: Vec<Spanned<LintRaw>>,
    #[serde(default)]
    pub days_off: Vec<Spanned<DayOffRaw>>,
    #[serde(default)]
    pub word_lists: Vec<Spanned<WordListRaw>>,
    #[serde(default)]
    pub score_sheets: Vec<Spanned<ScoreSheetRaw>>,
}

/// The head of a pack: packs of one subject follow each other in time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub subject: Text,
    pub title: Text,
    pub source: Text,
    pub from: Day,
    pub to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocumentRaw {
    pub id: Text,
    pub name: Text,
    pub title: String,
    #[serde(default)]
    pub issuer: String,
    pub date: Option<Day>,
    pub from: Day,
    pub to: Option<Day>,
    pub replaced_by: Option<Text>,
    pub confidence: Text,
    #[serde(default)]
    pub open: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FigureRaw {
    pub value: Spanned<toml::Value>,
    pub unit: Text,
    pub compare: Option<Text>,
    pub title: Text,
    pub rule: Text,
    pub source: Text,
    #[serde(default)]
    pub clause: String,
    pub confidence: Text,
    #[serde(default)]
    pub open: bool,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgendaRaw {
    pub kind: Text,
    pub title: Text,
    pub rule: Text,
    pub source: Text,
    pub confidence: Text,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub steps: Vec<Spanned<StepRaw>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepRaw {
    pub step: Text,
    pub title: Option<String>,
    pub part: Text,
    pub minutes: Spanned<i64>,
    pub required: bool,
    pub rule: Text,
    #[serde(default)]
    pub hints: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScoreSheetRaw {
    pub code: Text,
    pub version: Text,
    pub name: Text,
    pub rule: Text,
    pub source: Text,
    pub confidence: Text,
    #[serde(default)]
    pub note: String,
    pub total: Spanned<toml::Value>,
    pub kinds: Spanned<Vec<Text>>,
    pub bands: Spanned<BandsRaw>,
    /// Another sheet whose criteria it takes.
    pub frame: Option<Text>,
    #[serde(default)]
    pub criteria: Vec<Spanned<CriterionRaw>>,
    #[serde(default)]
    pub gates: Vec<Spanned<GateRaw>>,
    #[serde(default)]
    pub year: Vec<Spanned<YearRaw>>,
    #[serde(default)]
    pub year_note: String,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandsRaw {
    pub good: Spanned<toml::Value>,
    pub fair: Spanned<toml::Value>,
    pub average: Spanned<toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionRaw {
    pub id: Text,
    pub text: Text,
    pub max: Spanned<toml::Value>,
    pub max_without_thematic: Option<Spanned<toml::Value>>,
    #[serde(default)]
    pub only_thematic: bool,
    #[serde(default)]
    pub auto: Vec<Text>,
    pub scale: Option<Text>,
    #[serde(default)]
    pub steps: Vec<Spanned<(String, toml::Value)>>,
    pub if_unexcused: Option<Spanned<toml::Value>>,
    pub limit: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GateRaw {
    pub band: Text,
    pub full: Spanned<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct YearRaw {
    pub band: Text,
    pub all: Text,
    pub of: Text,
    pub count: Spanned<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetRaw {
    pub key: Text,
    pub title: Text,
    pub measure: Text,
    pub compare: Text,
    pub value: Spanned<toml::Value>,
    pub unit: Text,
    #[serde(default)]
    pub applies_to: Vec<String>,
    pub source: Text,
    pub confidence: Text,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrgKindRaw {
    pub code: Text,
    pub name: Text,
    pub prefix: String,
    pub committee: String,
    pub symbol: Text,
    pub is_cell: bool,
    pub parents: Spanned<Vec<String>>,
    pub rule: String,
    pub source: Text,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CellTypeRaw {
    pub code: Text,
    pub name: Text,
    #[serde(default)]
    pub focus: Vec<String>,
    pub source: Text,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AbsenceReasonRaw {
    pub code: Text,
    pub name: Text,
    pub needs_note: bool,
    pub source: Text,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExemptionRaw {
    pub code: Text,
    pub name: Text,
    pub decider: Text,
    pub time_limited: bool,
    pub rule: String,
    pub source: Text,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

pub(super) fn cell_type(pack: &Pack<'_>, at: &Spanned<CellTypeRaw>) -> Read<(Span, CellType)> {
    let raw = at.get_ref();
    pack.document(&raw.source)?;
    let item = CellType {
        code: pack.source.filled(&raw.code, "Mã loại hình")?,
        name: pack.source.filled(&raw.name, "Tên loại hình")?,
        focus: raw.focus.clone(),
    };
    Ok((pack.span(at, raw.from.as_ref(), raw.to.as_ref())?, item))
}

pub(super) fn absence_reason(pack: &Pack<'_>, at: &Spanned<AbsenceReasonRaw>) -> Read<(Span, AbsenceReason)> {
    let raw = at.get_ref();
    pack.document(&raw.source)?;
    let item = AbsenceReason {
        code: pack.source.filled(&raw.code, "Mã lý do")?,
        name: pack.source.filled(&raw.name, "Lý do")?,
        needs_note: raw.needs_note,
    };
    Ok((pack.span(at, raw.from.as_ref(), raw.to.as_ref())?, item))
}

pub(super) fn exemption(pack: &Pack<'_>, at: &Spanned<ExemptionRaw>) -> Read<(Span, Exemption)> {
    let raw = at.get_ref();
    pack.document(&raw.source)?;
    if !matches!(raw.decider.get_ref().as_str(), "cell" | "base") {
        let message = "Nơi quyết định chỉ nhận: cell (chi bộ), base (cấp ủy cơ sở).";
        return Err(pack.source.error(&raw.decider, message));
    }
    let item = Exemption {
        code: pack.source.filled(&raw.code, "Mã diện miễn")?,
        name: pack.source.filled(&raw.name, "Diện miễn")?,
        decider: raw.decider.get_ref().clone(),
        time_limited: raw.time_limited,
        rule: raw.rule.clone(),
    };
    Ok((pack.span(at, raw.from.as_ref(), raw.to.as_ref())?, item))
}
