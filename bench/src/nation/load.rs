//! The rows of a part of the nation: nation, provinces, communes, grassroots committees, cells; their members;
//! a sealed meeting in each cell and month with its roll. The tree is copied in, what hangs on it is made from it by the server.
//! May touch: every table it names. Nothing here is anybody's.

use domain::id::OrgId;
use domain::tree::child_path;
use jiff::ToSpan;
use jiff::civil::Date;
use postgres::Client;
use std::io::Write;
use std::time::Instant;

use crate::measure::say;
use crate::table::{Aim, Table};

/// The whole of it.
const CELLS: u32 = 250_000;
const COMMITTEES: u32 = 52_000;
const COMMUNES: u32 = 3_321;
const PROVINCES: u32 = 34;
/// Months of the year that is made.
pub const MONTHS: i64 = 12;

/// What was made.
pub struct Made {
    /// The organisation at the top.
    pub top: OrgId,
    /// The last month, `2026-11`.
    pub last: String,
    /// The first.
    pub first: String,
    /// Cookie of a session of the one who leads it.
    pub session: &'static str,
}

const SESSION: &str = "phien-do-toc-do";

/// A statement with what it makes.
struct Step(&'static str, String);

/// Fills the database and puts down how fast.
pub fn fill(sql: &mut Client, part: u32, table: &mut Table) -> anyhow::Result<Made> {
    let today = jiff::Zoned::now().date();
    let first = today.first_of_month().checked_sub(MONTHS.months())?;
    let begun = Instant::now();
    let mut rows = orgs(sql, part)?;
    for Step(what, text) in steps(first) {
        let begun = Instant::now();
        let n = sql.execute(&text, &[])?;
        rows += n;
        say(&format!("{what}: {n} rows in {:.1} s", begun.elapsed().as_secs_f64()));
    }
    let span = begun.elapsed();
    sql.batch_execute("vacuum analyze")?;
    table.put("nation.rows", whole(rows), "", Aim::None);
    table.put("nation.load_s", span.as_secs_f64(), "s", Aim::None);
    table.put("nation.load_rows_per_s", whole(rows) / span.as_secs_f64(), "1/s", Aim::None);
    for (name, what) in [("nation.cells", "org where is_cell = 1"), ("nation.members", "membership"), ("nation.roll", "roll")] {
        let n: i64 = sql.query_one(&format!("select count(*) from {what}"), &[])?.get(0);
        table.put(name, whole(u64::try_from(n)?), "", Aim::None);
    }
    let month = |date: Date| date.strftime("%Y-%m").to_string();
    let last = today.first_of_month().checked_sub(1.months())?;
    Ok(Made { top: OrgId::new(1), last: month(last), first: month(first), session: SESSION })
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows, for people")]
pub fn whole(n: u64) -> f64 {
    n as f64
}

/// The tree. Each level is spread evenly under the one above.
fn orgs(sql: &mut Client, part: u32) -> anyhow::Result<u64> {
    let begun = Instant::now();
    let levels = [
        (1, "central", "Trung ương"),
        (PROVINCES, "province", "Đảng bộ tỉnh"),
        ((COMMUNES / part).max(PROVINCES), "commune", "Đảng bộ xã"),
        ((COMMITTEES / part).max(PROVINCES), "base", "Đảng bộ cơ sở"),
        ((CELLS / part).max(PROVINCES), "cell_sub", "Chi bộ"),
    ];
    let (mut org, mut names, mut edges) = (String::new(), String::new(), String::new());
    let mut above: Vec<(i64, String)> = Vec::new();
    let (mut next, mut rows) = (1i64, 0u64);
    for (count, kind, name) in levels {
        let mut level = Vec::new();
        for n in 0..count {
            // Evenly: the n-th of `count` lies under the same part of the level above.
            let at = usize::try_from(u64::from(n) * above.len() as u64 / u64::from(count.max(1)))?;
            let parent = above.get(at);
            let path = child_path(parent.map(|p| p.1.as_str()), OrgId::new(next));
            let cell = u8::from(kind == "cell_sub");
            org.push_str(&format!("{next}\t{path}\t{cell}\t2020-01-01\n"));
            names.push_str(&format!("{next}\t2020-01-01\t{name} {n}\t{name} {n}\t{kind} {n}\t{kind}\tX\t-\n"));
            let parent = parent.map_or_else(|| "\\N".to_owned(), |p| p.0.to_string());
            edges.push_str(&format!("{next}\t2020-01-01\t{parent}\t{path}\n"));
            level.push((next, path));
            next += 1;
            rows += 3;
        }
        above = level;
    }
    for (into, text) in [
        ("org (org_id, path, is_cell, born_on)", &org),
        ("org_name (org_id, from_date, name, short_name, folded, kind, symbol, place)", &names),
        ("org_edge (org_id, from_date, parent_id, path)", &edges),
    ] {
        let mut copy = sql.copy_in(&format!("copy {into} from stdin"))?;
        copy.write_all(text.as_bytes())?;
        copy.finish()?;
    }
    sql.batch_execute("analyze org; analyze org_name; analyze org_edge")?;
    say(&format!("tree: {rows} rows in {:.1} s", begun.elapsed().as_secs_f64()));
    Ok(rows)
}

/// Members, posts, meetings, rolls, and the months of the cells as sealing leaves them.
fn steps(first: Date) -> Vec<Step> {
    // 22 or 23 members, 22.4 on average: 5.6 million in 250,000 cells.
    let member =
        "org o cross join lateral generate_series(1, 22 + case when o.org_id % 5 < 2 then 1 else 0 end) k where o.is_cell = 1";
    let month = format!("(date '{first}' + make_interval(months => cast(m as integer)))");
    let last = MONTHS - 1;
    let step = |what, text: String| Step(what, text);
    vec![
        step("people", format!(
            "insert into person (person_id, name, sort_key, folded, created_at)
             select o.org_id * 32 + k, 'Đồng chí số ' || o.org_id * 32 + k, 'so', 'dong chi so', 0 from {member}"
        )),
        step("memberships", format!(
            "insert into membership (org_id, membership_id, person_id, standing, from_date, number, name, sort_key)
             select o.org_id, o.org_id * 32 + k, o.org_id * 32 + k, 'official', '2020-01-01', k, 'Đồng chí số ' || o.org_id * 32 + k, 'so' from {member}"
        )),
        step("secretaries", "insert into post (org_id, post_id, person_id, role, from_date)
             select org_id, org_id * 32, org_id * 32 + 1, 'secretary', '2020-01-01' from org where is_cell = 1".to_owned()),
        step("meetings", format!(
            "insert into meeting (org_id, meeting_id, kind, state, title, starts_at, ends_at, place, opened_at, closed_at, adopted_at)
             select o.org_id, o.org_id * 16 + m, 'regular', 'sealed', 'Sinh hoạt thường kỳ', d || '-03T14:00', d || '-03T16:00', '-',
                    d || '-03T14:00', d || '-03T16:00', 0
             from org o cross join generate_series(0, {last}) m cross join lateral (select to_char({month}, 'YYYY-MM') d) x where o.is_cell = 1"
        )),
        step("periods", format!(
            "insert into meeting_period (org_id, period, meeting_id)
             select o.org_id, to_char({month}, 'YYYY') || '-tk-' || to_char({month}, 'FMMM'), o.org_id * 16 + m
             from org o cross join generate_series(0, {last}) m where o.is_cell = 1"
        )),
        step("rolls", format!(
            "insert into roll (org_id, meeting_id, person_id, number, name, sort_key, standing, official, leader, mark)
             select o.org_id, o.org_id * 16 + m, o.org_id * 32 + k, k, 'Đồng chí số ' || o.org_id * 32 + k, 'so', 'official', 1,
                    case when k = 1 then 1 else 0 end,
                    case (o.org_id * 7 + k * 13 + m * 29) % 20 when 0 then 'excused' when 1 then 'unexcused' else 'present' end
             from generate_series(0, {last}) m cross join {member}"
        )),
        step("months", "insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present,
                 speakers, meetings)
             select r.org_id, substr(m.starts_at, 1, 7), count(*), count(*) filter (where r.mark = 'present'),
                    count(*) filter (where r.mark = 'excused'), count(*) filter (where r.mark = 'unexcused'), sum(r.leader),
                    count(*) filter (where r.leader = 1 and r.mark = 'present'), 6, 1
             from roll r join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id group by r.org_id, substr(m.starts_at, 1, 7)".to_owned()),
        step("one who looks", format!(
            "with p as (insert into person (person_id, name, sort_key, folded, created_at) values (7, 'Người xem', 'x', 'x', 0) returning person_id),
                  r as (insert into post (org_id, post_id, person_id, role, from_date) select 1, 7, person_id, 'secretary', '2020-01-01' from p),
                  a as (insert into account (account_id, person_id, login, password_hash, created_at, changed_at)
                        select 7, person_id, 'nguoixem', '-', 0, 0 from p)
             insert into session (token_hash, account_id, person_id, csrf, device, created_at, seen_at)
             select encode(sha256(convert_to('{SESSION}', 'UTF8')), 'hex'), 7, 7, 'k', 'd', n, n
             from (select cast(extract(epoch from now()) * 1000 as bigint) n) t"
        )),
    ]
}
