//! The printed packet of a meeting as plain data: the notice, the agenda with room for notes, the
//! sheet on which members sign. One set of words for the page and for the PDF.
//! Touches dossiers and the document model. Rules: section 5 (TH, KY), P-30 (public headings only).

use documents::{Align, Block, Column, Document, Head, Profile, Signature, Title, date_text};
use domain::post::Role;
use domain::roll::Standing;
use domain::rulepack::LayoutProfile;
use jiff::civil::Date;

use super::store::dossier::Dossier;
use crate::paper::profile;

/// One paper of the packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// `THÔNG BÁO`.
    pub kind: String,
    /// Superior organisation in capitals.
    pub superior: String,
    /// Issuing organisation in capitals.
    pub issuer: String,
    /// Place of issue.
    pub place: String,
    /// Place and date in words.
    pub place_date: String,
    /// What it is about.
    pub summary: String,
    /// Paragraphs.
    pub lines: Vec<String>,
    /// Headings of its table, if any.
    pub columns: Vec<&'static str>,
    /// Shares of the width, in per cent.
    pub widths: Vec<u8>,
    /// Rows of its table.
    pub rows: Vec<Vec<String>>,
    /// Lines above the signature; none for papers without one.
    pub signs: Vec<String>,
    /// Who signs.
    pub signer: String,
    /// Who gets it.
    pub recipients: Vec<String>,
    /// Its date.
    pub date: Date,
}

/// The papers of a meeting. `notice` is the text as sent, or the draft while nothing was sent;
/// `on` is the day it was sent, or today.
pub fn papers(d: &Dossier, notice: &str, on: Date) -> Vec<Paper> {
    vec![notice_paper(d, notice, on), agenda_paper(d, on), roll_paper(d, on), vote_paper(d, on)]
}

fn blank(d: &Dossier, kind: &str, on: Date) -> Paper {
    Paper {
        kind: kind.to_owned(),
        superior: d.above.as_ref().map(|o| o.name.to_uppercase()).unwrap_or_default(),
        issuer: d.cell.name.to_uppercase(),
        place: d.cell.place.clone(),
        place_date: format!("{}, {}", d.cell.place, date_text(on)),
        summary: String::new(),
        lines: Vec::new(),
        columns: Vec::new(),
        widths: Vec::new(),
        rows: Vec::new(),
        signs: Vec::new(),
        signer: String::new(),
        recipients: Vec::new(),
        date: on,
    }
}

