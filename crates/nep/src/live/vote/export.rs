//! Papers of a secret ballot as plain data: the ballot itself, the tellers' tally sheet, the record
//! of the count. May touch `documents`, rule packs and what was counted. Rules: section 5 (TH, KY), BQ-01.

use documents::{Align, BallotPaper, Block, Column, Document, SignLine, Signature, Title};
use domain::ballot::{Paper, Sheet};
use domain::rulepack::LayoutProfile;
use domain::vi;
use domain::vote::outcome;

use super::store::{Ballot, Teller};
use super::view::Loaded;
use crate::actor::local;
use crate::paper::{self, Letterhead};

/// The paper that is printed four to a page. It bears no number and no name: all are alike.
pub fn ballot_paper(letterhead: &Letterhead, ballot: &Ballot, date: jiff::civil::Date) -> BallotPaper {
    let paper = ballot.paper();
    let how = match paper {
        Paper::Question => "Đồng chí đánh dấu X vào một trong ba ô, không ký tên.",
        Paper::Names(_) => "Đồng chí đánh dấu X vào một trong hai ô ở mỗi dòng, không ký tên.",
        Paper::Measures(_) => "Đồng chí chọn một hình thức: đánh dấu X vào một ô, không ký tên.",
    };
    let three = ["Tán thành", "Không tán thành", "Ý kiến khác"].map(str::to_owned).to_vec();
    let (choices, names) = match paper {
        Paper::Question => (three, Vec::new()),
        Paper::Names(names) => (three, names),
        Paper::Measures(measures) => (measures, Vec::new()),
    };
    BallotPaper {
        superior: letterhead.superior.to_uppercase(),
        issuer: letterhead.issuer.to_uppercase(),
        date: vi::date_long(date),
        kind: "PHIẾU BIỂU QUYẾT".to_owned(),
        question: ballot.question.clone(),
        how: how.to_owned(),
        choices,
        names,
    }
}

/// A document without a number, dated on the meeting's day.
fn blank(loaded: &Loaded, letterhead: &Letterhead, layout: &LayoutProfile, kind: &str, blocks: Vec<Block>) -> Document {
    let date = loaded.record.day();
    Document {
        profile: paper::profile(layout),
        date,
        head: documents::Head {
            superior: letterhead.superior.to_uppercase(),
            issuer: letterhead.issuer.to_uppercase(),
            number: None,
            place: letterhead.place.clone(),
            date_text: vi::date_long(date),
        },
        title: Title { kind: kind.to_owned(), summary: Some(low(&loaded.ballot.question)) },
        blocks,
        signatures: Vec::new(),
        recipients: Vec::new(),
        footer: None,
        draft: false,
    }
}

fn low(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

fn columns(titles: &[(&str, f64, Align)]) -> Vec<Column> {
    let column =
        |(title, width, align): &(&str, f64, Align)| Column { title: (*title).to_owned(), width_pct: *width, align: *align };
    titles.iter().map(column).collect()
}

fn para(text: String) -> Block {
    Block::Para { text, indent: true, align: None }
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 1, text: text.to_owned() }
}

/// A sheet on which a teller tallies while opening the ballots.
pub fn tally_sheet(loaded: &Loaded, letterhead: &Letterhead, layout: &LayoutProfile) -> Document {
    let paper = loaded.ballot.paper();
    let mut rows: Vec<Vec<String>> = ["Số phiếu phát ra", "Số phiếu thu về", "Số phiếu hợp lệ", "Số phiếu không hợp lệ"]
        .iter()
        .map(|what| vec![(*what).to_owned(), String::new(), String::new()])
        .collect();
    let row = |what: String| vec![what, "\n".to_owned(), String::new()];
    match &paper {
        Paper::Question => rows.extend(["Tán thành", "Không tán thành", "Ý kiến khác"].map(|w| row(w.to_owned()))),
        Paper::Names(names) => {
            for name in names {
                rows.push(row(format!("{name}: tán thành")));
                rows.push(row(format!("{name}: không tán thành")));
            }
        }
        Paper::Measures(measures) => rows.extend(measures.iter().map(|m| row(format!("{m}: số phiếu chọn")))),
    }
    let blocks = vec![
        para(format!("Có mặt khi mở biểu quyết: {} đảng viên chính thức. Phát ra không quá số này.", loaded.ballot.present)),
        para("Phiếu hợp lệ cộng phiếu không hợp lệ bằng số phiếu thu về.".to_owned()),
        Block::Table {
            columns: columns(&[("Nội dung", 34.0, Align::Left), ("Gạch đếm", 48.0, Align::Left), ("Cộng", 18.0, Align::Center)]),
            rows,
        },
    ];
    let mut doc = blank(loaded, letterhead, layout, "PHIẾU GHI KẾT QUẢ KIỂM PHIẾU", blocks);
    doc.signatures = vec![Signature::for_part("NGƯỜI KIỂM PHIẾU", "")];
    doc
}

/// The record of the count, made of the figures both tellers agreed on, to be signed on paper.
pub fn record(loaded: &Loaded, sheet: &Sheet, letterhead: &Letterhead, layout: &LayoutProfile) -> Document {
    let mut blocks = vec![heading("I- Thời gian, địa điểm"), para(when_where(loaded, letterhead)), heading("II- Ban kiểm phiếu")];
    let tellers = loaded.tellers.iter();
    blocks.push(Block::Numbered(
        tellers.map(|t| format!("Đồng chí {}, {}.", t.name, low(super::view::teller_role(t.position)))).collect(),
    ));
    blocks.push(heading("III- Số phiếu"));
    blocks.push(Block::Bullets(issued(&loaded.ballot, sheet)));
    blocks.push(heading("IV- Kết quả"));
    blocks.push(results(&loaded.ballot, sheet));
    blocks.push(para(rule(&loaded.ballot)));
    blocks.extend(verdicts(loaded, sheet).into_iter().map(para));
    blocks.push(para(
        "Biên bản được lập sau khi kiểm phiếu xong, hai đồng chí kiểm phiếu đếm độc lập và thống nhất số liệu, đã công bố trước chi bộ. Phiếu được niêm phong kèm biên bản này."
            .to_owned(),
    ));
    let mut doc = blank(loaded, letterhead, layout, "BIÊN BẢN KIỂM PHIẾU", blocks);
    doc.signatures = signatures(&loaded.tellers);
    doc.recipients = vec![layout.recipients.archive_cell.trim_end_matches('.').to_owned()];
    doc
}

