//! A resolution as a document: the sealed JSON and its layout by the rules of its date.
//! May touch `documents` and rule packs, never the database. Rules: regulations.md 5.5, TH, KY.

use documents::{Align, Block, Column, Document, Title};
use domain::code::Code;
use domain::meeting::MeetingKind;
use domain::numbering::DocKind;
use domain::post::Role;
use domain::rulepack::LayoutProfile;
use domain::vi;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::seal::lower;
use crate::fault::Fault;
use crate::paper::{self, Letterhead};

/// What is sealed. The order of fields is the order of the JSON and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Version of this form.
    pub form: u32,
    /// Who issues, under whom, where.
    pub letterhead: Letterhead,
    /// Number as written; none in a draft.
    pub number: Option<String>,
    /// Date it bears.
    pub date: Date,
    /// Trích yếu.
    pub title: String,
    /// The meeting that adopted it.
    pub meeting: Held,
    /// I- Đánh giá.
    pub assessment: String,
    /// The table of part I.
    pub reviewed: Vec<Reviewed>,
    /// II- Phương hướng, nhiệm vụ.
    pub direction: String,
    /// The table of part III.
    pub tasks: Vec<TaskRow>,
    /// III- Tổ chức thực hiện.
    pub organising: String,
    /// IV- Tự đánh giá, where the meeting was scored.
    pub score: Option<String>,
    /// The vote that adopted it.
    pub vote: Option<Voted>,
    /// Who signs.
    pub signer: Signer,
}

/// The meeting, for the opening paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What it was held for.
    #[serde(with = "kind_word")]
    pub kind: MeetingKind,
    /// When it began.
    pub from: Option<DateTime>,
    /// When it ended.
    pub to: Option<DateTime>,
    /// Where.
    pub place: String,
    /// How many had to come.
    pub expected: u32,
    /// Of those, how many were there.
    pub present: u32,
    /// Official members.
    pub official: u32,
    /// Probationary members.
    pub probationary: u32,
    /// Absent with a reason.
    pub excused: Vec<String>,
    /// Absent without.
    pub unexcused: Vec<String>,
    /// Members of the cell on that day.
    pub members: usize,
    /// Who chaired.
    pub chair: Option<String>,
    /// Who wrote the minutes.
    pub secretary: Option<String>,
    /// How dues stood.
    pub dues: String,
}

/// A line of the table of part I.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Nhiệm vụ đề ra.
    pub content: String,
    /// Tình trạng đầu kỳ.
    pub start: String,
    /// Kết quả.
    pub result: String,
}

/// A task as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Nội dung.
    pub content: String,
    /// Yêu cầu.
    pub requirement: String,
    /// Biện pháp.
    pub measure: String,
    /// Thời hạn.
    pub deadline: Option<Date>,
    /// Thực hiện.
    pub doer: Option<String>,
    /// Kiểm tra.
    pub checker: Option<String>,
    /// Đôn đốc.
    pub urger: Option<String>,
}

/// The vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voted {
    /// For.
    pub yes: u32,
    /// All official members: the denominator.
    pub total: u32,
    /// The share as written.
    pub percent: String,
    /// The whole line.
    pub line: String,
    /// Who keep their opinion.
    pub reserved: Vec<String>,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// In which post.
    #[serde(with = "role_word")]
    pub role: Role,
    /// Full name.
    pub name: String,
}

