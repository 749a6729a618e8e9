//! Printed papers of a secret ballot as files and as a page to read first.
//! May touch: what was counted and the layout of the meeting's day. Rules: section 5 (TH, KY), P-11.

use axum::extract::{Path, State};
use axum::response::Response;
use documents::Document;
use domain::ballot::{BallotState, Counting, Sheet};
use domain::id::{BallotId, MeetingId, OrgId};
use domain::refusal::Refusal;
use domain::vote::VoteMethod;
use web::page::{DOCX, PDF, download, html};

use super::page::RecordPage;
use super::view::{self, Loaded};
use super::{act, export};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::minutes::snapshot::letterhead;
use crate::paper::Letterhead;
use crate::shell::{Shell, Under};

type OfBallot = Path<(OrgId, MeetingId, BallotId)>;

/// A paper ballot with the names its papers bear.
async fn load(app: &App, (org, id, which): (OrgId, MeetingId, BallotId)) -> Result<(Loaded, Letterhead), Fault> {
    let library = app.rules.clone();
    let (loaded, head) = app
        .db
        .read(move |tx| {
            let loaded = view::load(tx, org, id, which, &library)?;
            let head = letterhead(tx, org, loaded.record.day())?;
            Ok::<_, Fault>((loaded, head))
        })
        .await?;
    if loaded.ballot.method != VoteMethod::Paper {
        let text = "Lần biểu quyết này không bỏ phiếu trên giấy nên không có phiếu và biên bản kiểm phiếu.";
        return Err(Refusal::new("no_paper", text).into());
    }
    Ok((loaded, head))
}

async fn make(f: impl FnOnce() -> documents::Result<Vec<u8>> + Send + 'static) -> Result<Vec<u8>, Fault> {
    Ok(tokio::task::spawn_blocking(f).await.map_err(|e| Fault::Document(e.to_string()))??)
}

/// The ballots, four to a page, one for each elector who was there.
pub async fn ballots(State(app): State<App>, Path(at): OfBallot) -> Result<Response, Fault> {
    let (loaded, head) = load(&app, at).await?;
    loaded.ballot.state.must_be_open()?;
    let paper = export::ballot_paper(&head, &loaded.ballot, loaded.record.day());
    let copies = loaded.ballot.present;
    let bytes = make(move || documents::ballots_pdf(&paper, copies)).await?;
    Ok(download(bytes, PDF, "Phiếu biểu quyết.pdf"))
}

/// The sheet on which a teller tallies.
pub async fn tally_sheet(State(app): State<App>, Path(at): OfBallot) -> Result<Response, Fault> {
    let (loaded, head) = load(&app, at).await?;
    let doc = export::tally_sheet(&loaded, &head, layout(&loaded)?);
    let bytes = make(move || documents::pdf(&doc)).await?;
    Ok(download(bytes, PDF, "Phiếu ghi kết quả kiểm phiếu.pdf"))
}

fn layout(loaded: &Loaded) -> Result<&domain::rulepack::LayoutProfile, Fault> {
    loaded.rules.profile().ok_or_else(|| Fault::Document("no layout holds on that day".to_owned()))
}

/// The record of the count as a document; only once both tellers agree.
async fn record(app: &App, at: (OrgId, MeetingId, BallotId)) -> Result<(Document, Loaded), Fault> {
    let (loaded, head) = load(app, at).await?;
    let sheet = agreed(&loaded)?;
    let doc = export::record(&loaded, &sheet, &head, layout(&loaded)?);
    Ok((doc, loaded))
}

fn agreed(loaded: &Loaded) -> Result<Sheet, Refusal> {
    match act::compare(&loaded.ballot, &loaded.tellers) {
        Counting::Agreed(sheet) if loaded.ballot.state == BallotState::Closed => Ok(sheet),
        _ => Err(Refusal::new(
            "not_counted",
            "Chưa có biên bản kiểm phiếu. Biên bản được lập khi hai đồng chí kiểm phiếu nhập số liệu khớp nhau.",
        )),
    }
}

/// The record, to read before it is printed and signed.
pub async fn preview(State(app): State<App>, actor: Actor, Path(at): OfBallot) -> Result<Response, Fault> {
    let (doc, loaded) = record(&app, at).await?;
    let meeting = format!("/cb/{}/buoi/{}", at.0, at.1);
    let back = format!("{meeting}/dieu-hanh/lan-bq/{}", at.2);
    let shell = Shell::new(&actor, "Biên bản kiểm phiếu", Under::Meetings)
        .crumb(meeting, loaded.record.meeting.title.clone())
        .crumb(back.clone(), "Biểu quyết");
    let page = RecordPage { shell, base: format!("{back}/bien-ban"), back, preview: documents::html(&doc) };
    Ok(html(&page))
}

/// The record as a file.
pub async fn file(
    State(app): State<App>,
    Path((org, id, which, form)): Path<(OrgId, MeetingId, BallotId, String)>,
) -> Result<Response, Fault> {
    if !["docx", "pdf"].contains(&form.as_str()) {
        return Err(Fault::NotFound);
    }
    let (doc, _) = record(&app, (org, id, which)).await?;
    if form == "pdf" {
        let bytes = make(move || documents::pdf(&doc)).await?;
        return Ok(download(bytes, PDF, "Biên bản kiểm phiếu.pdf"));
    }
    let bytes = make(move || documents::docx(&doc)).await?;
    Ok(download(bytes, DOCX, "Biên bản kiểm phiếu.docx"))
}
