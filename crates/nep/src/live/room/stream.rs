//! Server-sent events of one meeting: numbers and topics, never content. The right is judged at the
//! door and again while the stream is open. A reader that takes nothing is let go.
//! Touches the hub and, for its rights, accounts. Rules: P-10, P-14; section 2.3 (one second).

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::right::Right;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, timeout};

use super::hub::{Full, News, Seat};
use super::store::{self, Topic};
use crate::account::store::{self as accounts, Asked, Found};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::meeting::store::{self as meetings, Meeting, dossier::visible};

const KIND: &str = "text/event-stream; charset=utf-8";

/// From which number on.
#[derive(Debug, Default, serde::Deserialize)]
pub struct From {
    sau: Option<String>,
}

/// Whether a person may follow a meeting: who may see it, and who writes its minutes.
pub fn follows(actor: &Actor, meeting: &Meeting) -> bool {
    actor.may(Right::CellRead) && visible(actor, meeting) || actor.may(Right::MinutesWrite)
}

/// The events of a meeting: a stream for whoever asks for one, else what happened so far.
pub async fn events(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, MeetingId)>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|n| *n >= 0);
    // A browser that comes back says in the header how far it got; the address is older.
    let seen = text("last-event-id").and_then(number).or_else(|| from.sau.as_deref().and_then(number));
    let (meeting, seen, news) = app
        .db
        .read(move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            let last = store::last(tx, org, id)?;
            // A reader that asks for nothing in particular begins with the present; one that is ahead
            // of everything has seen another database, and to it all is new.
            let seen = seen.map_or(last, |seen| if seen > last { -1 } else { seen });
            Ok::<_, db::Error>((meeting, seen, store::after(tx, org, id, seen, 200)?))
        })
        .await?;
    if !follows(&actor, &meeting) {
        return Err(Fault::NotFound);
    }
    if !text("accept").is_some_and(|a| a.contains("text/event-stream")) {
        let seq = news.last().map_or(seen, |e| e.0);
        return Ok(answer(Body::from(said(seq, &news.into_iter().map(|e| e.1).collect()))));
    }
    let seat = match app.rooms.join(&app.db, (org, id), &actor.session) {
        Ok(seat) => seat,
        Err(full) => return Ok(refuse(full)),
    };
    let (send, receive) = mpsc::channel(1);
    tokio::spawn(Stream { app, actor, meeting: id, seat, send, seen }.run());
    Ok(answer(Body::from_stream(Lines(receive))))
}

fn answer(body: Body) -> Response {
    // A proxy in front must hand on every line at once.
    ([(header::CONTENT_TYPE, KIND), (header::HeaderName::from_static("x-accel-buffering"), "no")], body).into_response()
}

fn refuse(full: Full) -> Response {
    let (status, words) = match full {
        Full::Session => (
            StatusCode::TOO_MANY_REQUESTS,
            "Đồng chí đang mở quá nhiều màn hình của buổi sinh hoạt. Hãy đóng bớt rồi tải lại trang.",
        ),
        Full::Server => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Máy chủ đang có quá nhiều màn hình theo dõi. Trang vẫn dùng được; hãy bấm Tải lại để xem mới.",
        ),
        Full::Closing => (StatusCode::SERVICE_UNAVAILABLE, "Máy chủ đang khởi động lại. Trang sẽ tự kết nối lại."),
    };
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::RETRY_AFTER, "15")], words).into_response()
}

/// One event: how far, and what changed.
fn said(seq: i64, topics: &BTreeSet<Topic>) -> String {
    if topics.is_empty() {
        return String::new();
    }
    let words: Vec<&str> = topics.iter().map(|t| t.code()).collect();
    format!("id: {seq}\ndata: {}\n\n", words.join(" "))
}

/// What goes out, as the body of the answer.
struct Lines(mpsc::Receiver<Bytes>);

impl futures_core::Stream for Lines {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|line| line.map(Ok))
    }
}

/// One open stream.
struct Stream {
    app: App,
    actor: Actor,
    meeting: MeetingId,
    seat: Seat,
    send: mpsc::Sender<Bytes>,
    seen: i64,
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks
}

impl Stream {
    async fn run(mut self) {
        let limits = self.app.rooms.limits;
        let mut closing = self.seat.closing.clone();
        let (mut heart, mut judge) = (every(limits.heartbeat), every(limits.recheck));
        if !self.out("retry: 1500\n: n\n\n".to_owned()).await {
            return;
        }
        loop {
            let news = self.seat.news.borrow_and_update().clone();
            if news.ready && !self.tell(&news).await {
                return;
            }
            let (mut again, mut beat) = (false, false);
            tokio::select! {
                () = self.send.closed() => return,
                _ = closing.wait_for(|closing| *closing) => return,
                changed = self.seat.news.changed() => if changed.is_err() { return },
                _ = self.seat.bell.changed() => again = true,
                _ = judge.tick() => again = true,
                _ = heart.tick() => beat = true,
            }
            if (again && !self.still().await) || (beat && !self.out(": n\n\n".to_owned()).await) {
                return;
            }
        }
    }

    /// Tells what is new.
    async fn tell(&mut self, news: &News) -> bool {
        let seen = self.seen;
        self.seen = seen.max(news.seq);
        let event = said(news.seq, &news.after(seen));
        event.is_empty() || self.out(event).await
    }

    /// Sends; false when the reader is gone or takes too long.
    async fn out(&self, text: String) -> bool {
        matches!(timeout(self.app.rooms.limits.patience, self.send.send(Bytes::from(text))).await, Ok(Ok(())))
    }

    /// Whether the session stands and may still follow the meeting. A database that does not answer
    /// ends the stream too: the reader comes back through the gate.
    async fn still(&self) -> bool {
        let (org, id) = (self.actor.org, self.meeting);
        let asked =
            Asked { token_hash: self.actor.session.clone(), org: Some(org), meeting: Some(id), now: self.app.clock.now() };
        let judged = self.app.db.read(move |tx| {
            let Found::Person(actor, _) = accounts::who(tx, &asked)? else { return Ok(false) };
            Ok::<_, db::Error>(follows(&actor, &meetings::get(tx, org, id)?))
        });
        judged.await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_how_far_and_what_and_nothing_else() {
        let topics = BTreeSet::from([Topic::Floor, Topic::Item]);
        assert_eq!(said(17, &topics), "id: 17\ndata: item floor\n\n");
        assert_eq!(said(17, &BTreeSet::new()), "");
    }

    #[test]
    fn a_full_house_says_what_to_do() {
        for (full, status) in [(Full::Session, 429), (Full::Server, 503), (Full::Closing, 503)] {
            let response = refuse(full);
            assert_eq!(response.status().as_u16(), status);
            assert!(response.headers().contains_key(header::RETRY_AFTER));
        }
    }
}
