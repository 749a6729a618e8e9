//! Imports as rows: what is known within reach, the plan that waits, what an accepted one wrote, and taking it
//! back. Touches import tables, persons, stays, posts. Rules: experience.md "Preview before import", P-10.

mod undo;

use std::collections::HashMap;

use db::{Tx, values};
use domain::code::Code;
use domain::id::{Id, MembershipId, OrgId, PersonId, PostId, RowId};
use domain::post::{Post, Role};
use domain::roll::Standing;
use domain::search::Kind;
use domain::sheet::{Action, Known, MemberValues};
use domain::vi;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use undo::{undo, why_not};

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::member::import::{KeptRow, Person, Plan, Posts, Values, merged};
use crate::org::store as orgs;
use crate::search::store::source as index;

domain::codes! {
    /// Where an import stands.
    pub enum State {
        /// Shown, nothing written.
        Preview = "preview" / "Đang xem trước",
        /// Written.
        Accepted = "accepted" / "Đã nhập",
        /// Taken back.
        Undone = "undone" / "Đã hoàn tác",
        /// Put away without writing.
        Dropped = "dropped" / "Đã bỏ",
    }
}

/// Everybody who has or had a stay in one of these cells, with where they are now within them.
///
/// # Errors
/// Database faults only.
pub fn people(tx: &mut Tx, path: &str, cells: &[OrgId], today: Date) -> db::Result<Vec<Person>> {
    let mut posts: HashMap<(PersonId, OrgId), Role> = HashMap::new();
    let bounds = values![path, format!("{path}~"), today];
    tx.each(
        "select t.person_id, t.org_id, t.role from post t join org o on o.org_id = t.org_id
         where o.path >= $1 and o.path < $2 and t.from_date <= $3 and (t.to_date is null or t.to_date > $3)",
        bounds,
        |row| {
            let role = row.code::<Role>(2)?;
            let best = posts.entry((row.get(0)?, row.get(1)?)).or_insert(role);
            *best = (*best).min(role);
            Ok(())
        },
    )?;
    let mut now: HashMap<PersonId, (OrgId, Standing, String)> = HashMap::new();
    let mut ever: Vec<PersonId> = Vec::new();
    tx.each(
        "select m.person_id, m.org_id, m.standing, n.short_name, m.from_date, m.to_date from membership m
         join org o on o.org_id = m.org_id join org_name n on n.org_id = m.org_id and n.to_date is null
         where o.path >= $1 and o.path < $2 and m.from_date <= $3 order by m.person_id, m.from_date",
        bounds,
        |row| {
            let (person, org): (PersonId, OrgId) = (row.get(0)?, row.get(1)?);
            if !cells.contains(&org) {
                return Ok(());
            }
            if ever.last() != Some(&person) {
                ever.push(person);
            }
            let to: Option<Date> = row.get(5)?;
            if to.is_none_or(|to| to > today) {
                now.insert(person, (org, row.code::<Standing>(2)?, row.get(3)?));
            }
            Ok(())
        },
    )?;
    let mut files: HashMap<PersonId, (MemberValues, i64)> = HashMap::with_capacity(ever.len());
    tx.each(
        "select distinct p.person_id, p.name, p.birth_year, p.admitted_on, p.official_on, p.card_number, p.phone, p.email,
         p.version from person p join membership m on m.person_id = p.person_id join org o on o.org_id = m.org_id
         where o.path >= $1 and o.path < $2 and m.from_date <= $3",
        bounds,
        |row| {
            let values = MemberValues {
                name: row.get(1)?,
                birth_year: row.get::<Option<i64>>(2)?.and_then(|y| i16::try_from(y).ok()),
                admitted: row.get(3)?,
                official: row.get(4)?,
                card: row.get(5)?,
                phone: row.get(6)?,
                email: row.get(7)?,
                ..MemberValues::default()
            };
            files.insert(row.get(0)?, (values, row.get(8)?));
            Ok(())
        },
    )?;
    Ok(ever.into_iter().filter_map(|id| files.remove(&id).map(|f| with_place(id, f, now.get(&id), &posts))).collect())
}

