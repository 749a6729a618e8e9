//! From what is known of a meeting's scores to its page.
//! May touch: facts, sheets and what was kept; no rows. Rules: L4 (figure → rule with source → facts), ST-04.

use domain::code::Code;
use domain::right::Right;
use domain::score::{Auto, Criterion, Facts, InUse, Points, ScoreSheet, gaps, needs_reason, suggest};
use domain::vi;
use domain::vote::{Subject, line};
use web::form::Form;

use super::facts::{case, may_be_scored};
use super::kept::{Kept, Line};
use super::page::{Field, Filling, Link, Row, ScorePage, Total};
use super::read::Known;
use super::store::Score;
use super::web::{Hand, field, is_of};
use super::year::{class, public_title};
use crate::actor::{Actor, local};
use crate::live::desk::{parts, when_where};
use crate::shell::{Shell, Under};
use crate::year::strip::cite;

/// The page; `typed` is a form that came back.
pub fn page(actor: &Actor, known: &Known, typed: Option<(Hand, &Form)>, done: &str) -> ScorePage {
    let meeting = known.meeting();
    let base = format!("/cb/{}/buoi/{}", meeting.org, meeting.id);
    let form = typed.map(|(_, f)| f.clone()).unwrap_or_default();
    let (writes, reads) = (actor.may(Right::MinutesWrite), actor.may(Right::NoticeRead));
    let kept: Vec<(&Score, Kept)> = known.scores.iter().filter_map(|s| Some((s, s.kept()?))).collect();
    let hand = hand(actor, known);
    let mut shell = Shell::new(actor, "Chấm điểm buổi sinh hoạt", Under::Meetings)
        .crumb(format!("/cb/{}/cham-diem/{}", meeting.org, meeting.starts_at.year()), "Chất lượng sinh hoạt");
    if reads {
        shell = shell.crumb(base.clone(), meeting.title.clone());
    }
    let own = kept.iter().find(|(s, _)| s.is_own()).map(|(_, k)| k);
    let question = question(actor, known, own);
    ScorePage {
        shell: shell.wrong(&form).done(done),
        script: web::assets::url("score.js"),
        style: web::assets::url("score.css"),
        parts: writes.then(|| parts(meeting, "cham-diem")),
        title: if reads { meeting.title.clone() } else { public_title(meeting.kind) },
        sub: if reads { when_where(meeting) } else { vi::date_weekday(meeting.starts_at.date()) },
        who: "Đảng viên chi bộ, cấp ủy viên theo dõi và cấp ủy cấp trên xem được điểm. Đây là điểm của buổi sinh hoạt, không phải điểm của từng người.",
        nothing: nothing(known),
        sheet: known.used.as_ref().map(|u| u.sheet.name.clone()).unwrap_or_default(),
        why: known.used.as_ref().map(|u| why_sheet(u, &known.rules)).unwrap_or_default(),
        totals: kept.iter().map(|(s, k)| total(s, k)).collect(),
        moved: moved(known, own),
        heads: kept.iter().filter(|(s, _)| !s.is_own()).map(|(s, _)| s.name.clone()).collect(),
        rows: rows(&kept),
        filling: hand.and_then(|h| filling(actor, known, h, typed.map(|(_, f)| f))),
        vote: if question.is_empty() { String::new() } else { format!("{base}/dieu-hanh?phan=bieu-quyet#bieu-quyet") },
        question,
        voted: voted(actor, known),
        base,
        form,
    }
}

/// Whether, and as what, a person fills in the sheet.
fn hand(actor: &Actor, known: &Known) -> Option<Hand> {
    known.ready()?;
    if actor.may(Right::MinutesWrite) && known.meeting().state.is_recording() {
        return Some(Hand::Own);
    }
    actor.may(Right::ScoreAbove).then_some(Hand::Above)
}

