//! What lies in the database under the pages: first one of each, then many of each, so that a
//! question asked once for every row shows.

use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::guidance::{GuidanceKind, GuidanceState, Weight};
use domain::id::{MeetingId, OrgId, PersonId, RowId, TaskId};
use domain::library as shelf;
use domain::meeting::{MeetingKind, MeetingState};
use domain::minutes::SectionKey;
use domain::numbering::DocKind;
use domain::opening::Extent;
use domain::period::PeriodKey;
use domain::post::Role;
use domain::reminder::{About, Kind, Line};
use domain::resolution::{ResolutionState, TaskDraft};
use domain::roll::Standing;
use domain::rollup::Month;
use domain::sheet::{ChangeRow, ChangeSheet};
use domain::task::TaskState;
use jiff::Timestamp;
use jiff::civil::date;
use nep::actor::Actor;
use nep::guidance::store as guidance;
use nep::guidance::store::blocks::{self, Words};
use nep::ledger::store::{self as ledger, Sealing};
use nep::library::store::{self as library, Begun, Entry};
use nep::meeting::store::{self as meetings, Moment};
use nep::member::store::{self as members, NewPerson};
use nep::message::store as messages;
use nep::minutes::draft;
use nep::minutes::store::{self as minutes, NewText};
use nep::notice::store::opinions::{self, OpinionState, Written};
use nep::notice::store::replies::{self, Answer};
use nep::opening::store as openings;
use nep::org::store::{self as orgs, NewOrg, rules};
use nep::reorg::kept::{Entry as Wanted, What};
use nep::reorg::listed::Kept;
use nep::reorg::store::{self as programmes, Programme};
use nep::resolution::store::{self as resolutions, Text};
use nep::task::store::{self as tasks, Change};

use crate::site::Site;
use crate::stage;

/// Everybody of the cell whom tasks, items and words are spread over; the first two belong to pages.
const PEOPLE: [&str; 8] =
    ["lethianh", "nguyenthiha", "doquocbao", "leminhduc", "trinhcongdat", "phamvanan", "ngothiquynh", "danghuuphuoc"];

/// The objects the pages are about.
pub struct Rows {
    cell: OrgId,
    committee: OrgId,
    sealed: MeetingId,
    open: MeetingId,
    noticed: MeetingId,
    task: TaskId,
    programme: RowId,
    shelf: String,
    opening: String,
    document: String,
    orientation: String,
}

