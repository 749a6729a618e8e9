//! The permission of a row as part of the query: the organisation whose right shows it to the person today,
//! or none. The conditions are those of the pages that show the thing; `nobody_finds_what_the_gate_refuses`
//! compares them. Touches rows of what is sent down and of the library, to read. Rules: P-10, L1, L5.

use domain::code::Code;
use domain::id::OrgId;
use domain::search::Need;

use super::Put;
use crate::search::reach::{Reach, Seat};

/// The organisation whose right shows a row today; none where nobody's does. Where several do, the one
/// that was asked for.
pub(super) fn of(put: &mut Put, reach: &Reach, org: Option<OrgId>) -> String {
    let whens: Vec<String> =
        Need::ALL.iter().map(|need| format!("when '{}' then {}", need.code(), one(put, reach, *need, org))).collect();
    format!("case d.need {} end", whens.join(" "))
}

fn one(put: &mut Put, reach: &Reach, need: Need, org: Option<OrgId>) -> String {
    match need {
        Need::Read => here(put, &reach.read),
        Need::Lead => here(put, &reach.lead),
        Need::Issue => here(put, &reach.issue),
        Need::Own => format!("case when d.person_id = {} then d.org_id end", put.one(reach.person)),
        Need::Stats => {
            let (orgs, under) = (put.list(&reach.orgs.orgs), put.below(&reach.orgs));
            format!(
                "case when d.org_id in ({orgs}) or exists (select 1 from org o where o.org_id = d.org_id and ({under}))
                 then d.org_id end"
            )
        }
        Need::People => people(put, reach, org),
        Need::Sent => sent(put, reach, org),
        Need::Review => review(put, reach, org),
        Need::Shelf => shelf(put, reach, org),
    }
}

fn here(put: &mut Put, orgs: &[OrgId]) -> String {
    format!("case when d.org_id in ({}) then d.org_id end", put.list(orgs))
}

fn people(put: &mut Put, reach: &Reach, org: Option<OrgId>) -> String {
    let (cells, beneath, today) = (put.list(&reach.members.orgs), put.below(&reach.members), put.one(reach.today));
    let of = org.map(|org| format!(" and m.org_id = {}", put.one(org))).unwrap_or_default();
    format!(
        "(select min(m.org_id) from membership m join org o on o.org_id = m.org_id
          where m.person_id = d.person_id and m.from_date <= {today} and (m.to_date is null or m.to_date > {today})
          and (m.org_id in ({cells}) or {beneath}){of})"
    )
}

/// Whether an organisation is one that was asked for.
fn asked(org: Option<OrgId>) -> impl Fn(OrgId) -> bool {
    move |id| org.is_none_or(|asked| asked == id)
}

/// What a committee sends: a cell of the person on the distribution list, as `received::one` asks it, also of
/// a block that a document hangs on; else the committee itself, where its figures are seen.
fn sent(put: &mut Put, reach: &Reach, org: Option<OrgId>) -> String {
    let wanted = asked(org);
    let mut whens = String::new();
    for seat in reach.cells().filter(|s| wanted(s.org)) {
        let above = put.list(seat.lineage.iter().copied().filter(|o| *o != seat.org));
        let (list, org) = (on_list(put, seat), put.one(seat.org));
        whens.push_str(&format!(
            " when d.org_id in ({above}) and (
               exists (select 1 from guidance g where g.org_id = d.org_id and g.guidance_id = d.object_id and {list})
               or exists (select 1 from guidance_block b join guidance g on g.org_id = b.org_id and g.guidance_id = b.guidance_id
                 where b.org_id = d.org_id and b.document_id = d.object_id and g.state <> 'draft' and {list}))
             then cast({org} as bigint)"
        ));
    }
    let (orgs, under) = (put.list(&reach.orgs.orgs), put.below(&reach.orgs));
    format!(
        "case{whens} when exists (select 1 from org o where o.org_id = d.org_id and o.is_cell = 0
           and (o.org_id in ({orgs}) or {under})) then d.org_id end"
    )
}

/// Whether the distribution list of `g` has a cell below its committee: `domain::guidance::Distribution`.
fn on_list(put: &mut Put, seat: &Seat) -> String {
    let of_type = put.list(seat.cell_type.iter().map(|t| format!("type:{t}")));
    let of_org = put.list(seat.lineage.iter().map(|o| format!("org:{o}")));
    let named = |targets: &str| {
        format!(
            "exists (select 1 from guidance_to t where t.org_id = g.org_id and t.guidance_id = g.guidance_id
             and t.target in ({targets}))"
        )
    };
    format!("(g.reach = 'all' or (g.reach = 'types' and {}) or (g.reach = 'chosen' and {}))", named(&of_type), named(&of_org))
}

/// What was sent up and is not published: its cell's leaders, and who reviews directly above.
fn review(put: &mut Put, reach: &Reach, org: Option<OrgId>) -> String {
    let wanted = asked(org);
    let lead = put.list(reach.lead.iter().copied().filter(|o| wanted(*o)));
    let desks = put.list(&reach.review);
    format!(
        "case when d.org_id in ({lead}) then d.org_id else (select a.org_id from org o
           join org a on a.path = rtrim(rtrim(o.path, '/'), '0123456789abcdefghijklmnopqrstuvwxyz')
           where o.org_id = d.org_id and a.org_id in ({desks})) end"
    )
}

/// What is published: read at every organisation at or below the committee that spread it, and at committees
/// above it, as `library::store::shelf` has it.
fn shelf(put: &mut Put, reach: &Reach, org: Option<OrgId>) -> String {
    let wanted = asked(org);
    let mut whens = String::new();
    for seat in reach.seats.iter().filter(|s| wanted(s.org)) {
        let up = put.list(seat.lineage.iter().copied());
        let down = if seat.is_cell {
            String::new()
        } else {
            format!(" or (p.path >= {} and p.path < {})", put.one(&*seat.path), put.one(format!("{}~", seat.path)))
        };
        whens.push_str(&format!(" when p.org_id in ({up}){down} then cast({} as bigint)", put.one(seat.org)));
    }
    if whens.is_empty() {
        return "cast(null as bigint)".to_owned();
    }
    format!(
        "(select case{whens} end from library_entry e join org p on p.org_id = e.published_org
          where e.org_id = d.org_id and e.entry_id = d.object_id and e.state = 'published')"
    )
}
