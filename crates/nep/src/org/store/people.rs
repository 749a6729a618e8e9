//! Finding people within a part of the tree, for posts.
//! Touches persons, stays and posts, to read. Rules: P-10 (nobody outside the part of the tree is found).

use db::{Tx, values};
use domain::id::PersonId;
use domain::vi;
use jiff::civil::Date;

/// Somebody who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Someone {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// Year of birth.
    pub birth_year: Option<i64>,
    /// Where: name of a cell or committee.
    pub place: String,
}

db::row!(Someone { person, name, birth_year, place });

/// People who belong to a cell or hold a post at or below `path` today and whose name holds the words,
/// whole words first; at most 30.
///
/// # Errors
/// Database faults only.
pub fn find(tx: &mut Tx, path: &str, words: &str, on: Date) -> db::Result<Vec<Someone>> {
    let folded: String = vi::fold(words).chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    let like = format!("%{folded}%");
    let bounds = values![path, format!("{path}~"), on, like];
    let mut found: Vec<Someone> = tx.all(
        "select p.person_id, p.name, p.birth_year, n.short_name from membership m
         join org o on o.org_id = m.org_id join person p on p.person_id = m.person_id
         join org_name n on n.org_id = o.org_id and n.to_date is null
         where o.path >= $1 and o.path < $2 and m.from_date <= $3 and (m.to_date is null or m.to_date > $3)
           and p.folded like $4 order by p.sort_key, p.person_id limit 30",
        bounds,
    )?;
    let posts: Vec<Someone> = tx.all(
        "select p.person_id, p.name, p.birth_year, n.short_name from post t
         join org o on o.org_id = t.org_id join person p on p.person_id = t.person_id
         join org_name n on n.org_id = o.org_id and n.to_date is null
         where o.path >= $1 and o.path < $2 and t.from_date <= $3 and (t.to_date is null or t.to_date > $3)
           and p.folded like $4 order by p.sort_key, p.person_id limit 30",
        bounds,
    )?;
    for someone in posts {
        if !found.iter().any(|f| f.person == someone.person) {
            found.push(someone);
        }
    }
    found.truncate(30);
    Ok(found)
}

/// Whether a person belongs to a cell or holds a post at or below `path` on a date.
///
/// # Errors
/// Database faults only.
pub fn within(tx: &mut Tx, path: &str, person: PersonId, on: Date) -> db::Result<bool> {
    let bounds = values![path, format!("{path}~"), on, person];
    let stay: Option<(i64,)> = tx.opt(
        "select 1 from membership m join org o on o.org_id = m.org_id
         where o.path >= $1 and o.path < $2 and m.from_date <= $3 and (m.to_date is null or m.to_date > $3)
           and m.person_id = $4",
        bounds,
    )?;
    if stay.is_some() {
        return Ok(true);
    }
    let post: Option<(i64,)> = tx.opt(
        "select 1 from post t join org o on o.org_id = t.org_id
         where o.path >= $1 and o.path < $2 and t.from_date <= $3 and (t.to_date is null or t.to_date > $3)
           and t.person_id = $4",
        bounds,
    )?;
    Ok(post.is_some())
}