impl Rows {
    /// One of each.
    pub fn few(site: &Arc<Site>) -> Self {
        let (cell, committee) = (site.cast.cell, site.cast.committee);
        let sealed = month(site, 1, MeetingState::Sealed);
        let task = resolution(site, sealed, 1);
        let open = month(site, 11, MeetingState::Open);
        resolution(site, open, 1);
        let noticed = month(site, 12, MeetingState::Draft);
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| {
            let now = meetings::get(tx, cell, noticed)?;
            let moment = Moment { noticed_at: Some(hands.now), ..Moment::default() };
            Ok(meetings::save_state(tx, &hands, &now, MeetingState::Noticed, &moment)?)
        });
        let programme = programme(site, committee, cell, "phương án đầu");
        let shelf = shelve(site, 0);
        let opening = shared(site, (cell, committee));
        let (document, orientation) = (String::new(), String::new());
        let mut rows = Self { cell, committee, sealed, open, noticed, task, programme, shelf, opening, document, orientation };
        rows.around(site, 0);
        rows.document = rows.sent(site, GuidanceKind::Document);
        rows.orientation = rows.sent(site, GuidanceKind::Orientation);
        // Who is named in an agenda and has left is on no list of today.
        rows.left(site, "tranvansau");
        nep::board::work::carry_all(&site.app).unwrap();
        rows
    }

    /// Many of each, in the same places.
    pub fn many(&mut self, site: &Arc<Site>) {
        for n in 2..=7 {
            let meeting = month(site, n, MeetingState::Sealed);
            resolution(site, meeting, 4);
        }
        for n in 8..=10 {
            let meeting = month(site, n, MeetingState::Closed);
            resolution(site, meeting, 4);
        }
        resolution(site, self.sealed, 3);
        resolution(site, self.open, 3);
        for n in 1..=5 {
            self.around(site, n);
            shelve(site, n);
        }
        for _ in 0..4 {
            shared(site, (self.cell, self.committee));
        }
        for login in ["buithion", "hoangvanut"] {
            self.left(site, login);
        }
        for n in 0..3 {
            programme(site, self.committee, self.cell, &format!("phương án {n}"));
        }
        let hands = site.hands("nguyenthiha", self.cell);
        let anh = site.person("lethianh");
        for year in 2010..2014 {
            elsewhere(site, &hands, anh, year);
        }
        nep::board::work::carry_all(&site.app).unwrap();
    }

    /// A path with these objects in the place of its parameters.
    pub fn fill(&self, path: &str) -> String {
        let pairs = [
            ("{org}", self.cell.to_string()),
            ("{committee}", self.committee.to_string()),
            ("{sealed}", self.sealed.to_string()),
            ("{open}", self.open.to_string()),
            ("{noticed}", self.noticed.to_string()),
            ("{task}", self.task.to_string()),
            ("{programme}", self.programme.to_string()),
            ("{shelf}", self.shelf.clone()),
            ("{opening}", self.opening.clone()),
            ("{document}", self.document.clone()),
            ("{orientation}", self.orientation.clone()),
        ];
        pairs.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }

    /// What hangs on the meetings: items, words, opinions, answers, texts that came second; a figure
    /// of the committee's own; something sealed.
    fn around(&self, site: &Arc<Site>, n: usize) {
        let (cell, open, noticed) = (self.cell, self.open, self.noticed);
        let who = site.person(PEOPLE[n + 2]);
        let hands = site.hands("nguyenthiha", cell);
        for meeting in [open, noticed] {
            let item = item_of(site, cell, meeting, who);
            if meeting == open {
                stage::spoke(site, cell, meeting, item, who);
            }
        }
        let own = hands.at(who, cell, hands.now);
        site.write(move |tx| {
            replies::answer(tx, &own, cell, noticed, Answer::Coming, None)?;
            let body = format!("Ý kiến thứ {n}");
            let opinion = Written { id: None, version: 0, item: None, body, state: OpinionState::Sent, wants_floor: true };
            opinions::save(tx, &own, cell, noticed, &opinion)?;
            draft::begin(tx, &hands, cell, open)?;
            let text = NewText { body: "Viết sau", by: own.person, save_key: None };
            minutes::set_aside(tx, &own, cell, open, SectionKey::Conclusion, 1, &text)?;
            Ok(())
        });
        self.figure(site, n);
        self.issue(site, n);
        self.send(site, n);
        self.take_up(site);
    }

    /// One more line in the history of the resolution of the open meeting.
    fn take_up(&self, site: &Arc<Site>) {
        let (cell, open) = (self.cell, self.open);
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| {
            for r in resolutions::of_meeting(tx, cell, open)? {
                resolutions::save_state(tx, &hands, &r, r.state, r.vote, None)?;
            }
            Ok(())
        });
    }

    fn figure(&self, site: &Arc<Site>, n: usize) {
        const KEYS: [&str; 6] = [
            "meeting.regular_day",
            "meeting.regular_until_day",
            "meeting.min_minutes.regular",
            "meeting.min_minutes.combined",
            "meeting.post_docs_before_days",
            "meeting.post_results_within_days",
        ];
        let committee = self.committee;
        let hands = site.hands("tranvanlam", committee);
        let figure = rules::OwnFigure {
            org: committee,
            org_name: String::new(),
            key: KEYS[n].to_owned(),
            from: date(2020, 1, 1),
            to: None,
            value: "5".to_owned(),
            document: "Kết luận 12-KL/ĐU".to_owned(),
        };
        site.write(move |tx| Ok(rules::set_figure(tx, &hands, committee, &figure)?));
    }

    fn issue(&self, site: &Arc<Site>, n: usize) {
        let (cell, meeting) = (self.cell, self.sealed);
        let hands = site.hands("nguyenthiha", cell);
        let sealing = Sealing {
            kind: DocKind::Resolution,
            issued_on: date(2026, 11, 10),
            title: format!("về việc thứ {n}"),
            content: "{}".to_owned(),
            meeting: Some(meeting),
            corrects: None,
        };
        site.write(move |tx| ledger::seal(tx, &hands, cell, &sealing).map(drop));
    }

    /// The committee sends a document, and blocks for the coming month or the one before it.
    fn send(&self, site: &Arc<Site>, n: usize) {
        let (committee, cell, reader) = (self.committee, self.cell, site.person("lethianh"));
        let hands = site.hands("hothiclerk", committee);
        site.write(move |tx| {
            let id = guidance::create(tx, &hands, committee, GuidanceKind::Document, &format!("Tài liệu {n}"), None)?;
            let draft = guidance::get(tx, committee, id)?;
            guidance::issue(tx, &hands, &draft, GuidanceState::Issued)?;
            // One was told in a message, and waits.
            if n == 0 {
                let line = Line { kind: Kind::Document, org: cell, about: About::Sent(committee, id) };
                messages::keep(tx, &hands, hands.today(), (reader, cell), &[line])?;
            }
            let month = match n {
                0 => 12,
                1 => 11,
                _ => return Ok(()),
            };
            let key = PeriodKey::regular(2026, month);
            let id = guidance::create(tx, &hands, committee, GuidanceKind::Orientation, "Định hướng", key)?;
            for k in 0..=n * 4 {
                let words = Words {
                    weight: Weight::Required,
                    title: format!("Nội dung {k}"),
                    body: "Phổ biến, thảo luận.".to_owned(),
                    minutes: 10,
                    document: None,
                };
                blocks::add(tx, &hands, committee, id, &words)?;
            }
            let draft = guidance::get(tx, committee, id)?;
            guidance::issue(tx, &hands, &draft, GuidanceState::Issued)
        });
    }

    /// Something the committee has sent, of a kind.
    fn sent(&self, site: &Arc<Site>, kind: GuidanceKind) -> String {
        let committee = self.committee;
        let all = site.write(move |tx| Ok(guidance::issued(tx, committee, Timestamp::MIN, Timestamp::MAX)?));
        all.iter().rev().find(|g| g.kind == kind).map(|g| g.id.to_string()).unwrap()
    }

    /// Lets a member present an item of the coming meeting and then leave the cell.
    fn left(&self, site: &Arc<Site>, login: &str) {
        let (cell, who) = (self.cell, site.person(login));
        item_of(site, cell, self.noticed, who);
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| Ok(members::leave(tx, &hands, cell, who, date(2026, 11, 20))?));
    }
}

