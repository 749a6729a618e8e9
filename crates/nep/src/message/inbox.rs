//! The inbox of a person: what was told on which day, with the tasks as they are today, and what was sent down
//! as long as it waits. Only of places where the person takes part. May touch messages. Rules: P-10, NV-01 … NV-05.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use domain::id::OrgId;
use domain::reminder::sentence;
use domain::roll::Standing;
use domain::vi;
use web::page::{html, see};

use super::page::{Day, InboxPage, Told};
use super::sent::{self, Reached};
use super::store::{self, counts_of};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::shell::{Done, Shell, Under};
use crate::year::strip::cite;

/// How many messages are shown.
const LIMIT: i64 = 30;

/// The page.
///
/// # Errors
/// Database faults.
pub async fn page(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    let person = actor.person;
    let (places, today) = (BTreeMap::from([(person, actor.places.clone())]), actor.today());
    let (messages, told, sent) = app
        .db
        .read(move |tx| {
            let messages = store::of(tx, person, LIMIT)?;
            let Some(oldest) = messages.last().map(|m| m.day) else {
                return Ok::<_, Fault>((messages, Vec::new(), Vec::new()));
            };
            let told = store::told(tx, person, oldest)?;
            let days = store::sent_since(tx, person, oldest)?;
            let mut waits = if days.is_empty() { Vec::new() } else { sent::reached(tx, &places, today)? };
            waits.retain(|r| r.fact.matter.waits(today));
            let day = |r: Reached| Some((days.get(&(r.fact.cell, r.fact.id)).copied()?, r));
            Ok((messages, told, waits.into_iter().filter_map(day).collect()))
        })
        .await?;
    let takes_part = |org: OrgId| actor.places.iter().any(|p| p.org == org && p.membership != Some(Standing::Suspended));
    let tasks = |day| -> Vec<Told> {
        let tasks = told.iter().filter(|t| t.day == day && takes_part(t.org)).map(line);
        tasks.chain(sent.iter().filter(|s| s.0 == day).map(|s| sent_line(&s.1))).collect()
    };
    let days: Vec<Day> = messages
        .iter()
        .map(|m| Day {
            day: vi::capitalize(&vi::date_weekday(m.day)),
            text: sentence(&counts_of(&m.counts)),
            unread: m.read_at.is_none(),
            tasks: tasks(m.day),
        })
        .collect();
    let rules = app.rules.at(actor.today());
    let keys = ["first_days_before", "last_days_before", "days_after", "repeat_days", "check_days"];
    let why = keys.iter().filter_map(|k| rules.figure(&format!("reminder.{k}"))).map(cite).collect();
    let shell = Shell::new(&actor, "Tin nhắc việc", Under::MyTasks).crumb("/toi/nhiem-vu", Under::MyTasks.to_string()).done(
        match done.xong.as_deref() {
            Some("da-doc") => "Đã đánh dấu đã đọc.",
            _ => done.words(),
        },
    );
    Ok(html(&InboxPage { shell, unread: days.iter().any(|d| d.unread), days, mails: app.outgoing.mail.is_some(), why }))
}

fn line(told: &store::Told) -> Told {
    let until = told.deadline.map(|d| format!(". Thời hạn {}", vi::date(d))).unwrap_or_default();
    Told {
        href: format!("/cb/{}/nhiem-vu/{}", told.org, told.task),
        content: told.content.clone(),
        small: format!("{}{until}", vi::capitalize(&told.kind.to_string())),
    }
}

fn sent_line(reached: &Reached) -> Told {
    Told { href: reached.href(), content: reached.title.clone(), small: reached.next().to_owned() }
}

/// Marks everything as read.
///
/// # Errors
/// Database faults.
pub async fn read_all(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    let (person, now) = (actor.person, actor.now);
    app.db.write(move |tx| store::read_all(tx, person, now)).await?;
    Ok(see("/toi/tin?xong=da-doc"))
}
