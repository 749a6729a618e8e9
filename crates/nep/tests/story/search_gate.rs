//! Random trees, people and rows: everybody finds exactly what the gate would open, on each engine (P-10).

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::guidance::{Distribution, GuidanceKind, GuidanceState, Reach, Weight};
use domain::id::{AccountId, OrgId, PersonId, RowId};
use domain::library::{EntryKind, EntryState, Subject, Text, reviews};
use domain::post::Role;
use domain::right::Right;
use domain::roll::Standing;
use domain::search::{Kind, Need, Query};
use jiff::civil::{Date, date};
use nep::account::store as accounts;
use nep::actor::{Actor, Standpoint};
use nep::fault::Fault;
use nep::guidance::store::blocks::{self, Words};
use nep::guidance::store::{self as guidance, Head, received};
use nep::library::store::{self as library, Begun, Written, shelf};
use nep::member::store::{self as members, NewPerson};
use nep::org::store::{self as orgs, NewOrg};
use nep::search::reach;
use nep::search::store::{self as search, Doc, Filter, source};

use crate::site::each;

/// A small generator, so that a failure can be run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(n).unwrap()).unwrap()
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Types of cell, as lists name them.
const TYPES: [&str; 2] = ["agency", "village"];

/// A tree of committees and cells under the topmost one.
fn tree(tx: &mut Tx, actor: &Actor, dice: &mut Dice, top: OrgId) -> Result<Vec<(OrgId, bool)>, Fault> {
    let mut made = vec![(top, false)];
    for n in 0..12 {
        let above: Vec<OrgId> = made.iter().filter(|o| !o.1).map(|o| o.0).collect();
        let is_cell = n > 2 && dice.below(4) > 0;
        let new = NewOrg {
            parent: Some(dice.of(&above)),
            name: format!("Đơn vị thử {n}"),
            short_name: format!("Đơn vị {n}"),
            kind: if is_cell { "cell_sub" } else { "part" }.to_owned(),
            symbol: "CB".to_owned(),
            is_cell,
            place: String::new(),
            cell_type: is_cell.then(|| dice.of(&TYPES).to_owned()),
            born_on: date(2024, 1, 1),
            document: None,
        };
        made.push((orgs::found(tx, actor, &new)?, is_cell));
    }
    Ok(made)
}

/// People with stays that hold, are suspended or are over, and posts of every kind anywhere.
fn people(tx: &mut Tx, actor: &Actor, dice: &mut Dice, made: &[(OrgId, bool)]) -> Result<Vec<PersonId>, Fault> {
    let cells: Vec<OrgId> = made.iter().filter(|o| o.1).map(|o| o.0).collect();
    let standings = [Standing::Official, Standing::Official, Standing::Probationary, Standing::Suspended, Standing::Exempt];
    let (born, mut out) = (date(2024, 1, 1), Vec::new());
    for n in 0..30 {
        let who = members::add_person(tx, actor, &NewPerson { name: format!("Người thử {n}"), ..NewPerson::default() })?;
        if dice.below(5) > 0 {
            let (cell, standing) = (dice.of(&cells), dice.of(&standings));
            members::join(tx, actor, cell, who, standing, born, None)?;
            if dice.below(6) == 0 {
                members::leave(tx, actor, cell, who, date(2026, 1, 1))?;
            }
        }
        let (org, role) = (dice.of(made).0, dice.of(Role::ALL));
        let taken = orgs::posts_on(tx, org, actor.today())?.iter().any(|p| p.role == Role::Secretary);
        if dice.below(2) == 0 && !(role == Role::Secretary && taken) {
            orgs::appoint(tx, actor, org, who, role, born, None)?;
        }
        out.push(who);
    }
    Ok(out)
}

