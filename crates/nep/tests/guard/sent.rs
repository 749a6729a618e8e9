//! What each committee of the world has sent: a draft in hand, and a document for each cell alone.

use db::{Tx, values};
use domain::guidance::{Distribution, GuidanceKind, GuidanceState, Reach, Weight};
use domain::id::{OrgId, RowId};
use domain::period::PeriodKey;
use nep::actor::Actor;
use nep::fault::Fault;
use nep::guidance::store::blocks::{self, Words};
use nep::guidance::store::{self as guidance, Head, papers};
use nep::meeting::store::files::NewFile;

use crate::world::{Params, put};

/// Lets a committee write an orientation and send one document to each of its cells.
pub fn settle(tx: &mut Tx, actor: &Actor, committee: OrgId, cells: &[OrgId]) -> Result<(), Fault> {
    let draft =
        guidance::create(tx, actor, committee, GuidanceKind::Orientation, "Định hướng tháng 12", PeriodKey::regular(2026, 12))?;
    let words = Words {
        weight: Weight::Required,
        title: "Nội dung bắt buộc".to_owned(),
        body: "Phổ biến, thảo luận".to_owned(),
        minutes: 15,
        document: None,
    };
    let block = blocks::add(tx, actor, committee, draft, &words)?;
    paper(tx, actor, committee, draft, Some(block))?;
    for cell in cells {
        let title = "Tài liệu học tập".to_owned();
        let id = guidance::create(tx, actor, committee, GuidanceKind::Document, &title, None)?;
        let list = Distribution { reach: Reach::Chosen, types: Vec::new(), orgs: vec![*cell] };
        let head = Head { title, body: "Đọc trước".to_owned(), period: None, number: String::new(), dated_on: None, list };
        guidance::save_head(tx, committee, id, 1, &head)?;
        paper(tx, actor, committee, id, None)?;
        let whole = guidance::get(tx, committee, id)?;
        guidance::issue(tx, actor, &whole, GuidanceState::Issued)?;
    }
    Ok(())
}

fn paper(tx: &mut Tx, actor: &Actor, committee: OrgId, of: RowId, block: Option<RowId>) -> db::Result<()> {
    let new = NewFile { name: "tai-lieu.txt".to_owned(), media_type: "text/plain", bytes: format!("{of}").into_bytes() };
    papers::add(tx, actor, committee, of, block, &new).map(drop)
}

/// What an organisation finds of it: a cell what it was sent, a committee its draft, or what is out.
pub fn params(tx: &mut Tx, org: OrgId, out: bool, p: &mut Params) -> db::Result<()> {
    let found: Option<(OrgId, RowId)> =
        tx.opt("select org_id, guidance_id from guidance_to where target = $1", values![format!("org:{org}")])?;
    let own = if out { GuidanceState::Issued } else { GuidanceState::Draft };
    let found = match found {
        Some(found) => Some(found),
        None => tx.opt(
            "select org_id, guidance_id from guidance where org_id = $1 and state = $2 order by guidance_id",
            values![org, domain::code::Code::code(own)],
        )?,
    };
    let (from, id) = found.unwrap_or((org, RowId::new(0)));
    put(p, &["guidance"], id);
    put(p, &["block"], blocks::of(tx, from, &[id])?.first().map_or(0, |b| b.id.raw()));
    put(p, &["paper"], papers::of(tx, from, &[id])?.first().map_or(0, |f| f.id.raw()));
    Ok(())
}
