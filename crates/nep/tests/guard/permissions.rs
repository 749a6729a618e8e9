//! Everyone sees only what their post allows (P-10, P-14, P-25): each route × role × organisation.
//! The expectation is written here by hand and knows nothing of the code that decides.

use std::collections::BTreeMap;

use axum::http::Method;
use db::{Engine, Tx};
use domain::code::Code;
use domain::right::Right;
use nep::app::table;
use web::routes::Line;

use crate::about::{KEPT, member_of};
use crate::client::{Client, pairs};
use crate::html::Form;
use crate::pages::{
    Target, check_table, every_page, filled, learn, mixed, name, names_object, of_meeting, plausible, targets, telling,
};
use crate::world::{REASON, ROLES, SENT, SPOTS, Spot, UNSENT, World};

/// Role, then its marks in: the cell, the sibling cell, the committee above, another committee,
/// a cell of that. In the order of `Right::ALL`: Public, SignedIn, NoticeRead, CellRead,
/// CellStats, MeetingPrepare, MeetingLead, MinutesWrite, TaskAct, MemberManage, OrgManage,
/// AccountManage, SystemAdmin, ScoreRead, ScoreAbove, GuidanceIssue, ContentOpen.
const MATRIX: &[(&str, [&str; 5])] = &[
    ("nobody", [OUT, OUT, OUT, OUT, OUT]),
    ("member", [MEMBER, NONE, NONE, NONE, NONE]),
    ("probationary", [MEMBER, NONE, NONE, NONE, NONE]),
    ("exempt", [MEMBER, NONE, NONE, NONE, NONE]),
    ("temporary", [MEMBER, NONE, NONE, NONE, NONE]),
    ("suspended", [NONE, NONE, NONE, NONE, NONE]),
    ("suspended_lead", [NONE, NONE, NONE, NONE, NONE]),
    ("former", [NONE, NONE, NONE, NONE, NONE]),
    ("sibling_member", [NONE, MEMBER, NONE, NONE, NONE]),
    ("sibling_secretary", [NONE, "xxxxxxxxxx.x.x...", NONE, NONE, NONE]),
    ("secretary", ["xxxxxxxxxx.x.x...", NONE, NONE, NONE, NONE]),
    ("deputy", ["xxxxxxxxxx...x...", NONE, NONE, NONE, NONE]),
    ("committee_member", ["xxxxxx.xxx...x...", NONE, NONE, NONE, NONE]),
    ("minutes_secretary", [MEMBER, NONE, NONE, NONE, NONE]),
    ("follower", ["xxx.x........xx..", NONE, NONE, NONE, NONE]),
    ("upper_follower", ["xxx.x........xx..", "xx..x........xx..", "xxxxxx.xxx...x.xx", NONE, NONE]),
    ("upper_secretary", ["xx..x....xx..xx..", "xx..x....xx..xx..", "xxxxxxxxxxxx.x.xx", NONE, NONE]),
    ("upper_member", ["xx..x........xx..", "xx..x........xx..", "xxxxxx.xxx...x.xx", NONE, NONE]),
    ("upper_clerk", ["xx..x....xxx.x...", "xx..x....xxx.x...", "xx..x....xxx.x.x.", NONE, NONE]),
    ("other_secretary", [NONE, NONE, NONE, "xxxxxxxxxxxx.x.xx", "xx..x....xx..xx.."]),
    ("other_cell_secretary", [NONE, NONE, NONE, NONE, "xxxxxxxxxx.x.x..."]),
    ("admin", ["xx........xxx....", "xx........xxx....", "xx........xxx....", NONE, NONE]),
];
const OUT: &str = "x................";
const NONE: &str = "xx...............";
const MEMBER: &str = "xxxx....x....x...";