/// Why the meeting cannot be scored.
fn nothing(known: &Known) -> Option<(String, String)> {
    let meeting = known.meeting();
    let say = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    match &known.used {
        None => say(
            "Ngày này chưa có bảng chấm điểm.",
            "Phần mềm không có bảng chấm điểm nào có hiệu lực ngày này, nên buổi sinh hoạt không chấm điểm ở đây.",
        ),
        Some(used) if !used.sheet.applies(meeting.kind) => {
            let kinds: Vec<String> = used.sheet.kinds.iter().map(|k| k.label().to_lowercase()).collect();
            Some((
                "Loại buổi này không chấm theo bảng đang dùng.".to_owned(),
                format!("{} dùng cho buổi {}.", used.sheet.name, kinds.join(", ")),
            ))
        }
        Some(_) if !may_be_scored(meeting.state) => {
            say("Buổi sinh hoạt chưa khai mạc.", "Chấm điểm được từ khi khai mạc; số liệu của buổi hiện ở đây để gợi ý điểm.")
        }
        Some(_) => None,
    }
}

/// Where the sheet and its levels come from.
fn why_sheet(used: &InUse, rules: &domain::rulepack::Rules) -> Vec<String> {
    let sheet = &used.sheet;
    let mut out = vec![
        format!("{}: theo {} ({}, {}).", sheet.name, sheet.source.name, sheet.rule, sheet.confidence.label().to_lowercase()),
        format!("Bảng này được chọn theo {}.", used.chosen.citation()),
        format!(
            "Tốt từ {}, khá từ {}, trung bình từ {} điểm; thấp hơn là kém.",
            used.bands.good, used.bands.fair, used.bands.average
        ),
    ];
    if used.bands != sheet.bands {
        out.extend(["scoring.good", "scoring.fair", "scoring.average"].into_iter().filter_map(|k| rules.figure(k)).map(cite));
    }
    for gate in &sheet.gates {
        out.push(format!("Mức {} còn cần điểm tối đa ở các tiêu chí {}.", gate.band, vi::join(&gate.full)));
    }
    if !sheet.note.is_empty() {
        out.push(sheet.note.clone());
    }
    out
}

fn total(score: &Score, kept: &Kept) -> Total {
    let at = local(score.saved_at);
    let band = kept.level();
    Total {
        who: if score.is_own() { "Chi bộ tự chấm".to_owned() } else { format!("{}: đ/c {}", score.title, score.name) },
        points: kept.points(),
        band: band.map(|b| b.to_string()).unwrap_or_default(),
        class: class(band),
        why: kept.why.clone(),
        saved: format!("đ/c {} lưu lúc {} ngày {}", score.name, vi::time_short(at.time()), vi::date(at.date())),
    }
}

/// Criteria whose facts have changed since they were scored, while that can be put right.
fn moved(known: &Known, own: Option<&Kept>) -> String {
    match (known.ready(), own) {
        (Some((used, facts)), Some(kept)) if known.meeting().state.is_recording() => {
            kept.moved(used, case(facts), facts).join(", ")
        }
        _ => String::new(),
    }
}

/// The lines of the sheet as it was filled in, the cell's own first; where only superiors have, theirs.
fn rows(kept: &[(&Score, Kept)]) -> Vec<Row> {
    let Some((_, first)) = kept.first() else { return Vec::new() };
    let own = kept.iter().find(|(s, _)| s.is_own()).map(|(_, k)| k);
    let others: Vec<&Kept> = kept.iter().filter(|(s, _)| !s.is_own()).map(|(_, k)| k).collect();
    let row = |l: &Line| Row {
        id: l.id.clone(),
        text: l.text.clone(),
        group: l.group,
        max: l.most().to_string(),
        suggested: if l.group { String::new() } else { l.suggestion() },
        facts: l.facts.clone(),
        own: own.and_then(|k| k.line(&l.id)).map(Line::shown).unwrap_or_default(),
        reason: own.and_then(|k| k.line(&l.id)).map(|l| l.reason.clone()).unwrap_or_default(),
        above: others.iter().map(|k| beside(own, k, &l.id)).collect(),
    };
    first.lines.iter().map(row).collect()
}

