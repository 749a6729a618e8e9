//! Two editors of one section in every order of events a random walk can find: typing, saving by the
//! script with answers lost on the way, saving by the button, joining two texts, adopting. Whatever was
//! acknowledged stands in the text, or waits visibly to be joined, until a person takes it out (P-1, P-8).

use std::collections::BTreeSet;
use std::sync::Arc;

use db::{Engine, Tx};
use domain::id::{MeetingId, OrgId, RowId};
use domain::merge::{Merged, merge3};
use domain::minutes::SectionKey;
use nep::actor::Actor;
use nep::fault::Fault;
use nep::minutes::keep::{self, Decision, Sent};
use nep::minutes::store::{self, Saved};
use nep::minutes::{draft, seal};

use crate::holding::{Held, hold};
use crate::site::{Site, each};

/// A small generator of its own, so that a walk is the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).unwrap()
    }
}

/// What waits for an answer that may never come: sent whole and again under the same key.
#[derive(Clone)]
struct Attempt {
    text: String,
    base: i64,
    key: String,
}

/// A person with the section open.
struct Editor {
    hands: Actor,
    /// What stands in the field.
    text: String,
    /// What the page knows to be saved, and its version.
    saved: String,
    version: i64,
    pending: Option<Attempt>,
    /// Their words were set aside: they are on the page that joins.
    aside: Option<RowId>,
}

struct Walk<'a, 't> {
    tx: &'a mut Tx<'t>,
    at: (OrgId, MeetingId),
    dice: Dice,
    editors: [Editor; 2],
    /// Words that were typed, and of those which a person took out again.
    typed: usize,
    taken_out: BTreeSet<String>,
    /// Words in texts that the server acknowledged.
    acknowledged: BTreeSet<String>,
    adopted: bool,
    log: Vec<String>,
}

const KEY: SectionKey = SectionKey::Conclusion;

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split_whitespace().filter(|w| w.starts_with('§')).map(str::to_owned)
}

impl Walk<'_, '_> {
    fn row(&mut self) -> store::Row {
        store::section(self.tx, self.at.0, self.at.1, KEY).unwrap()
    }

    fn reload(&mut self, who: usize) {
        let row = self.row();
        let editor = &mut self.editors[who];
        (editor.text, editor.saved, editor.version) = (row.body.clone(), row.body, row.version);
        (editor.pending, editor.aside) = (None, None);
    }

    /// A word somewhere, a line of its own, or one's own last word taken out again.
    fn edit(&mut self, who: usize) {
        if self.editors[who].aside.is_some() {
            return;
        }
        let word = format!("§{}", self.typed);
        self.typed += 1;
        let editor = &mut self.editors[who];
        let mut tokens: Vec<String> = editor.text.split(' ').map(str::to_owned).collect();
        match self.dice.below(8) {
            0 if tokens.len() > 3 => {
                let at = self.dice.below(tokens.len());
                let gone = tokens.remove(at);
                self.taken_out.extend(words(&gone));
                self.log.push(format!("{who} takes out {gone:?}"));
            }
            1 | 2 => tokens.push(format!("\n{word}")),
            _ => {
                let at = self.dice.below(tokens.len() + 1);
                tokens.insert(at, word.clone());
            }
        }
        editor.text = tokens.join(" ").trim().to_owned();
        self.log.push(format!("{who} types {word}"));
    }

    /// The script saves; the answer may be lost, and then the same attempt is sent again.
    fn autosave(&mut self, who: usize) {
        let editor = &mut self.editors[who];
        if editor.aside.is_some() || editor.pending.is_none() && editor.text == editor.saved {
            return;
        }
        let fresh = Attempt { text: editor.text.clone(), base: editor.version, key: format!("k{who}-{}", self.log.len()) };
        let attempt = editor.pending.get_or_insert(fresh).clone();
        let (hands, lost) = (editor.hands.clone(), self.dice.below(4) == 0);
        let sent = Sent { text: &attempt.text, base: attempt.base, key: Some(&attempt.key), script: true, mended: None };
        self.log.push(format!("{who} saves on {} {}", attempt.base, if lost { "and hears nothing" } else { "" }));
        let answer = keep::keep(self.tx, &hands, self.at, KEY, &sent);
        if lost {
            return;
        }
        let editor = &mut self.editors[who];
        match answer {
            Ok(Some(Saved::Done { version, .. })) => {
                (editor.saved, editor.version, editor.pending) = (attempt.text.clone(), version, None);
                self.acknowledged.extend(words(&attempt.text));
            }
            Ok(Some(Saved::Aside(id))) => {
                editor.aside = Some(id);
                self.acknowledged.extend(words(&attempt.text));
            }
            Ok(None) => panic!("the script is never given a joined text"),
            Err(Fault::Refused(_)) => assert!(self.adopted, "only adopting stops saving"),
            Err(fault) => panic!("{fault}"),
        }
    }

    /// The button of the form; what fits together is joined at once and the page comes anew.
    fn submit(&mut self, who: usize) {
        if self.editors[who].aside.is_some() {
            return;
        }
        let (text, base, hands) = {
            let e = &self.editors[who];
            (e.text.clone(), e.version, e.hands.clone())
        };
        self.log.push(format!("{who} presses save on {base}"));
        let sent = Sent { text: &text, base, key: None, script: false, mended: None };
        match keep::keep(self.tx, &hands, self.at, KEY, &sent) {
            Ok(Some(Saved::Aside(id))) => {
                self.editors[who].aside = Some(id);
                self.acknowledged.extend(words(&text));
            }
            Ok(_) => {
                self.acknowledged.extend(words(&text));
                self.reload(who);
            }
            Err(Fault::Refused(_)) => assert!(self.adopted),
            Err(fault) => panic!("{fault}"),
        }
    }

