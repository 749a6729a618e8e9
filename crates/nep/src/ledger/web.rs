//! Issued documents: reading, keeping, correcting; the book of a year.
//! May touch: sealed records, never the live rows they came from. Rules: P-12, P-28, SM-04, CB-05.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use db::Tx;
use documents::xlsx_out::{Cell, Sheet, SheetColumn};
use documents::{Book, BookEntry, Cover, Document, Head, Title};
use domain::code::Code;
use domain::id::{IssuedId, OrgId};
use domain::meeting::MeetingKind;
use domain::numbering::DocKind;
use domain::refusal::Refusal;
use domain::right::{Right, to_read};
use domain::vi;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use web::form::Form;
use web::page::{DOCX, PDF, XLSX, download, html, html_with, see};
use web::routes::Routes;

use super::document;
use super::page::{BookPage, BookRow, Correct, CorrectSection, IssuedPage, Link};
use super::store::{self, Issued, Listed};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store::{self as meetings, Meeting};
use crate::minutes::amend;
use crate::minutes::snapshot::Sealed;
use crate::shell::{Done, Shell, Under};

/// Routes of issued documents.
pub fn routes() -> Routes<App> {
    let read = Right::CellRead;
    Routes::new()
        .get("/van-ban.css", Right::Public, preview_css)
        .get("/cb/{org}/van-ban/{issued}", read, page)
        .get("/cb/{org}/van-ban/{issued}/docx", read, docx)
        .get("/cb/{org}/van-ban/{issued}/pdf", read, pdf)
        .post("/cb/{org}/van-ban/{issued}/da-dang", Right::MeetingPrepare, posted)
        .get("/cb/{org}/van-ban/{issued}/dinh-chinh", Right::MeetingLead, correct_page)
        .post("/cb/{org}/van-ban/{issued}/dinh-chinh", Right::MeetingLead, correct)
        .get("/cb/{org}/so-bien-ban", read, book_now)
        .get("/cb/{org}/so-bien-ban/{year}", read, book)
        .get("/cb/{org}/so-bien-ban/{year}/pdf", read, book_pdf)
        .get("/cb/{org}/so-bien-ban/{year}/xlsx", read, book_xlsx)
}

type Where = Path<(OrgId, IssuedId)>;

async fn preview_css() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind], documents::PREVIEW_CSS).into_response()
}

/// Whether a document is for the person: what a meeting issued is for who may read that, a notice of
/// chi ủy about one member for chi ủy alone (the member has it on their own page).
fn may_see(actor: &Actor, kind: DocKind, meeting: Option<MeetingKind>) -> bool {
    match meeting {
        Some(meeting) => actor.may(to_read(meeting)),
        None => kind != DocKind::Notice || actor.may(Right::MeetingPrepare),
    }
}

fn meeting_of(tx: &mut Tx, issued: &Issued) -> db::Result<Option<Meeting>> {
    match issued.meeting {
        Some(meeting) => meetings::get(tx, issued.org, meeting).map(Some),
        None => Ok(None),
    }
}

/// A document the person may see.
async fn seen(app: &App, actor: &Actor, id: IssuedId) -> Result<(Issued, Option<Meeting>), Fault> {
    let org = actor.org;
    let (issued, meeting) = app
        .db
        .read(move |tx| {
            let issued = store::get(tx, org, id)?;
            let meeting = meeting_of(tx, &issued)?;
            Ok::<_, db::Error>((issued, meeting))
        })
        .await?;
    if may_see(actor, issued.kind, meeting.as_ref().map(|m| m.kind)) { Ok((issued, meeting)) } else { Err(Fault::NotFound) }
}

fn link(issued: &Issued) -> Link {
    Link {
        href: format!("/cb/{}/van-ban/{}", issued.org, issued.id),
        label: format!("{} ngày {}", issued.number_text, vi::date(issued.issued_on)),
    }
}

