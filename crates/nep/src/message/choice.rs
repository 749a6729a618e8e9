//! Whether a person wants mails. None are sent unless the person asks for them and types the code that was
//! sent to the address: a letter to a wrong address would tell a stranger that its owner belongs to a cell.
//! May touch the person's own choice. Rules: P-19, P-26, Luật 91/2025/QH15.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::delivery::Outcome;
use jiff::SignedDuration;
use web::form::Form;
use web::page::{html_with, see};
use web::random;

use super::mail::Line;
use super::page::ChoicePage;
use super::store::choice::{self, Choice};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::shell::{Done, Shell, Under};

/// How long a code holds.
const GOOD: SignedDuration = SignedDuration::from_mins(30);
/// Codes sent to a person's addresses in a day.
const SENT_MAX: i64 = 5;
/// Wrong codes until a new one must be asked for.
const TRIES_MAX: i64 = 5;

fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("ma") => "Đã gửi mã tới địa chỉ của đồng chí. Hãy nhập mã trong 30 phút.",
        Some("nhan") => "Từ nay tin nhắc việc được gửi cả qua thư điện tử.",
        Some("tat") => "Đã thôi gửi thư. Tin nhắc việc vẫn hiện ở trang của đồng chí.",
        _ => "",
    }
}

async fn show(app: &App, actor: &Actor, mut form: Form, done: &str) -> Result<Response, Fault> {
    let person = actor.person;
    let (chosen, on_file) =
        app.db.read(move |tx| Ok::<_, Fault>((choice::get(tx, person)?, choice::on_file(tx, person)?))).await?;
    let waits = |c: &&Choice| c.confirmed_at.is_none() && c.code_until.is_some_and(|until| until > actor.now);
    let waiting = chosen.as_ref().filter(waits).map(|c| c.address.clone()).unwrap_or_default();
    let confirmed = chosen.as_ref().filter(|c| c.confirmed_at.is_some()).map(|c| c.address.clone()).unwrap_or_default();
    if form.raw("dia_chi").is_empty() && form.is_fine() {
        form.set("dia_chi", on_file.unwrap_or_default());
    }
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(actor, "Nhận tin nhắc việc qua thư", Under::Me)
        .crumb("/toi", Under::Me.to_string())
        .crumb("/toi/tin", "Tin nhắc việc")
        .wrong(&form)
        .done(done);
    Ok(html_with(status, &ChoicePage { shell, form, mails: app.outgoing.mail.is_some(), confirmed, waiting }))
}

/// The page.
///
/// # Errors
/// Database faults.
pub async fn page(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    show(&app, &actor, Form::default(), words(done.xong.as_deref())).await
}

/// Sends a code to an address.
///
/// # Errors
/// Database faults.
pub async fn ask(State(app): State<App>, actor: Actor, Sent(mut form): Sent) -> Result<Response, Fault> {
    let address = form.required("dia_chi", 200, "Hãy nhập địa chỉ thư của đồng chí.");
    let code = random::clear_code(6);
    let letter =
        app.outgoing.mail.as_ref().and_then(|m| m.code(actor.id::<()>().raw(), &address, &code, &app.address, actor.now));
    if app.outgoing.mail.is_none() {
        form.problem("", "Bản cài đặt này chưa gửi thư điện tử. Đồng chí hỏi người quản trị kỹ thuật.");
    } else if letter.is_none() && form.is_fine() {
        form.problem("dia_chi", "Địa chỉ thư không đúng dạng ten@donvi.vn. Hãy kiểm tra lại.");
    }
    let Some(letter) = letter.filter(|_| form.is_fine()) else {
        return show(&app, &actor, form, "").await;
    };
    let (person, today, now) = (actor.person, actor.today(), actor.now);
    let hash = random::digest(&code);
    let kept = app
        .db
        .write(move |tx| {
            let before = choice::get(tx, person)?;
            let sent = before.filter(|c| c.sent_day == Some(today)).map_or(0, |c| c.sent);
            if sent >= SENT_MAX {
                return Ok::<_, Fault>(false);
            }
            let new = Choice {
                address: address.clone(),
                code_hash: Some(hash.clone()),
                code_until: now.checked_add(GOOD).ok(),
                tries: 0,
                sent_day: Some(today),
                sent: sent + 1,
                confirmed_at: None,
            };
            choice::put(tx, person, &new)?;
            Ok(true)
        })
        .await?;
    if !kept {
        form.problem("dia_chi", "Hôm nay đã gửi 5 mã. Xin đợi đến ngày mai.");
        return show(&app, &actor, form, "").await;
    }
    let server = app.clone();
    let sent = tokio::task::spawn_blocking(move || {
        let mut line = Line::default();
        let outcome = server.outgoing.mail.as_ref().map(|m| m.send(&mut line, &letter));
        line.close();
        outcome
    });
    match sent.await {
        Ok(Some(Outcome::Taken)) => Ok(see("/toi/thu?xong=ma")),
        _ => {
            form.problem("dia_chi", "Chưa gửi được thư tới địa chỉ này. Hãy kiểm tra địa chỉ, hoặc thử lại sau.");
            show(&app, &actor, form, "").await
        }
    }
}

/// Confirms the address with the code that was sent there.
///
/// # Errors
/// Database faults.
pub async fn confirm(State(app): State<App>, actor: Actor, Sent(mut form): Sent) -> Result<Response, Fault> {
    let typed: String = form.raw("ma").chars().filter(char::is_ascii_alphanumeric).collect();
    let (person, now, hash) = (actor.person, actor.now, random::digest(&typed.to_ascii_uppercase()));
    let right = app
        .db
        .write(move |tx| {
            let Some(mut chosen) = choice::get(tx, person)? else {
                return Ok::<_, Fault>(false);
            };
            let open = chosen.tries < TRIES_MAX && chosen.code_until.is_some_and(|until| until > now);
            let right = open && chosen.code_hash.as_deref().is_some_and(|h| random::same(h, &hash));
            if right {
                (chosen.code_hash, chosen.code_until, chosen.confirmed_at) = (None, None, Some(now));
            } else {
                chosen.tries += 1;
            }
            choice::put(tx, person, &chosen)?;
            Ok(right)
        })
        .await?;
    if right {
        return Ok(see("/toi/thu?xong=nhan"));
    }
    form.problem("ma", "Mã không đúng hoặc đã hết hạn. Hãy xem lại thư, hoặc lấy mã mới.");
    show(&app, &actor, form, "").await
}

/// No mails any more.
///
/// # Errors
/// Database faults.
pub async fn stop(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    let person = actor.person;
    app.db.write(move |tx| choice::forget(tx, person)).await?;
    Ok(see("/toi/thu?xong=tat"))
}