fn with_place(
    id: PersonId,
    (mut values, version): (MemberValues, i64),
    now: Option<&(OrgId, Standing, String)>,
    posts: &HashMap<(PersonId, OrgId), Role>,
) -> Person {
    let role = now.and_then(|n| posts.get(&(id, n.0))).filter(|r| r.is_leader());
    values.post = role.map(|r| r.label_in(true).to_owned());
    values.org = now.map(|n| n.2.clone());
    Person { known: Known { id, values }, cell: now.map(|n| n.0), standing: now.map(|n| n.1), version }
}

/// An import in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Which.
    pub id: RowId,
    /// Name of the file.
    pub file: String,
    /// Where it stands.
    pub state: State,
    /// When it was uploaded.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<String>,
    /// When it was accepted.
    pub accepted: Option<Timestamp>,
    /// For "someone saved first".
    pub version: i64,
    /// What an accepted import wrote, as JSON; empty for the others.
    pub summary: String,
}

db::row!(Batch { id, file, state: code, at, by, accepted, version, summary });

const BATCH: &str = "select b.import_id, b.file_name, b.state, b.created_at, p.name, b.accepted_at, b.version,
    case when b.state = 'preview' then '' else b.plan end
    from import_batch b left join person p on p.person_id = b.by_person";

/// Imports of an organisation, newest first.
///
/// # Errors
/// Database faults only.
pub fn batches(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Batch>> {
    tx.all(&format!("{BATCH} where b.org_id = $1 order by b.import_id desc limit 50"), values![org])
}

/// One import.
///
/// # Errors
/// `NotFound`; database faults.
pub fn batch(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Batch> {
    tx.one(&format!("{BATCH} where b.org_id = $1 and b.import_id = $2"), values![org, id])
}

/// The plan of an import that waits.
///
/// # Errors
/// `NotFound` when there is none that waits; database faults.
pub fn waiting(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Plan> {
    let text: String =
        tx.scalar("select plan from import_batch where org_id = $1 and import_id = $2 and state = 'preview'", values![org, id])?;
    serde_json::from_str(&text).map_err(|_| db::Error::Corrupt("import_batch.plan".to_owned()))
}

fn as_json<T: Serialize>(value: &T) -> db::Result<String> {
    serde_json::to_string(value).map_err(|_| db::Error::Corrupt("a value that is no JSON".to_owned()))
}

/// Keeps a plan until somebody accepts it.
///
/// # Errors
/// Database faults only.
pub fn keep(tx: &mut Tx, actor: &Actor, org: OrgId, file: &str, plan: &Plan) -> db::Result<RowId> {
    let id: RowId = actor.id();
    let by = (actor.person.raw() != 0).then_some(actor.person);
    tx.exec(
        "insert into import_batch (org_id, import_id, file_name, state, plan, created_at, by_person)
         values ($1, $2, $3, 'preview', $4, $5, $6)",
        values![org, id, file, as_json(plan)?, actor.now, by],
    )?;
    Ok(id)
}

/// Replaces the plan of an import that waits.
///
/// # Errors
/// `Conflict` when it waits no longer; database faults.
pub fn replace(tx: &mut Tx, org: OrgId, id: RowId, plan: &Plan) -> db::Result<()> {
    tx.changed(
        "update import_batch set plan = $3, version = version + 1 where org_id = $1 and import_id = $2 and state = 'preview'",
        values![org, id, as_json(plan)?],
    )
}

/// Puts an import away without writing; what was in the sheet is forgotten.
///
/// # Errors
/// `Conflict` when it waits no longer; database faults.
pub fn drop_batch(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<()> {
    tx.changed(
        "update import_batch set state = 'dropped', plan = '{}', version = version + 1
         where org_id = $1 and import_id = $2 and state = 'preview'",
        values![org, id],
    )
}

/// What somebody decided about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It is this known person.
    Is(PersonId),
    /// It is somebody new.
    New,
    /// Leave it out.
    Skip,
}

/// What an accepted import wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// New people.
    pub people: usize,
    /// Files that changed.
    pub changed: usize,
    /// Stays that began.
    pub stays: usize,
    /// Posts given.
    pub posts: usize,
    /// Cells founded.
    pub cells: usize,
    /// Rows left out.
    pub left: usize,
}

/// What a person's file was before an import changed it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Before {
    values: Values,
    /// The version the import left behind.
    version: i64,
}

/// As what missing cells are founded.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Code of the kind.
    pub kind: String,
    /// Symbol in document numbers.
    pub symbol: String,
}