async fn page(State(app): State<App>, actor: Actor, Path((org, id)): Where, Query(done): Query<Done>) -> Result<Response, Fault> {
    let (issued, meeting) = seen(&app, &actor, id).await?;
    let corrects = issued.corrects;
    let by = issued.by;
    let (old, newer, sealer) = app
        .db
        .read(move |tx| {
            let old = corrects.map(|c| store::get(tx, org, c)).transpose()?;
            let sealer = if crate::account::store::is_system(by) {
                "Hệ thống".to_owned()
            } else {
                crate::member::store::name(tx, by)?
            };
            Ok::<_, db::Error>((old, store::corrections(tx, org, id)?, sealer))
        })
        .await?;
    let doc = document::of(&issued, &app.rules)?;
    let at = local(issued.at);
    let allowed = app.rules.at(actor.today()).int("meeting.post_results_within_days").unwrap_or(2);
    let shell = Shell::new(
        &actor,
        &format!("{} {}", issued.kind.label(), crate::resolution::seal::lower(&issued.number_text)),
        Under::Book,
    )
    .crumb(format!("/cb/{org}/so-bien-ban/{}", issued.issued_on.year()), Under::Book.label())
    .done(done.words());
    let committee = meeting.as_ref().is_some_and(|m| m.kind == MeetingKind::Committee);
    Ok(html(&IssuedPage {
        base: format!("/cb/{org}/van-ban/{id}"),
        number: issued.number_text.clone(),
        title: issued.title.clone(),
        date: vi::date_long(issued.issued_on),
        sealed: format!("{} ngày {}, đ/c {sealer}", vi::time_short(at.time()), vi::date(at.date())),
        hash: issued.content_hash.clone(),
        seq: issued.ledger_seq,
        who: if committee || issued.kind == DocKind::Notice {
            "Bí thư, phó bí thư, chi ủy viên xem được văn bản này."
        } else {
            "Đảng viên chi bộ xem được văn bản này."
        },
        preview: documents::html(&doc),
        text: documents::text(&doc),
        corrects: old.as_ref().map(|o| (link(o), issued.reason.clone().unwrap_or_default())),
        corrected_by: newer.iter().map(link).collect(),
        meeting: meeting.as_ref().map(|m| Link { href: format!("/cb/{org}/buoi/{}", m.id), label: m.title.clone() }),
        posted: posting(meeting.as_ref(), actor.today(), allowed),
        is_posted: meeting.as_ref().is_some_and(|m| m.posted_at.is_some()),
        can_post: actor.may(Right::MeetingPrepare) && meeting.is_some(),
        can_correct: actor.may(Right::MeetingLead) && issued.kind == DocKind::Minutes,
        shell,
    }))
}

/// How posting on the handbook app stands (CB-05: within two days of the meeting).
fn posting(meeting: Option<&Meeting>, today: Date, allowed: i64) -> (&'static str, String) {
    let Some(meeting) = meeting else {
        return ("none", "Không gắn với buổi sinh hoạt nào".to_owned());
    };
    let held = meeting.opened_at.unwrap_or(meeting.starts_at).date();
    let last = held.checked_add(allowed.days()).unwrap_or(held);
    match meeting.posted_at.map(local) {
        Some(at) => {
            let late = if at.date() > last { format!(", sau {allowed} ngày (CB-05)") } else { String::new() };
            ("done", format!("Đã đăng lúc {} ngày {}{late}", vi::time_short(at.time()), vi::date(at.date())))
        }
        None if today > last => ("late", format!("Chưa đăng, đã quá {allowed} ngày sau buổi sinh hoạt (CB-05)")),
        None => ("due", format!("Chưa đăng, nên đăng trước hết ngày {} (CB-05)", vi::date(last))),
    }
}

async fn docx(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    let (issued, _) = seen(&app, &actor, id).await?;
    let doc = document::of(&issued, &app.rules)?;
    let bytes = document::made(move || documents::docx(&doc)).await?;
    Ok(download(bytes, DOCX, &format!("{}.docx", document::file_name(&issued))))
}