/// What a right on a route does not tell: routes whose handler asks for more than the gate. Path,
/// and who of those the gate lets in may really come in.
type Narrower = fn(role: &str, target: &Target) -> bool;
const NARROWER: &[(&str, &str, Narrower)] = &[
    ("GET", "/tc/{org}/nhap", office),
    ("POST", "/tc/{org}/nhap", office),
    ("GET", "/tc/{org}/nhap/{id}", office),
    ("POST", "/tc/{org}/nhap/{id}/nhan", office),
    ("POST", "/tc/{org}/nhap/{id}/bo", office),
    ("POST", "/tc/{org}/nhap/{id}/hoan", office),
    ("POST", "/tc/{org}/nhap/{id}/lap", office),
    ("GET", "/tc/{org}/xep-loai/{year}", office),
    ("POST", "/tc/{org}/xep-loai/{year}", office),
    ("GET", "/tc/{org}/sap-xep-khoi", committee),
    ("POST", "/tc/{org}/sap-xep-khoi", committee),
    ("GET", "/tc/{org}/sap-xep-khoi/{programme}", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}", committee),
    ("GET", "/tc/{org}/sap-xep-khoi/{programme}/viec/{viec}", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}/viec/{viec}", committee),
    ("GET", "/tc/{org}/sap-xep-khoi/{programme}/chuc-vu", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}/chuc-vu", committee),
    ("GET", "/tc/{org}/sap-xep-khoi/{programme}/bang", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}/bang", committee),
    ("GET", "/tc/{org}/sap-xep-khoi/{programme}/bang/mau", committee),
    ("GET", "/tc/{org}/sap-xep-khoi/{programme}/bang/xem-truoc", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}/bang/xem-truoc", committee),
    ("GET", "/tc/{org}/sap-xep-khoi/{programme}/ke-hoach", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}/ke-hoach", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}/bo-viec", committee),
    ("POST", "/tc/{org}/sap-xep-khoi/{programme}/buoc", committee),
    ("POST", "/tc/{org}/kho/bai/{source}/{entry}/rong", reviewer),
    ("POST", "/tc/{org}/kho/bai/{source}/{entry}/go", reviewer),
    ("GET", "/tc/{org}/kho/duyet/{source}/{sent}", reviewer),
    ("POST", "/tc/{org}/kho/duyet/{source}/{sent}", reviewer),
    ("GET", "/tc/{org}/kho/duyet/{source}/{sent}/tep/{enclosed}", reviewer),
    ("GET", "/toi/xet-vang/{case}", concerned),
    ("POST", "/toi/xet-vang/{case}", concerned),
    ("GET", "/toi/xet-vang/{case}/pdf", concerned),
    ("GET", "/toi/ghi-nhan/{note}", concerned),
    ("POST", "/toi/ghi-nhan/{note}/y-kien", concerned),
    ("POST", "/toi/ghi-nhan/{note}/da-khac-phuc", concerned),
    ("GET", "/toi/tam-tu/{concern}", concerned),
    ("POST", "/toi/tam-tu/{concern}", concerned),
    ("POST", "/toi/tam-tu/{concern}/dong-y", concerned),
];

/// What is kept about a member on pages of their own is theirs alone there; chi ủy has pages of its own.
fn concerned(role: &str, target: &Target) -> bool {
    role == member_of(target.bundle.spot)
}

/// Programmes of changes are made by committees for what stands below them.
fn committee(_: &str, target: &Target) -> bool {
    !target.bundle.spot.is_cell()
}

/// What cells send up is reviewed by the committee directly above them, not by those who only see its figures.
fn reviewer(role: &str, target: &Target) -> bool {
    let committee = ["upper_follower", "upper_secretary", "upper_member", "upper_clerk", "other_secretary"];
    !target.bundle.spot.is_cell() && committee.contains(&role)
}

/// Lists for many cells are the work of the office, not of every member of the committee.
fn office(role: &str, target: &Target) -> bool {
    !target.bundle.spot.is_cell() && ["upper_secretary", "upper_clerk", "other_secretary"].contains(&role)
}

fn marks(role: &str, spot: Spot) -> &'static str {
    let row = MATRIX.iter().find(|(r, _)| *r == role).unwrap_or_else(|| panic!("the role {role} has no row in the table"));
    row.1[SPOTS.iter().position(|s| *s == spot).unwrap()]
}

fn holds(role: &str, right: Right, spot: Spot) -> bool {
    let at = Right::ALL.iter().position(|r| *r == right).unwrap();
    marks(role, spot).chars().nth(at) == Some('x')
}

