//! What committees send down, in words: rows, blocks as they stand on pages, what waits on the desk.
//! May read through its own store and those of organisations and meetings. Rules: L1, L2, M8, P4.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::code::Code;
use domain::guidance::{Distribution, GuidanceKind, GuidanceState, NEW_DAYS, Reach, Receipt, Weight, takes};
use domain::id::{ItemId, OrgId, PersonId, RowId};
use domain::period::PeriodKey;
use domain::refusal::Check;
use domain::rulepack::Rules;
use domain::vi;
use jiff::ToSpan;
use jiff::civil::Date;

use super::store::agenda::{self, Link};
use super::store::blocks::{self, Block};
use super::store::papers::{self, Paper};
use super::store::{self, Guidance, received};
use crate::actor::{local, moment};
use crate::home::page::Todo;
use crate::meeting::store::{self as meetings, Meeting};
use crate::meeting::view::size_words;
use crate::member::store as members;
use crate::org::store::{self as orgs, Org};

/// One line of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Address.
    pub href: String,
    /// Title.
    pub title: String,
    /// The line below.
    pub small: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: String,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// Identifier.
    pub id: String,
    /// Address.
    pub href: String,
    /// Name.
    pub name: String,
    /// Size in words.
    pub size: String,
}

/// A block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockView {
    /// Identifier.
    pub id: String,
    /// How binding it is.
    pub weight: &'static str,
    /// Class of that.
    pub class: &'static str,
    /// Heading.
    pub title: String,
    /// What is to be discussed.
    pub body: String,
    /// Suggested minutes; empty for none.
    pub minutes: String,
    /// Its files.
    pub papers: Vec<PaperView>,
    /// The document that belongs to it: address and title.
    pub document: Option<(String, String)>,
    /// Where it stands on an agenda or in the cell; empty where nothing is said of that.
    pub stands: &'static str,
    /// Whether the cell may still put it on the agenda.
    pub may_put: bool,
}

/// A check in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckView {
    /// The sentence.
    pub text: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: &'static str,
}

/// A cell with how many of its members opened and read a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellCount {
    /// Name.
    pub name: String,
    /// Members.
    pub members: i64,
    /// Who opened it.
    pub seen: i64,
    /// Who said that it was read.
    pub read: i64,
}

/// State class.
pub fn class(state: GuidanceState) -> &'static str {
    match state {
        GuidanceState::Draft => "due",
        GuidanceState::Issued => "done",
        GuidanceState::Replaced => "none",
    }
}

/// State class of a receipt.
pub fn receipt_class(receipt: Receipt) -> &'static str {
    match receipt {
        Receipt::Unseen => "due",
        Receipt::Seen => "wait",
        Receipt::Read => "done",
    }
}

fn weight_class(weight: Weight) -> &'static str {
    match weight {
        Weight::Required => "due",
        Weight::Suggested => "none",
    }
}

/// `Kỳ tháng 12 năm 2026, số 45-HD/ĐU, ngày 20/11/2026`; parts that are not there are left out.
pub fn about(g: &Guidance) -> String {
    let mut parts: Vec<String> = g.key().map(|k| k.name()).into_iter().collect();
    if !g.number.is_empty() {
        parts.push(format!("số {}", g.number));
    }
    match (g.dated_on, g.issued_at) {
        (Some(day), _) => parts.push(format!("ngày {}", vi::date(day))),
        (None, Some(at)) => parts.push(format!("gửi ngày {}", vi::date(local(at).date()))),
        (None, None) => {}
    }
    vi::capitalize(&parts.join(", "))
}

/// A month to choose: key and words.
pub fn month_option(key: PeriodKey) -> (String, String) {
    (key.to_string(), format!("Tháng {} năm {}", key.number, key.year))
}

/// Whom something goes to, in words.
pub fn to_words(list: &Distribution, rules: &Rules, names: &BTreeMap<OrgId, String>) -> String {
    let listed: Vec<String> = match list.reach {
        Reach::All => return Reach::All.label().to_owned(),
        Reach::Types => rules.cell_types().filter(|t| list.types.contains(&t.code)).map(|t| t.name.clone()).collect(),
        Reach::Chosen => list.orgs.iter().filter_map(|o| names.get(o).cloned()).collect(),
    };
    if listed.is_empty() {
        "Chưa chọn nơi nhận".to_owned()
    } else {
        format!("{}: {}", list.reach.label(), listed.join("; "))
    }
}

/// A check in words.
pub fn check_view(check: &Check) -> CheckView {
    let (class, word) = match (check.done, check.must) {
        (true, _) => ("done", "Xong"),
        (false, true) => ("late", "Cần làm"),
        (false, false) => ("due", "Nên làm"),
    };
    CheckView { text: check.text.clone(), class, word }
}

/// A file at an address.
pub fn paper_view(base: &str, paper: &Paper) -> PaperView {
    PaperView {
        id: paper.id.to_string(),
        href: format!("{base}/tep/{}", paper.id),
        name: paper.name.clone(),
        size: size_words(paper.size),
    }
}

