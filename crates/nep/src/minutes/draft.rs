//! Sections made from what was recorded: at first, and again when the facts change.
//! May touch: sections of one meeting's minutes. Rules: section 5.5, M14, P-8.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{ItemId, MeetingId, OrgId, RowId};
use domain::merge::{Merged, merge3};
use domain::minutes::{MeetingRecord, MinutesFacts, Section, SectionKey, canonical, draft, order, seal_checks};
use domain::refusal::Check;

use super::store::{self, NOBODY, NewText, Row};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::record::{self, Record};
use crate::live::store::Contribution;
use crate::meeting::store::{self as meetings, Item, Meeting};
use crate::score::kept::Kept;
use crate::score::store as scores;

/// The minutes of a meeting as they stand.
#[derive(Debug, Clone)]
pub struct Minutes {
    /// What was recorded.
    pub record: Record,
    /// The sections in order.
    pub rows: Vec<(SectionKey, Row)>,
    /// What a fresh draft would say.
    pub fresh: Vec<Section>,
    /// What the last draft said: section → version and text.
    pub drafted: BTreeMap<String, (i64, String)>,
    /// The cell's own score, as far as it was filled in.
    pub score: Option<Kept>,
}

/// Loads the minutes of a meeting.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(tx: &mut Tx, org: OrgId, id: MeetingId) -> Result<Minutes, Fault> {
    let meeting = meetings::get(tx, org, id)?;
    load_of(tx, meeting)
}

/// Loads the minutes of a meeting that was read already.
///
/// # Errors
/// Database faults.
pub fn load_of(tx: &mut Tx, meeting: Meeting) -> Result<Minutes, Fault> {
    let record = record::load_of(tx, meeting)?;
    of_record(tx, record)
}

/// Loads the minutes beside a record that was read already.
///
/// # Errors
/// Database faults.
pub fn of_record(tx: &mut Tx, record: Record) -> Result<Minutes, Fault> {
    let (org, id) = (record.meeting.org, record.meeting.id);
    let score = scores::own(tx, org, id)?;
    let fresh = draft(&MeetingRecord { score: score.as_ref().and_then(Kept::words), ..record.facts()? });
    let rows = in_order(store::sections(tx, org, id)?, &record.items);
    let drafted = store::drafted(tx, org, id)?.into_iter().map(|(s, version, body)| (s, (version, body))).collect();
    Ok(Minutes { record, rows, fresh, drafted, score })
}

/// Loads the sections alone, for who only reads them.
///
/// # Errors
/// Database faults only.
pub fn text(tx: &mut Tx, org: OrgId, id: MeetingId) -> db::Result<Vec<(SectionKey, Row)>> {
    let items = meetings::items(tx, org, id)?;
    Ok(in_order(store::sections(tx, org, id)?, &items))
}

/// The agenda may have been put in another order since a section was begun.
fn in_order(rows: Vec<Row>, items: &[Item]) -> Vec<(SectionKey, Row)> {
    let order = order(items.iter().map(|i| (i.id, i.step)));
    let mut rows: Vec<(SectionKey, Row)> =
        rows.into_iter().filter_map(|r| Some((SectionKey::from_code(&r.section)?, r))).collect();
    rows.sort_by_key(|(key, row)| (order.iter().position(|k| k == key).unwrap_or(usize::MAX), row.position));
    rows
}

impl Minutes {
    /// The sections as the rules see them.
    pub fn sections(&self) -> Vec<Section> {
        self.rows.iter().map(|(key, r)| Section { key: *key, title: r.title.clone(), text: r.body.clone() }).collect()
    }

    /// A mark that changes with every word: what was read back is what is adopted.
    pub fn mark(&self) -> String {
        web::random::digest(&canonical(&self.sections())).chars().take(16).collect()
    }

    /// What a fresh draft says of a section, where it says something new.
    pub fn news(&self, key: SectionKey) -> Option<&Section> {
        let (_, old) = self.drafted.get(&key.code())?;
        self.fresh.iter().find(|s| s.key == key && s.text != *old)
    }

    /// How many sections have facts that do not stand in them yet.
    pub fn outdated(&self) -> usize {
        self.rows.iter().filter(|(key, row)| self.news(*key).is_some_and(|s| s.text != row.body)).count()
    }

    /// What must be in order before adopting and sealing, and what is wise.
    ///
    /// # Errors
    /// Only for votes that never came from the store.
    pub fn checks(&self) -> Result<Vec<Check>, Fault> {
        let record = self.record.facts()?;
        let sections = self.sections();
        let facts = MinutesFacts {
            record: &record,
            sections: &sections,
            undecided: self.record.undecided(),
            unminuted: self.unminuted(),
        };
        let mut out = seal_checks(&facts);
        let outdated = self.outdated();
        out.push(Check::advised(
            outdated == 0,
            "sections",
            match outdated {
                0 => "Biên bản khớp với điểm danh, phát biểu, biểu quyết đã ghi.".to_owned(),
                n => format!("Có {n} phần chưa cập nhật theo số liệu đã ghi."),
            },
        ));
        Ok(out)
    }