/// A table that gives two cells other names.
fn renamed() -> Vec<ChangeRow> {
    let row = |(number, org): (usize, &str)| ChangeRow {
        number,
        work: "đổi tên".to_owned(),
        org: org.to_owned(),
        name: format!("{org} mới"),
        ..ChangeRow::default()
    };
    [(2, "Chi bộ Thanh tra"), (3, "Chi bộ không có")].map(row).to_vec()
}

/// A programme of changes that would merge the cell into its sibling.
fn programme(site: &Arc<Site>, committee: OrgId, cell: OrgId, title: &str) -> RowId {
    let (hands, title, sibling) = (site.hands("tranvanlam", committee), title.to_owned(), site.cast.sibling);
    site.write(move |tx| {
        let what = What::Merge { orgs: vec![cell.raw()], into: sibling.raw() };
        let id = programmes::begin(tx, &hands, committee, &title, &[Wanted { n: 1, what }])?;
        let draft = Programme { on: Some(date(2026, 12, 1)), ..programmes::get(tx, committee, id)? };
        programmes::save(tx, &hands, &draft, "programme.edited")?;
        programmes::sheet::keep(
            tx,
            &hands,
            committee,
            id,
            "phuong-an.csv",
            &Kept::of(ChangeSheet { rows: renamed(), ..ChangeSheet::default() }),
        )?;
        Ok(id)
    })
}