/// Where pages of the committee and of the cell find what is named.
#[derive(Debug, Clone)]
pub struct At {
    /// Begin of every address, such as `/tc/12/dinh-huong`.
    pub base: String,
    /// Titles of documents that are out.
    pub documents: BTreeMap<RowId, String>,
}

/// A block as a page shows it.
pub fn block_view(at: &At, block: &Block, papers: &[Paper]) -> BlockView {
    let base = format!("{}/{}", at.base, block.guidance);
    BlockView {
        id: block.id.to_string(),
        weight: block.weight.label(),
        class: weight_class(block.weight),
        title: block.title.clone(),
        body: block.body.clone(),
        minutes: if block.minutes > 0 { format!("Gợi ý {} phút", block.minutes) } else { String::new() },
        papers: papers.iter().filter(|p| p.block == Some(block.id)).map(|p| paper_view(&base, p)).collect(),
        document: block.document.and_then(|d| Some((format!("{}/{d}", at.base), at.documents.get(&d)?.clone()))),
        stands: "",
        may_put: false,
    }
}

/// The files of the whole, not of one of its blocks.
pub fn whole(base: &str, papers: &[Paper]) -> Vec<PaperView> {
    papers.iter().filter(|p| p.block.is_none()).map(|p| paper_view(base, p)).collect()
}

/// Blocks of one committee where a cell prepares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The committee.
    pub from: String,
    /// Month, number, date.
    pub about: String,
    /// Address of the whole.
    pub href: String,
    /// Its blocks.
    pub blocks: Vec<BlockView>,
}

/// What the committees above say of a meeting that is prepared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guided {
    /// By committee, the nearest first.
    pub groups: Vec<Group>,
    /// How many required blocks are not on the agenda yet.
    pub missing: usize,
    /// Items that came from a block, with its committee.
    pub items: BTreeMap<ItemId, String>,
    /// Those of them whose block has a new edition with other words.
    pub stale: BTreeSet<ItemId>,
}

/// Reads what the committees above say of a meeting: its month, and what the cell did not hear last month.
///
/// # Errors
/// Database faults only.
pub fn for_meeting(tx: &mut Tx, cell: &Org, meeting: &Meeting) -> db::Result<Guided> {
    if !takes(meeting.kind) {
        return Ok(Guided::default());
    }
    let months = agenda::months(&meetings::periods(tx, cell.id, meeting.id)?);
    let before = months.iter().filter_map(|m| PeriodKey::of(m.kind, m.first_day().yesterday().ok()?));
    let asked: Vec<PeriodKey> = months.iter().copied().chain(before).collect();
    let sent = received::orientations(tx, cell, &asked)?;
    let links = agenda::links(tx, cell.id, meeting.id)?;
    if sent.is_empty() && links.is_empty() {
        return Ok(Guided::default());
    }
    let found = blocks::of_many(tx, &sent)?;
    let heard = agenda::heard(tx, cell.id, &found)?;
    let committees: Vec<OrgId> = sent.iter().map(|g| g.org).chain(links.iter().map(|l| l.from)).collect();
    let papers = papers::of_orgs(tx, &committees, &sent.iter().map(|g| g.id).collect::<Vec<_>>())?;
    let names = orgs::short_names(tx, &committees, meeting.starts_at.date())?;
    let at = At { base: format!("/cb/{}/tai-lieu", cell.id), documents: store::titles(tx, &found)? };
    let on_agenda: BTreeSet<RowId> = links.iter().map(|l| l.root).collect();
    let editable = meeting.state.is_preparing();
    let mut out = Guided { items: items_of(&links, &names), stale: stale(tx, &links, &on_agenda, &found)?, ..Guided::default() };
    for g in &sent {
        let now = g.key().is_some_and(|k| months.contains(&k));
        let own = found.iter().filter(|b| (b.org, b.guidance) == (g.org, g.id));
        let mut views = Vec::new();
        for b in own {
            let (there, told) = (on_agenda.contains(&b.root), heard.contains(&b.root));
            // Of the month before only what is required and the cell has not heard.
            if !now && (b.weight == Weight::Suggested || told) {
                continue;
            }
            out.missing += usize::from(now && b.weight == Weight::Required && !there && !told);
            let stands = match (there, told, now) {
                (true, _, _) => "Đã có trong chương trình",
                (false, true, _) => "Đã phổ biến ở buổi trước",
                (false, false, true) => "Chưa có trong chương trình",
                (false, false, false) => "Kỳ trước chưa phổ biến",
            };
            views.push(BlockView { stands, may_put: editable && !there, ..block_view(&at, b, &papers) });
        }
        if !views.is_empty() {
            let from = names.get(&g.org).cloned().unwrap_or_default();
            out.groups.push(Group { from, about: about(g), href: format!("{}/{}", at.base, g.id), blocks: views });
        }
    }
    Ok(out)
}

fn items_of(links: &[Link], names: &BTreeMap<OrgId, String>) -> BTreeMap<ItemId, String> {
    links.iter().map(|l| (l.item, names.get(&l.from).cloned().unwrap_or_default())).collect()
}

