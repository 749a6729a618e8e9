//! Routes of accounts: set-up, activation, signing in and out, password, text size, sessions.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::code::Code;
use domain::right::Right;
use domain::vi;
use web::form::Form;
use web::page::{html, html_with, see};
use web::random;
use web::routes::Routes;

use super::manage;
use super::page::{Activate, Ready, Session, SetUp, Settings, SignIn};
use super::password::weakness;
use super::store::{self, Account, NewSession};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::{DEVICE, SESSION, Sent};
use crate::shell::{Done, Shell, Under};

/// Routes of accounts.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/dang-nhap", Right::Public, sign_in_page)
        .post("/dang-nhap", Right::Public, sign_in)
        .post("/dang-xuat", Right::SignedIn, sign_out)
        .get("/kich-hoat", Right::Public, activate_page)
        .post("/kich-hoat", Right::Public, activate)
        .get("/thiet-lap", Right::Public, set_up_page)
        .post("/thiet-lap", Right::Public, set_up)
        .get("/toi/tai-khoan", Right::SignedIn, settings_page)
        .post("/toi/co-chu", Right::SignedIn, text_size)
        .post("/toi/mat-khau", Right::SignedIn, change_password)
        .post("/toi/ket-thuc-phien", Right::SignedIn, end_others)
        .get("/cb/{org}/tai-khoan", Right::AccountManage, manage::cell_page)
        .post("/cb/{org}/tai-khoan/phieu", Right::AccountManage, manage::cell_slips)
        .post("/cb/{org}/tai-khoan/viec", Right::AccountManage, manage::cell_act)
        .get("/tc/{org}/tai-khoan", Right::AccountManage, manage::post_page)
        .post("/tc/{org}/tai-khoan/phieu", Right::AccountManage, manage::post_slips)
        .post("/tc/{org}/tai-khoan/viec", Right::AccountManage, manage::post_act)
}

/// By it an answer has the browser forget what pages of ours kept there.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

#[derive(serde::Deserialize)]
struct Back {
    ve: Option<String>,
}

async fn sign_in_page(State(app): State<App>, Query(back): Query<Back>) -> Result<Response, Fault> {
    if app.db.read(|tx| store::setting(tx, "set_up_code")).await?.is_some() {
        return Ok(see("/thiet-lap"));
    }
    let form = Form::from_pairs([("ve", back.ve.unwrap_or_default())]);
    Ok(html(&SignIn { shell: Shell::public("Đăng nhập"), form }))
}

/// A path on this site to go on to; anything else is the home page.
fn safe_path(path: &str) -> &str {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if inside { path } else { "/" }
}

/// What is typed to sign in, as it is stored: folded, without blanks.
fn login_key(typed: &str) -> String {
    vi::fold(typed).chars().filter(char::is_ascii_alphanumeric).take(60).collect()
}

async fn sign_in(State(app): State<App>, headers: HeaderMap, Sent(mut form): Sent) -> Result<Response, Fault> {
    let login = login_key(form.raw("ten"));
    let password = form.raw("mat_khau").to_owned();
    let now = app.clock.now();
    let device = app.jar.get(&headers, DEVICE).map(|d| random::digest(&d)).unwrap_or_default();
    let key = {
        let (login, device) = (login.clone(), device.clone());
        app.db.read(move |tx| store::attempt_key(tx, &login, &device)).await?
    };
    let seq = app.ids.next::<()>(now).raw();
    let wait = {
        let key = key.clone();
        app.db.write(move |tx| store::count_attempt(tx, &key, now, seq)).await?
    };
    if let Some(minutes) = wait {
        return Err(Fault::Wait(minutes));
    }
    let account = app.db.read(move |tx| store::by_login(tx, &login)).await?.filter(|a| !a.disabled);
    let right = app.hasher.verify(password, account.as_ref().map(|a| a.hash.clone())).await;
    match account {
        Some(account) if right => {
            app.db.write(move |tx| store::clear_attempts(tx, &key)).await?;
            let shared = form.ticked("chung");
            let back = safe_path(form.raw("ve")).to_owned();
            begin(&app, &headers, account, shared, see(&back)).await
        }
        _ => {
            form.problem("ten", "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra bộ gõ tiếng Việt và phím Caps Lock.");
            let shell = Shell::public("Đăng nhập").wrong(&form);
            Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &SignIn { shell, form }))
        }
    }
}