macro_rules! words {
    ($name:ident, $t:ty) => {
        mod $name {
            use domain::code::Code;
            use serde::{Deserialize, Deserializer, Serializer, de::Error};

            pub(super) fn serialize<S: Serializer>(value: &$t, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(value.code())
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<$t, D::Error> {
                let word = String::deserialize(d)?;
                <$t>::from_code(&word).ok_or_else(|| D::Error::custom("unknown word"))
            }
        }
    };
}
words!(kind_word, domain::meeting::MeetingKind);
words!(role_word, domain::post::Role);

impl Snapshot {
    /// The canonical JSON that is sealed.
    ///
    /// # Errors
    /// Never for data that came from the stores.
    pub fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|e| Fault::Document(e.to_string()))
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    /// When the text is no resolution.
    pub fn from_json(content: &str) -> Result<Self, Fault> {
        serde_json::from_str(content).map_err(|e| Fault::Document(e.to_string()))
    }

    /// The document, laid out by `rules`; without a number it is marked as a draft.
    pub fn document(&self, rules: &LayoutProfile, footer: Option<String>) -> Document {
        Document {
            profile: paper::profile(rules),
            date: self.date,
            head: self.letterhead.head(self.number.as_deref(), DocKind::Resolution, self.date),
            title: Title { kind: DocKind::Resolution.label().to_uppercase(), summary: Some(self.title.clone()) },
            blocks: self.blocks(),
            signatures: self.letterhead.sign(rules, self.signer.role, &self.signer.name).into_iter().collect(),
            recipients: self.recipients(rules),
            footer,
            draft: self.number.is_none(),
        }
    }

    fn blocks(&self) -> Vec<Block> {
        let mut out = vec![para(self.opening())];
        out.push(heading("I- ĐÁNH GIÁ"));
        out.extend(paras(&self.assessment));
        if !self.reviewed.is_empty() {
            out.push(para("Kết quả thực hiện các nhiệm vụ đã đề ra:".to_owned()));
            out.push(self.review_table());
        }
        out.push(heading("II- PHƯƠNG HƯỚNG, NHIỆM VỤ"));
        out.extend(paras(&self.direction));
        out.push(heading("III- PHÂN CÔNG VÀ TỔ CHỨC THỰC HIỆN"));
        if !self.tasks.is_empty() {
            out.push(self.task_table());
        }
        out.extend(paras(&self.organising));
        if let Some(score) = &self.score {
            out.push(heading("IV- TỰ ĐÁNH GIÁ CHẤT LƯỢNG SINH HOẠT"));
            out.extend(paras(score));
        }
        out.extend(self.vote_line().map(para));
        out
    }

    /// The opening paragraph of regulations.md 5.5.
    fn opening(&self) -> String {
        let m = &self.meeting;
        let hours = match (m.from, m.to) {
            (Some(from), Some(to)) => format!(" (từ {} đến {})", vi::time(from.time()), vi::time(to.time())),
            (Some(from), None) => format!(" (từ {})", vi::time(from.time())),
            _ => String::new(),
        };
        let place = if m.place.trim().is_empty() { String::new() } else { format!(", tại {}", m.place.trim()) };
        let mut text = format!(
            "{}{place}, {} tổ chức {}{hours}.",
            capital(&vi::date_long(self.date)),
            self.letterhead.issuer,
            lower(&m.kind.to_string())
        );
        if m.expected > 0 {
            text.push_str(&format!(
                " Tham dự {}/{} đồng chí, đạt {}",
                m.present,
                m.expected,
                vi::percent(u64::from(m.present), u64::from(m.expected))
            ));
            text.push_str(&absent("vắng có lý do", &m.excused));
            text.push_str(&absent("vắng không có lý do", &m.unexcused));
            text.push('.');
        }
        let who = |text: &mut String, what: &str, name: &Option<String>| {
            if let Some(name) = name {
                text.push_str(&format!(" {what}: đồng chí {name}."));
            }
        };
        who(&mut text, "Chủ trì", &m.chair);
        who(&mut text, "Thư ký", &m.secretary);
        let dues = m.dues.trim().trim_end_matches('.');
        if !dues.is_empty() {
            text.push_str(&format!(" Tình hình nộp đảng phí: {dues}."));
        }
        text.push_str(" Sau khi thảo luận, chi bộ quyết nghị:");
        text
    }

    fn review_table(&self) -> Block {
        let rows = (1..)
            .zip(&self.reviewed)
            .map(|(n, r): (usize, _)| vec![n.to_string(), r.content.clone(), r.start.clone(), r.result.clone()])
            .collect();
        Block::Table {
            columns: vec![
                column("TT", 7.0, Align::Center),
                column("Nhiệm vụ đề ra", 43.0, Align::Left),
                column("Tình trạng đầu kỳ", 24.0, Align::Left),
                column("Kết quả", 26.0, Align::Left),
            ],
            rows,
        }
    }

    fn task_table(&self) -> Block {
        let rows = (1..).zip(&self.tasks).map(|(n, t): (usize, _)| t.cells(n)).collect();
        Block::Table {
            columns: vec![
                column("TT", 7.0, Align::Center),
                column("Nội dung, yêu cầu, biện pháp", 41.0, Align::Left),
                column("Người thực hiện", 19.0, Align::Left),
                column("Thời hạn", 15.0, Align::Center),
                column("Kiểm tra, đôn đốc", 18.0, Align::Left),
            ],
            rows,
        }
    }

    fn vote_line(&self) -> Option<String> {
        let v = self.vote.as_ref()?;
        let mut line = format!(
            "Nghị quyết được chi bộ biểu quyết thông qua với {}/{} đồng chí tán thành, đạt {}.",
            v.yes, v.total, v.percent
        );
        if !v.reserved.is_empty() {
            line.push_str(&format!(" Bảo lưu ý kiến: đồng chí {}.", vi::join(&v.reserved)));
        }
        Some(line)
    }

    fn recipients(&self, rules: &LayoutProfile) -> Vec<String> {
        let mut out = Vec::new();
        if !self.letterhead.superior.is_empty() {
            out.push(format!("{} (báo cáo)", committee_of(&self.letterhead.superior)));
        }
        out.push("Các đồng chí đảng viên".to_owned());
        out.push(rules.recipients.archive_cell.trim_end_matches('.').to_owned());
        out
    }
}

