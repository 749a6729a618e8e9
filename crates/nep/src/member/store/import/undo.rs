//! Taking an import back within 24 hours, unless something else was built on it.
//! Touches what the import wrote, and looks at everything that can refer to it. Rules: experience.md, P-28.

use db::{Tx, values};
use domain::id::{OrgId, PersonId, RowId};
use domain::search::Kind;
use domain::sheet::MemberValues;
use domain::vi;
use jiff::civil::Date;

use super::{Batch, Before, State};
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::member::import::Values;
use crate::search::store::source as index;

const DAY: i64 = 24 * 3600 * 1000;

/// The fields of a person that a sheet can set, and the version.
pub(super) fn values_of(tx: &mut Tx, person: PersonId) -> db::Result<(MemberValues, i64)> {
    type Fields = (String, Option<i64>, Option<Date>, Option<Date>, Option<String>, Option<String>, Option<String>, i64);
    let (name, born, admitted, official, card, phone, email, version): Fields = tx.one(
        "select name, birth_year, admitted_on, official_on, card_number, phone, email, version from person where person_id = $1",
        values![person],
    )?;
    let birth_year = born.and_then(|y| i16::try_from(y).ok());
    Ok((MemberValues { name, birth_year, admitted, official, card, phone, email, ..MemberValues::default() }, version))
}

/// Writes those fields; lists of stays that are not over show the name.
pub(super) fn write(tx: &mut Tx, person: PersonId, v: &Values) -> db::Result<()> {
    let (sort_key, folded) = (vi::name_key(&v.name), vi::fold(&v.name));
    tx.exec(
        "update person set name = $2, sort_key = $3, folded = $4, birth_year = $5, admitted_on = $6, official_on = $7,
         card_number = $8, phone = $9, email = $10, version = version + 1 where person_id = $1",
        values![person, v.name, sort_key, folded, v.birth_year.map(i64::from), v.admitted, v.official, v.card, v.phone, v.email],
    )?;
    tx.exec(
        "update membership set name = $2, sort_key = $3 where person_id = $1 and to_date is null and name <> $2",
        values![person, v.name, sort_key],
    )?;
    index::refresh(tx, OrgId::new(0), Kind::Person, person.raw())
}

/// Tables and columns that name a person of a cell: what was done with somebody after the import.
const BUILT: &[(&str, &str, &str)] = &[
    ("roll", "person_id", "danh sách điểm danh"),
    ("reply", "person_id", "câu trả lời thông báo"),
    ("opinion", "person_id", "ý kiến chuẩn bị trước"),
    ("contribution", "person_id", "danh sách phát biểu"),
    ("notice_reader", "person_id", "thông báo đã gửi"),
    ("meeting", "chair_id", "buổi sinh hoạt"),
    ("meeting", "secretary_id", "buổi sinh hoạt"),
    ("agenda_item", "presenter_id", "chương trình sinh hoạt"),
    ("period_plan", "presenter_id", "kế hoạch năm"),
    ("task", "doer_id", "nhiệm vụ"),
    ("task", "checker_id", "nhiệm vụ"),
    ("task", "urger_id", "nhiệm vụ"),
];

/// Why an import cannot be taken back; `None` when it can.
///
/// # Errors
/// Database faults only.
pub fn why_not(tx: &mut Tx, actor: &Actor, org: OrgId, batch: &Batch) -> db::Result<Option<String>> {
    let Some(accepted) = batch.accepted.filter(|_| batch.state == State::Accepted) else {
        return Ok(Some("Lần nhập này không còn hoàn tác được.".to_owned()));
    };
    if actor.now.as_millisecond() - accepted.as_millisecond() > DAY {
        return Ok(Some("Đã quá 24 giờ từ khi nhập nên không hoàn tác được nữa.".to_owned()));
    }
    let import = batch.id;
    if let Some(why) = edited_since(tx, org, import)? {
        return Ok(Some(why));
    }
    if let Some(why) = stays_since(tx, import)? {
        return Ok(Some(why));
    }
    if let Some(why) = used_since(tx, org, import)? {
        return Ok(Some(why));
    }
    orgs_since(tx, org, import)
}

fn edits(tx: &mut Tx, org: OrgId, import: RowId) -> db::Result<Vec<(PersonId, Before)>> {
    let rows: Vec<(PersonId, String)> = tx.all(
        "select row_id, before from import_change where org_id = $1 and import_id = $2 and kind = 'edit'",
        values![org, import],
    )?;
    let read = |(person, text): (PersonId, String)| {
        let before = serde_json::from_str(&text).map_err(|_| db::Error::Corrupt("import_change.before".to_owned()))?;
        Ok((person, before))
    };
    rows.into_iter().map(read).collect()
}

fn edited_since(tx: &mut Tx, org: OrgId, import: RowId) -> db::Result<Option<String>> {
    for (person, before) in edits(tx, org, import)? {
        let (now, version) = values_of(tx, person)?;
        if version != before.version {
            return Ok(Some(format!("Hồ sơ đồng chí {} đã được sửa sau khi nhập nên không hoàn tác được.", now.name)));
        }
    }
    let touched: Option<(String,)> = tx.opt(
        "select p.name from import_change c join person p on p.person_id = c.row_id
         where c.org_id = $1 and c.import_id = $2 and c.kind = 'person' and p.version <> 1 limit 1",
        values![org, import],
    )?;
    Ok(touched.map(|(name,)| format!("Hồ sơ đồng chí {name} đã được sửa sau khi nhập nên không hoàn tác được.")))
}

