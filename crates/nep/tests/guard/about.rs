//! What is kept about a member of each cell, with whom it is about: a case of absences, an objection, a
//! note, a concern, a proposed topic.

use db::Tx;
use domain::absence::{Claim, Level};
use domain::concern::Consent;
use domain::id::{MeetingId, OrgId, PersonId};
use domain::note;
use jiff::civil::date;
use nep::absence::store as absence;
use nep::actor::Actor;
use nep::concern::store as concerns;
use nep::fault::Fault;
use nep::note::store as notes;
use nep::topic::store as topics;

use crate::world::{Params, Spot, put};

/// Whom the notes, concerns and cases of a cell are about.
pub fn member_of(spot: Spot) -> &'static str {
    match spot {
        Spot::Cell => "member",
        Spot::Sibling => "sibling_member",
        Spot::OtherCell => "other_cell_secretary",
        // A committee keeps nothing of the kind about anybody.
        Spot::Committee | Spot::OtherCommittee => "",
    }
}

/// Word in what is kept about a member: for the member and chi ủy.
pub const KEPT: &str = "giuriengdangvien";

/// What is kept about a member: a case of absences, a note, a concern; and a topic that they proposed.
pub fn about_member(tx: &mut Tx, actor: &Actor, org: OrgId, who: PersonId, p: &mut Params) -> Result<(), Fault> {
    let case = absence::open(tx, actor, org, (who, 2026, Level::Warning), date(2026, 12, 1))?;
    put(p, &["case"], case);
    let whole = absence::get(tx, org, case)?;
    let meeting = MeetingId::new(p["meeting"].parse().unwrap());
    put(p, &["objection"], absence::object_to(tx, actor, &whole, meeting, Claim::WasThere, &format!("Tôi có dự {KEPT}"))?);
    let draft = note::Draft {
        kind: note::NoteKind::Criticism,
        body: format!("Chậm báo cáo {KEPT}"),
        remedy: format!("Báo cáo đúng hạn {KEPT}"),
        deadline: Some(date(2026, 12, 1)),
        on: date(2026, 11, 3),
    };
    put(p, &["note"], notes::add(tx, actor, org, who, &draft, note::NoteState::Open, (None, None))?);
    let member = actor.at(who, org, actor.now);
    let concern = concerns::add(tx, &member, org, who, &format!("Mong được học thêm {KEPT}"))?;
    put(p, &["concern"], concern);
    let told = concerns::get(tx, org, concern)?;
    concerns::set_consent(tx, actor, &told, Consent::Asked)?;
    put(p, &["topic"], topics::propose(tx, &member, org, 2026, "Chuyển đổi số trong công việc", "Đang cần")?);
    Ok(())
}