/// What is accepted, and within which rights.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The plan as it waited.
    pub plan: Plan,
    /// What somebody decided about rows, by their number.
    pub choices: HashMap<usize, Choice>,
    /// Posts the person may give.
    pub posts: Posts,
    /// As what missing cells are founded; none when the person may not.
    pub founding: Option<Founding>,
}

/// Accepts an import: writes everything in the caller's transaction.
///
/// # Errors
/// `Conflict` when it waits no longer; database faults.
pub fn accept(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId, decision: &Decision) -> db::Result<Written> {
    let Decision { plan, choices, posts, founding } = decision;
    tx.changed(
        "update import_batch set state = 'accepted', accepted_at = $3, version = version + 1
         where org_id = $1 and import_id = $2 and state = 'preview'",
        values![org, id, actor.now],
    )?;
    let mut writer = Writer {
        actor,
        org,
        import: id,
        seq: 0,
        from: plan.from,
        posts: *posts,
        numbers: HashMap::new(),
        written: Written::default(),
    };
    let mut founded: HashMap<String, OrgId> = HashMap::new();
    if let (true, Some(founding)) = (plan.found, founding) {
        for name in plan.missing() {
            let cell = writer.found(tx, &name, founding)?;
            founded.insert(crate::member::import::bare(&name), cell);
        }
    }
    for row in &plan.rows {
        let cell = match &row.missing {
            Some(name) => founded.get(&crate::member::import::bare(name)).copied(),
            None => row.org.map(Id::new),
        };
        writer.row(tx, row, row.does(plan.found), cell, choices.get(&row.n).copied())?;
    }
    let written = writer.written;
    tx.exec("update import_batch set plan = $3 where org_id = $1 and import_id = $2", values![org, id, as_json(&written)?])?;
    audit::record(tx, actor, org, "import.accepted", &format!("import:{id}"), &format!("{}", written.people + written.changed))?;
    Ok(written)
}

struct Writer<'a> {
    actor: &'a Actor,
    org: OrgId,
    import: RowId,
    seq: i64,
    from: Date,
    posts: Posts,
    /// The last number given in a cell.
    numbers: HashMap<OrgId, i64>,
    written: Written,
}