/// Whether the gate is to let a role through to an address.
fn passes(role: &str, line: &Line, target: &Target) -> bool {
    let spot = target.bundle.spot;
    let named = role == "minutes_secretary"
        && spot == Spot::Cell
        && target.bundle.appointed
        && line.path.contains("{meeting}")
        && line.right == Right::MinutesWrite;
    holds(role, line.right, spot) || named
}

/// Whether a role is to see what is behind an address.
fn enters(role: &str, line: &Line, target: &Target) -> bool {
    let narrow = NARROWER.iter().find(|(m, p, _)| *m == line.method.as_str() && *p == line.path);
    // The committee's own meetings are for the committee, and for whoever is to write their minutes.
    let room = ["bien-ban", "dien-bien", "man-chieu"].iter().any(|p| line.path.ends_with(&format!("{{meeting}}/{p}")));
    let writes = line.right == Right::MinutesWrite || room;
    let writer = |t: &Target| role == "minutes_secretary" && t.bundle.appointed && writes;
    let own_meeting = |t: &Target| !t.bundle.of_committee || holds(role, Right::MeetingPrepare, t.bundle.spot) || writer(t);
    passes(role, line, target)
        && (!of_meeting(line.path) || own_meeting(target))
        && narrow.is_none_or(|(_, _, f)| f(role, target))
}

fn everyone() -> impl Iterator<Item = &'static str> {
    std::iter::once("nobody").chain(ROLES.iter().copied())
}

/// What went wrong, gathered so that one run shows all of it.
#[derive(Default)]
struct Report {
    cells: usize,
    wrong: Vec<String>,
}

impl Report {
    fn cell(&mut self, fine: bool, words: impl FnOnce() -> String) {
        self.cells += 1;
        if !fine {
            self.wrong.push(words());
        }
    }

    #[track_caller]
    fn done(self, what: &str) {
        println!("{what}: {} cells exercised", self.cells);
        let shown: Vec<&str> = self.wrong.iter().take(60).map(String::as_str).collect();
        assert!(self.wrong.is_empty(), "{} of {} cells are wrong:\n{}", self.wrong.len(), self.cells, shown.join("\n"));
    }
}

fn run(engine: Engine, test: impl AsyncFn(&World, &mut Report)) -> Option<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let world = World::on(engine)?;
    let mut report = Report::default();
    runtime.block_on(test(&world, &mut report));
    Some(report)
}

fn clients(world: &World) -> BTreeMap<&'static str, Client> {
    everyone().map(|role| (role, world.client(role))).collect()
}

#[test]
fn every_role_and_right_has_a_mark() {
    for (role, spots) in MATRIX {
        for marks in spots {
            assert_eq!(marks.len(), Right::ALL.len(), "{role}: a right without a mark");
        }
    }
    for role in everyone() {
        marks(role, Spot::Cell);
    }
}

#[test]
fn every_route_can_be_judged() {
    let world = World::on(Engine::Sqlite).unwrap();
    check_table(&world);
    for (method, path, _) in NARROWER {
        let known = table().iter().any(|l| l.method.as_str() == *method && l.path == *path);
        assert!(known, "{method} {path} has a row but is no route any more");
    }
}

#[test]
fn every_page_shows_itself_only_to_who_may_read_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let report = run(engine, async |world, report| {
            let clients = clients(world);
            for line in table().iter().filter(|l| l.method == Method::GET) {
                for spot in SPOTS {
                    for (role, client) in &clients {
                        read_cell(world, report, line, spot, role, client).await;
                    }
                }
            }
        });
        if let Some(report) = report {
            report.done(&format!("pages on {engine:?}"));
        }
    }
}