/// What a superior gave, how it differs from the cell's own, and why.
fn beside(own: Option<&Kept>, other: &Kept, id: &str) -> (String, String, String) {
    let Some(line) = other.line(id) else {
        return ("–".to_owned(), String::new(), String::new());
    };
    // Groups differ by their sums, as criteria do.
    let all = |k: &Kept| -> Vec<(String, Option<Points>)> {
        k.lines.iter().map(|l| (l.id.clone(), l.points.map(Points::of_hundredths))).collect()
    };
    let differs = own.map(|o| gaps(&all(o), &all(other))).unwrap_or_default();
    let gap = differs.iter().find(|g| g.id == id).map(|g| g.difference().signed()).unwrap_or_default();
    (line.shown(), gap, line.reason.clone())
}

/// What the cell is asked to vote on.
fn question(actor: &Actor, known: &Known, own: Option<&Kept>) -> String {
    let open = actor.may(Right::MinutesWrite) && known.meeting().state.is_recording();
    match own.filter(|_| open).and_then(|k| Some((k.level()?, k.points()))) {
        Some((band, points)) => format!("Đánh giá buổi sinh hoạt xếp loại {band} ({points})"),
        None => String::new(),
    }
}

/// What the cell voted on its own score; for who may read the meeting.
fn voted(actor: &Actor, known: &Known) -> Vec<String> {
    if !actor.may(Right::CellRead) {
        return Vec::new();
    }
    let votes = known.record.votes.iter().filter(|v| v.subject == Subject::Score);
    votes
        .filter_map(|v| {
            let outcome = v.outcome().ok()?;
            let verdict = if outcome.passed { "được thông qua" } else { "không được thông qua" };
            Some(format!("{}: {}; {verdict}.", v.question.trim().trim_end_matches('.'), line(v.count(), &outcome)))
        })
        .collect()
}

fn filling(actor: &Actor, known: &Known, hand: Hand, typed: Option<&Form>) -> Option<Filling> {
    let (used, facts) = known.ready()?;
    let meeting = known.meeting();
    let case = case(facts);
    let saved = known.scores.iter().find(|s| is_of(s.scorer, hand, actor));
    let kept = saved.and_then(Score::kept);
    let asked = Asked { actor, known, facts, kept: kept.as_ref(), typed };
    let base = format!("/cb/{}/buoi/{}/cham-diem", meeting.org, meeting.id);
    let bands = &used.bands;
    let gate = |g: &domain::score::Gate| format!("{} {}", g.band.code(), g.full.join(" "));
    Some(Filling {
        action: if hand == Hand::Own { base } else { format!("{base}/cap-tren") },
        version: saved.map_or(0, |s| s.version),
        above: hand == Hand::Above,
        fields: used.sheet.criteria.iter().filter_map(|c| Some(asked.field(&used.sheet, c, c.max_in(case)?))).collect(),
        bands: [bands.good, bands.fair, bands.average].map(|p| p.hundredths().to_string()).join(" "),
        gates: used.sheet.gates.iter().map(gate).collect::<Vec<_>>().join(";"),
        total: used.sheet.total.to_string(),
        crossed: crossed(kept.as_ref(), typed, saved),
    })
}

/// Where what was typed differs from what somebody else has saved since.
fn crossed(kept: Option<&Kept>, typed: Option<&Form>, saved: Option<&Score>) -> Vec<String> {
    let (Some(kept), Some(form), Some(saved)) = (kept, typed, saved) else { return Vec::new() };
    if form.raw("version") == saved.version.to_string() {
        return Vec::new();
    }
    let differs = |l: &&Line| !l.group && Points::parse(form.raw(&field("d", &l.id))).map(Points::hundredths) != l.points;
    let words = |l: &Line| {
        let mine = form.raw(&field("d", &l.id)).trim();
        format!("{}. {}: đã lưu {}, đồng chí nhập {}.", l.id, l.text, l.shown(), if mine.is_empty() { "–" } else { mine })
    };
    kept.lines.iter().filter(differs).map(words).collect()
}

/// What the fields of a form are made of.
struct Asked<'a> {
    actor: &'a Actor,
    known: &'a Known,
    facts: &'a Facts,
    kept: Option<&'a Kept>,
    typed: Option<&'a Form>,
}

