//! The one route of the pulse: an answer goes in, nothing of it comes out.
//! May touch: counters, the roll by way of its store. Rules: TD-01, TD-02, P-10.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::pulse::{Answer, Question, is_asked};
use domain::refusal::Refusal;
use domain::right::Right;
use web::page::see;
use web::routes::Routes;

use super::{page, store};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store::dossier::for_reader;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new().post("/cb/{org}/buoi/{meeting}/tham-do", Right::CellRead, answer)
}

/// Counts one answer of somebody who was there.
async fn answer(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, MeetingId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let said = form.raw("tra_loi").split_once(':').and_then(|(q, a)| Some((Question::from_code(q)?, Answer::from_code(a)?)));
    let home = form.ticked("trang_dau");
    let library = app.rules.clone();
    app.db
        .write(move |tx| {
            let meeting = for_reader(tx, &actor, id)?;
            let attended = store::of(tx, org, id, actor.person)?.ok_or_else(not_there)?;
            let rules = crate::live::record::rules_on(tx, org, meeting.starts_at.date(), &library)?;
            let figures = page::figures(&library, &rules);
            if !is_asked(attended.state, attended.starts_at.date(), actor.today(), &figures) {
                return Err(Refusal::new("pulse_over", "Đã hết thời gian hỏi về buổi sinh hoạt này.").into());
            }
            let said = said.ok_or_else(|| Refusal::new("pulse_answer", "Hãy chọn một trong ba câu trả lời."))?;
            Ok::<_, Fault>(store::answer(tx, org, id, actor.person, said, figures.least)?)
        })
        .await?;
    Ok(see(&if home { "/?xong=tham-do#tham-do".to_owned() } else { format!("/cb/{org}/buoi/{id}?xong=tham-do#tham-do") }))
}

fn not_there() -> Fault {
    Refusal::new("pulse_absent", "Chỉ hỏi đồng chí có mặt tại buổi sinh hoạt, sau khi buổi kết thúc.").into()
}
