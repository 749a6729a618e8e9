//! The secret ballot on paper: what is printed on it and the tellers' counts with their arithmetic.
//! Touches votes and refusals. Rules: BQ-05, BQ-08; trust.md “Ballots”. Knows totals, never a voter.

use crate::id::PersonId;
use crate::refusal::Refusal;
use crate::vi;
use crate::vote::{Count, Subject, Threshold, cumulate};

/// The most names that fit on a quarter of a page.
pub const NAMES_MAX: usize = 12;

/// What a ballot paper asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// One question, one box of three to tick.
    Question,
    /// Several names, for or against each.
    Names(Vec<String>),
    /// Measures against one person, the gravest first: one of them to tick (BQ-05).
    Measures(Vec<String>),
}

impl Paper {
    /// The paper of a list of lines; without any it asks the one question. Of several measures of
    /// discipline one is chosen.
    pub fn of(lines: Vec<String>, subject: Subject) -> Self {
        match lines.len() {
            0 => Self::Question,
            1 => Self::Names(lines),
            _ if subject == Subject::Discipline => Self::Measures(lines),
            _ => Self::Names(lines),
        }
    }

    /// The names or measures on it.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Question => &[],
            Self::Names(lines) | Self::Measures(lines) => lines,
        }
    }

    /// Whether one line is ticked of several, instead of for or against each.
    pub fn picks_one(&self) -> bool {
        matches!(self, Self::Measures(_))
    }

    /// How many lines a teller counts.
    pub fn lines(&self) -> usize {
        self.names().len().max(1)
    }
}

/// The names typed one to a line, each once.
///
/// # Errors
/// When a name stands twice, or there are more than fit on the paper.
pub fn names_on(typed: &str) -> Result<Vec<String>, Refusal> {
    let mut names: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if names.iter().any(|n| vi::fold(n) == vi::fold(line)) {
            return Err(Refusal::new("name_twice", format!("Tên “{line}” ghi hai lần. Hãy bỏ bớt một dòng.")).at("ten_phieu"));
        }
        names.push(line.to_owned());
    }
    if names.len() > NAMES_MAX {
        let text = format!("Phiếu in bốn tờ một trang chỉ đủ chỗ cho {NAMES_MAX} tên. Hãy chia thành hai lần biểu quyết.");
        return Err(Refusal::new("names_many", text).at("ten_phieu"));
    }
    Ok(names)
}

/// What a teller counted for one line of the paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tán thành.
    pub yes: u32,
    /// Không tán thành.
    pub no: u32,
    /// Ý kiến khác; always 0 for a name.
    pub other: u32,
}

/// What one teller counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Ballots handed out.
    pub issued: u32,
    /// Ballots that came back.
    pub collected: u32,
    /// Of those, valid.
    pub valid: u32,
    /// Of those, invalid.
    pub invalid: u32,
    /// One entry per line of the paper.
    pub marks: Vec<Tally>,
}

impl Sheet {
    /// Everything that cannot be right about a count, each as a sentence; empty when it adds up.
    pub fn problems(&self, paper: &Paper, present: u32) -> Vec<Refusal> {
        let Self { issued, collected, valid, invalid, .. } = *self;
        let mut out = Vec::new();
        let mut wrong = |code, field, text: String| out.push(Refusal::new(code, text).at(field));
        if issued > present {
            wrong(
                "issued",
                "phat_ra",
                format!(
                    "Số phiếu phát ra là {issued}, nhiều hơn {present} đảng viên chính thức có mặt khi mở biểu quyết. Hãy đếm lại số phiếu phát ra."
                ),
            );
        }
        if collected > issued {
            wrong(
                "collected",
                "thu_ve",
                format!("Số phiếu thu về là {collected}, nhiều hơn {issued} phiếu đã phát ra. Hãy đếm lại số phiếu thu về."),
            );
        }
        if u64::from(valid) + u64::from(invalid) != u64::from(collected) {
            wrong(
                "valid",
                "hop_le",
                format!(
                    "Phiếu hợp lệ ({valid}) cộng phiếu không hợp lệ ({invalid}) phải bằng số phiếu thu về ({collected}). Hãy phân loại lại."
                ),
            );
        }
        if self.marks.len() != paper.lines() {
            wrong("lines", "tan_thanh_0", "Số dòng kết quả không khớp với tờ phiếu. Hãy tải lại trang rồi nhập lại.".to_owned());
        }
        match paper {
            Paper::Question => out.extend(self.marks.first().and_then(|m| question_problem(*m, valid))),
            Paper::Names(names) => {
                let lines = names.iter().zip(&self.marks).zip(FIELDS);
                out.extend(lines.filter_map(|((name, mark), field)| name_problem(name, *mark, valid, field)));
            }
            Paper::Measures(_) => out.extend(measures_problem(&self.marks, valid)),
        }
        out
    }

