//! What cells send up to be studied and spread, topics of quarters and experiences: from the draft over
//! review to publication, and what other cells make of it. Touches rights, kỳ and the marks of secrecy.
//! Rules: CB-07, L5, L9, M11, BM-01 … BM-03, P-30.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::meeting::MeetingState;
use crate::period::PeriodKey;
use crate::post::Role;
use crate::refusal::Refusal;
use crate::right::Position;
use crate::secrecy;
use crate::vi;

crate::codes! {
    /// What is sent.
    pub enum EntryKind {
        /// The topic of a quarter.
        Topic = "topic" / "Chuyên đề",
        /// Something that worked, at any time.
        Experience = "experience" / "Kinh nghiệm",
    }
}

impl EntryKind {
    /// The three texts of an entry and what to write there.
    pub fn parts(self) -> [(&'static str, &'static str); 3] {
        match self {
            Self::Topic => [
                ("Mục đích, yêu cầu", "Chuyên đề giải quyết việc gì"),
                ("Câu hỏi thảo luận", "Mỗi dòng một câu hỏi"),
                ("Kết quả", "Chi bộ đã thống nhất gì, làm được gì sau chuyên đề"),
            ],
            Self::Experience => [
                ("Hoàn cảnh", "Trước đó vướng mắc ở đâu"),
                ("Cách làm", "Mỗi dòng một việc đã làm"),
                ("Kết quả", "Khác trước ở điểm nào"),
            ],
        }
    }
}

crate::codes! {
    /// What an entry is about, for finding it.
    pub enum Subject {
        /// Ideology, study of resolutions.
        Ideology = "ideology" / "Chính trị, tư tưởng",
        /// The moral example.
        Example = "example" / "Học tập và làm theo Bác, nêu gương",
        /// Party building.
        Building = "building" / "Xây dựng chi bộ, đảng viên",
        /// The unit's own work.
        Work = "work" / "Nhiệm vụ chuyên môn, sản xuất",
        /// Administration and digital work.
        Digital = "digital" / "Cải cách hành chính, chuyển đổi số",
        /// The people and their organisations.
        People = "people" / "Dân vận, đoàn thể",
        /// Inspection.
        Inspection = "inspection" / "Kiểm tra, phòng, chống tham nhũng, lãng phí",
        /// Order and safety.
        Order = "order" / "An ninh, trật tự, an toàn",
        /// Anything else.
        Other = "other" / "Nội dung khác",
    }
}

crate::codes! {
    /// Where an entry stands.
    pub enum EntryState {
        /// Being written in its cell.
        Draft = "draft" / "Đang soạn",
        /// Waits for the committee above.
        Submitted = "submitted" / "Chờ xem xét",
        /// Sent back with remarks.
        Returned = "returned" / "Trả lại để bổ sung",
        /// Read in every cell below the committee that published it.
        Published = "published" / "Đã phổ biến",
        /// Not spread, with a reason. Final.
        Declined = "declined" / "Không phổ biến",
        /// Held, with secret content: only the fact is kept. Final but for a mistake.
        Withheld = "withheld" / "Đã tổ chức, nội dung mật: không gửi",
        /// Taken back by its cell. Final.
        Withdrawn = "withdrawn" / "Đã rút",
    }
}

/// What a cell writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Heading.
    pub title: String,
    /// Purpose of a topic, situation of an experience.
    pub aim: String,
    /// Questions of a topic, way of an experience.
    pub content: String,
    /// What came of it.
    pub result: String,
}

/// Names of the form's fields, in the order of [`Text`].
pub const FIELDS: [&str; 4] = ["ten", "muc_dich", "noi_dung", "ket_qua"];

impl Text {
    fn each(&self) -> [(&'static str, &str); 4] {
        let [title, aim, content, result] = FIELDS;
        [(title, &self.title), (aim, &self.aim), (content, &self.content), (result, &self.result)]
    }

    /// No text bears a mark of state secrecy.
    ///
    /// # Errors
    /// The first field that does.
    pub fn unmarked(&self) -> Result<(), Refusal> {
        match self.each().into_iter().find_map(|(field, text)| Some((field, secrecy::marking("", text)?))) {
            Some((field, level)) => Err(Refusal::new(
                "secret",
                format!("Nội dung mang dấu độ “{level}” không được ghi vào phần mềm. Hãy chọn “Nội dung mật: không gửi”."),
            )
            .at(field)),
            None => Ok(()),
        }
    }

    /// Everything a reader elsewhere needs is there.
    fn whole(&self, kind: EntryKind) -> Result<(), Refusal> {
        let [aim, content, result] = kind.parts();
        let names = ["tên", aim.0, content.0, result.0];
        match self.each().into_iter().zip(names).find(|((_, text), _)| text.trim().is_empty()) {
            Some(((field, _), name)) => Err(Refusal::missing(field, &format!("phần “{}”", vi::capitalize(name))).at(field)),
            None => Ok(()),
        }
    }
}

/// Whether a post in a committee reviews what its cells send; who only follows or administers does not.
pub fn reviews(at: &Position<'_>) -> bool {
    let office = [Role::Secretary, Role::Deputy, Role::Standing, Role::Committee, Role::Clerk];
    at.signed_in && !at.is_cell && at.roles_here.iter().any(|r| office.contains(r))
}

fn not_own(own: bool) -> Result<(), Refusal> {
    if own {
        return Err(Refusal::new("own", "Bài của chi bộ đồng chí do đồng chí khác trong cấp ủy xem xét."));
    }
    Ok(())
}

fn reasoned(field: &'static str, name: &str, reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::missing(field, name));
    }
    Ok(())
}

