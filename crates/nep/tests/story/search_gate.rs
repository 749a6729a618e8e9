//! Random trees, people and rows: everybody finds exactly what the gate would open, on each engine (P-10).

use std::collections::BTreeSet;

use db::{Tx, values};
use domain::code::Code;
use domain::id::{AccountId, OrgId, PersonId};
use domain::post::Role;
use domain::right::Right;
use domain::roll::Standing;
use domain::search::{Kind, Query};
use jiff::civil::{Date, date};
use nep::account::store as accounts;
use nep::actor::Actor;
use nep::fault::Fault;
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
            cell_type: None,
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

/// Rows of every need, and those that organisations and people are found by.
fn docs(tx: &mut Tx, dice: &mut Dice, made: &[(OrgId, bool)], people: &[PersonId]) -> Result<Vec<Doc>, Fault> {
    let mut out = Vec::new();
    for n in 0..150 {
        let need = dice.of(&[Right::CellRead, Right::CellRead, Right::MeetingPrepare, Right::SignedIn]);
        let own = need == Right::SignedIn;
        let doc = Doc {
            org: dice.of(made).0,
            kind: if own { Kind::Note } else { dice.of(&[Kind::Minutes, Kind::Task, Kind::Topic, Kind::Document]) },
            object: 9_000 + n,
            need,
            person: own.then(|| dice.of(people)),
            on: Some(date(2026, 11, 3)),
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
        need: Right::MemberManage,
        person: Some(*who),
        on: None,
        path: String::new(),
        title: String::new(),
        body: String::new(),
    }));
    Ok(out)
}

/// Whether the gate would let a person read what a row is of.
fn gate(tx: &mut Tx, actor: &Actor, doc: &Doc, today: Date) -> Result<bool, Fault> {
    let held = |tx: &mut Tx, org: OrgId, right: Right| -> Result<bool, Fault> {
        Ok(!accounts::within(tx, actor, BTreeSet::from([org]), right)?.is_empty())
    };
    match doc.need {
        Right::SignedIn => Ok(doc.person == Some(actor.person)),
        Right::MemberManage => {
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
        right => held(tx, doc.org, right),
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
            let docs = docs(tx, &mut dice, &made, &people)?;
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
                for doc in &docs {
                    if gate(tx, &actor, doc, today)? {
                        expected.insert((doc.org.raw(), doc.kind.code(), doc.object));
                    }
                }
                assert_eq!(found, expected, "{who} with {:?}", actor.places);
                seen += expected.len();
                hidden += docs.len() - expected.len();
            }
            Ok((seen, hidden))
        });
        assert!(seen > 200 && hidden > 2000, "the world tells something: {seen} {hidden}");
    });
}
