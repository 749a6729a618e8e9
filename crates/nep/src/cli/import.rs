//! `nep import`: a list of members from a sheet, planned as on the page of the cell. It waits there
//! for somebody's eyes, or is written at once when that is asked for; either way it can be undone.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use db::Tx;
use domain::code::Code;
use domain::id::{OrgId, RowId};
use domain::rulepack::Rules;
use domain::sheet::{Action, MemberSheet};
use domain::vi;
use jiff::Timestamp;

use super::{Place, say, words};
use crate::actor::{Actor, SystemClock};
use crate::fault::Fault;
use crate::member::import::{self as planner, Ground, KeptRow, Plan, Posts, Target};
use crate::member::store::import::{self as store, Decision, Written};
use crate::org::store as orgs;
use crate::process::{Lease, Role};

/// Rows with problems that are listed; the page shows all of them.
const LISTED: usize = 20;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Tệp danh sách đảng viên (XLSX hoặc CSV)
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    /// Mã của chi bộ, hoặc của đảng bộ có các chi bộ trong danh sách (số trong địa chỉ trang của tổ chức)
    #[arg(long, value_name = "MÃ")]
    org: OrgId,
    /// Ghi ngay, không chờ xem trước; dòng cần quyết định bị bỏ lại, dòng lỗi không ghi
    #[arg(long)]
    accept: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(import: &Import) -> anyhow::Result<()> {
    let bytes = std::fs::read(&import.file).with_context(|| format!("không mở được tệp {}", import.file.display()))?;
    let name = import.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let grids = documents::read_sheet(&name, &bytes).map_err(|e| anyhow::anyhow!("{e} Chưa ghi gì vào hệ thống."))?;
    let (sheet, _) = planner::choose(&grids).map_err(|why| anyhow::anyhow!(why))?;
    let db = import.place.open_as_it_is()?;
    let library = domain::rulepack::shipped().map_err(|e| anyhow::anyhow!("gói quy định có lỗi: {e}"))?;
    let lease = Lease::take(&db, Arc::new(SystemClock), Role::Command).map_err(words::database)?;
    let actor = Actor::system(Timestamp::now(), Arc::clone(&lease.ids));
    let rules = library.at(actor.today());
    let (org, accept) = (import.org, import.accept);
    let done =
        db.write_now(move |tx| import_now(tx, &actor, org, &name, &sheet, &rules, accept)).map_err(|fault| match fault {
            Fault::NotFound => anyhow::anyhow!("không có tổ chức nào mang mã {org}."),
            Fault::Refused(refusal) => anyhow::anyhow!(refusal.text()),
            Fault::Db(error) => words::database(error),
            other => anyhow::anyhow!("không nhập được: {other}"),
        })?;
    match done {
        Err(why) => bail!(why),
        Ok(done) => tell(org, &done),
    }
    Ok(())
}

/// A plan that was kept, and what was written of it.
struct Outcome {
    plan: Plan,
    id: RowId,
    cell: bool,
    written: Option<Written>,
}

fn import_now(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    name: &str,
    sheet: &MemberSheet,
    rules: &Rules,
    accept: bool,
) -> Result<Result<Outcome, String>, Fault> {
    let today = actor.today();
    let here = orgs::get(tx, org, today)?;
    let cells = if here.is_cell {
        vec![here.clone()]
    } else {
        orgs::below(tx, &here.path, today)?.into_iter().filter(|o| o.is_cell).collect()
    };
    let ids: Vec<OrgId> = cells.iter().map(|c| c.id).collect();
    let people = store::people(tx, &here.path, &ids, today)?;
    let targets: Vec<Target> = cells.into_iter().map(|c| Target { org: c.id, name: c.name, short_name: c.short_name }).collect();
    let one = here.is_cell.then_some(org);
    let ground = Ground { people: &people, targets: &targets, one, posts: Posts::All, from: today, today, rules };
    let plan = match planner::plan(sheet.clone(), &ground) {
        Ok(plan) => plan,
        Err(why) => return Ok(Err(why)),
    };
    let id = store::keep(tx, actor, org, name, &plan)?;
    let written = if accept {
        let decision = Decision { plan: plan.clone(), choices: HashMap::new(), posts: Posts::All, founding: None };
        Some(store::accept(tx, actor, org, id, &decision)?)
    } else {
        None
    };
    Ok(Ok(Outcome { plan, id, cell: here.is_cell, written }))
}

fn tell(org: OrgId, done: &Outcome) {
    let n = |count: usize| vi::number(i64::try_from(count).unwrap_or(i64::MAX));
    let t = done.plan.tally();
    say(&format!(
        "Đã đọc {} dòng: {} thêm mới, {} cập nhật, {} không đổi, {} cần quyết định, {} bỏ qua, {} lỗi; {} chỗ cần lưu ý.",
        n(done.plan.rows.len()),
        n(t.new),
        n(t.changed),
        n(t.same),
        n(t.ask),
        n(t.skipped),
        n(t.errors),
        n(t.warnings)
    ));
    let stands_out = |r: &&KeptRow| matches!(r.does(false), Action::Error | Action::Ask);
    for row in done.plan.rows.iter().filter(stands_out).take(LISTED) {
        say(&format!("  Dòng {}: {}. {}", row.n, row.does(false).label(), row.says(false)));
    }
    let page = if done.cell { format!("/cb/{org}/dang-vien/nhap/{}", done.id) } else { format!("/tc/{org}/nhap/{}", done.id) };
    match done.written {
        None => say(&format!("Chưa ghi gì. Xem trước rồi chấp nhận ở trang {page}")),
        Some(w) => say(&format!(
            "Đã ghi: {} đảng viên mới, {} hồ sơ cập nhật, {} chức vụ; bỏ lại {} dòng. Hoàn tác được trong 24 giờ ở trang {page}",
            n(w.people),
            n(w.changed),
            n(w.posts),
            n(w.left)
        )),
    }
}
