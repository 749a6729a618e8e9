//! Reads score sheets strictly: groups add up to what they say, the whole to its total, in every month it
//! may be used in; scales fit what they measure and never give more for less.
//! Pure. Rules: regulations.md section 3 (each shipped sheet adds to its stated total).

use std::sync::Arc;

use toml::Spanned;

use super::raw::{CriterionRaw, GateRaw, PackFile, ScoreSheetRaw, YearRaw};
use super::{Content, Dated, Pack, Read, Source};
use crate::meeting::MeetingKind;
use crate::rulepack::{Ratio, Value};
use crate::score::{Auto, Band, Bands, Case, Criterion, Gate, Points, SHEET_FIGURE, Scale, ScoreSheet, Step, When, YearLevel};

/// Points as written: `5` or `"4,5"`.
fn points(source: Source<'_>, at: &Spanned<toml::Value>) -> Read<Points> {
    points_of(at.get_ref())
        .ok_or_else(|| source.error(at, "Điểm phải là số từ 0, có thể lẻ tới hai chữ số (ví dụ 5 hoặc \"4,5\")."))
}

fn points_of(value: &toml::Value) -> Option<Points> {
    match value {
        toml::Value::Integer(n) => Points::parse(&n.to_string()),
        toml::Value::String(text) => Points::parse(text),
        _ => None,
    }
}

/// A sheet; `known` are those read before it, whose criteria it may take.
pub(super) fn sheet(
    pack: &Pack<'_>,
    at: &Spanned<ScoreSheetRaw>,
    known: &[Dated<Arc<ScoreSheet>>],
) -> Read<Dated<Arc<ScoreSheet>>> {
    let (source, raw) = (pack.source, at.get_ref());
    let kinds = raw.kinds.get_ref().iter().map(|k| source.code(k, "Loại buổi sinh hoạt")).collect::<Read<Vec<MeetingKind>>>()?;
    let own = raw.criteria.iter().map(|c| criterion(source, c)).collect::<Read<Vec<Criterion>>>()?;
    let criteria = match &raw.frame {
        Some(frame) if !own.is_empty() => {
            return Err(source.error(frame, "Bảng lấy khung của bảng khác thì không ghi tiêu chí riêng."));
        }
        Some(frame) => known
            .iter()
            .find(|k| k.item.code == *frame.get_ref())
            .map(|k| k.item.criteria.clone())
            .ok_or_else(|| source.error(frame, format!("Chưa có bảng điểm “{}”.", frame.get_ref())))?,
        None => own,
    };
    let bands = raw.bands.get_ref();
    let sheet = ScoreSheet {
        code: source.filled(&raw.code, "Mã bảng điểm")?,
        version: source.filled(&raw.version, "Phiên bản")?,
        name: source.filled(&raw.name, "Tên bảng điểm")?,
        rule: source.filled(&raw.rule, "Mã quy định")?,
        source: pack.document(&raw.source)?,
        confidence: source.code(&raw.confidence, "Độ tin cậy")?,
        note: raw.note.clone(),
        total: points(source, &raw.total)?,
        kinds,
        bands: Bands {
            good: points(source, &bands.good)?,
            fair: points(source, &bands.fair)?,
            average: points(source, &bands.average)?,
        },
        gates: raw.gates.iter().map(|g| gate(source, g, &criteria)).collect::<Read<_>>()?,
        year: raw.year.iter().map(|y| year(source, y)).collect::<Read<_>>()?,
        year_note: raw.year_note.clone(),
        criteria,
    };
    if sheet.kinds.is_empty() {
        return Err(source.error(&raw.kinds, "Bảng điểm chưa ghi loại buổi sinh hoạt nào."));
    }
    let falling =
        sheet.total >= sheet.bands.good && sheet.bands.good > sheet.bands.fair && sheet.bands.fair > sheet.bands.average;
    if !falling {
        return Err(source.error(&raw.bands, "Mức tốt, khá, trung bình phải giảm dần và không quá tổng điểm."));
    }
    for case in sheet.cases() {
        adds_up(source, at, &sheet, case)?;
    }
    Ok(Dated { span: pack.span(at, raw.from.as_ref(), raw.to.as_ref())?, item: Arc::new(sheet) })
}

