//! People of the demonstration: members with ages, standings and ways, posts in cells and
//! committees, and the accounts to sign in with.

use domain::id::{OrgId, PersonId};
use domain::post::Role;
use domain::roll::Standing;
use jiff::ToSpan;
use jiff::civil::Date;

use super::block::first_day;
use super::cell::{Block, Cell, Known, Ways};
use super::seed::Seed;
use super::{Maker, Seat, names};
use crate::account::store as accounts;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::member::store::{self as members, NewPerson};
use crate::org::store as orgs;

/// Members admitted in the two years.
pub(super) const JOINING: usize = 46;
/// Members who left the block in the two years.
pub(super) const LEAVING: usize = 31;

/// A person still to be entered.
struct Draft {
    new: NewPerson,
    standing: Standing,
    joined: Date,
    age: i64,
}

fn draft(seed: &mut Seed, today: Date) -> Draft {
    let woman = seed.chance(43);
    let bracket: i64 =
        seed.weighted(&[("25", 14), ("30", 20), ("36", 24), ("43", 20), ("50", 13), ("57", 6), ("64", 3)]).parse().unwrap_or(40);
    let age = (bracket + seed.between(0, 7)).min(75);
    let birth_year = i64::from(today.year()) - age;
    let admitted_age = seed.between(22, 34).min(age - 1);
    let year = i16::try_from(birth_year + admitted_age).unwrap_or(2010);
    let admitted =
        Date::new(year, i8::try_from(seed.between(1, 12)).unwrap_or(5), i8::try_from(seed.between(1, 28)).unwrap_or(19))
            .unwrap_or(today)
            .min(today);
    let official = admitted.checked_add(1.year()).ok();
    let card_number = seed.chance(92).then(|| format!("00.{:06}", seed.between(1, 999_999)));
    let joined = admitted.checked_add(seed.between(0, 2_500).days()).unwrap_or(admitted);
    Draft {
        new: NewPerson {
            name: names::full(seed, woman),
            birth_year: Some(birth_year),
            admitted_on: Some(admitted),
            official_on: official,
            card_number,
            ..NewPerson::default()
        },
        standing: Standing::Official,
        joined,
        age,
    }
}

fn ways(seed: &mut Seed) -> Ways {
    let speaks = match seed.below(10) {
        0 | 1 => 0,
        2..=4 => 12,
        5..=7 => 30,
        _ => 65,
    };
    let comes = if seed.chance(4) { 55 } else { 90 + u32::try_from(seed.between(0, 8)).unwrap_or(0) };
    let punctual = if seed.chance(12) { 35 } else { 70 + u32::try_from(seed.between(0, 25)).unwrap_or(0) };
    Ways { comes, speaks, punctual }
}

fn enter(maker: &mut Maker, actor: &Actor, cell: &mut Cell, one: &Draft, from: Date) -> Result<PersonId, Fault> {
    let person = members::add_person(maker.tx, actor, &one.new)?;
    members::join(maker.tx, actor, cell.org, person, one.standing, from, None)?;
    let ways = ways(&mut cell.seed);
    let active = one.standing.is_expected();
    let fit = one.standing == Standing::Official && (33..=61).contains(&one.age);
    cell.members.push(Known { person, name: one.new.name.clone(), ways, active, fit });
    Ok(person)
}

/// Enters the members a cell begins with.
pub(super) fn fill(maker: &mut Maker, actor: &Actor, block: &mut Block, at: usize, size: usize) -> Result<(), Fault> {
    let Some(cell) = block.cells.get_mut(at) else {
        return Ok(());
    };
    let first = first_day(maker.today());
    let mut taken: Vec<String> = Vec::new();
    for n in 0..size {
        let mut one = draft(&mut cell.seed, first);
        while taken.contains(&one.new.name) {
            one = draft(&mut cell.seed, first);
        }
        taken.push(one.new.name.clone());
        one.standing = standing(cell, n, &one);
        if one.standing == Standing::Probationary {
            let admitted = first.checked_sub(cell.seed.between(20, 330).days()).unwrap_or(first);
            one.new.admitted_on = Some(admitted);
            one.new.official_on = admitted.checked_add(1.year()).ok();
            one.new.card_number = None;
            one.joined = admitted;
        }
        let from = one.joined.min(first.checked_sub(30.days()).unwrap_or(first));
        enter(maker, actor, cell, &one, from)?;
    }
    Ok(())
}

