//! Accounts of a cell's members or of people with posts: who has one, slips, locking, ending sessions.
//! A slip's code is made anew for each print and kept only as a hash. Touches account store and documents.
//! Rules: P-15, P-16, P-24; nobody's account is touched by whoever could not have given them their posts.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use documents::{Slip, SlipsPerPage, qr_svg, slips_pdf};
use domain::id::{OrgId, PersonId};
use domain::refusal::Refusal;
use domain::vi;
use web::form::Form;
use web::page::{PDF, download, html, html_with, see};
use web::random;

use super::page::{AccountLine, Manage, PaperSlip, Slips};
use super::store::issue_code;
use super::store::manage::{self as store, Holder};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under};

/// How long a slip can be used.
pub const SLIP_DAYS: i64 = 30;

/// Where accounts are looked after: in a cell for its members, elsewhere for people with posts.
#[derive(Clone, Copy)]
struct Here {
    org: OrgId,
    cell: bool,
}

impl Here {
    fn new(actor: &Actor, org: OrgId, cell: bool) -> Result<Self, Fault> {
        if actor.standpoint.is_cell == cell { Ok(Self { org, cell }) } else { Err(Fault::NotFound) }
    }

    fn base(self) -> String {
        format!("/{}/{}/tai-khoan", if self.cell { "cb" } else { "tc" }, self.org)
    }

    fn holders(self, tx: &mut Tx, actor: &Actor) -> Result<(orgs::Org, Vec<Holder>), Fault> {
        let org = orgs::get(tx, self.org, actor.today())?;
        let holders = if self.cell { store::of_cell(tx, actor, &org)? } else { store::of_posts(tx, actor, &org)? };
        Ok((org, holders))
    }
}

macro_rules! both {
    ($($cell:ident $post:ident => $with:ident ($($arg:ident: $kind:ty),*);)*) => {$(
        pub(super) async fn $cell(app: State<App>, actor: Actor, at: Path<OrgId>, $($arg: $kind),*) -> Result<Response, Fault> {
            let here = Here::new(&actor, at.0, true)?;
            $with(app.0, actor, here, $($arg),*).await
        }
        pub(super) async fn $post(app: State<App>, actor: Actor, at: Path<OrgId>, $($arg: $kind),*) -> Result<Response, Fault> {
            let here = Here::new(&actor, at.0, false)?;
            $with(app.0, actor, here, $($arg),*).await
        }
    )*};
}

both! {
    cell_page post_page => page(done: Query<Done>);
    cell_slips post_slips => slips(form: Sent);
    cell_act post_act => act(form: Sent);
}

async fn page(app: App, actor: Actor, here: Here, done: Query<Done>) -> Result<Response, Fault> {
    show(&app, actor, here, Form::default(), done.0.words()).await
}

fn day(at: jiff::Timestamp) -> String {
    vi::date(local(at).date())
}

fn line(holder: Holder, beyond: Option<String>, oneself: bool) -> AccountLine {
    let (state, class, detail) = match (&holder.account, holder.slip) {
        (Some((login, true, _)), _) => ("Đang khóa", "late", format!("Tên đăng nhập {login}")),
        (Some((login, false, Some(seen))), _) => {
            ("Đang dùng", "done", format!("Tên đăng nhập {login}, dùng gần nhất {}", day(*seen)))
        }
        (Some((login, false, None)), _) => ("Đã kích hoạt", "done", format!("Tên đăng nhập {login}, không có phiên nào đang mở")),
        (None, Some(until)) => ("Đã in phiếu", "wait", format!("Phiếu dùng được đến {}", day(until))),
        (None, None) => ("Chưa có tài khoản", "none", String::new()),
    };
    AccountLine {
        person: holder.person,
        name: holder.name,
        place: holder.place,
        state,
        class,
        detail,
        has: holder.account.is_some(),
        disabled: holder.account.is_some_and(|a| a.1),
        oneself,
        beyond: beyond.unwrap_or_default(),
    }
}

async fn show(app: &App, actor: Actor, here: Here, form: Form, done: &'static str) -> Result<Response, Fault> {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .db
        .read(move |tx| {
            let (org, holders) = here.holders(tx, &actor)?;
            let mut beyond = store::beyond_each(tx, &actor, holders.iter().map(|h| h.person))?;
            let shown = |holder: Holder| {
                let (why, oneself) = (beyond.remove(&holder.person), holder.person == actor.person);
                line(holder, why, oneself)
            };
            let lines: Vec<AccountLine> = holders.into_iter().map(shown).collect();
            let without = lines.iter().filter(|l| !l.has && l.beyond.is_empty()).count();
            let others = lines.iter().any(|l| l.has && !l.oneself && l.beyond.is_empty());
            let under = if here.cell { Under::Members } else { Under::Org };
            let shell = Shell::new(&actor, "Tài khoản", under).done(done).wrong(&form);
            let shell = if here.cell && actor.may(domain::right::Right::MemberManage) {
                shell.crumb(format!("/cb/{}/dang-vien", here.org), "Đảng viên")
            } else {
                shell
            };
            Ok::<_, Fault>(Manage { shell, name: org.name, base: here.base(), cell: here.cell, lines, without, others })
        })
        .await?;
    Ok(html_with(status, &page))
}