/// Starts a session with a fresh token (never one the browser brought), ends the one it had, and
/// sets the cookies.
async fn begin(app: &App, headers: &HeaderMap, account: Account, shared: bool, mut to: Response) -> Result<Response, Fault> {
    let token = random::token();
    let device = app.jar.get(headers, DEVICE).filter(|d| d.len() == 64).unwrap_or_else(random::token);
    let new = NewSession { token_hash: random::digest(&token), csrf: random::token(), device: random::digest(&device), shared };
    let now = app.clock.now();
    let before = app.jar.get(headers, SESSION).map(|t| random::digest(&t));
    app.db
        .write(move |tx| {
            if let Some(before) = &before {
                store::end_session(tx, before)?;
            }
            store::start_session(tx, &account, &new, now)
        })
        .await?;
    let age = if shared { None } else { Some(14 * 86_400) };
    let cookies =
        [app.jar.set(SESSION, &token, age), (!shared).then(|| app.jar.set(DEVICE, &device, Some(365 * 86_400))).flatten()];
    for cookie in cookies.into_iter().flatten() {
        to.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(to)
}

async fn sign_out(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    let session = actor.session.clone();
    app.db.write(move |tx| store::end_session(tx, &actor.session)).await?;
    app.rooms.look_again(&session);
    let mut to = see("/dang-nhap");
    // Whatever a page kept for want of a network goes with the session, also where no script ran.
    to.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"storage\""));
    if let Some(cookie) = app.jar.clear(SESSION) {
        to.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(to)
}

#[derive(serde::Deserialize)]
struct SlipCode {
    ma: Option<String>,
}

async fn activate_page(Query(slip): Query<SlipCode>) -> Response {
    let form = Form::from_pairs([("ma", slip.ma.unwrap_or_default())]);
    html(&Activate { shell: Shell::public("Kích hoạt tài khoản"), form, name: String::new() })
}

/// A code as it is hashed: upper case, without blanks and dashes.
fn code_key(typed: &str) -> String {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    random::digest(&plain.to_ascii_uppercase())
}

async fn activate(State(app): State<App>, headers: HeaderMap, Sent(mut form): Sent) -> Result<Response, Fault> {
    let hash = code_key(form.raw("ma"));
    let now = app.clock.now();
    let seq = app.ids.next::<()>(now).raw();
    let device = app.jar.get(&headers, DEVICE).map(|d| random::digest(&d)).unwrap_or_default();
    let key = format!("c:{device}");
    let found = {
        let (hash, key) = (hash.clone(), key.clone());
        app.db
            .write(move |tx| {
                let found = store::activation(tx, &hash, now)?;
                // Only wrong codes count: eight clear characters leave 5·10¹¹ to guess from.
                let wait = if found.is_none() { store::count_attempt(tx, &key, now, seq)? } else { None };
                Ok::<_, Fault>((found, wait))
            })
            .await?
    };
    let page = |form: Form, name: String| {
        let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        html_with(status, &Activate { shell: Shell::public("Kích hoạt tài khoản").wrong(&form), form, name })
    };
    let (person, name) = match found {
        (_, Some(minutes)) => return Err(Fault::Wait(minutes)),
        (None, None) => {
            form.problem("ma", "Mã không đúng, đã dùng, hoặc đã hết hạn. Hãy xem lại phiếu hoặc nhờ bí thư in phiếu mới.");
            return Ok(page(form, String::new()));
        }
        (Some(found), None) => found,
    };
    if form.raw("buoc") != "2" {
        return Ok(page(form, name));
    }
    check_new_password(&mut form, &name);
    if !form.is_fine() {
        return Ok(page(form, name));
    }
    let Some(password) = app.hasher.hash(form.raw("mat_khau").to_owned()).await else {
        return Err(Fault::Document("no memory to hash a password".to_owned()));
    };
    let actor = Actor { person, ..Actor::system(now, app.ids.clone()) };
    let account = app
        .db
        .write(move |tx| {
            store::use_code(tx, &hash, now)?;
            Ok::<_, Fault>(store::set_password(tx, &actor, person, &name, &password)?)
        })
        .await?;
    let shell = Shell::public("Tài khoản đã sẵn sàng");
    let ready = html(&Ready { shell, login: account.login.clone() });
    begin(&app, &headers, account, false, ready).await
}

fn check_new_password(form: &mut Form, name: &str) {
    if let Some(why) = weakness(form.raw("mat_khau"), name) {
        form.problem("mat_khau", why);
    } else if form.raw("mat_khau") != form.raw("nhac_lai") {
        form.problem("nhac_lai", "Hai lần nhập mật khẩu không giống nhau.");
    }
}

fn kinds(app: &App) -> Vec<(String, String)> {
    app.rules.at(local(app.clock.now()).date()).org_kinds().map(|k| (k.code.clone(), k.name.clone())).collect()
}

async fn set_up_page(State(app): State<App>) -> Result<Response, Fault> {
    if app.db.read(|tx| store::setting(tx, "set_up_code")).await?.is_none() {
        return Err(Fault::NotFound);
    }
    // Somebody has to administer a new installation: whoever holds the code, unless they say otherwise.
    let form = Form::from_pairs([("ky_thuat", "1")]);
    Ok(html(&SetUp { shell: Shell::public("Thiết lập lần đầu"), form, kinds: kinds(&app) }))
}