fn signatures(tellers: &[Teller]) -> Vec<Signature> {
    let name = |n: usize| tellers.get(n).map(|t| t.name.as_str()).unwrap_or_default();
    let line = |text: &str, bold| SignLine { text: text.to_owned(), bold };
    vec![
        Signature { lines: vec![line("ỦY VIÊN", true)], name: name(1).to_owned() },
        Signature { lines: vec![line("T/M BAN KIỂM PHIẾU", true), line("TRƯỞNG BAN", false)], name: name(0).to_owned() },
    ]
}

fn when_where(loaded: &Loaded, letterhead: &Letterhead) -> String {
    let ballot = &loaded.ballot;
    let at = local(ballot.closed_at.unwrap_or(ballot.opened_at));
    let place = loaded.record.meeting.place.trim();
    let place = if place.is_empty() { String::new() } else { format!(", tại {place}") };
    format!(
        "Hồi {}, {}{place}, {} tiến hành kiểm phiếu biểu quyết: {}.",
        vi::time(at.time()),
        vi::date_long(at.date()),
        letterhead.issuer,
        ballot.question.trim_end_matches('.')
    )
}

fn issued(ballot: &Ballot, sheet: &Sheet) -> Vec<String> {
    vec![
        format!(
            "Đảng viên chính thức được tính: {} đồng chí; có mặt khi biểu quyết: {} đồng chí.",
            ballot.electorate, ballot.present
        ),
        format!("Số phiếu phát ra: {} phiếu.", sheet.issued),
        format!("Số phiếu thu về: {} phiếu.", sheet.collected),
        format!("Số phiếu hợp lệ: {} phiếu.", sheet.valid),
        format!("Số phiếu không hợp lệ: {} phiếu.", sheet.invalid),
    ]
}

fn results(ballot: &Ballot, sheet: &Sheet) -> Block {
    let paper = ballot.paper();
    if paper.picks_one() {
        return chosen(ballot, &paper, sheet);
    }
    let rows = (0..paper.lines()).map(|at| {
        let count = sheet.result(&paper, at);
        let what = paper.names().get(at).cloned().unwrap_or_else(|| ballot.question.clone());
        let percent = vi::percent(u64::from(count.yes), u64::from(ballot.electorate));
        let yes = format!("{} ({percent})", count.yes);
        vec![(at + 1).to_string(), what, yes, count.no.to_string(), count.other.to_string()]
    });
    let rows = rows.collect();
    let columns = columns(&[
        ("TT", 7.0, Align::Center),
        (if paper.names().is_empty() { "Nội dung" } else { "Họ và tên" }, 39.0, Align::Left),
        ("Tán thành", 20.0, Align::Center),
        ("Không tán thành", 17.0, Align::Center),
        ("Ý kiến khác", 17.0, Align::Center),
    ]);
    Block::Table { columns, rows }
}

/// The table of a paper on which one measure is ticked.
fn chosen(ballot: &Ballot, paper: &Paper, sheet: &Sheet) -> Block {
    let row = |(at, measure): (usize, &String)| {
        let yes = sheet.result(paper, at).yes;
        let percent = vi::percent(u64::from(yes), u64::from(ballot.electorate));
        vec![(at + 1).to_string(), measure.clone(), format!("{yes} ({percent})")]
    };
    let columns = columns(&[
        ("TT", 8.0, Align::Center),
        ("Hình thức, từ nặng nhất xuống", 62.0, Align::Left),
        ("Số phiếu chọn", 30.0, Align::Center),
    ]);
    Block::Table { columns, rows: paper.names().iter().enumerate().map(row).collect() }
}

fn rule(ballot: &Ballot) -> String {
    format!(
        "Tỷ lệ tính trên {} đảng viên chính thức của chi bộ, có mặt hay không, trừ đồng chí được miễn sinh hoạt và đồng chí bị đình chỉ; được thông qua khi {} tán thành (ít nhất {} đồng chí).",
        ballot.electorate,
        ballot.threshold.phrase(),
        ballot.threshold.needed(ballot.electorate)
    )
}

fn verdicts(loaded: &Loaded, sheet: &Sheet) -> Vec<String> {
    let ballot = &loaded.ballot;
    let paper = ballot.paper();
    let verdict = |at: usize| {
        let outcome = outcome(ballot.among(), sheet.result(&paper, at), ballot.threshold).ok()?;
        let words = if outcome.passed {
            "đủ số tán thành để thông qua"
        } else {
            "không đủ số tán thành để thông qua"
        };
        let what = paper.names().get(at).map_or_else(|| "Kết quả".to_owned(), Clone::clone);
        Some(format!("{what}: {words}."))
    };
    let own = (0..paper.lines()).filter_map(verdict);
    // What was kept beyond the lines of the paper was reached by adding up (BQ-05).
    let results = loaded.record.votes.iter().filter(|v| v.ballot == Some(ballot.id));
    own.chain(results.skip(paper.lines()).map(|v| format!("{}: đủ số phiếu để thông qua.", v.question))).collect()
}
