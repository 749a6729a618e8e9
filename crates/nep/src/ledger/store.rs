//! Issued documents and the ledger as rows. A sealed document is never updated or deleted; the
//! ledger of its root organisation holds its hash in a gap-free chain, never its content.

use db::{Tx, values};
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId, PersonId, TermId};
use domain::meeting::MeetingKind;
use domain::numbering::DocKind;
use domain::search::Kind;
use domain::{numbering, vi};
use jiff::Timestamp;
use jiff::civil::Date;
use web::random::digest;

use crate::actor::Actor;
use crate::audit::store::{self as audit, GENESIS};
use crate::fault::Fault;
use crate::org::store as orgs;
use crate::search::store::source as index;

/// A sealed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The organisation that issued it.
    pub org: OrgId,
    /// Identifier.
    pub id: IssuedId,
    /// Kind of document.
    pub kind: DocKind,
    /// Number within kind and term.
    pub number: i64,
    /// Number as written: `Số 05-BB/CB`.
    pub number_text: String,
    /// Date it bears.
    pub issued_on: Date,
    /// What it is about.
    pub title: String,
    /// Canonical JSON that the hash was taken of.
    pub content: String,
    /// SHA-256 of the content.
    pub content_hash: String,
    /// Meeting it comes from.
    pub meeting: Option<MeetingId>,
    /// The document it corrects (đính chính).
    pub corrects: Option<IssuedId>,
    /// Why it corrects.
    pub reason: Option<String>,
    /// Place in the ledger.
    pub ledger_seq: i64,
    /// When it was sealed.
    pub at: Timestamp,
    /// Who sealed it.
    pub by: PersonId,
}

db::row!(Issued {
    org,
    id,
    kind: code,
    number,
    number_text,
    issued_on,
    title,
    content,
    content_hash,
    meeting,
    corrects,
    reason,
    ledger_seq,
    at,
    by
});

const COLUMNS: &str = "org_id, issued_id, kind, number, number_text, issued_on, title, content, content_hash, meeting_id,
    corrects_id, reason, ledger_seq, at, by_person";

/// A sealed document of an organisation.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: IssuedId) -> db::Result<Issued> {
    tx.one(&format!("select {COLUMNS} from issued where org_id = $1 and issued_id = $2"), values![org, id])
}

/// A sealed document as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Identifier.
    pub id: IssuedId,
    /// Kind of document.
    pub kind: DocKind,
    /// Number as written.
    pub number_text: String,
    /// Date it bears.
    pub issued_on: Date,
    /// What it is about.
    pub title: String,
    /// The document it corrects.
    pub corrects: Option<IssuedId>,
    /// Kind of the meeting it comes from.
    pub meeting_kind: Option<MeetingKind>,
    /// When the meeting's results were posted on the handbook app.
    pub posted_at: Option<Timestamp>,
}

db::row!(Listed { id, kind: code, number_text, issued_on, title, corrects, meeting_kind: code_opt, posted_at });

/// Sealed documents within `[from, until)` without their content, oldest first.
///
/// # Errors
/// Database faults only.
pub fn list(tx: &mut Tx, org: OrgId, from: Date, until: Date) -> db::Result<Vec<Listed>> {
    tx.all(
        "select i.issued_id, i.kind, i.number_text, i.issued_on, i.title, i.corrects_id, m.kind, m.posted_at from issued i
         left join meeting m on m.org_id = i.org_id and m.meeting_id = i.meeting_id
         where i.org_id = $1 and i.issued_on >= $2 and i.issued_on < $3 order by i.issued_on, i.kind, i.number",
        values![org, from, until],
    )
}

/// The years in which an organisation issued documents, newest first.
///
/// # Errors
/// Database faults only.
pub fn years(tx: &mut Tx, org: OrgId) -> db::Result<Vec<i16>> {
    let rows: Vec<(String,)> =
        tx.all("select distinct substr(issued_on, 1, 4) as year from issued where org_id = $1 order by year desc", values![org])?;
    Ok(rows.into_iter().filter_map(|(year,)| year.parse().ok()).collect())
}