/// The same words stand in the content of every organisation; what is found of them is what the role may read.
#[test]
fn what_is_found_is_only_what_may_be_read() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let seen = std::cell::Cell::new(0);
        let report = run(engine, async |world, report| {
            let line = table().into_iter().find(|l| l.path == "/tim").unwrap();
            let clients = clients(world);
            for target in targets(world, &line, Spot::Cell).iter().take(1) {
                for (role, client) in clients.iter().filter(|(role, _)| **role != "nobody") {
                    for words in ["bai+dang+soan", "ke+hoach", "ket+luan", "phat+bieu", "goi+y&loai=guidance"] {
                        let answer = client.get(&format!("/tim?q={words}")).await;
                        report.cell(answer.status == 200, || format!("{role} searches {words}: {}", answer.status));
                        leaks(report, &line, role, target, &answer.text());
                        seen.set(seen.get() + usize::from(SPOTS.iter().any(|s| answer.text().contains(s.mark()))));
                    }
                }
            }
        });
        if let Some(report) = report {
            report.done(&format!("questions on {engine:?}"));
            assert!(seen.get() > 0, "nobody finds anything: the question says nothing");
        }
    }
}

async fn read_cell(world: &World, report: &mut Report, line: &Line, spot: Spot, role: &str, client: &Client) {
    let mut answers = Vec::new();
    for target in targets(world, line, spot) {
        let answer = client.get(&target.url).await;
        let status = answer.status;
        let say = |what: &str| format!("{role} reads {} in {spot:?}/{}: {status}, {what}", name(line), target.bundle.label);
        if !passes(role, line, &target) {
            let fine = if role == "nobody" { status == 303 && answer.to().starts_with("/dang-nhap") } else { status == 404 };
            report.cell(fine, || say("may not"));
        } else if enters(role, line, &target) {
            // 422 is a page that says why this cannot be done in the state it is in.
            report.cell([200, 303, 404, 422].contains(&status), || say("may"));
            answers.push(status);
        } else {
            report.cell(status == 404, || say("may not (narrower than its right)"));
        }
        leaks(report, line, role, &target, &answer.text());
    }
    let right_kind = line.path.starts_with("/cb/") == spot.is_cell() || !line.path.contains("{org}");
    if right_kind && !answers.is_empty() && line.right != Right::Public {
        let seen = answers.iter().any(|s| *s != 404);
        report.cell(seen, || format!("{role} reads {} in {spot:?}: allowed, but nothing is ever there", name(line)));
    }
}

/// No page may hold content of an organisation whose content the role may not read.
fn leaks(report: &mut Report, line: &Line, role: &str, target: &Target, body: &str) {
    // What a cell opened to a committee is there to be read by it: at that address, and the record that is open alone.
    let opened = line.path.starts_with("/tc/{org}/mo-noi-dung/{opening}/{record}")
        && holds(role, Right::ContentOpen, target.bundle.spot)
        && target.bundle.label.is_empty();
    for spot in SPOTS {
        if opened && spot == crate::opened::below(target.bundle.spot) {
            continue;
        }
        let reads = holds(role, Right::CellRead, spot) || (role == "minutes_secretary" && spot == Spot::Cell);
        let hears = reads || holds(role, Right::NoticeRead, spot);
        if (!reads && body.contains(spot.mark())) || (!hears && body.contains(&spot.agenda_mark())) {
            report.cell(false, || format!("{role} sees content of {spot:?} at {} ({})", target.url, name(line)));
        }
    }
    let spot = target.bundle.spot;
    // A page of one's own is the same at every spot.
    let author = ["member", "sibling_member", "other_cell_secretary"].contains(&role);
    let about = author || holds(role, Right::MeetingPrepare, spot);
    if body.contains(KEPT) && !about {
        report.cell(false, || format!("{role} sees what is kept about a member at {} ({})", target.url, name(line)));
    }
    let said = [(UNSENT, false), (SENT, true), (REASON, true)];
    for (word, told_to_leaders) in said.into_iter().filter(|(w, _)| body.contains(w)) {
        let leads = holds(role, Right::MeetingPrepare, spot) || (role == "minutes_secretary" && spot == Spot::Cell);
        if !(author || told_to_leaders && leads) {
            report.cell(false, || format!("{role} sees {word} at {} ({})", target.url, name(line)));
        }
    }
}