/// What committees of the tree send down by every kind of list, some tied to a block of another, some not out.
fn sent(tx: &mut Tx, actor: &Actor, dice: &mut Dice, made: &[(OrgId, bool)]) -> Result<(), Fault> {
    let committees: Vec<OrgId> = made.iter().filter(|o| !o.1).map(|o| o.0).collect();
    for n in 0..40 {
        let from = dice.of(&committees);
        let kind = dice.of(GuidanceKind::ALL);
        let title = format!("Điều gửi thử {n}");
        let id = guidance::create(tx, actor, from, kind, &title, None)?;
        let list = Distribution {
            reach: dice.of(Reach::ALL),
            types: vec![dice.of(&TYPES).to_owned()],
            orgs: vec![dice.of(made).0, dice.of(made).0],
        };
        let head = Head { title, body: String::new(), period: None, number: String::new(), dated_on: None, list };
        guidance::save_head(tx, from, id, 1, &head)?;
        let documents = guidance::documents(tx, from)?;
        let document = documents.get(dice.below(3)).map(|d| d.0);
        let words = Words { weight: Weight::Suggested, title: "Mục".to_owned(), body: String::new(), minutes: 0, document };
        blocks::add(tx, actor, from, id, &words)?;
        if dice.below(5) > 0 {
            let draft = guidance::get(tx, from, id)?;
            guidance::issue(tx, actor, &draft, GuidanceState::Issued)?;
        }
    }
    Ok(())
}

/// Entries of the library in every state, spread by any committee.
fn entries(tx: &mut Tx, actor: &Actor, dice: &mut Dice, made: &[(OrgId, bool)]) -> Result<(), Fault> {
    let cells: Vec<OrgId> = made.iter().filter(|o| o.1).map(|o| o.0).collect();
    let committees: Vec<OrgId> = made.iter().filter(|o| !o.1).map(|o| o.0).collect();
    for n in 0..60 {
        let cell = dice.of(&cells);
        let begun = Begun { kind: EntryKind::Experience, period: None, year: 2026, cell_type: None };
        let text = Text { title: format!("Bài thử {n}"), ..Text::default() };
        let new = Written { text, subject: Subject::Other, presenter: String::new(), presenter_agrees: false };
        let id = library::begin(tx, actor, cell, &begun, &new)?;
        let entry = library::get(tx, cell, id)?;
        let any = dice.of(EntryState::ALL);
        match dice.of(&[EntryState::Published, EntryState::Submitted, EntryState::Returned, any]) {
            EntryState::Draft => {}
            EntryState::Withheld => library::withhold(tx, actor, &entry, EntryState::Withheld)?,
            EntryState::Submitted => library::submit(tx, actor, &entry, EntryState::Submitted)?,
            EntryState::Published => {
                library::decide(tx, actor, &entry, EntryState::Published, ("", Some(dice.of(&committees))))?;
            }
            state => library::decide(tx, actor, &entry, state, ("", None))?,
        }
    }
    Ok(())
}

/// Rows of every need, and those that organisations and people are found by.
fn docs(tx: &mut Tx, dice: &mut Dice, made: &[(OrgId, bool)], people: &[PersonId]) -> Result<Vec<Doc>, Fault> {
    let mut out = Vec::new();
    for n in 0..150 {
        let need = dice.of(&[Need::Read, Need::Read, Need::Lead, Need::Own]);
        let own = need == Need::Own;
        let doc = Doc {
            org: dice.of(made).0,
            kind: if own { Kind::Note } else { dice.of(&[Kind::Minutes, Kind::Task, Kind::Topic, Kind::Document]) },
            object: 9_000 + n,
            need,
            person: own.then(|| dice.of(people)),
            on: Some(date(2026, 11, 3)),
            under: None,
            path: "/x".to_owned(),
            title: format!("Mục {n}"),
            body: "chung một từ thử".to_owned(),
        };
        search::put(tx, &doc)?;
        out.push(doc);
    }
    for (org, _) in made {
        out.extend(source::of_org(tx, *org)?.into_iter().filter(|d| d.title.contains("thử")));
    }
    out.extend(people.iter().map(|who| Doc {
        org: OrgId::new(0),
        kind: Kind::Person,
        object: who.raw(),
        need: Need::People,
        person: Some(*who),
        on: None,
        under: None,
        path: String::new(),
        title: String::new(),
        body: String::new(),
    }));
    Ok(out)
}

/// At which organisations the pages of cells and of the library show what goes to others.
fn shown(tx: &mut Tx, doc: &Doc, made: &[(OrgId, bool)], today: Date) -> Result<BTreeSet<OrgId>, Fault> {
    let (id, mut out) = (RowId::new(doc.object), BTreeSet::new());
    for (org, is_cell) in made {
        let reader = orgs::get(tx, *org, today)?;
        let there = match doc.need {
            Need::Sent => *is_cell && received::one(tx, &reader, id).is_ok(),
            Need::Shelf => shelf::open(tx, &reader, doc.org, id).is_ok(),
            _ => false,
        };
        out.extend(there.then_some(*org));
    }
    Ok(out)
}