impl TaskRow {
    fn cells(&self, number: usize) -> Vec<String> {
        let mut what = self.content.trim().to_owned();
        for (label, text) in [("Yêu cầu", &self.requirement), ("Biện pháp", &self.measure)] {
            if !text.trim().is_empty() {
                what.push_str(&format!("\n{label}: {}", text.trim()));
            }
        }
        let mut watch = Vec::new();
        if let Some(name) = &self.checker {
            watch.push(format!("Kiểm tra: {name}"));
        }
        if let Some(name) = &self.urger {
            watch.push(format!("Đôn đốc: {name}"));
        }
        vec![
            number.to_string(),
            what,
            self.doer.clone().unwrap_or_default(),
            self.deadline.map(vi::date).unwrap_or_default(),
            watch.join("\n"),
        ]
    }
}

/// A sealed resolution as a document: `content` is what the ledger holds.
///
/// # Errors
/// When the text is no resolution.
pub fn document(content: &str, rules: &LayoutProfile, footer: Option<String>) -> Result<Document, Fault> {
    Ok(Snapshot::from_json(content)?.document(rules, footer))
}

/// Reports go to the committee: of “Đảng bộ Sở Xây dựng” to “Đảng ủy Sở Xây dựng”.
/// The committee of an organisation, as documents name it: Đảng bộ X is led by Đảng ủy X.
pub fn committee_of(name: &str) -> String {
    match name.strip_prefix("Đảng bộ ") {
        Some(rest) => format!("Đảng ủy {rest}"),
        None => name.to_owned(),
    }
}

fn absent(what: &str, names: &[String]) -> String {
    match names.len() {
        0 => String::new(),
        n => format!("; {what} {n} đồng chí: {}", vi::join(names)),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 1, text: text.to_owned() }
}

fn para(text: String) -> Block {
    Block::Para { text, indent: true, align: None }
}

fn paras(text: &str) -> Option<Block> {
    let text = text.trim();
    (!text.is_empty()).then(|| para(text.to_owned()))
}