impl EntryState {
    fn hint(self) -> &'static str {
        match self {
            Self::Draft => "Hãy soạn xong rồi gửi cấp ủy.",
            Self::Submitted => "Bài đang chờ cấp ủy xem xét; muốn sửa, hãy rút bài hoặc chờ trả lại.",
            Self::Returned => "Hãy bổ sung theo góp ý rồi gửi lại.",
            Self::Published => "Bài đã phổ biến giữ nguyên.",
            Self::Declined | Self::Withdrawn => "Có thể soạn bài khác.",
            Self::Withheld => "Chỉ ghi nhận việc đã tổ chức.",
        }
    }

    fn wrong(self, action: &str) -> Refusal {
        Refusal::state(action, self, self.hint())
    }

    /// Its cell writes on.
    ///
    /// # Errors
    /// When it is out of the cell's hands.
    pub fn edit(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Returned => Ok(self),
            Self::Submitted | Self::Published | Self::Declined | Self::Withheld | Self::Withdrawn => Err(self.wrong("sửa")),
        }
    }

    /// Its cell sends it up, having confirmed that nothing in it is a state secret.
    ///
    /// # Errors
    /// When it is out of the cell's hands, not whole, marked, or nobody confirmed.
    pub fn submit(self, kind: EntryKind, text: &Text, confirmed: bool) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Returned => {}
            Self::Submitted | Self::Published | Self::Declined | Self::Withheld | Self::Withdrawn => {
                return Err(self.wrong("gửi"));
            }
        }
        text.whole(kind)?;
        text.unmarked()?;
        if !confirmed {
            let words = "Hãy đọc lại và đánh dấu xác nhận bài, tệp không chứa bí mật nhà nước.";
            return Err(Refusal::new("unconfirmed", words).at("khong_mat"));
        }
        Ok(Self::Submitted)
    }

    fn reviewed(self, action: &str, own: bool) -> Result<(), Refusal> {
        match self {
            Self::Submitted => not_own(own),
            Self::Draft | Self::Returned | Self::Published | Self::Declined | Self::Withheld | Self::Withdrawn => {
                Err(self.wrong(action))
            }
        }
    }

    /// The committee asks for more.
    ///
    /// # Errors
    /// When it does not wait for review, is the reviewer's own, or nothing is said.
    pub fn send_back(self, own: bool, remarks: &str) -> Result<Self, Refusal> {
        self.reviewed("trả lại", own)?;
        reasoned("gop_y", "góp ý để chi bộ bổ sung", remarks)?;
        Ok(Self::Returned)
    }

    /// The committee spreads it.
    ///
    /// # Errors
    /// When it does not wait for review or is the reviewer's own.
    pub fn publish(self, own: bool) -> Result<Self, Refusal> {
        self.reviewed("phổ biến", own)?;
        Ok(Self::Published)
    }

    /// The committee does not spread it, or takes down what it spread.
    ///
    /// # Errors
    /// When it is not in the committee's hands, is the reviewer's own, or no reason is given.
    pub fn decline(self, own: bool, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Submitted | Self::Published => not_own(own)?,
            Self::Draft | Self::Returned | Self::Declined | Self::Withheld | Self::Withdrawn => {
                return Err(self.wrong("quyết định không phổ biến"));
            }
        }
        reasoned("gop_y", "lý do không phổ biến", reason)?;
        Ok(Self::Declined)
    }

    /// A committee above the one that published spreads it further.
    ///
    /// # Errors
    /// When it is not published.
    pub fn widen(self) -> Result<Self, Refusal> {
        match self {
            Self::Published => Ok(self),
            Self::Draft | Self::Submitted | Self::Returned | Self::Declined | Self::Withheld | Self::Withdrawn => {
                Err(self.wrong("phổ biến rộng hơn"))
            }
        }
    }

    /// Its cell takes it back before it is published; also a declaration of secrecy made by mistake.
    ///
    /// # Errors
    /// When the committee has decided.
    pub fn withdraw(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Submitted | Self::Returned | Self::Withheld => Ok(Self::Withdrawn),
            Self::Published | Self::Declined | Self::Withdrawn => Err(self.wrong("rút")),
        }
    }

    /// Its content turns out to be secret: every word goes, the fact stays. Possible at any time.
    ///
    /// # Errors
    /// When there is no word left of it.
    pub fn withhold(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Submitted | Self::Returned | Self::Published | Self::Declined => Ok(Self::Withheld),
            Self::Withheld | Self::Withdrawn => Err(self.wrong("đánh dấu nội dung mật")),
        }
    }
}