/// Whether the leaves give the total, and those of each group what the group says.
fn adds_up(source: Source<'_>, at: &Spanned<ScoreSheetRaw>, sheet: &ScoreSheet, case: Case) -> Read<()> {
    let month = if case.thematic { "tháng có chuyên đề" } else { "tháng không có chuyên đề" };
    let sum: Points = sheet.leaves(case).map(|(_, max)| max).sum();
    if sum != sheet.total {
        let message = format!("Các tiêu chí cộng lại được {sum}, không phải {} ({month}).", sheet.total);
        return Err(source.error(at, message));
    }
    for group in sheet.criteria.iter().filter(|c| sheet.is_group(&c.id)) {
        let under: Points = sheet.leaves(case).filter(|(c, _)| c.is_under(&group.id)).map(|(_, max)| max).sum();
        if group.max_in(case) != Some(under) {
            let place = at.get_ref().criteria.iter().find(|c| *c.get_ref().id.get_ref() == group.id);
            let message = format!("Các tiêu chí của mục {} cộng lại được {under}, không phải {} ({month}).", group.id, group.max);
            return Err(place.map_or_else(|| source.error(at, message.clone()), |p| source.error(p, message.clone())));
        }
    }
    Ok(())
}

fn criterion(source: Source<'_>, at: &Spanned<CriterionRaw>) -> Read<Criterion> {
    let raw = at.get_ref();
    let id = source.filled(&raw.id, "Số của tiêu chí")?;
    if !id.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())) {
        return Err(source.error(&raw.id, "Số của tiêu chí phải có dạng 3 hoặc 3.2."));
    }
    let auto = raw.auto.iter().map(|a| source.code(a, "Quy tắc gợi ý")).collect::<Read<Vec<Auto>>>()?;
    let max = points(source, &raw.max)?;
    let without_thematic = raw.max_without_thematic.as_ref().map(|m| points(source, m)).transpose()?;
    if (without_thematic.is_some() || raw.only_thematic) && !auto.is_empty() {
        return Err(source.error(at, "Tiêu chí đổi điểm theo tháng thì không có quy tắc gợi ý."));
    }
    let limit =
        raw.limit.as_ref().map(|l| u32::try_from(*l.get_ref()).map_err(|_| source.error(l, "Số lần phải từ 0."))).transpose()?;
    if limit.is_some() != auto.contains(&Auto::Streak) {
        return Err(source.error(at, "Số lần (limit) chỉ đi cùng quy tắc absence_streak, và phải có."));
    }
    let scale = scale(source, at, &auto, max)?;
    Ok(Criterion {
        id,
        text: source.filled(&raw.text, "Tên tiêu chí")?,
        max,
        without_thematic,
        only_thematic: raw.only_thematic,
        auto,
        scale,
        limit,
    })
}

/// How facts become points, as written.
const SCALES: [&str; 4] = ["show", "full", "share", "steps"];

fn scale(source: Source<'_>, at: &Spanned<CriterionRaw>, auto: &[Auto], max: Points) -> Read<Scale> {
    let raw = at.get_ref();
    let Some(word) = &raw.scale else {
        return if auto.is_empty() && raw.steps.is_empty() {
            Ok(Scale::Show)
        } else {
            Err(source.error(at, "Tiêu chí có quy tắc gợi ý phải ghi cách tính (scale)."))
        };
    };
    let one_share = matches!(auto, [one] if one.is_share());
    let word_of = word.get_ref().as_str();
    if !SCALES.contains(&word_of) {
        let message = format!("Không có cách tính “{word_of}”; chỉ nhận: {}.", SCALES.join(", "));
        return Err(source.error(word, message));
    }
    if word_of != "steps" && (!raw.steps.is_empty() || raw.if_unexcused.is_some()) {
        return Err(source.error(at, "Thang điểm chỉ ghi khi scale = \"steps\"."));
    }
    match word_of {
        "show" if !auto.is_empty() => Ok(Scale::Show),
        "full" if !auto.is_empty() => Ok(Scale::Full),
        "share" if one_share => Ok(Scale::Share),
        "steps" if one_share => rows(source, at, auto, max),
        _ => {
            Err(source.error(word, "Cách tính này không hợp với quy tắc gợi ý: share và steps cần đúng một quy tắc theo tỷ lệ."))
        }
    }
}

