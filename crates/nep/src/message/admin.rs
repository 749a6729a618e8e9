//! What goes out of the installation, for the technical administrator: how much waits and failed, and why,
//! without names, addresses or content. May touch deliveries. Rules: P-19, P-25.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::delivery::{Channel, DeliveryState};
use domain::id::OrgId;
use domain::vi;
use web::page::{html, see};

use super::page::{AdminPage, Failed};
use super::store::delivery::{self, DeliveryId, Shown};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::shell::{Done, Shell, Under};

/// How many deliveries are listed.
const LIMIT: i64 = 100;

/// The page.
///
/// # Errors
/// Database faults.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let (counts, failed) = app.db.read(|tx| Ok::<_, Fault>((delivery::counts(tx)?, delivery::failed(tx, LIMIT)?))).await?;
    let set: Vec<String> = app.outgoing.channels().iter().map(|c| vi_lower(&c.to_string())).collect();
    let shell = Shell::new(&actor, "Tin gửi ra ngoài", Under::System)
        .crumb(format!("/tc/{org}/he-thong"), "Tình trạng hệ thống")
        .done(if done.xong.as_deref() == Some("gui-lai") { "Tin đang chờ gửi lại." } else { done.words() });
    Ok(html(&AdminPage {
        shell,
        org: org.to_string(),
        channels: vi::join(&set),
        counts: counts
            .into_iter()
            .map(|(channel, state, n)| (format!("{channel}: {}", vi_lower(&state.to_string())), n))
            .collect(),
        failed: failed.iter().map(line).collect(),
    }))
}

fn vi_lower(label: &str) -> String {
    crate::resolution::seal::lower(label)
}

fn line(d: &Shown) -> Failed {
    let made = local(d.made_at);
    let next = local(d.next_at);
    let again = d.state.resend().is_ok();
    let tries = if d.state == DeliveryState::Queued {
        format!("Đã thử {} lần, thử lại lúc {}", d.tries, next.strftime("%H:%M ngày %d/%m/%Y"))
    } else {
        format!("Đã thử {} lần", d.tries)
    };
    let way = match d.channel {
        Channel::Mail => "Thư điện tử",
        Channel::Webhook => "Webhook",
    };
    Failed {
        id: d.id.to_string(),
        message: d.message.to_string(),
        small: format!("{way}, lập lúc {}. {tries}", made.strftime("%H:%M ngày %d/%m/%Y")),
        why: d.why.map(|w| w.to_string()).unwrap_or_default(),
        class: if d.state == DeliveryState::Queued { "due" } else { "late" },
        state: d.state.to_string(),
        again,
        twice: d.state == DeliveryState::Unclear,
    }
}

/// Sends one again that failed.
///
/// # Errors
/// A refusal when it has not failed; `NotFound`; database faults.
pub async fn resend(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: DeliveryId = form.id("tin").ok_or(Fault::NotFound)?;
    app.db.write(move |tx| delivery::resend(tx, &actor, id)).await?;
    Ok(see(&format!("/tc/{org}/he-thong/tin?xong=gui-lai")))
}