impl Asked<'_> {
    fn field(&self, sheet: &ScoreSheet, criterion: &Criterion, max: Points) -> Field {
        let plain = Field {
            id: criterion.id.clone(),
            name: criterion.id.replace('.', "_"),
            text: criterion.text.clone(),
            group: true,
            max: max.to_string(),
            ..Field::default()
        };
        if sheet.is_group(&criterion.id) {
            return plain;
        }
        let suggestion = suggest(criterion, max, self.facts);
        let (points, reason) = (field("d", &criterion.id), field("l", &criterion.id));
        let line = self.kept.and_then(|k| k.line(&criterion.id));
        // The most that needs no reason.
        let free = match suggestion.points {
            Some(suggested) => suggested,
            None if needs_reason(max, max, &suggestion) => max - Points::of_hundredths(1),
            None => max,
        };
        let shown = |p: Option<Points>| p.map(|p| p.to_string()).unwrap_or_default();
        let first = match line {
            Some(line) => shown(line.points.map(Points::of_hundredths)),
            None => shown(suggestion.points),
        };
        Field {
            group: false,
            most: max.hundredths(),
            suggested: shown(suggestion.points),
            free: free.hundredths(),
            points: self.typed.map_or(first, |f| f.raw(&points).to_owned()),
            reason: match self.typed {
                Some(form) => form.raw(&reason).to_owned(),
                None => line.map(|l| l.reason.clone()).unwrap_or_default(),
            },
            bad: self.typed.map(|f| f.problem_of(&points).to_owned()).unwrap_or_default(),
            bad_reason: self.typed.map(|f| f.problem_of(&reason).to_owned()).unwrap_or_default(),
            facts: suggestion.findings.iter().map(|f| f.text.clone()).collect(),
            why: self.why(criterion),
            links: self.links(criterion),
            ..plain
        }
    }

    /// The rules a criterion is measured by.
    fn why(&self, criterion: &Criterion) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for auto in &criterion.auto {
            let figures = auto.figures(self.facts.kind);
            if figures.is_empty() {
                out.push(format!("{}: quy định {}.", auto.label(), auto.rule()));
            }
            out.extend(figures.iter().filter_map(|k| self.known.rules.figure(k)).map(cite));
        }
        out
    }

    /// The ways to the facts that the person may go.
    fn links(&self, criterion: &Criterion) -> Vec<Link> {
        let meeting = self.known.meeting();
        let base = format!("/cb/{}/buoi/{}", meeting.org, meeting.id);
        let mut out: Vec<Link> = Vec::new();
        for auto in &criterion.auto {
            let (right, href, words) = match auto {
                Auto::Date | Auto::Length | Auto::Agenda => (Right::NoticeRead, base.clone(), "Xem chương trình, thời gian"),
                Auto::Attendance | Auto::Streak => (Right::MinutesWrite, format!("{base}/diem-danh"), "Xem điểm danh"),
                Auto::Committee => (Right::MeetingPrepare, format!("{base}/chuan-bi"), "Xem phần chuẩn bị"),
                Auto::Notice => (Right::MeetingPrepare, format!("{base}/thong-bao"), "Xem thông báo"),
                Auto::Documents => (Right::NoticeRead, base.clone(), "Xem tài liệu của buổi"),
                Auto::Speakers | Auto::Conclusion | Auto::Minutes => {
                    (Right::MinutesWrite, format!("{base}/bien-ban"), "Xem biên bản")
                }
                Auto::Resolution => {
                    (Right::CellRead, format!("/cb/{}/nhiem-vu?trang_thai=tat-ca", meeting.org), "Xem nhiệm vụ của nghị quyết")
                }
                Auto::Posted => match meeting.sealed {
                    Some(issued) => (Right::CellRead, format!("/cb/{}/van-ban/{issued}", meeting.org), "Xem văn bản đã khóa"),
                    None => continue,
                },
            };
            if self.actor.may(right) && out.iter().all(|(h, _)| *h != href) {
                out.push((href, words));
            }
        }
        out
    }
}