    /// Contributions with words whose speaker the section of the item does not name.
    fn unminuted(&self) -> u32 {
        u32::try_from(self.left_out().count()).unwrap_or(u32::MAX)
    }

    /// The first item on which somebody spoke whom its section does not name.
    pub fn first_unminuted(&self) -> Option<ItemId> {
        self.left_out().next().map(|c| c.item)
    }

    fn left_out(&self) -> impl Iterator<Item = &Contribution> {
        let whole = canonical(&self.sections());
        self.record.contributions.iter().filter(move |c| {
            let secret = self.record.items.iter().any(|i| i.id == c.item && i.secret);
            let section = self.rows.iter().find(|(key, _)| *key == SectionKey::Item(c.item));
            let text = section.map_or(whole.as_str(), |(_, row)| row.body.as_str());
            !secret && !c.summary.trim().is_empty() && !text.contains(&self.record.name(c.person))
        })
    }
}

/// Begins the sections that are not there yet.
///
/// # Errors
/// A refusal when nothing may be recorded; database faults.
pub fn begin(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId) -> Result<Minutes, Fault> {
    let minutes = load(tx, org, id)?;
    minutes.record.must_record()?;
    let missing = minutes.missing();
    for (at, section) in &missing {
        store::begin(tx, actor, org, id, *at, section)?;
    }
    if missing.is_empty() { Ok(minutes) } else { load(tx, org, id) }
}

impl Minutes {
    /// Drafted sections that were not begun yet, with their place.
    pub fn missing(&self) -> Vec<(i64, Section)> {
        let there = |s: &Section| self.rows.iter().any(|(key, _)| *key == s.key);
        (1..).zip(&self.fresh).filter(|(_, s)| !there(s)).map(|(at, s)| (at, s.clone())).collect()
    }
}

/// Brings every section nobody has edited up to date; how many others have news.
///
/// # Errors
/// A refusal when nothing may be recorded; database faults.
pub fn renew(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId) -> Result<usize, Fault> {
    let minutes = begin(tx, actor, org, id)?;
    let mut left = 0;
    for (key, row) in &minutes.rows {
        let Some(section) = minutes.news(*key) else { continue };
        if row.is_edited() {
            left += 1;
            continue;
        }
        let text = NewText { body: &section.text, by: NOBODY, save_key: None };
        store::replace(tx, actor, org, id, *key, row.version, &text)?;
        store::retitle(tx, org, id, *key, &section.title)?;
    }
    Ok(left)
}

/// Brings one section up to date where nobody has edited it; words of a person stay as they are.
///
/// # Errors
/// Database faults.
pub fn follow(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, key: SectionKey) -> Result<(), Fault> {
    let minutes = load(tx, org, id)?;
    let row = minutes.rows.iter().find(|(k, _)| *k == key).map(|(_, row)| row);
    if let (Some(row), Some(section)) = (row.filter(|r| !r.is_edited()), minutes.news(key)) {
        let text = NewText { body: &section.text, by: NOBODY, save_key: None };
        store::replace(tx, actor, org, id, key, row.version, &text)?;
    }
    Ok(())
}

/// Brings one section up to date: edits and new facts are joined, or set side by side under the id.
///
/// # Errors
/// A refusal when nothing may be recorded; `NotFound`; database faults.
pub fn renew_one(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, key: SectionKey) -> Result<Option<RowId>, Fault> {
    let minutes = begin(tx, actor, org, id)?;
    let (_, row) = minutes.rows.iter().find(|(k, _)| *k == key).ok_or(Fault::NotFound)?;
    let Some(section) = minutes.news(key) else {
        return Ok(None);
    };
    let draft = NewText { body: &section.text, by: NOBODY, save_key: None };
    if !row.is_edited() {
        store::replace(tx, actor, org, id, key, row.version, &draft)?;
        return Ok(None);
    }
    let (base, old) = minutes.drafted.get(&key.code()).cloned().unwrap_or_default();
    match merge3(&old, &row.body, &section.text) {
        Merged::Clean(text) => {
            accept_draft(tx, actor, org, id, key, row.version, &draft, &text)?;
            Ok(None)
        }
        Merged::Conflict(_) => Ok(Some(store::set_aside(tx, actor, org, id, key, base, &draft)?)),
    }
}

/// Keeps a new draft as a revision, so that the next one is measured by it, then the joined text.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn accept_draft(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    id: MeetingId,
    key: SectionKey,
    from: i64,
    draft: &NewText<'_>,
    joined: &str,
) -> db::Result<i64> {
    let version = store::replace(tx, actor, org, id, key, from, draft)?;
    let text = NewText { body: joined, by: actor.person, save_key: None };
    store::replace(tx, actor, org, id, key, version, &text)
}

/// What to do first while texts that people wrote wait to be joined: nobody's saved words are left
/// behind by adopting (P-8).
pub fn joined(waiting: usize) -> Option<Check> {
    (waiting > 0).then(|| Check::must(false, "asides", format!("Còn {waiting} bản viết chưa được ghép vào biên bản.")))
}
