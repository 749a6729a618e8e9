//! `nep verify`: the file, the trail, the ledger of sealed documents and the sums above (P-5, P-12). Says what is
//! wrong and where; changes nothing but the note of when it last looked.

use anyhow::bail;
use db::Db;
use jiff::Timestamp;

use super::{Place, say, words};
use crate::board::store::recount;
use crate::ledger;
use crate::system::store::{self, Check};

pub(super) fn run(place: &Place) -> anyhow::Result<()> {
    let db = place.open_as_it_is()?;
    check(&db)
}

/// Checks an open database and says what it found.
///
/// # Errors
/// When anything is wrong.
pub(super) fn check(db: &Db) -> anyhow::Result<()> {
    let mut wrong: Vec<String> =
        db.integrity().map_err(words::database)?.into_iter().map(|line| format!("tệp dữ liệu: {line}")).collect();
    let (now, broken) = (Timestamp::now(), wrong.len());
    let chains = db.read_now(ledger::verify::everything).map_err(words::database)?;
    let altered = chains.len();
    wrong.extend(chains);
    let rules = domain::rulepack::shipped().map_err(|e| anyhow::anyhow!("gói quy định có lỗi: {e}"))?;
    let sums = db.read_now(move |tx| recount::differences(tx, &rules)).map_err(words::database)?;
    wrong.extend(sums.into_iter().map(|line| format!("số liệu tổng hợp: {line}")));
    // A file that is broken may not be written to; the finding counts, not its note.
    let noted = db.write_now(move |tx| {
        store::note_check(tx, Check::File, now, broken)?;
        store::note_check(tx, Check::Chains, now, altered)
    });
    if wrong.is_empty() {
        noted.map_err(words::database)?;
    }
    if !wrong.is_empty() {
        wrong.iter().for_each(|line| say(&format!("SAI  {line}")));
        bail!("kiểm tra toàn vẹn: {} chỗ không khớp", wrong.len());
    }
    report(db)?;
    say("Toàn vẹn: tệp dữ liệu, nhật ký và sổ cái văn bản đã khóa đều khớp.");
    Ok(())
}

/// Counts and heads, to be compared with those of a copy.
pub(super) fn report(db: &Db) -> anyhow::Result<()> {
    let (counts, heads) =
        db.read_now(|tx| Ok::<_, db::Error>((store::counts(tx)?, store::heads(tx)?))).map_err(words::database)?;
    let counts: Vec<String> = counts.into_iter().map(|(name, n)| format!("{} {name}", domain::vi::number(n))).collect();
    say(&format!("Số lượng: {}.", counts.join(", ")));
    for (root, seq, hash) in heads {
        say(&format!("Sổ cái {root}: {} mục, mã cuối {hash}", domain::vi::number(seq)));
    }
    Ok(())
}