/// The last day on which the topic of a quarter is sent in time.
pub fn due_on(quarter: PeriodKey, days: i64) -> Date {
    let end = quarter.end_day();
    end.checked_add(days.clamp(0, 366).days()).unwrap_or(end)
}

crate::codes! {
    /// Where a cell stands with the topic of a quarter (CB-07).
    pub enum Sending {
        /// Published.
        Published = "published" / "Đã phổ biến",
        /// Sent, or decided upon.
        Sent = "sent" / "Đã gửi",
        /// Held; its content is secret and stays on paper.
        Secret = "secret" / "Đã tổ chức, nội dung mật",
        /// Sent back and not sent again.
        Returned = "returned" / "Chờ bổ sung",
        /// Held, not sent, in time.
        Held = "held" / "Đã tổ chức, chưa gửi",
        /// Nothing yet, in time.
        Waiting = "waiting" / "Chưa đến hạn",
        /// Nothing after the last day.
        Late = "late" / "Quá hạn gửi",
    }
}

impl Sending {
    /// Where it stands, from the entry of the quarter and whether the topic was held.
    pub fn of(entry: Option<EntryState>, held: bool, due: Date, today: Date) -> Self {
        match entry {
            Some(EntryState::Published) => Self::Published,
            Some(EntryState::Submitted | EntryState::Declined) => Self::Sent,
            Some(EntryState::Withheld) => Self::Secret,
            Some(EntryState::Returned) if today <= due => Self::Returned,
            None | Some(EntryState::Draft | EntryState::Returned | EntryState::Withdrawn) => match (today > due, held) {
                (true, _) => Self::Late,
                (false, true) => Self::Held,
                (false, false) => Self::Waiting,
            },
        }
    }

    /// Whether the duty is met; a secret topic meets it without any content.
    pub fn is_met(self) -> bool {
        match self {
            Self::Published | Self::Sent | Self::Secret => true,
            Self::Returned | Self::Held | Self::Waiting | Self::Late => false,
        }
    }
}

crate::codes! {
    /// What a cell made of an entry it took.
    pub enum UseState {
        /// In its plan.
        Taken = "taken" / "Đã đưa vào kế hoạch",
        /// Held; what came of it was told.
        Reported = "reported" / "Đã phản hồi",
        /// Given up.
        Dropped = "dropped" / "Thôi dùng",
    }
}

impl UseState {
    fn hint(self) -> &'static str {
        match self {
            Self::Taken => "Phản hồi được sau khi khóa biên bản buổi sinh hoạt.",
            Self::Reported => "Phản hồi đã gửi giữ nguyên.",
            Self::Dropped => "Có thể lấy bài khác trong kho.",
        }
    }

    /// The cell tells in two lines what worked, after the minutes are sealed; once more to correct a word.
    ///
    /// # Errors
    /// When it was given up, the meeting is not sealed, nothing is said, or the words are marked.
    pub fn report(self, meeting: Option<MeetingState>, worked: &str, next: &str) -> Result<Self, Refusal> {
        match self {
            Self::Taken | Self::Reported => {}
            Self::Dropped => return Err(Refusal::state("phản hồi", self, self.hint())),
        }
        if meeting != Some(MeetingState::Sealed) {
            return Err(Refusal::new("not_sealed", "Phản hồi được sau khi khóa biên bản buổi sinh hoạt có chuyên đề này."));
        }
        reasoned("duoc", "điều làm được", worked)?;
        for (field, text) in [("duoc", worked), ("can_sua", next)] {
            if let Some(level) = secrecy::marking("", text) {
                let words = format!("Nội dung mang dấu độ “{level}” không được ghi vào phần mềm.");
                return Err(Refusal::new("secret", words).at(field));
            }
        }
        Ok(Self::Reported)
    }

    /// The cell gives it up; its own plan stays as it is.
    ///
    /// # Errors
    /// When it was told about or given up.
    pub fn give_up(self) -> Result<Self, Refusal> {
        match self {
            Self::Taken => Ok(Self::Dropped),
            Self::Reported | Self::Dropped => Err(Refusal::state("thôi dùng", self, self.hint())),
        }
    }
}

/// The line by which a copy names where it came from.
pub fn source_line(title: &str, cell: &str) -> String {
    format!("Nguồn: “{title}”, {cell} (kho chuyên đề, kinh nghiệm).")
}

/// The words somebody looks for, folded, each once; at most eight, so that a pasted page asks no more.
pub fn terms(query: &str) -> Vec<String> {
    let folded = vi::fold(query);
    let mut out: Vec<String> = Vec::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        if out.len() < 8 && !out.iter().any(|w| w == word) {
            out.push(word.to_owned());
        }
    }
    out
}

#[cfg(test)]
#[path = "library_tests.rs"]
mod tests;