fn item_of(site: &Arc<Site>, cell: OrgId, meeting: MeetingId, who: PersonId) -> domain::id::ItemId {
    let hands = site.hands("nguyenthiha", cell);
    let item = meetings::Item { presenter: Some(who), ..meetings::make::blank(Part::Content, Step::Discussion, "Thảo luận") };
    site.write(move |tx| meetings::add_item(tx, &hands, cell, meeting, &item))
}

/// The meeting of a month with its roll taken and two who spoke.
fn month(site: &Arc<Site>, n: u8, to: MeetingState) -> MeetingId {
    let cell = site.cast.cell;
    let day = date(2026, i8::try_from(n).unwrap(), 3);
    let key = PeriodKey::regular(2026, n).unwrap();
    let meeting = stage::prepared(site, cell, "nguyenthiha", MeetingKind::Regular, day, &[key]);
    let talk = stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Thảo luận", "");
    if to == MeetingState::Draft {
        return meeting;
    }
    stage::bring(site, cell, meeting, MeetingState::Open);
    stage::roll(site, cell, meeting, &[], day.at(14, 0, 0, 0));
    for login in &PEOPLE[..2] {
        stage::spoke(site, cell, meeting, talk, site.person(login));
    }
    if to != MeetingState::Open {
        stage::bring(site, cell, meeting, to);
    }
    meeting
}

/// A resolution in force whose tasks are spread over people, one reported and one sent back; gives the first task.
fn resolution(site: &Arc<Site>, meeting: MeetingId, count: usize) -> TaskId {
    let cell = site.cast.cell;
    let hands = site.hands("nguyenthiha", cell);
    let people: Vec<PersonId> = PEOPLE.iter().map(|login| site.person(login)).collect();
    site.write(move |tx| {
        let text = Text { title: "về nhiệm vụ".to_owned(), ..Text::default() };
        let id = resolutions::create(tx, &hands, cell, meeting, &text)?;
        let mut first = None;
        for n in 0..count {
            let who = |shift: usize| Some(people[(n + shift) % people.len()]);
            let draft = TaskDraft {
                content: format!("Việc {n}"),
                requirement: String::new(),
                measure: String::new(),
                deadline: Some(date(2026, 12, 10)),
                doer: who(0),
                checker: who(1),
                urger: who(2),
            };
            let task = tasks::add(tx, &hands, cell, id, meeting, &draft)?;
            first.get_or_insert(task);
        }
        let before = resolutions::get(tx, cell, id)?;
        resolutions::save_state(tx, &hands, &before, ResolutionState::Adopted, None, None)?;
        tasks::put_in_force(tx, &hands, cell, id, true)?;
        // Each of the two people of the pages does one, has one to check, urges one.
        for (doer, checker, urger) in [(0, 3, 4), (5, 0, 6), (7, 2, 0), (1, 4, 5), (6, 1, 3), (2, 5, 1)] {
            let draft = TaskDraft {
                content: "Việc của đồng chí".to_owned(),
                requirement: String::new(),
                measure: String::new(),
                deadline: None,
                doer: Some(people[doer]),
                checker: Some(people[checker]),
                urger: Some(people[urger]),
            };
            let task = tasks::add(tx, &hands, cell, id, meeting, &draft)?;
            tx.exec("update task set in_force = 1 where org_id = $1 and task_id = $2", db::values![cell, task])?;
            if checker <= 1 {
                let task = tasks::get(tx, cell, task)?;
                let change = Change { state: Some(TaskState::Reported), ..Change::default() };
                tasks::save_change(tx, &hands, &task, &change, "report", "", None)?;
            }
        }
        Ok(first.unwrap())
    })
}