/// Every organisation that has a ledger or sealed documents in one.
///
/// # Errors
/// Database faults only.
pub fn roots(tx: &mut Tx) -> db::Result<Vec<OrgId>> {
    let rows: Vec<(OrgId,)> = tx.all(
        "select org_id from ledger_head union select org_id from ledger union select ledger_org from issued order by 1",
        &[],
    )?;
    Ok(rows.into_iter().map(|(org,)| org).collect())
}

/// Documents that correct another.
///
/// # Errors
/// Database faults only.
pub fn corrections(tx: &mut Tx, org: OrgId, of: IssuedId) -> db::Result<Vec<Issued>> {
    tx.all(&format!("select {COLUMNS} from issued where org_id = $1 and corrects_id = $2 order by at"), values![org, of])
}

/// What is sealed.
#[derive(Debug, Clone)]
pub struct Sealing {
    /// Kind of document.
    pub kind: DocKind,
    /// Date it bears.
    pub issued_on: Date,
    /// What it is about.
    pub title: String,
    /// Canonical JSON.
    pub content: String,
    /// Meeting it comes from.
    pub meeting: Option<MeetingId>,
    /// The document it corrects, with the reason.
    pub corrects: Option<(IssuedId, String)>,
}

/// The number the next document of a kind will bear in the term of `on`: number and words. Numbers
/// run on within (organisation, kind, term), without gap and without double (TH-19, P-28).
///
/// # Errors
/// A refusal when no term is open on that date; database faults.
pub fn next_number(tx: &mut Tx, org: OrgId, kind: DocKind, on: Date) -> Result<(TermId, i64, String), Fault> {
    let Some((term, _)) = orgs::term_on(tx, org, on)? else {
        return Err(domain::refusal::Refusal::new(
            "no_term",
            "Chưa có nhiệm kỳ của ngày này nên chưa đánh số được văn bản. Hãy nhập nhiệm kỳ ở trang Tổ chức.",
        )
        .into());
    };
    let last: Option<i64> = tx.scalar_opt(
        "select last from number_seq where org_id = $1 and kind = $2 and term_id = $3",
        values![org, kind.code(), term],
    )?;
    let number = last.unwrap_or(0) + 1;
    let symbol = orgs::get(tx, org, on)?.symbol;
    let words = numbering::number(u32::try_from(number).unwrap_or(0), kind.symbol(), &symbol);
    Ok((term, number, words))
}

/// Seals a document: takes its number, writes it, and adds it to the ledger of the root.
///
/// # Errors
/// A refusal when no term is open; database faults. Two sealings that cross are run again by the
/// transaction, so numbers stay without gap.
pub fn seal(tx: &mut Tx, actor: &Actor, org: OrgId, new: &Sealing) -> Result<Issued, Fault> {
    let (term, number, number_text) = next_number(tx, org, new.kind, new.issued_on)?;
    tx.exec(
        "insert into number_seq (org_id, kind, term_id, last) values ($1, $2, $3, $4)
         on conflict (org_id, kind, term_id) do update set last = excluded.last",
        values![org, new.kind.code(), term, number],
    )?;
    let id: IssuedId = actor.id();
    let content_hash = digest(&new.content);
    let root = orgs::get(tx, org, new.issued_on)?.root();
    let seq = append(
        tx,
        actor,
        root,
        &Entry { of_org: org, kind: new.kind.code().to_owned(), object: id.raw(), content_hash: content_hash.clone() },
    )?;
    let (corrects, reason) = new.corrects.clone().unzip();
    tx.exec(
        "insert into issued (org_id, issued_id, kind, term_id, number, number_text, issued_on, title, folded, content,
         content_hash, meeting_id, corrects_id, reason, ledger_org, ledger_seq, at, by_person)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        values![
            org,
            id,
            new.kind.code(),
            term,
            number,
            number_text,
            new.issued_on,
            new.title,
            vi::fold(&new.title),
            new.content,
            content_hash,
            new.meeting,
            corrects,
            reason,
            root,
            seq,
            actor.now,
            actor.person
        ],
    )?;
    audit::record(tx, actor, org, "document.sealed", &format!("issued:{id}"), new.kind.code())?;
    index::refresh(tx, org, Kind::Document, id.raw())?;
    Ok(get(tx, org, id)?)
}

struct Entry {
    of_org: OrgId,
    kind: String,
    object: i64,
    content_hash: String,
}