async fn pdf(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    let (issued, _) = seen(&app, &actor, id).await?;
    let doc = document::of(&issued, &app.rules)?;
    let bytes = document::made(move || documents::pdf(&doc)).await?;
    Ok(download(bytes, PDF, &format!("{}.pdf", document::file_name(&issued))))
}

async fn posted(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let (_, meeting) = seen(&app, &actor, id).await?;
    let meeting = meeting.ok_or(Fault::NotFound)?.id;
    app.db
        .write(move |tx| {
            // The first tick is the true one.
            if meetings::get(tx, org, meeting)?.posted_at.is_none() {
                meetings::mark_posted(tx, &actor, org, meeting)?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(see(&format!("/cb/{org}/van-ban/{id}?xong=da-dang")))
}

async fn correct_page(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    correct_form(&app, &actor, id, None).await
}

async fn correct_form(app: &App, actor: &Actor, id: IssuedId, typed: Option<Form>) -> Result<Response, Fault> {
    let (issued, _) = seen(app, actor, id).await?;
    let sealed = Sealed::from_json(&issued.content).ok_or(Fault::NotFound)?;
    let (org, today) = (actor.org, actor.today());
    let (_, _, next) = app.db.read(move |tx| store::next_number(tx, org, DocKind::Minutes, today)).await?;
    let form = typed.unwrap_or_default();
    let text = |key: &str, old: &str| {
        let name = format!("p_{key}");
        if form.pairs().any(|(k, _)| k == name) { form.raw(&name).to_owned() } else { old.to_owned() }
    };
    let sections = sealed.sections.iter().map(|s| {
        let text = text(&s.key, &s.text);
        let rows = text.lines().map(|l| 1 + l.chars().count() / 60).sum::<usize>().clamp(2, 20);
        CorrectSection { key: s.key.clone(), title: s.title.clone(), text, rows }
    });
    let base = format!("/cb/{org}/van-ban/{id}");
    let shell = Shell::new(actor, "Lập bản đính chính", Under::Book)
        .crumb(base.clone(), format!("{} {}", issued.kind.label(), issued.number_text))
        .wrong(&form);
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sections = sections.collect();
    Ok(html_with(status, &Correct { shell, base, number: issued.number_text.clone(), next, sections, form }))
}

/// Seals a correction: a new record that names the old one, which stays as it is.
async fn correct(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let (issued, _) = seen(&app, &actor, id).await?;
    let mut sealed = Sealed::from_json(&issued.content).ok_or(Fault::NotFound)?;
    let reason = form.line("ly_do", 500);
    if reason.is_empty() && !form.has_problem("ly_do") {
        form.problem("ly_do", "Hãy ghi lý do đính chính.");
    }
    let mut changed = false;
    for section in &mut sealed.sections {
        let name = format!("p_{}", section.key);
        if form.pairs().any(|(k, _)| k == name) {
            let text = form.text(&name, 100_000);
            changed |= text != section.text;
            section.text = text;
        }
    }
    if !changed && form.is_fine() {
        form.problem("", "Chưa có phần nào được sửa so với bản cũ. Hãy sửa lại chỗ sai trong văn bản.");
    }
    if !form.is_fine() {
        return correct_form(&app, &actor, id, Some(form)).await;
    }
    let library = app.rules.clone();
    let new = app
        .db
        .write(move |tx| {
            let old = store::get(tx, org, id)?;
            amend::seal(tx, &actor, &library, &old, &sealed, &reason)
        })
        .await?;
    Ok(see(&format!("/cb/{org}/van-ban/{}?xong=dinh-chinh", new.id)))
}

/// What a book shows.
#[derive(Debug, Default, serde::Deserialize)]
struct AskedBook {
    q: Option<String>,
}

async fn book_now(State(app): State<App>, actor: Actor, Query(asked): Query<AskedBook>) -> Result<Response, Fault> {
    let year = actor.today().year();
    book_page(&app, actor, year, asked).await
}

async fn book(
    State(app): State<App>,
    actor: Actor,
    Path((_, year)): Path<(OrgId, String)>,
    Query(asked): Query<AskedBook>,
) -> Result<Response, Fault> {
    book_page(&app, actor, year_of(&year)?, asked).await
}

fn year_of(text: &str) -> Result<i16, Fault> {
    text.parse().ok().filter(|y| (1930..=2999).contains(y)).ok_or(Fault::NotFound)
}

fn span(year: i16) -> (Date, Date) {
    (date(year, 1, 1), date(year + 1, 1, 1))
}

async fn listed(app: &App, actor: &Actor, year: i16) -> Result<Vec<Listed>, Fault> {
    let (org, (from, until)) = (actor.org, span(year));
    let all = app.db.read(move |tx| store::list(tx, org, from, until)).await?;
    Ok(all.into_iter().filter(|d| may_see(actor, d.kind, d.meeting_kind)).collect())
}

async fn book_page(app: &App, actor: Actor, year: i16, asked: AskedBook) -> Result<Response, Fault> {
    let org = actor.org;
    let all = listed(app, &actor, year).await?;
    let mut years = app.db.read(move |tx| store::years(tx, org)).await?;
    for y in [actor.today().year(), year] {
        if !years.contains(&y) {
            years.push(y);
        }
    }
    years.sort_unstable_by(|a, b| b.cmp(a));
    let q = vi::clean_line(&asked.q.unwrap_or_default()).unwrap_or_default();
    let words: Vec<String> = vi::fold(&q).split_whitespace().map(str::to_owned).collect();
    let hit = |d: &&Listed| {
        let text = vi::fold(&format!("{} {} {} {}", d.kind.label(), d.number_text, d.title, vi::date(d.issued_on)));
        words.iter().all(|w| text.contains(w.as_str()))
    };
    let found: Vec<&Listed> = all.iter().filter(hit).collect();
    let groups = DocKind::ALL.iter().filter_map(|kind| {
        let rows: Vec<BookRow> = found.iter().filter(|d| d.kind == *kind).map(|d| book_row(org, d)).collect();
        (!rows.is_empty()).then(|| (kind.label().to_owned(), rows))
    });
    Ok(html(&BookPage {
        shell: Shell::new(&actor, "Sổ biên bản, văn bản", Under::Book),
        base: format!("/cb/{org}/so-bien-ban"),
        groups: groups.collect(),
        count: found.len(),
        total: all.len(),
        has_minutes: all.iter().any(|d| d.kind == DocKind::Minutes),
        prepares: actor.may(Right::MeetingPrepare),
        year,
        years,
        q,
    }))
}

fn book_row(org: OrgId, d: &Listed) -> BookRow {
    BookRow {
        href: format!("/cb/{org}/van-ban/{}", d.id),
        number: d.number_text.clone(),
        date: vi::date(d.issued_on),
        title: d.title.clone(),
        corrects: d.corrects.is_some(),
        posted: match (d.meeting_kind, d.posted_at) {
            (None, _) => ("none", "Không đăng"),
            (Some(_), Some(_)) => ("done", "Đã đăng"),
            (Some(_), None) => ("due", "Chưa đăng"),
        },
    }
}

async fn book_xlsx(State(app): State<App>, actor: Actor, Path((_, year)): Path<(OrgId, String)>) -> Result<Response, Fault> {
    let year = year_of(&year)?;
    let all = listed(&app, &actor, year).await?;
    let column = |title: &str, width| SheetColumn { title: title.to_owned(), width };
    let row = |(at, d): (i64, &Listed)| {
        vec![
            Cell::Int(at),
            Cell::Text(d.kind.label().to_owned()),
            Cell::Text(d.number_text.trim_start_matches("Số ").to_owned()),
            Cell::Date(d.issued_on),
            Cell::Text(d.title.clone()),
            d.posted_at.map_or(Cell::Text(String::new()), |at| Cell::Date(local(at).date())),
        ]
    };
    let sheet = Sheet {
        name: format!("Văn bản {year}"),
        columns: vec![
            column("TT", 6.0),
            column("Loại văn bản", 16.0),
            column("Số, ký hiệu", 16.0),
            column("Ngày", 12.0),
            column("Trích yếu", 70.0),
            column("Ngày đăng Sổ tay", 16.0),
        ],
        rows: (1..).zip(&all).map(row).collect(),
    };
    let bytes = document::made(move || documents::xlsx(&[sheet])).await?;
    Ok(download(bytes, XLSX, &format!("So-van-ban-{year}.xlsx")))
}

/// The year's minutes bound as one PDF: cover, contents, minutes in order, closing statement.
async fn book_pdf(State(app): State<App>, actor: Actor, Path((org, year)): Path<(OrgId, String)>) -> Result<Response, Fault> {
    let year = year_of(&year)?;
    let ids: Vec<IssuedId> =
        listed(&app, &actor, year).await?.into_iter().filter(|d| d.kind == DocKind::Minutes).map(|d| d.id).collect();
    if ids.is_empty() {
        return Err(Refusal::new("empty", format!("Năm {year} chưa có biên bản nào được khóa.")).into());
    }
    let (all, signer) = app
        .db
        .read(move |tx| {
            let all = ids.iter().map(|id| store::get(tx, org, *id)).collect::<db::Result<Vec<Issued>>>()?;
            let last = all.last().map_or(Date::MIN, |i| i.issued_on);
            let posts = crate::org::store::posts_on(tx, org, last)?;
            let signer = posts.into_iter().find(|h| h.role == domain::post::Role::Secretary).map(|h| h.name);
            Ok::<_, db::Error>((all, signer.unwrap_or_default()))
        })
        .await?;
    let mut entries = Vec::new();
    for issued in &all {
        let contents_line =
            format!("{}, ngày {}: {}", issued.number_text.trim_start_matches("Số "), vi::date(issued.issued_on), issued.title);
        entries.push(BookEntry { contents_line, document: document::of(issued, &app.rules)? });
    }
    let book = bound(year, entries, &all, &signer).ok_or(Fault::NotFound)?;
    let bytes = document::made(move || documents::pdf_book(&book)).await?;
    Ok(download(bytes, PDF, &format!("So-bien-ban-{year}.pdf")))
}

fn bound(year: i16, entries: Vec<BookEntry>, all: &[Issued], signer: &str) -> Option<Book> {
    let (first, last) = (all.first()?, all.last()?);
    let model = entries.last()?.document.clone();
    let statement = format!(
        "Sổ biên bản năm {year} gồm {} biên bản, từ số {} đến số {}, đánh số trang liên tục. Mỗi biên bản đã được chi bộ thông qua và khóa; mã kiểm tra in ở chân trang.",
        entries.len(),
        first.number_text.trim_start_matches("Số "),
        last.number_text.trim_start_matches("Số ")
    );
    let closing = Document {
        head: Head::default(),
        title: Title { kind: "KẾT THÚC SỔ".to_owned(), summary: None },
        blocks: vec![documents::Block::Para { text: statement, indent: true, align: None }],
        signatures: vec![documents::Signature::for_body("T/M CHI BỘ", "BÍ THƯ", signer)],
        recipients: Vec::new(),
        footer: None,
        ..model.clone()
    };
    let cover = Cover {
        superior: model.head.superior.clone(),
        issuer: model.head.issuer.clone(),
        title: "SỔ BIÊN BẢN".to_owned(),
        lines: vec![format!("Năm {year}")],
        place_date: format!("{}, năm {year}", model.head.place),
    };
    Some(Book { cover, contents_title: "MỤC LỤC".to_owned(), entries, closing })
}