fn column(title: &str, width_pct: f64, align: Align) -> Column {
    Column { title: title.to_owned(), width_pct, align }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn snapshot() -> Snapshot {
        Snapshot {
            form: 1,
            letterhead: Letterhead {
                superior: "Đảng bộ Sở Xây dựng".into(),
                issuer: "Chi bộ Văn phòng".into(),
                symbol: "CB".into(),
                place: "Hà Tĩnh".into(),
                is_cell: true,
            },
            number: Some("Số 03-NQ/CB".into()),
            date: date(2026, 12, 3),
            title: "về nhiệm vụ tháng 12 năm 2026".into(),
            meeting: Held {
                kind: MeetingKind::Regular,
                from: Some(date(2026, 12, 3).at(14, 0, 0, 0)),
                to: Some(date(2026, 12, 3).at(15, 45, 0, 0)),
                place: "phòng họp tầng 2".into(),
                expected: 17,
                present: 16,
                official: 17,
                probationary: 1,
                excused: vec!["Đỗ Quốc Bảo".into()],
                unexcused: vec![],
                members: 18,
                chair: Some("Nguyễn Thị Hà".into()),
                secretary: Some("Lê Thị Ánh".into()),
                dues: "đã nộp đủ.".into(),
            },
            assessment: "Chi bộ đã hoàn thành nhiệm vụ tháng 11.".into(),
            reviewed: vec![Reviewed {
                content: "Số hóa hồ sơ".into(),
                start: "Giao kỳ trước".into(),
                result: "Đã hoàn thành".into(),
            }],
            direction: "Tập trung số hóa.".into(),
            tasks: vec![TaskRow {
                content: "Số hóa hồ sơ quý IV".into(),
                requirement: "100 % hồ sơ".into(),
                measure: String::new(),
                deadline: Some(date(2026, 12, 25)),
                doer: Some("Lê Minh Đức".into()),
                checker: Some("Nguyễn Thị Hà".into()),
                urger: None,
            }],
            organising: "Thực hiện nghiêm túc.".into(),
            score: None,
            vote: Some(Voted { yes: 16, total: 17, percent: "94,1 %".into(), line: String::new(), reserved: vec![] }),
            signer: Signer { role: Role::Secretary, name: "Nguyễn Thị Hà".into() },
        }
    }

    #[test]
    fn the_document_says_what_the_meeting_resolved() {
        let library = domain::rulepack::shipped().unwrap();
        let rules = library.at(date(2026, 12, 3));
        let doc = snapshot().document(rules.profile().unwrap(), None);
        let text = documents::text(&doc);
        for words in [
            "Số 03-NQ/CB",
            "NGHỊ QUYẾT",
            "Ngày 03 tháng 12 năm 2026, tại phòng họp tầng 2, Chi bộ Văn phòng tổ chức sinh hoạt thường kỳ (từ 14 giờ 00 đến 15 giờ 45).",
            "Tham dự 16/17 đồng chí, đạt 94,1 %; vắng có lý do 1 đồng chí: Đỗ Quốc Bảo.",
            "I- ĐÁNH GIÁ",
            "II- PHƯƠNG HƯỚNG, NHIỆM VỤ",
            "III- PHÂN CÔNG VÀ TỔ CHỨC THỰC HIỆN",
            "Yêu cầu: 100 % hồ sơ",
            "với 16/17 đồng chí tán thành, đạt 94,1 %.",
            "T/M CHI BỘ",
            "BÍ THƯ",
            "Đảng ủy Sở Xây dựng (báo cáo)",
        ] {
            assert!(text.contains(words), "“{words}” is not in:\n{text}");
        }
        assert!(!text.contains("IV-"), "{text}");
        assert!(!doc.draft);
        assert!(snapshot_draft().document(rules.profile().unwrap(), None).draft);
    }

    fn snapshot_draft() -> Snapshot {
        Snapshot { number: None, ..snapshot() }
    }

    #[test]
    fn what_is_sealed_reads_back_the_same() {
        let json = snapshot().to_json().unwrap();
        assert_eq!(Snapshot::from_json(&json).unwrap(), snapshot());
        assert_eq!(Snapshot::from_json(&json).unwrap().to_json().unwrap(), json);
        assert!(Snapshot::from_json("{}").is_err());
    }
}