/// The show case has one of each; elsewhere chance decides.
fn standing(cell: &mut Cell, n: usize, one: &Draft) -> Standing {
    if cell.show {
        return match n {
            14 => Standing::Exempt,
            15 => Standing::TemporaryHere,
            16 => Standing::TemporaryAway,
            _ => Standing::Official,
        };
    }
    // The first few lead the cell.
    if n < 5 {
        return Standing::Official;
    }
    match cell.seed.below(1_000) {
        0..=5 => Standing::TemporaryAway,
        6..=9 => Standing::TemporaryHere,
        10 => Standing::Suspended,
        11..=40 if one.age < 45 => Standing::Probationary,
        41..=200 if one.age >= 64 => Standing::Exempt,
        _ => Standing::Official,
    }
}

/// Admits a new member to a cell, probationary from that day on.
pub(super) fn admit(maker: &mut Maker, actor: &Actor, cell: &mut Cell, on: Date) -> Result<(), Fault> {
    let mut one = draft(&mut cell.seed, on);
    let age = cell.seed.between(24, 36);
    one.new.birth_year = Some(i64::from(on.year()) - age);
    one.new.admitted_on = Some(on);
    one.new.official_on = on.checked_add(1.year()).ok();
    one.new.card_number = None;
    one.standing = Standing::Probationary;
    enter(maker, actor, cell, &one, on).map(drop)
}

/// The technical administrator belongs to no cell.
pub(super) fn administrator(maker: &mut Maker, actor: &Actor, root: OrgId) -> Result<(PersonId, String), Fault> {
    let mut seed = Seed::new(24, 25);
    let name = names::full(&mut seed, false);
    let person =
        members::add_person(maker.tx, actor, &NewPerson { name: name.clone(), birth_year: Some(1990), ..NewPerson::default() })?;
    orgs::appoint(maker.tx, actor, root, person, Role::Admin, actor.today(), None)?;
    Ok((person, name))
}

/// Gives posts: leaders of each cell, committees above, and who follows which cell.
pub(super) fn lead(maker: &mut Maker, actor: &Actor, block: &mut Block) -> Result<(), Fault> {
    let first = first_day(maker.today());
    for cell in &mut block.cells {
        let from = first.checked_sub(cell.seed.between(60, 500).days()).unwrap_or(first);
        lead_cell(maker, actor, cell, from)?;
    }
    for (committee, _, below) in block.committees.clone() {
        let heads = committee_of(maker, actor, block, committee, &below)?;
        follow(maker, actor, block, &heads, &below)?;
    }
    let own: Vec<usize> =
        (0..block.cells.len()).filter(|i| block.cells.get(*i).is_some_and(|c| c.committee == block.root)).collect();
    let heads = committee_of(maker, actor, block, block.root, &own)?;
    follow(maker, actor, block, &heads, &own)
}

/// Gives a cell its leaders from a day on.
pub(super) fn lead_cell(maker: &mut Maker, actor: &Actor, cell: &mut Cell, from: Date) -> Result<(), Fault> {
    let mut able: Vec<PersonId> = cell.members.iter().filter(|m| m.fit).map(|m| m.person).collect();
    able.extend(cell.members.iter().filter(|m| m.active && !m.fit).map(|m| m.person));
    let posts = match cell.members.len() {
        ..9 => 2,
        9..15 => 3,
        _ => 5,
    };
    cell.leaders = able.into_iter().take(posts).collect();
    for (n, person) in cell.leaders.clone().into_iter().enumerate() {
        let role = match n {
            0 => Role::Secretary,
            1 => Role::Deputy,
            _ => Role::Committee,
        };
        orgs::appoint(maker.tx, actor, cell.org, person, role, from, None)?;
        if let Some(known) = cell.members.iter_mut().find(|m| m.person == person) {
            known.ways = Ways { comes: 97, speaks: known.ways.speaks.max(35), punctual: known.ways.punctual };
        }
    }
    cell.secretary = cell.leaders.first().copied().unwrap_or(cell.secretary);
    cell.deputy = cell.leaders.get(1).copied();
    Ok(())
}