fn chain_hash(root: OrgId, seq: i64, at: Timestamp, entry: &Entry, prev: &str) -> String {
    digest(&format!(
        "{root}\u{1f}{seq}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{prev}",
        at.as_millisecond(),
        entry.of_org,
        entry.kind,
        entry.object,
        entry.content_hash
    ))
}

fn append(tx: &mut Tx, actor: &Actor, root: OrgId, entry: &Entry) -> db::Result<i64> {
    let (last, prev) = head(tx, root)?;
    let seq = last + 1;
    let hash = chain_hash(root, seq, actor.now, entry, &prev);
    tx.exec(
        "insert into ledger (org_id, seq, at, of_org, kind, object_id, content_hash, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![root, seq, actor.now, entry.of_org, entry.kind, entry.object, entry.content_hash, prev, hash],
    )?;
    tx.exec(
        "insert into ledger_head (org_id, seq, hash) values ($1, $2, $3)
         on conflict (org_id) do update set seq = excluded.seq, hash = excluded.hash",
        values![root, seq, hash],
    )?;
    Ok(seq)
}

/// The head of a ledger: how many records and the last hash. Printed at the foot of signed minutes.
///
/// # Errors
/// Database faults only.
pub fn head(tx: &mut Tx, root: OrgId) -> db::Result<(i64, String)> {
    let row: Option<(i64, String)> = tx.opt("select seq, hash from ledger_head where org_id = $1", values![root])?;
    Ok(row.unwrap_or((0, GENESIS.to_owned())))
}

type LedgerRow = (i64, Timestamp, i64, String, i64, String, String, String);

/// What is wrong with a ledger and the documents it vouches for, in words that locate it.
///
/// # Errors
/// Database faults only.
pub fn check(tx: &mut Tx, root: OrgId) -> db::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let (mut last, mut prev) = (0, GENESIS.to_owned());
    let rows: Vec<LedgerRow> = tx.all(
        "select seq, at, of_org, kind, object_id, content_hash, prev_hash, hash from ledger where org_id = $1 order by seq",
        values![root],
    )?;
    for (seq, at, of_org, kind, object, content_hash, prev_hash, hash) in rows {
        if seq != last + 1 {
            wrong.push(format!("sổ cái của tổ chức {root}: thiếu mục {} đến {}", last + 1, seq - 1));
        }
        let entry = Entry { of_org: OrgId::new(of_org), kind, object, content_hash };
        if prev_hash != prev || hash != chain_hash(root, seq, at, &entry, &prev_hash) {
            wrong.push(format!("sổ cái của tổ chức {root}: mục {seq} đã bị sửa hoặc đổi chỗ"));
        }
        wrong.extend(check_document(tx, &entry, seq)?);
        last = seq;
        prev = hash;
    }
    if head(tx, root)? != (last, prev) {
        wrong.push(format!("sổ cái của tổ chức {root}: phần cuối sau mục {last} bị cắt hoặc thêm"));
    }
    let loose: Vec<(i64, i64)> = tx.all(
        "select i.org_id, i.issued_id from issued i left join ledger l on l.org_id = i.ledger_org and l.seq = i.ledger_seq
         and l.object_id = i.issued_id where i.ledger_org = $1 and l.seq is null",
        values![root],
    )?;
    wrong.extend(loose.into_iter().map(|(org, id)| format!("văn bản {id} của tổ chức {org}: không có trong sổ cái")));
    Ok(wrong)
}

fn check_document(tx: &mut Tx, entry: &Entry, seq: i64) -> db::Result<Option<String>> {
    let row: Option<(String, String, i64)> = tx.opt(
        "select content, content_hash, ledger_seq from issued where org_id = $1 and issued_id = $2",
        values![entry.of_org, entry.object],
    )?;
    let name = format!("văn bản {} của tổ chức {}", entry.object, entry.of_org);
    Ok(match row {
        None => Some(format!("{name}: đã bị xóa (sổ cái mục {seq})")),
        Some((content, hash, at)) if digest(&content) != entry.content_hash || hash != entry.content_hash || at != seq => {
            Some(format!("{name}: nội dung đã bị sửa sau khi khóa (sổ cái mục {seq})"))
        }
        Some(_) => None,
    })
}