/// What the gate asks in the page of one row.
fn gate(tx: &mut Tx, actor: &Actor, doc: &Doc, at: &BTreeSet<OrgId>, today: Date) -> Result<bool, Fault> {
    let held = |tx: &mut Tx, org: OrgId, right: Right| -> Result<bool, Fault> {
        Ok(!accounts::within(tx, actor, BTreeSet::from([org]), right)?.is_empty())
    };
    let any = |tx: &mut Tx, right| -> Result<bool, Fault> { Ok(!accounts::within(tx, actor, at.clone(), right)?.is_empty()) };
    match doc.need {
        Need::Own => Ok(doc.person == Some(actor.person)),
        Need::Read => held(tx, doc.org, Right::CellRead),
        Need::Lead => held(tx, doc.org, Right::MeetingPrepare),
        Need::Stats => held(tx, doc.org, Right::CellStats),
        Need::Issue => held(tx, doc.org, Right::GuidanceIssue),
        Need::Sent => Ok(any(tx, Right::CellRead)? || held(tx, doc.org, Right::CellStats)?),
        Need::Shelf => Ok(any(tx, Right::CellRead)? || any(tx, Right::CellStats)?),
        Need::Review => {
            let Some(above) = orgs::get(tx, doc.org, today)?.parent() else { return Ok(false) };
            let stands = accounts::stands(tx, actor, BTreeSet::from([above]))?;
            let desk = |s: &Standpoint| reviews(&Actor { standpoint: s.clone(), ..actor.clone() }.position());
            let reviewing = stands.iter().any(|(_, _, s)| desk(s)) && held(tx, above, Right::CellStats)?;
            Ok(reviewing || held(tx, doc.org, Right::MeetingPrepare)?)
        }
        Need::People => {
            let cells: Vec<(OrgId,)> = tx.all(
                "select org_id from membership where person_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)",
                values![doc.person, today],
            )?;
            for (cell,) in cells {
                if held(tx, cell, Right::MemberManage)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

#[test]
fn nobody_finds_what_the_gate_refuses() {
    each(|site| async move {
        let top = site.cast.committee;
        let hands = site.hands("nguyenthiha", top);
        let today = hands.today();
        let (seen, hidden) = site.write(move |tx| {
            let mut dice = Dice(20_261_126);
            let made = tree(tx, &hands, &mut dice, top)?;
            let people = people(tx, &hands, &mut dice, &made)?;
            sent(tx, &hands, &mut dice, &made)?;
            entries(tx, &hands, &mut dice, &made)?;
            let docs = docs(tx, &mut dice, &made, &people)?;
            let mut at = Vec::new();
            for doc in &docs {
                at.push(shown(tx, doc, &made, today)?);
            }
            let mut by_need: BTreeMap<Need, (usize, usize)> = BTreeMap::new();
            let query = Query::read("thu").unwrap();
            let (mut seen, mut hidden) = (0, 0);
            for who in &people {
                let places = accounts::places(tx, *who, today)?;
                let actor = Actor { person: *who, account: AccountId::new(1), places, ..hands.clone() };
                let reach = reach::of(tx, &actor)?;
                let found: BTreeSet<(i64, &str, i64)> = search::find(tx, &reach, &query, Filter::default())?
                    .into_iter()
                    .map(|h| (h.org.raw(), h.kind.code(), h.object))
                    .collect();
                let mut expected = BTreeSet::new();
                for (doc, at) in docs.iter().zip(&at) {
                    let open = gate(tx, &actor, doc, at, today)?;
                    if open {
                        expected.insert((doc.org.raw(), doc.kind.code(), doc.object));
                    }
                    let counted = by_need.entry(doc.need).or_default();
                    *counted = (counted.0 + usize::from(open), counted.1 + usize::from(!open));
                }
                assert_eq!(found, expected, "{who} with {:?}", actor.places);
                seen += expected.len();
                hidden += docs.len() - expected.len();
            }
            for need in Need::ALL {
                let (open, shut) = by_need.get(need).copied().unwrap_or_default();
                assert!(open > 0 && shut > 0, "the world tells nothing of {need:?}: {by_need:?}");
            }
            Ok((seen, hidden))
        });
        assert!(seen > 200 && hidden > 2000, "the world tells something: {seen} {hidden}");
    });
}