    /// Two texts side by side: joined with the words of both, or the present one kept on purpose.
    fn decide(&mut self, who: usize) {
        let Some(aside) = self.editors[who].aside else {
            return;
        };
        let (org, id) = self.at;
        let mine = store::aside(self.tx, org, id, aside).unwrap();
        let row = self.row();
        let base = store::body_at(self.tx, org, id, KEY, mine.base).unwrap_or_default();
        let joined = match merge3(&base, &mine.body, &row.body) {
            Merged::Clean(text) => text,
            Merged::Conflict(conflict) => conflict.both,
        };
        let keep = self.dice.below(6) == 0;
        // Somebody may save between the page and its button.
        if self.dice.below(3) == 0 {
            self.edit(1 - who);
            self.autosave(1 - who);
        }
        let decision = Decision { aside, keep, version: row.version, joined: &joined };
        self.log.push(format!("{who} decides{}", if keep { " for the present text" } else { "" }));
        let hands = self.editors[who].hands.clone();
        match keep::decide(self.tx, &hands, self.at, KEY, &decision) {
            Ok(()) => {
                if keep {
                    self.taken_out.extend(words(&mine.body).filter(|w| !row.body.split_whitespace().any(|t| t == w)));
                }
                self.reload(who);
            }
            Err(Fault::Conflict) => {}
            Err(Fault::Refused(_)) => assert!(self.adopted),
            Err(fault) => panic!("{fault}"),
        }
    }

    /// The text is read back and adopted, unless somebody wrote in between.
    fn adopt(&mut self, who: usize) {
        let (org, id) = self.at;
        let read = draft::load(self.tx, org, id).unwrap();
        let mark = read.mark();
        if self.dice.below(3) == 0 {
            self.edit(1 - who);
            self.autosave(1 - who);
        }
        let hands = self.editors[who].hands.clone();
        self.log.push(format!("{who} adopts"));
        match seal::adopt_now(self.tx, &hands, org, id, Some(&mark)) {
            Ok(()) => {
                self.adopted = true;
                let now = draft::load(self.tx, org, id).unwrap();
                assert_eq!(now.mark(), mark, "what was read is what was adopted");
            }
            Err(Fault::Refused(_)) => {}
            Err(fault) => panic!("{fault}"),
        }
    }

    /// Where every acknowledged word is now.
    fn nothing_is_lost(&mut self) {
        let (org, id) = self.at;
        let present: BTreeSet<String> = words(&self.row().body).collect();
        let waiting: BTreeSet<String> =
            store::asides(self.tx, org, id).unwrap().iter().flat_map(|a| words(&a.body).collect::<Vec<_>>()).collect();
        let history: BTreeSet<String> =
            store::revisions(self.tx, org, id, KEY).unwrap().iter().flat_map(|r| words(&r.body).collect::<Vec<_>>()).collect();
        for word in &self.acknowledged.clone() {
            let stands = present.contains(word) || waiting.contains(word);
            assert!(stands || self.taken_out.contains(word), "{word} was lost\n{}", self.log.join("\n"));
            assert!(stands || history.contains(word) || self.kept_aside(word), "{word} left no trace\n{}", self.log.join("\n"));
        }
        assert!(!self.adopted || waiting.is_empty(), "adopted while words waited\n{}", self.log.join("\n"));
    }

    /// Words of a text that was set aside stay on record when somebody decided against them.
    fn kept_aside(&mut self, word: &str) -> bool {
        let found: Option<i64> = self
            .tx
            .scalar_opt(
                "select 1 from minutes_aside where org_id = $1 and meeting_id = $2 and body like '%' || $3 || '%' limit 1",
                db::values![self.at.0, self.at.1, word],
            )
            .unwrap();
        found.is_some()
    }
}

/// One walk; everything is undone at its end.
fn walk(site: &Arc<Site>, held: &Held, seed: u64) {
    let (org, id) = (site.cast.cell, held.id);
    let hands = ["lethianh", "nguyenthiha"].map(|login| site.hands(login, org));
    let done = site.app.db.write_now(move |tx| {
        let row = store::section(tx, org, id, KEY)?;
        let editors = hands.clone().map(|hands| Editor {
            hands,
            text: row.body.clone(),
            saved: row.body.clone(),
            version: row.version,
            pending: None,
            aside: None,
        });
        let mut walk = Walk {
            tx,
            at: (org, id),
            dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1),
            editors,
            typed: 0,
            taken_out: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            adopted: false,
            log: vec![format!("walk {seed}")],
        };
        for _ in 0..6 + walk.dice.below(12) {
            let who = walk.dice.below(2);
            match walk.dice.below(20) {
                0..=7 => walk.edit(who),
                8..=13 => walk.autosave(who),
                14..=15 => walk.submit(who),
                16..=18 => walk.decide(who),
                _ => walk.adopt(who),
            }
        }
        walk.nothing_is_lost();
        // Undone: the next walk begins where this one did.
        Err::<(), Fault>(Fault::Conflict)
    });
    assert!(matches!(done, Err(Fault::Conflict)), "walk {seed}: {done:?}");
}

#[test]
fn ten_thousand_orders_of_events_lose_no_word() {
    each(|site| async move {
        let held = hold(&site).await;
        // The first look at the minutes makes their sections.
        site.sign_in("lethianh").await.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let walks = match site.app.db.engine() {
            Engine::Sqlite => 10_000,
            Engine::Postgres => 500,
        };
        for seed in 0..walks {
            walk(&site, &held, seed);
        }
    });
}
