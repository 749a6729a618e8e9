//! Reads the rules by which tasks are looked through, and the days off.
//! Pure. Rules: regulations.md, opening section; ahead.md 7.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Content, Dated, Pack, PackFile, Read, add};
use crate::resolution::TaskField;
use crate::rulepack::lint::WordList;
use crate::rulepack::{DayOff, LintCheck, LintExample, LintRule};

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LintRaw {
    id: Text,
    check: Text,
    field: Option<Text>,
    figure: Option<Text>,
    rules: Spanned<Vec<Text>>,
    source: Text,
    confidence: Text,
    says: Text,
    why: Text,
    #[serde(default)]
    skeleton: Vec<Text>,
    #[serde(default)]
    phrases: Vec<Text>,
    #[serde(default)]
    words: BTreeMap<String, Vec<Text>>,
    #[serde(default)]
    good: Vec<Spanned<ExampleRaw>>,
    #[serde(default)]
    bad: Vec<Spanned<ExampleRaw>>,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleRaw {
    content: Text,
    requirement: Option<String>,
    #[serde(default)]
    lacks: Vec<Text>,
    deadline: Option<Spanned<Datetime>>,
    #[serde(default)]
    same: bool,
    #[serde(default)]
    open: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DayOffRaw {
    name: Text,
    yearly: Option<Text>,
    #[serde(default)]
    dates: Vec<Spanned<Datetime>>,
    source: Text,
    confidence: Text,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordListRaw {
    name: Text,
    words: Vec<Text>,
    source: Text,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
}

/// Gaps a sentence may have.
const SAYS: [&str; 6] = ["words", "field", "date", "name", "open", "most"];
/// Gaps a skeleton may have.
const SKELETON: [&str; 5] = ["work", "deadline", "doer", "checker", "urger"];

/// Everything a file says about looking through tasks.
pub(super) fn contents(pack: &Pack<'_>, file: &PackFile, content: &mut Content) -> Read<()> {
    for at in &file.lints {
        let raw = at.get_ref();
        let new = Dated { span: pack.span(at, raw.from.as_ref(), raw.to.as_ref())?, item: rule(pack, at)? };
        add(&mut content.lints, new, |a, b| a.id == b.id, pack.source, at)?;
    }
    for at in &file.days_off {
        let raw = at.get_ref();
        let new = Dated { span: pack.span(at, raw.from.as_ref(), raw.to.as_ref())?, item: day_off(pack, at)? };
        add(&mut content.days_off, new, |a, b| a.name == b.name, pack.source, at)?;
    }
    for at in &file.word_lists {
        let raw = at.get_ref();
        pack.document(&raw.source)?;
        let words = raw.words.iter().map(|w| pack.source.filled(w, "Từ ngữ")).collect::<Read<_>>()?;
        let item = WordList { name: pack.source.filled(&raw.name, "Tên danh sách")?, words };
        let new = Dated { span: pack.span(at, raw.from.as_ref(), raw.to.as_ref())?, item };
        add(&mut content.word_lists, new, |a, b| a.name == b.name, pack.source, at)?;
    }
    Ok(())
}

/// What can only be checked when every pack is read: the figures that rules measure against.
pub(super) fn check_together(pack: super::Source<'_>, file: &PackFile, content: &Content) -> Read<()> {
    for at in &file.lints {
        if let Some(key) = &at.get_ref().figure
            && !content.figures.contains_key(key.get_ref())
        {
            return Err(pack.error(key, format!("Không có số liệu “{}”.", key.get_ref())));
        }
    }
    Ok(())
}

fn rule(pack: &Pack<'_>, at: &Spanned<LintRaw>) -> Read<LintRule> {
    let (source, raw) = (&pack.source, at.get_ref());
    let check: LintCheck = source.code(&raw.check, "Cách soát")?;
    let field: Option<TaskField> = raw.field.as_ref().map(|f| source.code(f, "Ô")).transpose()?;
    if (check == LintCheck::Missing) != field.is_some() {
        return Err(source.error(&raw.check, "Chỉ cách soát “missing” có, và phải có, mục “field”."));
    }
    if (check == LintCheck::Load) != raw.figure.is_some() {
        return Err(source.error(&raw.check, "Chỉ cách soát “load” có, và phải có, mục “figure”."));
    }
    if let Some(list) = check.lists().iter().find(|l| raw.words.get(**l).is_none_or(Vec::is_empty)) {
        return Err(source.error(&raw.check, format!("Cách soát “{}” cần danh sách “{list}”.", raw.check.get_ref())));
    }
    if let Some(list) = raw.words.keys().find(|k| !check.lists().contains(&k.as_str())) {
        return Err(source.error(at, format!("Cách soát “{}” không dùng danh sách “{list}”.", raw.check.get_ref())));
    }
    if matches!(check, LintCheck::Vague | LintCheck::Several) && raw.phrases.is_empty() {
        return Err(source.error(&raw.check, format!("Cách soát “{}” cần danh sách “phrases”.", raw.check.get_ref())));
    }
    if raw.rules.get_ref().is_empty() {
        return Err(source.error(&raw.rules, "Chưa ghi mã quy định."));
    }
    if check != LintCheck::NoTask && (raw.good.is_empty() || raw.bad.is_empty()) {
        return Err(source.error(&raw.id, "Mỗi quy tắc cần ít nhất một ví dụ đúng (good) và một ví dụ sai (bad)."));
    }
    let texts = |list: &[Text], what: &str| list.iter().map(|t| source.filled(t, what)).collect::<Read<Vec<_>>>();
    let lists = raw.words.iter().map(|(k, v)| Ok((k.clone(), texts(v, "Từ ngữ")?)));
    Ok(LintRule {
        id: source.filled(&raw.id, "Mã quy tắc")?,
        check,
        field,
        figure: raw.figure.as_ref().map(|f| f.get_ref().clone()),
        rules: texts(raw.rules.get_ref(), "Mã quy định")?,
        source: pack.document(&raw.source)?,
        confidence: source.code(&raw.confidence, "Độ tin cậy")?,
        says: gaps(pack, &raw.says, "Câu nói", &SAYS)?,
        why: source.filled(&raw.why, "Vì sao")?,
        skeleton: raw.skeleton.iter().map(|s| gaps(pack, s, "Khung", &SKELETON)).collect::<Read<_>>()?,
        phrases: texts(&raw.phrases, "Từ ngữ")?,
        words: lists.collect::<Read<_>>()?,
        good: raw.good.iter().map(|e| example(pack, e)).collect::<Read<_>>()?,
        bad: raw.bad.iter().map(|e| example(pack, e)).collect::<Read<_>>()?,
    })
}

/// A text whose gaps are known.
fn gaps(pack: &Pack<'_>, text: &Text, what: &str, known: &[&str]) -> Read<String> {
    let said = pack.source.filled(text, what)?;
    for gap in said.split('{').skip(1) {
        let name = gap.split('}').next().unwrap_or_default();
        if !gap.contains('}') || !known.contains(&name) {
            let message = format!("Không có chỗ điền “{{{name}}}”; chỉ nhận: {}.", known.join(", "));
            return Err(pack.source.error(text, message));
        }
    }
    Ok(said)
}

fn example(pack: &Pack<'_>, at: &Spanned<ExampleRaw>) -> Read<LintExample> {
    let (source, raw) = (&pack.source, at.get_ref());
    Ok(LintExample {
        content: source.filled(&raw.content, "Ví dụ")?,
        requirement: raw.requirement.clone(),
        lacks: raw.lacks.iter().map(|f| source.code(f, "Ô")).collect::<Read<_>>()?,
        deadline: raw.deadline.as_ref().map(|d| source.date(d)).transpose()?,
        same: raw.same,
        open: raw.open,
    })
}

fn day_off(pack: &Pack<'_>, at: &Spanned<DayOffRaw>) -> Read<DayOff> {
    let (source, raw) = (&pack.source, at.get_ref());
    let yearly = raw.yearly.as_ref().map(|y| month_day(pack, y)).transpose()?;
    if yearly.is_some() != raw.dates.is_empty() {
        return Err(source.error(at, "Ngày nghỉ ghi hoặc “yearly” (tháng-ngày của mọi năm), hoặc “dates” (ngày của từng năm)."));
    }
    Ok(DayOff {
        name: source.filled(&raw.name, "Tên ngày nghỉ")?,
        yearly,
        dates: raw.dates.iter().map(|d| source.date(d)).collect::<Read<_>>()?,
        source: pack.document(&raw.source)?,
        confidence: source.code(&raw.confidence, "Độ tin cậy")?,
    })
}

fn month_day(pack: &Pack<'_>, text: &Text) -> Read<(i8, i8)> {
    let parts = text.get_ref().split_once('-').and_then(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?)));
    // A leap year, so that the 29th of February is a day, too.
    let real = |(m, d): &(i8, i8)| jiff::civil::Date::new(2024, *m, *d).is_ok();
    parts.filter(real).ok_or_else(|| pack.source.error(text, "Ngày của mọi năm ghi theo dạng tháng-ngày: 09-02."))
}