/// A committee above cells: its secretary, deputy, members and clerk come from the cells below,
/// never from the first one, so that nobody in the show case has two hats.
fn committee_of(
    maker: &mut Maker,
    actor: &Actor,
    block: &Block,
    committee: OrgId,
    below: &[usize],
) -> Result<Vec<(PersonId, String)>, Fault> {
    let from = first_day(maker.today()).checked_sub(300.days()).unwrap_or(actor.today());
    let pool: Vec<(PersonId, String)> = below
        .iter()
        .skip(1)
        .filter_map(|i| block.cells.get(*i))
        .flat_map(|c| {
            c.members.iter().filter(|m| m.fit && !c.leaders.contains(&m.person)).take(3).map(|m| (m.person, m.name.clone()))
        })
        .collect();
    let roles = [Role::Secretary, Role::Deputy, Role::Clerk, Role::Committee, Role::Committee, Role::Committee, Role::Committee];
    let mut heads = Vec::new();
    for (head, role) in pool.into_iter().zip(roles) {
        orgs::appoint(maker.tx, actor, committee, head.0, role, from, None)?;
        if role == Role::Committee {
            heads.push(head);
        }
    }
    Ok(heads)
}

fn follow(
    maker: &mut Maker,
    actor: &Actor,
    block: &mut Block,
    heads: &[(PersonId, String)],
    below: &[usize],
) -> Result<(), Fault> {
    let from = first_day(maker.today()).checked_sub(200.days()).unwrap_or(actor.today());
    for (n, at) in below.iter().enumerate() {
        let Some(cell) = block.cells.get_mut(*at) else { continue };
        // Whoever belongs to a cell does not follow it.
        let outside = |h: &&(PersonId, String)| cell.members.iter().all(|m| m.person != h.0);
        let other = (0..heads.len()).filter_map(|k| heads.get((n + k) % heads.len())).find(outside).cloned();
        if let Some((person, _)) = &other {
            orgs::appoint(maker.tx, actor, cell.org, *person, Role::Follower, from, None)?;
        }
        cell.follower = other;
    }
    Ok(())
}

/// Accounts: everybody in the show case, and one person for each role above it. Returns the one
/// seat of each role, the secretary first.
pub(super) fn seat_all(maker: &mut Maker, block: &Block) -> Result<Vec<Seat>, Fault> {
    let Some(cell) = block.show() else {
        return Ok(Vec::new());
    };
    let today = maker.today();
    for known in &cell.members {
        account(maker, known.person, &known.name)?;
    }
    let mut seats = Vec::new();
    let mut plain = cell.plain().map(|m| m.person);
    let (scribe, plain) = (plain.next(), plain.next());
    let in_cell = [
        ("Bí thư chi bộ", Some(cell.secretary)),
        ("Phó bí thư chi bộ", cell.leaders.get(1).copied()),
        ("Chi ủy viên", cell.leaders.get(2).copied()),
        ("Thư ký các buổi sinh hoạt gần đây", scribe),
        ("Đảng viên", plain),
    ];
    for (role, person) in in_cell {
        if let Some(person) = person {
            seats.push(seat(maker, role, person, &cell.name)?);
        }
    }
    let held = orgs::posts_on(maker.tx, cell.org, today)?;
    if let Some(follower) = held.iter().find(|h| h.role == Role::Follower) {
        seats.push(seat(maker, "Cấp ủy viên theo dõi chi bộ", follower.person, &cell.name)?);
    }
    let above = orgs::get(maker.tx, cell.committee, today)?.name;
    for held in orgs::posts_on(maker.tx, cell.committee, today)? {
        match held.role {
            Role::Secretary => seats.push(seat(maker, "Bí thư đảng ủy cơ sở", held.person, &above)?),
            Role::Clerk => seats.push(seat(maker, "Cán bộ giúp việc cấp ủy", held.person, &above)?),
            _ => {}
        }
    }
    let top = orgs::get(maker.tx, block.root, today)?.short_name;
    seats.extend(super::board::seat(maker, block)?);
    account(maker, block.admin, &block.admin_name)?;
    seats.push(seat(maker, "Quản trị kỹ thuật (không xem nội dung)", block.admin, &top)?);
    Ok(seats)
}

fn account(maker: &mut Maker, person: PersonId, name: &str) -> Result<accounts::Account, Fault> {
    if let Some(account) = accounts::of_person(maker.tx, person)? {
        return Ok(account);
    }
    let hash = maker.hash.clone();
    let actor = maker.system.clone();
    Ok(accounts::set_password(maker.tx, &actor, person, name, &hash)?)
}

pub(super) fn seat(maker: &mut Maker, role: &str, person: PersonId, place: &str) -> Result<Seat, Fault> {
    let name = members::name(maker.tx, person)?;
    let login = account(maker, person, &name)?.login;
    Ok(Seat { role: role.to_owned(), name, login, place: place.to_owned() })
}