/// What the posted form asks slips for: those ticked, or everybody without an account.
fn wanted(form: &Form, holders: &[Holder]) -> Vec<PersonId> {
    if form.raw("cho") == "chua-co" {
        return holders.iter().filter(|h| h.account.is_none()).map(|h| h.person).collect();
    }
    let ticked: Vec<PersonId> = form.every("nguoi").filter_map(|t| t.parse().ok()).collect();
    holders.iter().map(|h| h.person).filter(|p| ticked.contains(p)).collect()
}

async fn slips(app: App, actor: Actor, here: Here, Sent(mut form): Sent) -> Result<Response, Fault> {
    let hands = actor.clone();
    let asked = form.clone();
    let (org, people) = app
        .db
        .read(move |tx| {
            let (org, holders) = here.holders(tx, &hands)?;
            let wanted = wanted(&asked, &holders);
            let beyond = store::beyond_each(tx, &hands, wanted.iter().copied())?;
            let mut people = Vec::new();
            for holder in holders.into_iter().filter(|h| wanted.contains(&h.person)) {
                let locked = holder.account.as_ref().is_some_and(|a| a.1);
                if !locked && !beyond.contains_key(&holder.person) {
                    people.push((holder.person, holder.name, holder.place));
                }
            }
            Ok::<_, Fault>((org, people))
        })
        .await?;
    if people.is_empty() {
        form.problem("", "Chưa chọn đồng chí nào có thể in phiếu.");
        return show(&app, actor, here, form, "").await;
    }
    let until = local(actor.now).date().checked_add(jiff::Span::new().days(SLIP_DAYS)).unwrap_or_else(|_| actor.today());
    let made: Vec<(PersonId, Slip)> = people
        .into_iter()
        .map(|(person, name, cell)| {
            let code = random::clear_code(8);
            let url = format!("{}/kich-hoat?ma={code}", app.address);
            (person, Slip { name, cell, code, url, expires: format!("đến hết ngày {}", vi::date(until)) })
        })
        .collect();
    // The paper first: a code nobody can read would only make the earlier one useless.
    let paper = paper(&actor, here, &made, form.raw("dang") == "trang").await?;
    let codes: Vec<(PersonId, String)> = made.into_iter().map(|(person, slip)| (person, random::digest(&slip.code))).collect();
    app.db
        .write(move |tx| {
            for (person, hash) in &codes {
                issue_code(tx, &actor, org.id, *person, hash, SLIP_DAYS)?;
                crate::audit::store::record(tx, &actor, org.id, "account.slip", &format!("person:{person}"), "")?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(paper)
}

async fn paper(actor: &Actor, here: Here, made: &[(PersonId, Slip)], on_page: bool) -> Result<Response, Fault> {
    if on_page {
        let mut slips = Vec::with_capacity(made.len());
        for (_, slip) in made {
            let (first, second) = slip.code.split_at(4);
            slips.push(PaperSlip {
                name: slip.name.clone(),
                place: slip.cell.clone(),
                code: format!("{first} {second}"),
                address: slip.url.split('?').next().unwrap_or_default().to_owned(),
                expires: slip.expires.clone(),
                qr: as_image(&qr_svg(&slip.url).map_err(|e| Fault::Document(e.to_string()))?),
            });
        }
        let shell = Shell::new(actor, "Phiếu kích hoạt", Under::Members).crumb(here.base(), "Tài khoản");
        return Ok(html(&Slips { shell, slips }));
    }
    let slips: Vec<Slip> = made.iter().map(|m| m.1.clone()).collect();
    let work = move || slips_pdf(&slips, SlipsPerPage::Eight);
    let bytes = tokio::task::spawn_blocking(work).await.map_err(|e| Fault::Document(e.to_string()))?;
    let bytes = bytes?;
    Ok(download(bytes, PDF, "Phiếu kích hoạt.pdf"))
}

/// A picture as the address of an image, so that the page needs no raw markup.
fn as_image(svg: &str) -> String {
    let mut out = String::from("data:image/svg+xml,");
    for byte in svg.bytes() {
        if byte.is_ascii_alphanumeric() || b" -_.=/:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Locks, opens, or ends the sessions of one account.
async fn act(app: App, actor: Actor, here: Here, Sent(mut form): Sent) -> Result<Response, Fault> {
    let person: PersonId = form.raw("nguoi").parse().map_err(|_| Fault::NotFound)?;
    let what = form.raw("viec").to_owned();
    let code = match what.as_str() {
        "khoa" => "khoa-tk",
        "mo" => "mo-tk",
        "phien" => "phien",
        _ => return Err(Fault::NotFound),
    };
    let hands = actor.clone();
    let done = app
        .db
        .write(move |tx| {
            let (org, holders) = here.holders(tx, &hands)?;
            if holders.iter().all(|h| h.person != person) {
                return Err(Fault::NotFound);
            }
            if person == hands.person {
                return Err(Refusal::new("oneself", "Đồng chí không tự khóa tài khoản của mình.").into());
            }
            if let Some(why) = store::beyond(tx, &hands, person)? {
                return Err(Refusal::new("beyond", why).into());
            }
            match code {
                "phien" => store::end_sessions(tx, &hands, org.id, person)?,
                _ => store::set_disabled(tx, &hands, org.id, person, code == "khoa-tk")?,
            }
            Ok(())
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("{}?xong={code}", here.base()))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            show(&app, actor, here, form, "").await
        }
        Err(fault) => Err(fault),
    }
}