/// A year in a cell that a person left long ago.
fn elsewhere(site: &Arc<Site>, hands: &Actor, person: PersonId, year: i16) {
    let (hands, committee) = (hands.clone(), site.cast.committee);
    site.write(move |tx| {
        let new = NewOrg {
            parent: Some(committee),
            name: format!("Chi bộ {year}"),
            short_name: format!("Chi bộ {year}"),
            kind: "cell_sub".to_owned(),
            symbol: "CB".to_owned(),
            is_cell: true,
            place: "Hà Tĩnh".to_owned(),
            cell_type: None,
            born_on: date(2000, 1, 1),
            document: None,
        };
        let org = orgs::found(tx, &hands, &new)?;
        let secretary = members::add_person(tx, &hands, &NewPerson { name: format!("Bí Thư {year}"), ..NewPerson::default() })?;
        orgs::appoint(tx, &hands, org, secretary, Role::Secretary, date(2000, 1, 1), None)?;
        members::join(tx, &hands, org, person, Standing::Official, date(year, 1, 1), None)?;
        members::leave(tx, &hands, org, person, date(year + 1, 1, 1))?;
        Ok(())
    });
}

/// A topic that the sibling wrote, published and taken by the cell; something of the cell's that waits for review.
fn shelve(site: &Arc<Site>, n: usize) -> String {
    let (cell, sibling, committee) = (site.cast.cell, site.cast.sibling, site.cast.committee);
    let year = 2020 + i16::try_from(n).unwrap();
    let period = PeriodKey::thematic(year, 1).unwrap();
    let (ha, lan) = (site.hands("nguyenthiha", cell), site.hands("phanthilan", sibling));
    let id = site.write(move |tx| {
        let written = |title: &str| library::Written {
            text: shelf::Text { title: format!("{title} {n}"), aim: "a".into(), content: "b".into(), result: "c".into() },
            subject: shelf::Subject::Work,
            presenter: "Đỗ Văn Trình".to_owned(),
            presenter_agrees: true,
        };
        let begun = |kind, period| Begun { kind, period, year, cell_type: None };
        let mut send = |hands: &Actor, begun: Begun, new: library::Written| -> Result<Entry, nep::fault::Fault> {
            let id = library::begin(tx, hands, hands.org, &begun, &new)?;
            library::files::add(tx, hands, hands.org, id, ("goi-y.txt", "text/plain", b"x"))?;
            let entry = library::get(tx, hands.org, id)?;
            library::submit(tx, hands, &entry, entry.state.submit(entry.kind, &entry.text(), true)?)?;
            Ok(library::get(tx, hands.org, id)?)
        };
        send(&ha, begun(shelf::EntryKind::Experience, None), written("Kinh nghiệm"))?;
        let entry = send(&lan, begun(shelf::EntryKind::Topic, Some(period)), written("Thảo luận"))?;
        library::decide(tx, &lan, &entry, entry.state.publish(false)?, ("", Some(committee)))?;
        library::uses::take(tx, &ha, cell, &entry, (period, None))?;
        Ok(entry.id)
    });
    format!("{sibling}/{id}")
}

/// The minutes of the year shown to the committee; the id of the opening.
fn shared(site: &Arc<Site>, (cell, committee): (OrgId, OrgId)) -> String {
    let hands = site.hands("nguyenthiha", cell);
    let month = |n| Month::of(date(2026, n, 1));
    let new = openings::New {
        to: committee,
        issued: None,
        months: Some((month(1), month(12))),
        extent: Extent::Minutes,
        reason: "Báo cáo kinh nghiệm".to_owned(),
        document: None,
        until: date(2026, 12, 31),
    };
    site.write(move |tx| Ok(openings::share(tx, &hands, cell, &new)?)).to_string()
}
