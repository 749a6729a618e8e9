//! Files of agenda items: taken in with the confirmation that they hold no state secret, given
//! out as attachments only. Rules: P-30, BM-01 … BM-03.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::{FileId, ItemId, MeetingId};
use domain::right::Right;
use web::page::{download as attachment, see};

use super::super::sniff;
use super::super::store::dossier::for_reader;
use super::super::store::files::{self, NewFile};
use super::super::store::{self};
use super::one::reads_scans;
use super::{id_of, items};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;

/// Most files one meeting holds.
const MOST: usize = 60;

/// Takes a file in.
pub async fn upload(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting, item)): Path<(String, String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (meeting, item): (MeetingId, ItemId) = (id_of(&meeting)?, id_of(&item)?);
    let given = std::mem::take(&mut form.files).into_iter().find(|f| f.field == "tep");
    if !form.ticked("khong_mat") {
        form.problem("khong_mat", "Hãy đọc và đánh dấu xác nhận tài liệu không chứa bí mật nhà nước.");
    }
    let new = match given {
        None => {
            form.problem("tep", "Hãy chọn tệp cần tải lên.");
            None
        }
        Some(file) => match sniff::admit(&file.name, &file.bytes) {
            Ok(media_type) => Some(NewFile { name: file.name, media_type, bytes: file.bytes }),
            Err(refusal) => {
                form.problem("tep", refusal.text());
                None
            }
        },
    };
    let Some(new) = new.filter(|_| form.is_fine()) else {
        return items::show_again(&app, &actor, meeting, item, form).await;
    };
    let hands = actor.clone();
    let outcome = app
        .db
        .write(move |tx| {
            let org = hands.org;
            store::must_be_preparing(&store::get(tx, org, meeting)?)?;
            let there = store::items(tx, org, meeting)?.into_iter().find(|i| i.id == item).ok_or(Fault::NotFound)?;
            let count = files::of_meeting(tx, org, meeting)?.len();
            // A secret item takes no file: the same rule that judges the item judges one more file on it.
            there.facts(None, 1).check()?;
            if count >= MOST {
                let text = format!("Một buổi chỉ kèm được {MOST} tài liệu. Hãy gỡ bớt.");
                return Err(domain::refusal::Refusal::new("many_files", text).at("tep").into());
            }
            Ok(files::add(tx, &hands, org, meeting, item, &new)?)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see(&format!("/cb/{}/buoi/{meeting}/muc/{item}?xong=luu#tai-lieu", actor.org))),
        Err(Fault::Refused(refusal)) => {
            form.problem("tep", refusal.text());
            items::show_again(&app, &actor, meeting, item, form).await
        }
        Err(other) => Err(other),
    }
}

/// Removes a file while the meeting is prepared.
pub async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting, file)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let (meeting, file): (MeetingId, FileId) = (id_of(&meeting)?, id_of(&file)?);
    let hands = actor.clone();
    let item = app
        .db
        .write(move |tx| {
            store::must_be_preparing(&store::get(tx, hands.org, meeting)?)?;
            let item = files::get(tx, hands.org, file)?.item;
            files::remove(tx, &hands, hands.org, meeting, file)?;
            Ok::<_, Fault>(item)
        })
        .await?;
    let item = item.map(|i| format!("muc/{i}")).unwrap_or_else(|| "chuan-bi".to_owned());
    Ok(see(&format!("/cb/{}/buoi/{meeting}/{item}?xong=luu", actor.org)))
}

/// Gives a file out to who may read its meeting. The evidence of a task has no meeting: it is for
/// who reads the cell's content.
pub async fn download(State(app): State<App>, actor: Actor, Path((_, file)): Path<(String, String)>) -> Result<Response, Fault> {
    let file: FileId = id_of(&file)?;
    let (found, body) = app
        .db
        .read(move |tx| {
            let found = files::get(tx, actor.org, file)?;
            match found.meeting {
                Some(meeting) => {
                    let meeting = for_reader(tx, &actor, meeting)?;
                    let shown = !meeting.state.is_preparing() || actor.may(Right::MeetingPrepare);
                    if !shown || (found.item.is_none() && !reads_scans(&actor, &meeting)) {
                        return Err(Fault::NotFound);
                    }
                }
                None if actor.may(Right::CellRead) => {}
                None => return Err(Fault::NotFound),
            }
            let body = files::body(tx, actor.org, &found.sha256)?;
            Ok((found, body))
        })
        .await?;
    Ok(attachment(body, sniff::media_type(&found.media_type), &found.name))
}