    /// The result of a line: who ticked neither box of a name has said something else.
    pub fn result(&self, paper: &Paper, line: usize) -> Count {
        let mark = self.marks.get(line).copied().unwrap_or_default();
        match paper {
            Paper::Question => Count { yes: mark.yes, no: mark.no, other: mark.other },
            Paper::Names(_) => {
                let said = mark.yes.saturating_add(mark.no);
                Count { yes: mark.yes, no: mark.no, other: self.valid.saturating_sub(said) }
            }
            Paper::Measures(_) => Count { yes: mark.yes, no: 0, other: self.valid.saturating_sub(mark.yes) },
        }
    }

    /// The measure that is reached only by adding up from the gravest down (BQ-05): its sentence for
    /// the record and the sum. `None` when a measure is reached by itself, or none at all.
    pub fn added_up(&self, paper: &Paper, question: &str, electorate: u32, threshold: Threshold) -> Option<(String, Count)> {
        let Paper::Measures(measures) = paper else {
            return None;
        };
        let votes: Vec<u32> = measures.iter().zip(&self.marks).map(|(_, mark)| mark.yes).collect();
        let at = cumulate(&votes, electorate, threshold)?;
        let sum: u32 = votes.iter().take(at + 1).sum();
        if votes.get(at).is_some_and(|own| *own >= threshold.needed(electorate)) {
            return None;
        }
        let parts: Vec<String> = measures.iter().zip(&votes).take(at + 1).map(|(m, yes)| format!("{m} {yes}")).collect();
        let chosen = measures.get(at)?;
        let words =
            format!("{}: {chosen} (cộng dồn từ hình thức nặng nhất xuống: {})", question.trim_end_matches('.'), parts.join(", "));
        Some((words, Count { yes: sum, no: 0, other: self.valid.saturating_sub(sum) }))
    }
}

const FIELDS: [&str; NAMES_MAX] = [
    "tan_thanh_0",
    "tan_thanh_1",
    "tan_thanh_2",
    "tan_thanh_3",
    "tan_thanh_4",
    "tan_thanh_5",
    "tan_thanh_6",
    "tan_thanh_7",
    "tan_thanh_8",
    "tan_thanh_9",
    "tan_thanh_10",
    "tan_thanh_11",
];

fn question_problem(mark: Tally, valid: u32) -> Option<Refusal> {
    let sum = u64::from(mark.yes) + u64::from(mark.no) + u64::from(mark.other);
    if sum == u64::from(valid) {
        return None;
    }
    let text = format!(
        "Tán thành ({}), không tán thành ({}) và ý kiến khác ({}) cộng lại là {sum}, phải bằng {valid} phiếu hợp lệ. Hãy kiểm lại từng loại.",
        mark.yes, mark.no, mark.other
    );
    Some(Refusal::new("sum", text).at("tan_thanh_0"))
}

fn measures_problem(marks: &[Tally], valid: u32) -> Option<Refusal> {
    let sum: u64 = marks.iter().map(|m| u64::from(m.yes)).sum();
    if sum == u64::from(valid) {
        return None;
    }
    let text = format!(
        "Số phiếu chọn các hình thức cộng lại là {sum}, phải bằng {valid} phiếu hợp lệ vì mỗi phiếu chọn một hình thức. Hãy kiểm lại từng dòng."
    );
    Some(Refusal::new("sum", text).at("tan_thanh_0"))
}

