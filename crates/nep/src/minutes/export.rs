//! Sealed minutes as a document to read, print and copy.
//! May touch: what was sealed and the layout of its date, never live rows. Rules: section 5.5, KY-04.

use documents::{Align, Block, Column, Document, Signature, Title};
use domain::minutes::SectionKey;
use domain::numbering::DocKind;
use domain::rulepack::Library;
use domain::score::Points;
use domain::vi;

use super::snapshot::{Sealed, SectionPart};
use crate::fault::Fault;
use crate::paper;
use crate::score::kept::{Kept, Line};

/// Sealed minutes as a document. `hash` and `seq` say where they stand in the ledger.
///
/// # Errors
/// `Document` when no rule pack knows their layout any more.
pub fn document(sealed: &Sealed, library: &Library, hash: &str, seq: i64) -> Result<Document, Fault> {
    let profile = library
        .profile(&sealed.profile)
        .ok_or_else(|| Fault::Document(format!("no layout {} in the rule packs", sealed.profile)))?;
    let sign = &profile.minutes_sign;
    Ok(Document {
        profile: paper::profile(profile),
        date: sealed.date,
        head: sealed.letterhead.head(Some(&sealed.number), DocKind::Minutes, sealed.date),
        title: Title { kind: "BIÊN BẢN".to_owned(), summary: Some(summary(sealed)) },
        blocks: blocks(sealed),
        signatures: vec![
            Signature::for_part(&sign.left, &sealed.secretary.name),
            Signature::for_part(&sign.right, &sealed.chair.name),
        ],
        recipients: vec![profile.recipients.archive_cell.trim_end_matches('.').to_owned()],
        footer: Some(footer(hash, seq)),
        draft: false,
    })
}

/// The line at the foot of every page of a sealed document.
pub fn footer(hash: &str, seq: i64) -> String {
    format!("Sổ cái mục {seq}, mã kiểm tra SHA-256: {hash}")
}

/// What the minutes are about (trích yếu).
pub fn summary(sealed: &Sealed) -> String {
    let title = small_first(&sealed.meeting.title);
    match &sealed.correction {
        Some(c) => format!("đính chính Biên bản {} ngày {} ({title})", small_first(&c.number), vi::date(c.date)),
        None => title,
    }
}

fn small_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// The body by section 5.5: numbered parts, the course of the meeting item by item.
fn blocks(sealed: &Sealed) -> Vec<Block> {
    let mut out = Vec::new();
    if let Some(c) = &sealed.correction {
        out.push(Block::Lead { label: "Lý do đính chính:".to_owned(), text: c.reason.clone() });
    }
    let written: Vec<&SectionPart> = sealed.sections.iter().filter(|s| !s.text.trim().is_empty()).collect();
    let (mut part, mut item) = (0, 0);
    for section in written {
        match SectionKey::from_code(&section.key) {
            Some(SectionKey::Item(_)) => {
                if item == 0 {
                    part += 1;
                    out.push(heading(1, format!("{}- Diễn biến", vi::roman(part))));
                }
                item += 1;
                out.push(heading(2, format!("{item}. {}", section.title)));
            }
            Some(SectionKey::Closing) => {}
            _ => {
                part += 1;
                out.push(heading(1, format!("{}- {}", vi::roman(part), section.title)));
            }
        }
        out.extend(lines(&section.text));
        if section.key == SectionKey::Score.code() {
            out.extend(sealed.score.iter().flat_map(sheet));
        }
    }
    out
}

/// The filled-in score sheet as it was sealed.
fn sheet(score: &Kept) -> Vec<Block> {
    let column = |title: &str, width_pct, align| Column { title: title.to_owned(), width_pct, align };
    let row = |l: &Line| {
        let suggested = if l.group { String::new() } else { l.suggestion() };
        vec![format!("{}. {}", l.id, l.text), l.most().to_string(), suggested, l.shown(), l.reason.clone()]
    };
    let mut rows: Vec<Vec<String>> = score.lines.iter().map(row).collect();
    let points = |n: i32| Points::of_hundredths(n).to_string();
    rows.push(vec!["Tổng".to_owned(), points(score.max), String::new(), points(score.total), String::new()]);
    vec![
        Block::Para { text: format!("{} ({}).", score.name, score.source), indent: true, align: None },
        Block::Table {
            columns: vec![
                column("Tiêu chí", 46.0, Align::Left),
                column("Tối đa", 11.0, Align::Right),
                column("Gợi ý theo số liệu", 13.0, Align::Right),
                column("Chi bộ chấm", 12.0, Align::Right),
                column("Lý do cao hơn gợi ý", 18.0, Align::Left),
            ],
            rows,
        },
        Block::Para { text: score.why.clone(), indent: true, align: None },
    ]
}

fn heading(level: u8, text: String) -> Block {
    Block::Heading { level, text }
}

/// Lines with a dash are a list, the others paragraphs.
fn lines(text: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        match (line.strip_prefix("- "), out.last_mut()) {
            (Some(bullet), Some(Block::Bullets(list))) => list.push(bullet.to_owned()),
            (Some(bullet), _) => out.push(Block::Bullets(vec![bullet.to_owned()])),
            (None, _) => out.push(Block::Para { text: line.to_owned(), indent: true, align: None }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, max: i32, suggested: Option<i32>, points: i32, reason: &str) -> Line {
        Line {
            id: id.to_owned(),
            text: format!("Tiêu chí {id}"),
            group: id == "2",
            max,
            suggested,
            facts: "Không in ra.".to_owned(),
            points: Some(points),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn the_sealed_score_sheet_is_a_table_with_its_sum() {
        let score = Kept {
            sheet: "THU".to_owned(),
            version: "1".to_owned(),
            name: "Bảng thử".to_owned(),
            source: "Hướng dẫn 1".to_owned(),
            thematic: false,
            max: 1000,
            total: 925,
            band: "good".to_owned(),
            why: "9,25/10 điểm: từ 9 điểm trở lên là Tốt.".to_owned(),
            lines: vec![
                line("1", 400, Some(300), 400, "Vắng do bão"),
                line("2", 600, None, 525, ""),
                line("2.1", 600, None, 525, ""),
            ],
        };
        let blocks = sheet(&score);
        let [Block::Para { text, .. }, Block::Table { columns, rows }, Block::Para { text: why, .. }] = blocks.as_slice() else {
            panic!("{blocks:?}");
        };
        assert_eq!((text.as_str(), why), ("Bảng thử (Hướng dẫn 1).", &score.why));
        assert_eq!(columns.len(), 5);
        assert_eq!(
            rows.iter().map(|r| r.join("|")).collect::<Vec<_>>(),
            ["1. Tiêu chí 1|4|3|4|Vắng do bão", "2. Tiêu chí 2|6||5,25|", "2.1. Tiêu chí 2.1|6|–|5,25|", "Tổng|10||9,25|",]
        );
    }
}