impl Writer<'_> {
    fn note(&mut self, tx: &mut Tx, kind: &str, row: i64, before: Option<&str>) -> db::Result<()> {
        self.seq += 1;
        tx.exec(
            "insert into import_change (org_id, import_id, seq, kind, row_id, before) values ($1, $2, $3, $4, $5, $6)",
            values![self.org, self.import, self.seq, kind, row, before],
        )?;
        Ok(())
    }

    fn found(&mut self, tx: &mut Tx, name: &str, founding: &Founding) -> db::Result<OrgId> {
        let parent = orgs::get(tx, self.org, self.actor.today())?;
        let new = orgs::NewOrg {
            parent: Some(self.org),
            name: name.to_owned(),
            short_name: name.to_owned(),
            kind: founding.kind.clone(),
            symbol: founding.symbol.clone(),
            is_cell: true,
            place: parent.place.clone(),
            cell_type: None,
            born_on: self.from,
            document: None,
        };
        let cell = orgs::found(tx, self.actor, &new)?;
        let term = orgs::term_on(tx, self.org, self.actor.today())?.map(|t| t.1);
        let term = term.unwrap_or_else(|| format!("{}-{}", self.from.year(), self.from.year() + 5));
        orgs::open_term(tx, self.actor, cell, &term, self.from)?;
        self.note(tx, "org", cell.raw(), None)?;
        self.written.cells += 1;
        Ok(cell)
    }

    fn row(&mut self, tx: &mut Tx, row: &KeptRow, does: Action, cell: Option<OrgId>, choice: Option<Choice>) -> db::Result<()> {
        let known = row.person.map(PersonId::new);
        match (does, choice) {
            (Action::New, _) | (Action::Ask, Some(Choice::New)) => {
                let Some(cell) = cell else { return self.leave_out() };
                let person = self.new_person(tx, &row.values)?;
                self.join(tx, cell, person, row)?;
                self.appoint(tx, cell, person, row)
            }
            (Action::Ask, Some(Choice::Is(person))) => self.known(tx, person, row, cell),
            (Action::Change, _) => match known {
                Some(person) => self.known(tx, person, row, cell),
                None => self.leave_out(),
            },
            (Action::Same, _) => Ok(()),
            (Action::Ask | Action::Skip | Action::Error, _) => self.leave_out(),
        }
    }

    fn leave_out(&mut self) -> db::Result<()> {
        self.written.left += 1;
        Ok(())
    }

    fn known(&mut self, tx: &mut Tx, person: PersonId, row: &KeptRow, cell: Option<OrgId>) -> db::Result<()> {
        self.change(tx, person, &row.values)?;
        let Some(cell) = cell else { return Ok(()) };
        let here: Option<(OrgId,)> = tx.opt(
            "select org_id from membership where person_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)",
            values![person, self.actor.today()],
        )?;
        match here {
            Some((at,)) if at != cell => Ok(()),
            Some(_) => self.appoint(tx, cell, person, row),
            None => {
                self.join(tx, cell, person, row)?;
                self.appoint(tx, cell, person, row)
            }
        }
    }

    fn new_person(&mut self, tx: &mut Tx, v: &Values) -> db::Result<PersonId> {
        let id: PersonId = self.actor.id();
        tx.exec(
            "insert into person (person_id, name, sort_key, folded, birth_year, admitted_on, official_on, card_number,
             phone, email, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                id,
                v.name,
                vi::name_key(&v.name),
                vi::fold(&v.name),
                v.birth_year.map(i64::from),
                v.admitted,
                v.official,
                v.card,
                v.phone,
                v.email,
                self.actor.now
            ],
        )?;
        index::refresh(tx, self.actor.org, Kind::Person, id.raw())?;
        self.note(tx, "person", id.raw(), None)?;
        self.written.people += 1;
        Ok(id)
    }

    fn change(&mut self, tx: &mut Tx, person: PersonId, new: &Values) -> db::Result<()> {
        let (old, version) = undo::values_of(tx, person)?;
        let next = merged(&old, new);
        if next == old {
            return Ok(());
        }
        undo::write(tx, person, &Values::of(&next))?;
        let before = as_json(&Before { values: Values::of(&old), version: version + 1 })?;
        self.note(tx, "edit", person.raw(), Some(&before))?;
        self.written.changed += 1;
        Ok(())
    }

    fn join(&mut self, tx: &mut Tx, cell: OrgId, person: PersonId, row: &KeptRow) -> db::Result<()> {
        let (name, sort_key): (String, String) =
            tx.one("select name, sort_key from person where person_id = $1", values![person])?;
        let before: Option<i64> = tx.scalar_opt(
            "select number from membership where org_id = $1 and person_id = $2 order by from_date desc limit 1",
            values![cell, person],
        )?;
        let last = match self.numbers.get(&cell) {
            Some(last) => *last,
            None => tx.scalar("select coalesce(max(number), 0) from membership where org_id = $1", values![cell])?,
        };
        let number = before.unwrap_or(last + 1);
        self.numbers.insert(cell, last.max(number));
        let id: MembershipId = self.actor.id();
        tx.exec(
            "insert into membership (org_id, membership_id, person_id, standing, from_date, number, name, sort_key, import_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![cell, id, person, row.standing, self.from, number, name, sort_key, self.import],
        )?;
        self.note(tx, "stay", id.raw(), None)?;
        self.written.stays += 1;
        Ok(())
    }

    /// Gives the post the row names, where the rules and the importer's own rights allow it.
    fn appoint(&mut self, tx: &mut Tx, cell: OrgId, person: PersonId, row: &KeptRow) -> db::Result<()> {
        let Some(role) = row.role.as_deref().and_then(Role::from_code).filter(|r| self.posts.allow(*r)) else {
            return Ok(());
        };
        let new = Post { person, role, org: cell, from: self.actor.today().max(self.from), to: None };
        if person == self.actor.person || domain::post::appoint(&orgs::posts_ever(tx, cell)?, &new).is_err() {
            return Ok(());
        }
        let id: PostId = self.actor.id();
        tx.exec(
            "insert into post (org_id, post_id, person_id, role, from_date, import_id) values ($1, $2, $3, $4, $5, $6)",
            values![cell, id, person, role.code(), new.from, self.import],
        )?;
        audit::record(tx, self.actor, cell, "post.given", &format!("post:{id}"), role.code())?;
        self.note(tx, "post", id.raw(), None)?;
        self.written.posts += 1;
        Ok(())
    }
}

impl Batch {
    /// What an accepted import wrote.
    pub fn written(&self) -> Written {
        serde_json::from_str(&self.summary).unwrap_or_default()
    }
}