fn rows(source: Source<'_>, at: &Spanned<CriterionRaw>, auto: &[Auto], max: Points) -> Read<Scale> {
    let raw = at.get_ref();
    let mut rows: Vec<Step> = Vec::with_capacity(raw.steps.len());
    for step in &raw.steps {
        let (when, value) = step.get_ref();
        let points = points_of(value).ok_or_else(|| source.error(step, "Điểm của một nấc không đọc được."))?;
        let when = condition(when).ok_or_else(|| source.error(step, format!("Không đọc được điều kiện “{when}”.")))?;
        if matches!(when, When::ShortBy(_)) && auto != [Auto::Length] {
            return Err(source.error(step, "Điều kiện “thiếu … phút” chỉ dùng cho thời lượng."));
        }
        if points > max || rows.last().is_some_and(|r| r.points <= points) {
            return Err(source.error(step, "Điểm của các nấc phải giảm dần và không quá điểm tối đa."));
        }
        rows.push(Step { when, points });
    }
    let whole = rows.first().is_some_and(|r| r.points == max);
    let ends = matches!(rows.last(), Some(Step { when: When::AtLeast(Ratio { part: 0, .. }), .. }));
    if !whole || !ends {
        return Err(source.error(at, "Thang điểm phải bắt đầu bằng điểm tối đa và kết thúc bằng nấc từ 0 %."));
    }
    let if_unexcused = raw.if_unexcused.as_ref().map(|p| points(source, p)).transpose()?;
    if if_unexcused.is_some() && auto != [Auto::Attendance] {
        return Err(source.error(at, "Mức khi có đảng viên vắng không lý do chỉ dùng cho tỷ lệ dự."));
    }
    Ok(Scale::Steps { rows, if_unexcused })
}

/// `90 %`, `trên 50 %`, `thiếu 15` (minutes).
fn condition(text: &str) -> Option<When> {
    if let Some(minutes) = text.strip_prefix("thiếu ") {
        return minutes.trim().parse().ok().map(When::ShortBy);
    }
    match text.strip_prefix("trên ") {
        Some(share) => Ratio::parse(share).map(When::Over),
        None => Ratio::parse(text).map(When::AtLeast),
    }
}

fn gate(source: Source<'_>, at: &Spanned<GateRaw>, criteria: &[Criterion]) -> Read<Gate> {
    let raw = at.get_ref();
    if let Some(id) = raw.full.get_ref().iter().find(|id| criteria.iter().all(|c| c.id != **id)) {
        return Err(source.error(&raw.full, format!("Không có tiêu chí “{id}”.")));
    }
    Ok(Gate { band: source.code(&raw.band, "Mức")?, full: raw.full.get_ref().clone() })
}

fn year(source: Source<'_>, at: &Spanned<YearRaw>) -> Read<YearLevel> {
    let raw = at.get_ref();
    let band = |word| source.code::<Band>(word, "Mức");
    let count = u32::try_from(*raw.count.get_ref()).map_err(|_| source.error(&raw.count, "Số buổi phải từ 0."))?;
    Ok(YearLevel { band: band(&raw.band)?, all: band(&raw.all)?, of: band(&raw.of)?, count })
}

/// The sheet that is used where no committee chooses must be there on each day the figure holds from.
pub(super) fn check_chosen(source: Source<'_>, file: &PackFile, content: &Content) -> Read<()> {
    let Some(at) = file.figures.get(SHEET_FIGURE) else { return Ok(()) };
    for figure in content.figures.get(SHEET_FIGURE).into_iter().flatten() {
        let Value::Words(words) = &figure.value else { continue };
        let there = |w: &String| content.score_sheets.iter().any(|s| s.item.code == *w && s.span.holds(figure.span.from));
        if words.len() != 1 || !words.iter().all(there) {
            return Err(source.error(&at.get_ref().value, "Phải là mã của đúng một bảng điểm có hiệu lực."));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "scores_tests.rs"]
mod tests;