#[test]
fn an_action_without_its_key_is_refused_and_out_of_scope_it_does_not_exist() {
    let report = run(Engine::Sqlite, async |world, report| {
        let clients = clients(world);
        let before = snapshot(world);
        for line in table().iter().filter(|l| l.method == Method::POST) {
            for (role, client) in &clients {
                for target in SPOTS.into_iter().flat_map(|spot| telling(world, line, spot)) {
                    act_cell(report, line, role, client, &target).await;
                }
            }
        }
        let after = snapshot(world);
        report.cell(before == after, || format!("refused actions changed rows of {:?}", changed(&before, &after)));
    });
    report.unwrap().done("actions without key or right");
}

async fn act_cell(report: &mut Report, line: &Line, role: &str, client: &Client, target: &Target) {
    let open = line.right == Right::Public;
    let allowed = passes(role, line, target);
    let say = |how: &str, status| format!("{role} acts on {} at {} {how}: {status}", name(line), target.url);
    let bare = client.post(&target.url, &[]).await;
    match (role, allowed) {
        _ if open => {}
        ("nobody", _) => report.cell(bare.status == 303 && bare.to().starts_with("/dang-nhap"), || say("bare", bare.status)),
        (_, true) => report.cell(bare.status == 403, || say("without key", bare.status)),
        (_, false) => report.cell(bare.status == 404, || say("without key or right", bare.status)),
    }
    if role != "nobody" && !allowed {
        let keyed = client.act(&target.url, &[]).await;
        report.cell(keyed.status == 404, || say("with key but no right", keyed.status));
    }
    if role != "nobody" && !open {
        let foreign = client.post(&target.url, &pairs(&[("_k", "key-of-somebody-else")])).await;
        let expected = if allowed { 403 } else { 404 };
        report.cell(foreign.status == expected, || say("with another's key", foreign.status));
    }
}

#[test]
fn objects_of_one_organisation_are_not_reached_through_another() {
    let report = run(Engine::Sqlite, async |world, report| {
        let pairs_of = [
            ("secretary", Spot::Cell, Spot::Sibling),
            ("secretary", Spot::Cell, Spot::OtherCell),
            ("sibling_secretary", Spot::Sibling, Spot::Cell),
            ("upper_secretary", Spot::Committee, Spot::OtherCell),
            ("upper_clerk", Spot::Cell, Spot::OtherCell),
            ("upper_secretary", Spot::Sibling, Spot::Cell),
            ("admin", Spot::Cell, Spot::OtherCell),
        ];
        for line in table().iter().filter(|l| names_object(l.path)) {
            for (role, spot, from) in pairs_of {
                let client = world.client(role);
                for url in mixed(world, line, spot, from) {
                    stranger_cell(world, report, line, &client, &url, from).await;
                }
            }
        }
    });
    report.unwrap().done("objects through another organisation");
}

async fn stranger_cell(world: &World, report: &mut Report, line: &Line, client: &Client, url: &str, from: Spot) {
    let role = &client.name;
    if line.method == Method::GET {
        let answer = client.get(url).await;
        report.cell(answer.status == 404, || format!("{role} reads {url} of {from:?} ({}): {}", name(line), answer.status));
        return;
    }
    let before = rows_of(world, from);
    let answer = client.act(url, &[]).await;
    let say = |what: &str| format!("{role} acts on {url} of {from:?} ({}): {} {what}", name(line), answer.status);
    report.cell([404, 409, 422].contains(&answer.status), || say("was let in"));
    report.cell(before == rows_of(world, from), || say("changed rows of the other organisation"));
}