async fn set_up(State(app): State<App>, headers: HeaderMap, Sent(mut form): Sent) -> Result<Response, Fault> {
    let Some(expected) = app.db.read(|tx| store::setting(tx, "set_up_code")).await? else {
        return Err(Fault::NotFound);
    };
    let now = app.clock.now();
    let seq = app.ids.next::<()>(now).raw();
    if let Some(minutes) = app.db.write(move |tx| store::count_attempt(tx, "set-up", now, seq)).await? {
        return Err(Fault::Wait(minutes));
    }
    if !random::same(&code_key(form.raw("ma")), &expected) {
        form.problem("ma", "Mã thiết lập không đúng. Hãy xem lại dòng máy chủ đã in khi khởi động.");
    }
    let org = form.required("to_chuc", 200, "Hãy nhập tên tổ chức.");
    let place = form.required("noi", 100, "Hãy nhập địa danh, ví dụ Hà Tĩnh.");
    let name = form.required("ho_ten", 100, "Hãy nhập họ và tên đồng chí bí thư.");
    let kind = form.raw("loai").to_owned();
    let rules = app.rules.at(local(now).date());
    if rules.org_kinds().all(|k| k.code != kind) {
        form.problem("loai", "Hãy chọn loại tổ chức.");
    }
    check_new_password(&mut form, &name);
    if !form.is_fine() {
        let shell = Shell::public("Thiết lập lần đầu").wrong(&form);
        return Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &SetUp { shell, form, kinds: kinds(&app) }));
    }
    let Some(password) = app.hasher.hash(form.raw("mat_khau").to_owned()).await else {
        return Err(Fault::Document("no memory to hash a password".to_owned()));
    };
    let actor = Actor::system(now, app.ids.clone());
    let first = crate::org::first::First { org, kind, place, secretary: name, technical: form.ticked("ky_thuat"), password };
    let account = app.db.write(move |tx| crate::org::first::make(tx, &actor, &rules, &first)).await?;
    begin(&app, &headers, account, false, see("/")).await
}

async fn settings(app: &App, actor: Actor, form: Form, done: &str) -> Result<Response, Fault> {
    let account = actor.account;
    let person = actor.person;
    let (login, sessions) = app
        .db
        .read(move |tx| {
            let login = store::of_person(tx, person)?.map(|a| a.login).unwrap_or_default();
            Ok::<_, Fault>((login, store::sessions(tx, account)?))
        })
        .await?;
    let moment = |at| {
        let at = local(at);
        format!("{} {}", vi::time_short(at.time()), vi::date(at.date()))
    };
    let sessions = sessions
        .into_iter()
        .map(|(hash, began, seen, shared)| Session {
            began: moment(began),
            seen: moment(seen),
            this: hash == actor.session,
            shared,
        })
        .collect();
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(&actor, "Tài khoản và thiết bị", Under::Me).crumb("/toi", Under::Me.label()).wrong(&form).done(done);
    Ok(html_with(status, &Settings { shell, form, login, sessions }))
}

async fn settings_page(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    settings(&app, actor, Form::default(), done.words()).await
}

async fn text_size(State(app): State<App>, actor: Actor, Sent(form): Sent) -> Result<Response, Fault> {
    let size: i64 = form.raw("co").parse().unwrap_or(18);
    let size = if [16, 18, 20, 24].contains(&size) { size } else { 18 };
    app.db.write(move |tx| crate::member::store::set_text_size(tx, actor.person, size)).await?;
    Ok(see("/toi/tai-khoan?xong=luu"))
}

async fn change_password(
    State(app): State<App>,
    headers: HeaderMap,
    actor: Actor,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let person = actor.person;
    let hash = app.db.read(move |tx| store::of_person(tx, person)).await?.map(|a| a.hash);
    if !app.hasher.verify(form.raw("cu").to_owned(), hash).await {
        form.problem("cu", "Mật khẩu hiện nay chưa đúng.");
    }
    check_new_password(&mut form, &actor.name);
    if !form.is_fine() {
        return settings(&app, actor, form, "").await;
    }
    let Some(password) = app.hasher.hash(form.raw("mat_khau").to_owned()).await else {
        return Err(Fault::Document("no memory to hash a password".to_owned()));
    };
    let mut hands = actor.clone();
    hands.ids = app.ids.clone();
    let account = app.db.write(move |tx| store::set_password(tx, &hands, hands.person, &hands.name, &password)).await?;
    begin(&app, &headers, account, false, see("/toi/tai-khoan?xong=mat-khau")).await
}

async fn end_others(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    app.db.write(move |tx| store::end_other_sessions(tx, actor.account, &actor.session)).await?;
    Ok(see("/toi/tai-khoan?xong=ket-thuc").into_response())
}