fn name_problem(name: &str, mark: Tally, valid: u32, field: &'static str) -> Option<Refusal> {
    let sum = u64::from(mark.yes) + u64::from(mark.no);
    if sum <= u64::from(valid) {
        return None;
    }
    let text = format!(
        "{name}: tán thành ({}) và không tán thành ({}) cộng lại là {sum}, nhiều hơn {valid} phiếu hợp lệ. Hãy kiểm lại dòng này.",
        mark.yes, mark.no
    );
    Some(Refusal::new("sum", text).at(field))
}

/// A figure of the count, for showing two counts side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What was counted: `Số phiếu phát ra`.
    pub what: String,
    /// The figure.
    pub figure: u32,
}

impl Sheet {
    /// All figures of a count in the order of the sheet.
    pub fn parts(&self, paper: &Paper) -> Vec<Part> {
        let part = |what: String, figure| Part { what, figure };
        let mut out = vec![
            part("Số phiếu phát ra".to_owned(), self.issued),
            part("Số phiếu thu về".to_owned(), self.collected),
            part("Số phiếu hợp lệ".to_owned(), self.valid),
            part("Số phiếu không hợp lệ".to_owned(), self.invalid),
        ];
        match paper {
            Paper::Question => {
                let mark = self.marks.first().copied().unwrap_or_default();
                out.push(part("Tán thành".to_owned(), mark.yes));
                out.push(part("Không tán thành".to_owned(), mark.no));
                out.push(part("Ý kiến khác".to_owned(), mark.other));
            }
            Paper::Names(names) => {
                for (name, mark) in names.iter().zip(&self.marks) {
                    out.push(part(format!("{name}: tán thành"), mark.yes));
                    out.push(part(format!("{name}: không tán thành"), mark.no));
                }
            }
            Paper::Measures(measures) => {
                for (measure, mark) in measures.iter().zip(&self.marks) {
                    out.push(part(format!("{measure}: số phiếu chọn"), mark.yes));
                }
            }
        }
        out
    }
}

/// A figure on which two tellers do not agree, or do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What was counted.
    pub what: String,
    /// The first teller's figure.
    pub first: u32,
    /// The second teller's.
    pub second: u32,
}

/// How far the counting has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counting {
    /// A count is still missing; nobody sees the other's.
    Waiting,
    /// The figures that differ: it is counted again.
    Differs(Vec<Difference>),
    /// Both say the same.
    Agreed(Sheet),
}

/// Compares what two tellers counted, each for themself.
pub fn counting(paper: &Paper, first: Option<&Sheet>, second: Option<&Sheet>) -> Counting {
    let (Some(first), Some(second)) = (first, second) else {
        return Counting::Waiting;
    };
    if first == second {
        return Counting::Agreed(first.clone());
    }
    let pairs = first.parts(paper).into_iter().zip(second.parts(paper));
    let differs = pairs.filter(|(a, b)| a.figure != b.figure);
    Counting::Differs(differs.map(|(a, b)| Difference { what: a.what, first: a.figure, second: b.figure }).collect())
}

/// Who may count: two different people, there, and not among the names on the paper.
///
/// # Errors
/// A sentence that says who else to choose.
pub fn may_tell(tellers: &[(PersonId, String, bool)], paper: &Paper) -> Result<(), Refusal> {
    let refuse = |code, text: String| Err(Refusal::new(code, text).at("kiem_phieu_1"));
    let [(first, ..), (second, ..)] = tellers else {
        return refuse("tellers_two", "Ban kiểm phiếu cần hai đồng chí. Hãy chọn đủ hai đồng chí.".to_owned());
    };
    if first == second {
        return refuse("tellers_same", "Hai đồng chí kiểm phiếu phải là hai người khác nhau. Hãy chọn lại.".to_owned());
    }
    for (_, name, there) in tellers {
        if !there {
            return refuse(
                "teller_away",
                format!("Đồng chí {name} không có mặt nên không kiểm phiếu được. Hãy chọn đồng chí khác."),
            );
        }
        let on_paper = paper.names().iter().any(|n| vi::fold(n).contains(&vi::fold(name)));
        if on_paper {
            return refuse(
                "teller_named",
                format!("Đồng chí {name} có tên trên phiếu nên không kiểm phiếu. Hãy chọn đồng chí khác."),
            );
        }
    }
    Ok(())
}