#[test]
fn an_allowed_action_with_its_key_is_answered() {
    let report = run(Engine::Sqlite, async |_, report| {
        for role in ACTING {
            let mut world = World::on(Engine::Sqlite).unwrap();
            let forms = learn(&world.client(role), &every_page(&world, &[Spot::Cell, Spot::Committee])).await;
            for line in table().iter().filter(|l| l.method == Method::POST && l.right != Right::Public) {
                let all = targets(&world, line, home_of(role));
                let open: Vec<&Target> = all.iter().filter(|t| enters(role, line, t)).collect();
                let mut seen = Vec::new();
                for target in &open {
                    // A page may be asked for with a query; its form goes to the address alone.
                    let form = forms.iter().find(|f| Some(f.action.as_str()) == target.url.split('?').next());
                    let fields = form.map_or_else(|| pairs(SAID), plausible);
                    let answer = world.client(role).act(&target.url, &fields).await;
                    let fine = answer.status < 500 && answer.status != 403;
                    report.cell(fine, || format!("{role} acts on {}: {}", target.url, answer.status));
                    seen.push(answer.status);
                    // Actions change things; the next one begins in a fresh world.
                    if answer.status == 303 || answer.headers.contains_key("set-cookie") {
                        world = World::on(Engine::Sqlite).unwrap();
                    }
                }
                let right_kind = line.path.starts_with("/cb/") == home_of(role).is_cell();
                if !seen.is_empty() && right_kind && line.path.contains("{org}") {
                    let there = seen.iter().any(|s| *s != 404);
                    report.cell(there, || format!("{role} on {}: allowed, but nothing is ever there: {seen:?}", name(line)));
                    let through = !PREPARED.iter().any(|p| line.path.ends_with(p)) || seen.contains(&303);
                    report.cell(through, || format!("{role} on {}: allowed, but never done: {seen:?}", name(line)));
                }
            }
        }
    });
    report.unwrap().done("allowed actions");
}

/// Actions that answer only where the world was made ready for them, and then must go through: two
/// texts that clash in one section, a list that names a cell which does not exist.
const PREPARED: &[&str] = &["/bien-ban/{section}/ghep", "/nhap/{id}/lap"];

/// The roles that between them hold every right.
const ACTING: &[&str] =
    &["secretary", "committee_member", "member", "minutes_secretary", "upper_secretary", "upper_clerk", "admin"];

/// Words without which an action does not know what is asked of it.
const SAID: &[(&str, &str)] = &[("viec", "len"), ("version", "1"), ("loai", "1")];

/// Actions that move or name people across the tree on purpose still stay within it.
#[test]
fn ids_of_another_tree_in_a_form_are_refused() {
    let report = run(Engine::Sqlite, async |_, report| {
        for role in ["secretary", "member", "upper_secretary", "upper_clerk", "admin"] {
            let world = World::on(Engine::Sqlite).unwrap();
            let client = world.client(role);
            let before = world_of_others(&world);
            let urls = every_page(&world, &[Spot::Cell, Spot::Sibling, Spot::Committee]);
            for form in learn(&client, &urls).await.iter().filter(|f| f.method == "post") {
                for (field, fields) in smuggled(&world, form) {
                    let answer = client.act(&form.action, &fields).await;
                    let say =
                        |what: &str| format!("{role} at {} with {field} of another tree: {} {what}", form.action, answer.status);
                    report.cell(answer.status < 500, || say("broke"));
                    let now = world_of_others(&world);
                    report.cell(now == before, || say(&format!("changed {:?}", changed(&before, &now))));
                    if now != before {
                        return;
                    }
                }
            }
        }
    });
    report.unwrap().done("forms with ids of another tree");
}

/// The form once for each field that holds an id, with the id of a like object of the other tree.
fn smuggled(world: &World, form: &Form) -> Vec<(String, Vec<(String, String)>)> {
    let own: BTreeMap<&String, &String> = [Spot::Cell, Spot::Sibling, Spot::Committee]
        .into_iter()
        .flat_map(|s| world.of(s))
        .flat_map(|b| b.params.iter().map(|(k, v)| (v, k)))
        .collect();
    let theirs = &world.of(Spot::OtherCell).nth(2).unwrap().params;
    let mut out = Vec::new();
    for field in form.fields.iter().filter(|f| f.name != "_k" && f.value.parse::<i64>().is_ok_and(|n| n > 1_000_000)) {
        // Ids that are in no bundle are those of people in a list.
        let kind = own.get(&field.value).map_or("person", |k| k.as_str());
        let Some(foreign) = theirs.get(kind).or(theirs.get("person")) else { continue };
        let mut fields = plausible(form);
        fields.retain(|(k, _)| *k != field.name);
        fields.push((field.name.clone(), foreign.clone()));
        out.push((format!("{} ({kind})", field.name), fields));
    }
    out
}