/// The title inside a sentence.
fn low_title(d: &Dossier) -> String {
    let mut chars = d.meeting.title.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn notice_paper(d: &Dossier, notice: &str, on: Date) -> Paper {
    let block = d.rules.profile().and_then(|p| p.sign_block("cell"));
    let behalf = block.map_or("T/M CHI BỘ", |b| b.on_behalf.as_str());
    let (post, signer) = d.signer();
    let post = match post {
        Some(Role::Deputy) => "PHÓ BÍ THƯ",
        _ => "BÍ THƯ",
    };
    let mut recipients = vec!["Các đồng chí đảng viên chi bộ".to_owned()];
    let followers = d.recipients.iter().filter(|r| r.follower);
    recipients.extend(followers.map(|r| format!("Đồng chí {} (cấp ủy viên theo dõi chi bộ)", r.name)));
    recipients.push(d.rules.profile().map_or_else(|| "Lưu Chi bộ".to_owned(), |p| p.recipients.archive_cell.clone()));
    Paper {
        summary: format!("về {}", low_title(d)),
        lines: notice.lines().map(str::to_owned).collect(),
        signs: vec![behalf.to_owned(), post.to_owned()],
        signer,
        recipients,
        ..blank(d, "THÔNG BÁO", on)
    }
}

fn agenda_paper(d: &Dossier, on: Date) -> Paper {
    let rows = d.agenda().into_iter().zip(1..).map(|(i, n)| {
        let mut what = i.public_title().to_owned();
        if !i.secret && !i.points.trim().is_empty() {
            what.push('\n');
            what.push_str(i.points.trim());
        }
        let minutes = if i.minutes > 0 { i.minutes.to_string() } else { String::new() };
        vec![n.to_string(), what, i.presenter.clone().unwrap_or_default(), minutes, String::new(), String::new()]
    });
    Paper {
        summary: low_title(d),
        columns: vec!["TT", "Nội dung", "Trình bày", "Phút", "Phát biểu (số)", "Ghi chép, kết luận"],
        widths: vec![6, 32, 16, 7, 13, 26],
        rows: rows.collect(),
        ..blank(d, "CHƯƠNG TRÌNH", on)
    }
}

fn roll_paper(d: &Dossier, on: Date) -> Paper {
    let here = |s: Standing| !matches!(s, Standing::Suspended | Standing::TemporaryAway);
    let rows = d.roster.iter().filter(|m| here(m.standing)).map(|m| {
        let kind = match m.standing {
            Standing::Official => "Chính thức",
            Standing::Probationary => "Dự bị",
            Standing::TemporaryHere => "Sinh hoạt tạm thời",
            Standing::Exempt => "Được miễn",
            Standing::TemporaryAway | Standing::Suspended => "",
        };
        vec![m.number.to_string(), m.name.clone(), kind.to_owned(), String::new(), String::new()]
    });
    Paper {
        summary: low_title(d),
        columns: vec!["Số", "Họ và tên", "Loại", "Ký có mặt", "Vắng (lý do)"],
        widths: vec![7, 33, 18, 20, 22],
        rows: rows.collect(),
        ..blank(d, "DANH SÁCH ĐIỂM DANH", on)
    }
}

/// Rows for votes on one page.
const VOTES: usize = 8;

/// The form on which votes by show of hands are written down.
fn vote_paper(d: &Dossier, on: Date) -> Paper {
    let row = |n: usize| std::iter::once(n.to_string()).chain(std::iter::repeat_n("\n\n".to_owned(), 5)).collect();
    Paper {
        summary: low_title(d),
        lines: vec![
            "Đảng viên chính thức được tính: .......... đồng chí; có mặt: .......... đồng chí.".to_owned(),
            "Giờ khai mạc: ..........; giờ kết thúc: ..........; chủ trì: ......................................; thư ký: ......................................".to_owned(),
        ],
        columns: vec!["TT", "Nội dung biểu quyết", "Tán thành", "Không tán thành", "Ý kiến khác", "Bảo lưu (số)"],
        widths: vec![6, 40, 12, 14, 12, 16],
        rows: (1..=VOTES).map(row).collect(),
        ..blank(d, "PHIẾU GHI BIỂU QUYẾT", on)
    }
}

/// The papers as documents, laid out by the profile of the meeting's day.
pub fn documents(papers: &[Paper], layout: &LayoutProfile) -> Vec<Document> {
    let profile = profile(layout);
    papers.iter().map(|p| document(p, &profile)).collect()
}

fn document(paper: &Paper, profile: &Profile) -> Document {
    let mut blocks: Vec<Block> =
        paper.lines.iter().map(|text| Block::Para { text: text.clone(), indent: true, align: None }).collect();
    if !paper.columns.is_empty() {
        let columns = paper.columns.iter().zip(&paper.widths).map(|(title, width)| Column {
            title: (*title).to_owned(),
            width_pct: f64::from(*width),
            align: Align::Left,
        });
        blocks.push(Block::Table { columns: columns.collect(), rows: paper.rows.clone() });
    }
    let signatures = match paper.signs.as_slice() {
        [behalf, post] => vec![Signature::for_body(behalf, post, &paper.signer)],
        _ => Vec::new(),
    };
    Document {
        profile: profile.clone(),
        date: paper.date,
        head: Head {
            superior: paper.superior.clone(),
            issuer: paper.issuer.clone(),
            number: None,
            place: paper.place.clone(),
            date_text: date_text(paper.date),
        },
        title: Title { kind: paper.kind.clone(), summary: Some(paper.summary.clone()).filter(|s| !s.is_empty()) },
        blocks,
        signatures,
        recipients: paper.recipients.clone(),
        footer: None,
        draft: false,
    }
}
