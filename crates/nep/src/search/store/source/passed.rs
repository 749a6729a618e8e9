//! What goes from one organisation to others: what committees send down, what cells send up to the library.
//! Touches rows of both, to read. Rules: L1, L2, CB-07, L5, P-10.

use std::collections::BTreeMap;

use db::{Tx, Value, values};
use domain::code::Code;
use domain::guidance::{GuidanceKind, GuidanceState};
use domain::id::OrgId;
use domain::library::EntryState;
use domain::search::{Kind, Need};
use jiff::Timestamp;
use jiff::civil::Date;

use super::super::Doc;
use super::{lines, rows};
use crate::actor::local;
use crate::resolution::seal::lower;

/// Orientations and documents with the words of their blocks: drafts for who writes them, what is out for whom
/// it reaches. An edition that another took the place of is found no more.
pub(super) fn guidance(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<Vec<Doc>> {
    type Row = (i64, String, String, String, String, String, Option<Date>, Option<Timestamp>);
    let found: Vec<Row> = rows(
        tx,
        "select guidance_id, kind, state, title, body, number, dated_on, issued_at from guidance
         where org_id = $1 and state <> 'replaced'",
        "guidance_id",
        org,
        object,
    )?;
    let mut blocks = blocks(tx, org, object)?;
    let doc = |(id, kind, state, title, body, number, dated, issued): Row| {
        let draft = GuidanceState::from_code(&state) == Some(GuidanceState::Draft);
        let name = match GuidanceKind::from_code(&kind).filter(|_| title.trim().is_empty()) {
            Some(kind) => kind.to_string(),
            None => title,
        };
        let said = blocks.remove(&id).unwrap_or_default();
        Doc {
            org,
            kind: Kind::Guidance,
            object: id,
            need: if draft { Need::Issue } else { Need::Sent },
            person: None,
            on: dated.or_else(|| issued.map(|at| local(at).date())),
            under: None,
            path: String::new(),
            title: if draft { format!("{name} ({})", lower(GuidanceState::Draft.label())) } else { name },
            body: lines([number.as_str(), &body].into_iter().chain(said.iter().map(String::as_str))),
        }
    };
    Ok(found.into_iter().map(doc).collect())
}

/// Headings and texts of blocks by what they stand in, in order.
fn blocks(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<BTreeMap<i64, Vec<String>>> {
    let mut v: Vec<Value> = values![org].to_vec();
    let mut one = "";
    if let Some(object) = object {
        v.extend_from_slice(values![object]);
        one = " and guidance_id = $2";
    }
    let all: Vec<(i64, String, String)> = tx.all(
        &format!(
            "select guidance_id, title, body from guidance_block where org_id = $1{one} order by guidance_id, position, block_id"
        ),
        &v,
    )?;
    let mut out: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (id, title, body) in all {
        out.entry(id).or_default().extend([title, body]);
    }
    Ok(out)
}

/// Entries of the library: what is published where it is read, drafts for who writes them, the rest also for
/// who reviews. What was withheld has no word, what was taken back is nobody's.
pub(super) fn library(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<Vec<Doc>> {
    type Row = (i64, String, i64, String, String, String, String, Option<OrgId>);
    let found: Vec<Row> = rows(
        tx,
        "select entry_id, state, year, title, aim, content, result, published_org from library_entry
         where org_id = $1 and state not in ('withheld', 'withdrawn')",
        "entry_id",
        org,
        object,
    )?;
    let doc = |(id, state, year, title, aim, content, result, published): Row| {
        let state = EntryState::from_code(&state)?;
        let need = match state {
            EntryState::Draft => Need::Lead,
            EntryState::Submitted | EntryState::Returned | EntryState::Declined => Need::Review,
            EntryState::Published => Need::Shelf,
            EntryState::Withheld | EntryState::Withdrawn => return None,
        };
        let out = need == Need::Shelf;
        Some(Doc {
            org,
            kind: Kind::Library,
            object: id,
            need,
            person: None,
            on: i16::try_from(year).ok().and_then(|y| Date::new(y, 1, 1).ok()),
            under: published.filter(|_| out),
            path: String::new(),
            title: if out { title } else { format!("{title} ({})", lower(state.label())) },
            body: lines([aim.as_str(), &content, &result]),
        })
    };
    Ok(found.into_iter().filter_map(doc).collect())
}