/// Everything of the other tree, and every row elsewhere that names one of its people or objects.
fn world_of_others(world: &World) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for spot in [Spot::OtherCommittee, Spot::OtherCell] {
        for (table, rows) in rows_of(world, spot) {
            out.insert(format!("{table} of {spot:?}"), rows);
        }
    }
    let foreign: Vec<String> = [Spot::OtherCommittee, Spot::OtherCell]
        .into_iter()
        .flat_map(|s| world.of(s))
        .flat_map(|b| b.params.values().cloned())
        .filter(|v| v.parse::<i64>().is_ok_and(|n| n > 1_000_000))
        .collect();
    for (table, rows) in snapshot(world) {
        let naming: Vec<&str> =
            rows.lines().filter(|row| row.split('|').any(|cell| foreign.iter().any(|id| id == cell))).collect();
        out.insert(table, naming.join("\n"));
    }
    out
}

/// Where a role has its post or membership.
fn home_of(role: &str) -> Spot {
    match role {
        "sibling_member" | "sibling_secretary" => Spot::Sibling,
        "other_secretary" => Spot::OtherCommittee,
        "other_cell_secretary" => Spot::OtherCell,
        "upper_secretary" | "upper_member" | "upper_clerk" | "admin" => Spot::Committee,
        _ => Spot::Cell,
    }
}

/// Tables that reading and signing in may write.
const PASSING: &[&str] = &["session", "device", "login_attempt", "schema_migration", "sqlite_sequence"];

fn tables(tx: &mut Tx) -> db::Result<Vec<(String, Vec<String>)>> {
    let rows: Vec<(String, String)> = tx.all(
        "select t.name, c.name from pragma_table_list t join pragma_table_info(t.name) c
         where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' order by t.name, c.cid",
        &[],
    )?;
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        out.entry(table).or_default().push(column);
    }
    Ok(out.into_iter().filter(|(t, _)| !PASSING.contains(&t.as_str())).collect())
}

/// Every row as text, table by table; `org` limits it to one organisation.
fn content(world: &World, org: Option<String>) -> BTreeMap<String, String> {
    let read = move |tx: &mut Tx| {
        let mut out = BTreeMap::new();
        for (table, columns) in tables(tx)? {
            let quoted: Vec<String> = columns.iter().map(|c| format!("quote(\"{c}\")")).collect();
            let limit = match &org {
                Some(org) if columns.iter().any(|c| c == "org_id") => format!(" where org_id = {org}"),
                Some(_) => continue,
                None => String::new(),
            };
            let sql = format!("select {} from \"{table}\"{limit} order by 1", quoted.join(" || '|' || "));
            let rows: Vec<(String,)> = tx.all(&sql, &[])?;
            out.insert(table, rows.into_iter().map(|r| r.0).collect::<Vec<_>>().join("\n"));
        }
        Ok::<_, db::Error>(out)
    };
    world.app.db.read_now(read).unwrap()
}

fn snapshot(world: &World) -> BTreeMap<String, String> {
    content(world, None)
}

fn rows_of(world: &World, spot: Spot) -> BTreeMap<String, String> {
    content(world, Some(world.org(spot)))
}

fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    before.iter().filter(|(t, rows)| after.get(*t) != Some(rows)).map(|(t, _)| t.clone()).collect()
}

#[test]
fn an_address_that_cannot_be_read_opens_nothing() {
    let report = run(Engine::Sqlite, async |world, report| {
        let client = world.client("secretary");
        for line in table().iter().filter(|l| l.path.contains("{org}")) {
            for org in ["%ff%fe", "%00", "x", "-1", "0", "9223372036854775808", "1%2f2", "%F0%9F%92%A9"] {
                let mut values = world.of(Spot::Cell).next().unwrap().params.clone();
                values.insert("org".to_owned(), org.to_owned());
                let Some(url) = filled(line.path, &values) else { continue };
                let answer = if line.method == Method::GET { client.get(&url).await } else { client.act(&url, &[]).await };
                report.cell([404, 400].contains(&answer.status), || format!("{url}: {}", answer.status));
            }
        }
    });
    // No route with an organisation yet would leave nothing to walk.
    let report = report.unwrap();
    if table().iter().any(|l| l.path.contains("{org}")) {
        report.done("unreadable addresses");
    }
}
