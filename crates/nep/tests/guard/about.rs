//! What is kept about a member of each cell, with whom it is about: a case of absences, an objection, a
//! note, a concern, a proposed topic.

use db::Tx;
use domain::absence::{Claim, Level};
use domain::concern::Consent;
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::library::{EntryKind, Subject, Text};
use domain::note;
use domain::period::PeriodKey;
use jiff::civil::date;
use nep::absence::store as absence;
use nep::actor::Actor;
use nep::concern::store as concerns;
use nep::fault::Fault;
use nep::library::store::{self as library, Begun, Written, files, uses};
use nep::note::store as notes;
use nep::org::store as orgs;
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

/// What a cell writes for the library: a draft that is its own, something sent up, something published, each
/// with a file; and something it took.
pub fn shelf(tx: &mut Tx, actor: &Actor, org: OrgId, own: &str, p: &mut Params) -> Result<(), Fault> {
    let mut begin = |tx: &mut Tx, title: &str, file: &str| -> Result<RowId, Fault> {
        let words = |t: &str| t.to_owned();
        let text = Text {
            title: words(title), aim: words("Trước đó chậm"), content: words("Chia việc"), result: words("Nhanh")
        };
        let new = Written { text, subject: Subject::Work, presenter: "Đỗ Văn Trình".to_owned(), presenter_agrees: true };
        let begun = Begun { kind: EntryKind::Experience, period: None, year: 2026, cell_type: None };
        let id = library::begin(tx, actor, org, &begun, &new)?;
        put(p, &[file], files::add(tx, actor, org, id, ("goi-y.txt", "text/plain; charset=utf-8", title.as_bytes()))?);
        Ok(id)
    };
    let draft = begin(tx, own, "enclosure")?;
    let sent = begin(tx, "Bài đã gửi", "enclosed")?;
    let entry = begin(tx, "Bài đã phổ biến", "copy")?;
    let above = orgs::get(tx, org, date(2026, 11, 1))?.parent();
    for id in [sent, entry] {
        let now = library::get(tx, org, id)?;
        let state = now.state.submit(now.kind, &now.text(), true)?;
        library::submit(tx, actor, &now, state)?;
    }
    let now = library::get(tx, org, entry)?;
    let state = now.state.publish(false)?;
    library::decide(tx, actor, &now, state, ("", above))?;
    let taken = uses::take(tx, actor, org, &now, (PeriodKey::thematic(2027, 1).unwrap(), None))?;
    put(p, &["source"], org);
    put(p, &["entry"], entry);
    put(p, &["sent"], sent);
    put(p, &["draft"], draft);
    put(p, &["use"], taken);
    Ok(())
}