/// Items whose block is in no edition that is out, because other words took its place.
fn stale(tx: &mut Tx, links: &[Link], on_agenda: &BTreeSet<RowId>, found: &[Block]) -> db::Result<BTreeSet<ItemId>> {
    let current: BTreeSet<RowId> = found.iter().map(|b| b.root).filter(|r| on_agenda.contains(r)).collect();
    let old: Vec<&Link> = links.iter().filter(|l| !current.contains(&l.root)).collect();
    if old.is_empty() {
        return Ok(BTreeSet::new());
    }
    let replaced = store::replaced(tx, &old.iter().map(|l| (l.from, l.guidance)).collect::<Vec<_>>())?;
    Ok(old.into_iter().filter(|l| replaced.contains(&l.guidance)).map(|l| l.item).collect())
}

/// A cell with the new documents that committees sent it, newest first: what its own pages tell of.
#[derive(Debug, Clone)]
pub struct News {
    /// The cell.
    pub cell: Org,
    /// The documents.
    pub documents: Vec<Guidance>,
}

/// Reads what is new for a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn news(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<News> {
    let cell = orgs::get(tx, org, today)?;
    let documents = received::since(tx, &cell, GuidanceKind::Document, since(today))?;
    Ok(News { cell, documents })
}

/// What the secretary sees on the desk: required blocks a prepared meeting does not have yet (with the kỳ
/// it serves), new documents that are not read by all.
///
/// # Errors
/// Database faults only.
pub fn todos(tx: &mut Tx, news: &News, meeting: Option<(&Meeting, &[PeriodKey])>, today: Date) -> db::Result<Vec<Todo>> {
    let (org, documents) = (news.cell.id, &news.documents);
    let mut out = Vec::new();
    if let Some((meeting, periods)) = meeting.filter(|(m, _)| m.state.is_preparing()) {
        let there: BTreeSet<RowId> = agenda::links(tx, org, meeting.id)?.into_iter().map(|l| l.root).collect();
        let missing = agenda::required(tx, &news.cell, periods, &there)?.len();
        if missing > 0 {
            out.push(Todo {
                href: format!("/cb/{org}/buoi/{}/chuan-bi#cap-tren", meeting.id),
                title: format!("Đưa {missing} nội dung bắt buộc của cấp trên vào chương trình"),
                small: "Cấp trên ban hành sau khi buổi đã được chuẩn bị.".to_owned(),
                class: "due",
                word: "Cần làm".to_owned(),
            });
        }
    }
    if documents.is_empty() {
        return Ok(out);
    }
    let readers = members::standings(tx, org, today)?.into_iter().filter(|s| reads(*s)).count();
    let readers = i64::try_from(readers).unwrap_or(i64::MAX);
    let counts = received::in_cell(tx, org, documents)?;
    let read: Vec<i64> = documents.iter().map(|d| counts.get(&d.id).map_or(0, |c| c.1)).collect();
    let open = read.iter().filter(|n| **n < readers).count();
    if open > 0 {
        let all = readers.saturating_mul(i64::try_from(documents.len()).unwrap_or(i64::MAX));
        out.push(Todo {
            href: format!("/cb/{org}/tai-lieu"),
            title: format!("{open} tài liệu mới của cấp trên chưa đủ đảng viên đọc"),
            small: format!("Đã đọc {}/{all} lượt trong {NEW_DAYS} ngày qua.", read.iter().sum::<i64>()),
            class: "wait",
            word: "Đang đọc".to_owned(),
        });
    }
    Ok(out)
}

/// Whether a member reads what is sent to the cell.
pub fn reads(standing: domain::roll::Standing) -> bool {
    use domain::roll::Standing;
    !matches!(standing, Standing::Suspended | Standing::TemporaryAway)
}

/// From when on something sent down counts as new.
pub fn since(today: Date) -> jiff::Timestamp {
    moment(today.checked_sub(NEW_DAYS.days()).unwrap_or(today).at(0, 0, 0, 0))
}

/// New documents a member has not said to have read.
///
/// # Errors
/// Database faults only.
pub fn own_todos(tx: &mut Tx, news: &News, person: PersonId) -> db::Result<Vec<Todo>> {
    let (org, documents) = (news.cell.id, &news.documents);
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let own = received::own(tx, org, person, documents)?;
    let waiting: Vec<&Guidance> = documents.iter().filter(|d| own.get(&d.id) != Some(&Receipt::Read)).collect();
    let (href, title) = match waiting.as_slice() {
        [] => return Ok(Vec::new()),
        [one] => (format!("/cb/{org}/tai-lieu/{}", one.id), format!("Đọc tài liệu: {}", one.title)),
        many => (format!("/cb/{org}/tai-lieu"), format!("Đọc {} tài liệu mới của cấp trên", many.len())),
    };
    let small = "Đọc xong, đồng chí bấm “Đã đọc”.".to_owned();
    Ok(vec![Todo { href, title, small, class: "due", word: "Chờ đồng chí".to_owned() }])
}