fn stays_since(tx: &mut Tx, import: RowId) -> db::Result<Option<String>> {
    let ended: Option<(String,)> = tx.opt(
        "select name from membership where import_id = $1 and (version <> 1 or to_date is not null) limit 1",
        values![import],
    )?;
    if let Some((name,)) = ended {
        let text =
            format!("Đồng chí {name} đã được đổi diện, đổi số thứ tự hoặc chuyển đi sau khi nhập nên không hoàn tác được.");
        return Ok(Some(text));
    }
    let post: Option<(String,)> = tx.opt(
        "select p.name from post t join person p on p.person_id = t.person_id where t.import_id = $1 and t.to_date is not null",
        values![import],
    )?;
    Ok(post.map(|(name,)| format!("Đồng chí {name} đã thôi chức vụ được nhập nên không hoàn tác được.")))
}

fn used_since(tx: &mut Tx, org: OrgId, import: RowId) -> db::Result<Option<String>> {
    let account: Option<(String,)> = tx.opt(
        "select p.name from import_change c join account a on a.person_id = c.row_id join person p on p.person_id = c.row_id
         where c.org_id = $1 and c.import_id = $2 and c.kind = 'person' limit 1",
        values![org, import],
    )?;
    if let Some((name,)) = account {
        return Ok(Some(format!("Đồng chí {name} đã kích hoạt tài khoản nên không hoàn tác được.")));
    }
    let post: Option<(String,)> = tx.opt(
        "select p.name from import_change c join post t on t.person_id = c.row_id join person p on p.person_id = c.row_id
         where c.org_id = $1 and c.import_id = $2 and c.kind = 'person' and (t.import_id is null or t.import_id <> $2) limit 1",
        values![org, import],
    )?;
    if let Some((name,)) = post {
        return Ok(Some(format!("Đồng chí {name} đã được ghi chức vụ nên không hoàn tác được.")));
    }
    let cells: Vec<(OrgId,)> = tx.all("select distinct org_id from membership where import_id = $1", values![import])?;
    for (cell,) in cells {
        for (table, column, place) in BUILT {
            let found: Option<(String,)> = tx.opt(
                &format!(
                    "select m.name from membership m join {table} x on x.org_id = m.org_id and x.{column} = m.person_id
                     where m.org_id = $1 and m.import_id = $2 limit 1"
                ),
                values![cell, import],
            )?;
            if let Some((name,)) = found {
                return Ok(Some(format!("Đồng chí {name} đã có trong {place} nên không hoàn tác được.")));
            }
        }
    }
    Ok(None)
}

fn founded(tx: &mut Tx, org: OrgId, import: RowId) -> db::Result<Vec<OrgId>> {
    let rows: Vec<(OrgId,)> =
        tx.all("select row_id from import_change where org_id = $1 and import_id = $2 and kind = 'org'", values![org, import])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// A founded cell can go only if nothing but the import is in it.
fn orgs_since(tx: &mut Tx, org: OrgId, import: RowId) -> db::Result<Option<String>> {
    for cell in founded(tx, org, import)? {
        let name: String =
            tx.scalar("select name from org_name where org_id = $1 order by from_date desc limit 1", values![cell])?;
        for (table, other) in [
            ("membership", "and (import_id is null or import_id <> $2)"),
            ("post", "and (import_id is null or import_id <> $2)"),
            ("meeting", "and org_id <> $2"),
            ("org_change", "and org_id <> $2"),
        ] {
            let used: Option<(i64,)> =
                tx.opt(&format!("select 1 from {table} where org_id = $1 {other} limit 1"), values![cell, import])?;
            if used.is_some() {
                return Ok(Some(format!("{name} đã có nội dung khác nên không hoàn tác được.")));
            }
        }
    }
    Ok(None)
}

/// Takes an import back, after [`why_not`] in the same transaction.
///
/// # Errors
/// `Conflict` when somebody was faster; database faults.
pub fn undo(tx: &mut Tx, actor: &Actor, org: OrgId, import: RowId) -> db::Result<()> {
    tx.changed(
        "update import_batch set state = 'undone', undone_at = $3, version = version + 1
         where org_id = $1 and import_id = $2 and state = 'accepted'",
        values![org, import, actor.now],
    )?;
    tx.exec("delete from post where import_id = $1", values![import])?;
    tx.exec("delete from membership where import_id = $1", values![import])?;
    for (person, before) in edits(tx, org, import)? {
        write(tx, person, &before.values)?;
    }
    let new = "select row_id from import_change where org_id = $1 and import_id = $2 and kind = 'person'";
    // A slip that was printed and not used yet opens nothing any more.
    tx.exec(&format!("delete from activation where person_id in ({new})"), values![org, import])?;
    let gone: Vec<(i64,)> = tx.all(new, values![org, import])?;
    tx.exec(&format!("delete from person where person_id in ({new})"), values![org, import])?;
    for (person,) in gone {
        index::refresh(tx, org, Kind::Person, person)?;
    }
    for cell in founded(tx, org, import)? {
        // It never held: its rows end on the day they began, so that the trail of it can still be read.
        tx.exec("update org set ended_on = born_on, version = version + 1 where org_id = $1", values![cell])?;
        tx.exec("update org_name set to_date = from_date where org_id = $1", values![cell])?;
        tx.exec("update org_edge set to_date = from_date where org_id = $1", values![cell])?;
        tx.exec("update term set to_date = from_date where org_id = $1", values![cell])?;
        index::refresh(tx, cell, Kind::Org, cell.raw())?;
    }
    audit::record(tx, actor, org, "import.undone", &format!("import:{import}"), "")
}
