//! A block is dissolved into two on a day: prepared as a draft, decided, carried out by the worker, taken back,
//! done again. Rules: L10, TC-20 … TC-26, P-10; what was recorded before stays as it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Value;
use domain::id::{OrgId, RowId};
use domain::numbering::DocKind;
use domain::post::Role;
use domain::roll::Standing;
use domain::tree::ProgrammeState;
use jiff::civil::{Date, date};
use nep::actor::Actor;
use nep::fault::Fault;
use nep::ledger::store::{self as ledger, Sealing};
use nep::ledger::verify;
use nep::member::store::{self as members, NewPerson};
use nep::org::store::history::{self, Happened};
use nep::org::store::{self as orgs, NewOrg};
use nep::reorg::kept::{Entry, Renaming, What};
use nep::reorg::store::Programme;
use nep::reorg::{carry, store, work};

use crate::site::{Browser, Site, each};

const BORN: Date = date(2020, 1, 1);

/// A province with a block of committees, cells and people.
pub(crate) struct Ground {
    pub(crate) province: OrgId,
    pub(crate) block: OrgId,
    pub(crate) bases: Vec<OrgId>,
    pub(crate) cells: Vec<OrgId>,
    pub(crate) single: OrgId,
}

pub(crate) fn found(site: &Arc<Site>, parent: Option<OrgId>, name: &str, kind: &str) -> OrgId {
    let rule = site.app.rules.org_kind(kind).unwrap().clone();
    let new = NewOrg {
        parent,
        name: name.to_owned(),
        short_name: name.to_owned(),
        kind: kind.to_owned(),
        symbol: rule.symbol,
        is_cell: rule.is_cell,
        place: "Lào Cai".to_owned(),
        cell_type: None,
        born_on: BORN,
        document: None,
    };
    let hands = Actor::system(site.app.clock.now(), site.app.ids.clone());
    site.write(move |tx| {
        let org = orgs::found(tx, &hands, &new)?;
        orgs::open_term(tx, &hands, org, "2020-2025", BORN)?;
        Ok(org)
    })
}

pub(crate) fn people(site: &Arc<Site>, cell: OrgId, n: usize) {
    let hands = Actor::system(site.app.clock.now(), site.app.ids.clone());
    site.write(move |tx| {
        for i in 0..n {
            let new = NewPerson { name: format!("Đảng viên {cell} {i}"), ..NewPerson::default() };
            let who = members::add_person(tx, &hands, &new)?;
            members::join(tx, &hands, cell, who, Standing::Official, BORN, None)?;
        }
        Ok(())
    });
}

pub(crate) fn post(site: &Arc<Site>, org: OrgId, login: &str, role: Role) {
    let (hands, who) = (site.hands(login, org), site.person(login));
    site.write(move |tx| Ok(orgs::appoint(tx, &hands, org, who, role, BORN, None).map(drop)?));
}

pub(crate) fn block(site: &Arc<Site>) -> Ground {
    let province = found(site, None, "Đảng bộ tỉnh", "province");
    let block = found(site, Some(province), "Đảng bộ Khối các cơ quan tỉnh", "block");
    let bases: Vec<OrgId> =
        ["Ban Tổ chức", "Sở Y tế", "Sở Tư pháp"].map(|n| found(site, Some(block), &format!("Đảng bộ {n}"), "base")).to_vec();
    let mut cells = Vec::new();
    for (i, base) in bases.iter().enumerate() {
        for j in 0..2 {
            let cell = found(site, Some(*base), &format!("Chi bộ {i}.{j}"), "cell_sub");
            people(site, cell, 4);
            cells.push(cell);
        }
    }
    let single = found(site, Some(block), "Chi bộ cơ sở Thanh tra tỉnh", "cell_base");
    people(site, single, 5);
    // Accounts of the small committee hold posts here too.
    post(site, province, "hothiclerk", Role::Clerk);
    post(site, block, "tranvanlam", Role::Secretary);
    post(site, bases[1], "phanthilan", Role::Secretary);
    post(site, cells[0], "leminhduc", Role::Secretary);
    Ground { province, block, bases, cells, single }
}

/// Tables a programme changes, with how many columns they have.
const TABLES: &[(&str, usize)] = &[("org", 6), ("org_name", 12), ("org_edge", 6), ("term", 6), ("post", 8), ("membership", 13)];

/// Every row of those tables as text.
pub(crate) fn rows(site: &Arc<Site>) -> BTreeMap<&'static str, Vec<String>> {
    site.write(|tx| {
        let mut out = BTreeMap::new();
        for (table, width) in TABLES {
            let mut rows = Vec::new();
            tx.each(&format!("select * from {table} order by 1, 2"), &[], |row| {
                let cells = (0..*width).map(|i| row.get::<Value>(i)).collect::<db::Result<Vec<_>>>()?;
                assert!(row.get::<Value>(*width).is_err(), "{table} has more columns than {width}");
                rows.push(format!("{cells:?}"));
                Ok(())
            })?;
            rows.sort();
            out.insert(*table, rows);
        }
        Ok(out)
    })
}

/// Who stood under whom and was called what on a day, from the dated rows.
fn tree_on(site: &Arc<Site>, day: Date) -> Vec<(OrgId, Option<OrgId>, String, String)> {
    site.write(move |tx| {
        Ok(tx.all(
            "select e.org_id, e.parent_id, n.name, n.kind from org_edge e
             join org_name n on n.org_id = e.org_id and n.from_date <= $1 and (n.to_date is null or n.to_date > $1)
             where e.from_date <= $1 and (e.to_date is null or e.to_date > $1) order by e.org_id",
            db::values![day],
        )?)
    })
}

fn seal(site: &Arc<Site>, login: &str, org: OrgId, on: Date) {
    let hands = site.hands(login, org);
    let sealing = Sealing {
        kind: DocKind::Resolution,
        issued_on: on,
        title: "về công tác tháng".to_owned(),
        content: "{\"noi\":\"Đảng bộ Khối các cơ quan tỉnh\"}".to_owned(),
        meeting: None,
        corrects: None,
    };
    site.write(move |tx| ledger::seal(tx, &hands, org, &sealing).map(drop));
}

/// Sends a form with the version the programme has now.
pub(crate) async fn send(browser: &Browser, base: &str, path: &str, fields: &[(&str, &str)]) -> crate::site::Page {
    let version = browser.get(base).await.is(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{base}{path}"), &all).await
}

fn founded(site: &Arc<Site>, base: &str, name: &str) -> String {
    let (org, id) = parts(base);
    let entries = site.write(move |tx| Ok(store::get(tx, org, id)?.entries()?));
    let found = entries.iter().find_map(|e| match &e.what {
        What::Found { id, name: called, .. } if called == name => Some(id.to_string()),
        _ => None,
    });
    found.unwrap()
}

pub(crate) fn parts(base: &str) -> (OrgId, RowId) {
    let mut parts = base.split('/').rev();
    let id = parts.next().unwrap().parse().unwrap();
    (parts.nth(1).unwrap().parse().unwrap(), id)
}

/// Writes the draft through its pages; the address of the programme.
async fn drafted(site: &Arc<Site>, clerk: &Browser, g: &Ground) -> String {
    let list = format!("/tc/{}/sap-xep-khoi", g.province);
    clerk.post(&list, &[("ten", "")]).await.is(422).says(&["Hãy đặt tên"]);
    let base = clerk.post(&list, &[("ten", "Kết thúc Đảng bộ Khối")]).await.is(303).to;
    let province = g.province.to_string();
    for (name, kind) in [("Đảng bộ các cơ quan Đảng tỉnh", "party_agencies"), ("Đảng bộ Ủy ban nhân dân tỉnh", "government")]
    {
        send(clerk, &base, "/viec/lap", &[("ten", name), ("loai", kind), ("ve", &province)]).await.is(303);
    }
    let party = founded(site, &base, "Đảng bộ các cơ quan Đảng tỉnh");
    let government = founded(site, &base, "Đảng bộ Ủy ban nhân dân tỉnh");
    let (block, first) = (g.block.to_string(), g.bases[0].to_string());
    send(clerk, &base, "/viec/ket-thuc", &[("to_chuc", &block), ("duoi", &province)]).await.is(303);
    let move_first = [("ve", party.as_str()), ("to_chuc", first.as_str()), ("duoi", block.as_str())];
    send(clerk, &base, "/viec/chuyen", &move_first).await.is(303);
    clerk.get(&format!("{base}/ke-hoach")).await.is(200).says(&["chưa có ngày thực hiện"]);
    send(clerk, &base, "", &[("ten", "Kết thúc Đảng bộ Khối"), ("ngay", "01/03/2025"), ("van_ban", "")]).await.is(303);
    // What is left is named, then taken along in one press.
    clerk.get(&format!("{base}/ke-hoach")).await.is(200).says(&["chưa được xếp về đâu", "Đảng bộ Sở Y tế"]);
    let rest = [("ve", government.as_str()), ("con_lai", "1"), ("duoi", block.as_str())];
    send(clerk, &base, "/viec/chuyen", &rest).await.is(303);
    // The first post of one of the new ones; the other is left without a secretary.
    let lam = site.person("tranvanlam").to_string();
    clerk.get(&format!("{base}/chuc-vu?muc=1&q=lam")).await.is(200).says(&["Trần Văn Lâm"]);
    let first_post = [("muc", "1"), ("nguoi", lam.as_str()), ("chuc_vu", "secretary")];
    send(clerk, &base, "/chuc-vu", &first_post).await.is(303);
    let me = site.person("hothiclerk").to_string();
    let own = [("muc", "1"), ("nguoi", me.as_str()), ("chuc_vu", "deputy")];
    send(clerk, &base, "/chuc-vu", &own).await.is(422).says(&["Không ai tự ghi"]);
    let stranger = [("muc", "1"), ("nguoi", "12345678901"), ("chuc_vu", "deputy")];
    send(clerk, &base, "/chuc-vu", &stranger).await.is(404);
    base
}

#[test]
fn a_block_is_dissolved_into_two_on_its_day_taken_back_and_done_again() {
    each(|site| async move {
        site.at(date(2025, 2, 3).at(8, 0, 0, 0));
        let g = block(&site);
        seal(&site, "leminhduc", g.cells[0], date(2025, 2, 3));
        let clerk = site.sign_in("hothiclerk").await;
        let base = drafted(&site, &clerk, &g).await;
        let plan = clerk.get(&format!("{base}/ke-hoach")).await.is(200);
        plan.says(&["chưa ghi văn bản quyết định"]).says_not(&["Duyệt phương án</button>"]);
        let document = "Quyết định số 2345-QĐ/TU";
        send(&clerk, &base, "", &[("ten", "Kết thúc Đảng bộ Khối"), ("ngay", "01/03/2025"), ("van_ban", document)]).await.is(303);
        let plan = clerk.get(&format!("{base}/ke-hoach")).await.is(200).says(&[
            "Lập 2 tổ chức mới",
            "Chuyển 4 tổ chức về trực thuộc nơi khác; 6 tổ chức bên dưới cùng chuyển theo; trong đó có 29 đảng viên",
            "Kết thúc hoạt động 1 tổ chức",
            "Đồng chí Trần Văn Lâm, Bí thư Đảng bộ Khối các cơ quan tỉnh",
            "Đồng chí Trần Văn Lâm, Bí thư Đảng bộ các cơ quan Đảng tỉnh",
            "giữ nguyên tên và nơi trực thuộc cũ",
            "1 tổ chức mới chưa có bí thư",
        ]);
        let print = plan.field("ke_hoach");
        send(&clerk, &base, "/ke-hoach", &[("ke_hoach", "khác")]).await.is(200).says(&["Kế hoạch đã thay đổi"]);
        send(&clerk, &base, "/ke-hoach", &[("ke_hoach", &print)]).await.is(303);
        // Before its day nothing changes.
        let before = rows(&site);
        work::due(&site.app).unwrap();
        assert_eq!(rows(&site), before);
        clerk.get(&base).await.is(200).says(&["Đã duyệt, chờ đến ngày"]);
        let officer = site.sign_in("tranvanlam").await;
        let cell = g.cells[3];
        officer.get(&format!("/tc/{cell}")).await.is(200);
        let old = tree_on(&site, date(2025, 2, 28));
        site.at(date(2025, 3, 1).at(0, 5, 0, 0));
        work::due(&site.app).unwrap();
        work::due(&site.app).unwrap();
        // Nobody is signed in for a month.
        let (clerk, officer) = (site.sign_in("hothiclerk").await, site.sign_in("tranvanlam").await);
        carried(&site, &g, &base, &clerk, &officer).await;
        assert_eq!(tree_on(&site, date(2025, 2, 28)), old);
        undone_and_done_again(&site, &g, &base, (&clerk, &officer), &before, old).await;
    });
}

/// How things stand after the day.
async fn carried(site: &Arc<Site>, g: &Ground, base: &str, clerk: &Browser, officer: &Browser) {
    let (block, cell) = (g.block, g.cells[3]);
    clerk.get(base).await.is(200).says(&["Đã thực hiện", "Kế hoạch đã thực hiện", "Hoàn tác được đến"]);
    let (government, party) =
        (founded(site, base, "Đảng bộ Ủy ban nhân dân tỉnh"), founded(site, base, "Đảng bộ các cơ quan Đảng tỉnh"));
    let path: String = site.write(move |tx| Ok(tx.scalar("select path from org where org_id = $1", db::values![cell])?));
    let on_path = domain::tree::ids(&path).unwrap();
    assert_eq!(on_path, [g.province, government.parse().unwrap(), g.bases[1], cell]);
    // Secretaries keep their access, the old block's officer loses it where he has no new post.
    site.sign_in("phanthilan").await.get(&format!("/tc/{}", g.bases[1])).await.is(200);
    site.sign_in("leminhduc").await.get(&format!("/cb/{}/so-bien-ban", g.cells[0])).await.is(200);
    officer.get(&format!("/tc/{cell}")).await.is(404);
    officer.get(&format!("/tc/{block}/quan-ly")).await.is(404);
    officer.get(&format!("/tc/{party}")).await.is(200);
    officer.get(&format!("/tc/{}", g.bases[0])).await.is(200);
    clerk.get(&format!("/tc/{}", g.single)).await.is(200).says(&["Chuyển về trực thuộc: Đảng bộ Ủy ban nhân dân tỉnh"]);
    // What was sealed keeps the words it was sealed with.
    let cell = g.cells[0];
    let content: String = site.write(move |tx| Ok(tx.scalar("select content from issued where org_id = $1", db::values![cell])?));
    assert!(content.contains("Đảng bộ Khối"));
    assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
}

async fn undone_and_done_again(
    site: &Arc<Site>,
    g: &Ground,
    base: &str,
    (clerk, officer): (&Browser, &Browser),
    before: &BTreeMap<&'static str, Vec<String>>,
    old: Vec<(OrgId, Option<OrgId>, String, String)>,
) {
    let cell = g.cells[3];
    send(clerk, base, "/buoc", &[("buoc", "hoan-tac")]).await.is(303);
    let after = rows(site);
    for (table, rows) in before {
        assert_eq!(rows, &after[table], "{table}");
    }
    officer.get(&format!("/tc/{cell}")).await.is(200);
    clerk.get(&format!("/tc/{cell}")).await.is(200);
    let (base_org, moved) = (g.bases[1], date(2025, 3, 1));
    let said = site.write(move |tx| Ok(history::changes(tx, base_org)?));
    assert_eq!(said.iter().map(|c| (c.on, c.what)).collect::<Vec<_>>(), [(moved, Happened::Restored), (moved, Happened::Moved)]);
    assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
    // Done again, on a day that has come: at once.
    send(clerk, base, "/buoc", &[("buoc", "soan-lai")]).await.is(303);
    let again = clerk.get(&format!("{base}/ke-hoach")).await.is(200).says(&["Duyệt và thực hiện"]).field("ke_hoach");
    send(clerk, base, "/ke-hoach", &[("ke_hoach", &again)]).await.is(303);
    officer.get(&format!("/tc/{cell}")).await.is(404);
    assert_eq!(tree_on(site, date(2025, 2, 28)), old);
    // Something sealed under the new order: no way back, and the reason is said.
    site.at(date(2025, 3, 3).at(9, 0, 0, 0));
    seal(site, "leminhduc", g.cells[0], date(2025, 3, 3));
    let clerk = site.sign_in("hothiclerk").await;
    clerk.get(base).await.is(200).says(&["Chi bộ 0.0 đã khóa biên bản hoặc ban hành 1 văn bản"]);
    send_raw(site, &clerk, base, "hoan-tac").await.is(422).says(&["Không hoàn tác được nữa"]);
    site.at(date(2025, 3, 8).at(9, 0, 0, 0));
    let clerk = site.sign_in("hothiclerk").await;
    clerk.get(base).await.is(200).says(&["Đã quá 72 giờ"]);
    assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
}

/// A step whose button is no longer on the page.
async fn send_raw(site: &Arc<Site>, browser: &Browser, base: &str, step: &str) -> crate::site::Page {
    let (org, id) = parts(base);
    let version = site.write(move |tx| Ok(store::get(tx, org, id)?.version)).to_string();
    browser.post(&format!("{base}/buoc"), &[("version", &version), ("buoc", step)]).await
}

#[test]
fn what_was_built_on_the_new_order_stands_against_taking_it_back() {
    each(|site| async move {
        site.at(date(2025, 2, 3).at(8, 0, 0, 0));
        let g = block(&site);
        let hands = site.hands("hothiclerk", g.province);
        let made = found_in(g.province, "Đảng bộ các cơ quan Đảng tỉnh", "party_agencies", 1);
        let new = made.founds().unwrap();
        let entries = [
            made,
            Entry { n: 2, what: What::Move { orgs: vec![g.bases[0].raw()], to: new.raw() } },
            Entry { n: 3, what: What::Merge { orgs: vec![g.cells[3].raw()], into: g.cells[2].raw() } },
        ];
        let id = programme(&site, &hands, g.province, date(2025, 2, 1), &entries);
        approve(&site, &hands, g.province, id).unwrap();
        site.at(date(2025, 2, 3).at(9, 0, 0, 0));
        let why = |site: &Arc<Site>| {
            let (hands, province, library) = (site.hands("hothiclerk", g.province), g.province, site.app.rules.clone());
            site.write(move |tx| {
                let org = orgs::get(tx, province, hands.today())?;
                let p = store::get(tx, province, id)?;
                match carry::may_undo(tx, &hands, &org, &p, &library.at(hands.today())) {
                    Ok(_) => Ok(String::new()),
                    Err(Fault::Refused(refusal)) => Ok(refusal.text()),
                    Err(other) => Err(other),
                }
            })
        };
        assert_eq!(why(&site), "");
        // Someone new in the merged cell is no reason; a post there is, for it may rest on who came.
        people(&site, g.cells[2], 1);
        assert_eq!(why(&site), "");
        post(&site, g.cells[2], "doquocbao", Role::Secretary);
        assert!(why(&site).contains("Chi bộ 1.0 đã ghi chức vụ mới"), "{}", why(&site));
        let cell = g.cells[2];
        site.write(move |tx| Ok(tx.exec("delete from post where org_id = $1", db::values![cell]).map(drop)?));
        site.write(move |tx| Ok(tx.exec("update audit set action = 'x' where org_id = $1", db::values![cell]).map(drop)?));
        assert_eq!(why(&site), "");
        // A cell founded under the new committee, a figure it set, a changed name.
        let late = found(&site, Some(new), "Chi bộ lập sau", "cell_base");
        assert!(why(&site).contains("Chi bộ lập sau được lập hoặc chuyển đến"), "{}", why(&site));
        site.write(move |tx| {
            for table in ["org", "org_name", "org_edge", "term"] {
                tx.exec(&format!("delete from {table} where org_id = $1"), db::values![late])?;
            }
            Ok(())
        });
        assert_eq!(why(&site), "");
        let base = g.bases[0];
        site.write(move |tx| {
            Ok(tx
                .exec("update org_edge set document = 'khác' where org_id = $1 and to_date is null", db::values![base])
                .map(drop)?)
        });
        assert!(why(&site).contains("Nơi trực thuộc của Đảng bộ Ban Tổ chức đã được sửa"), "{}", why(&site));
    });
}

#[test]
fn a_programme_that_no_longer_fits_on_its_day_waits_and_says_why() {
    each(|site| async move {
        site.at(date(2025, 2, 3).at(8, 0, 0, 0));
        let g = block(&site);
        let hands = site.hands("hothiclerk", g.province);
        let go = Entry { n: 1, what: What::Move { orgs: vec![g.cells[0].raw()], to: g.bases[1].raw() } };
        let id = programme(&site, &hands, g.province, date(2025, 3, 1), std::slice::from_ref(&go));
        assert_eq!(approve(&site, &hands, g.province, id).unwrap(), ProgrammeState::Approved);
        // The cell moves there by another decision meanwhile.
        let other = programme(&site, &hands, g.province, date(2025, 2, 2), std::slice::from_ref(&go));
        assert_eq!(approve(&site, &hands, g.province, other).unwrap(), ProgrammeState::Carried);
        site.at(date(2025, 3, 1).at(0, 5, 0, 0));
        let before = rows(&site);
        work::due(&site.app).unwrap();
        assert_eq!(rows(&site), before);
        let base = format!("/tc/{}/sap-xep-khoi/{id}", g.province);
        let clerk = site.sign_in("hothiclerk").await;
        clerk.get(&base).await.is(200).says(&["chưa thực hiện được", "Chi bộ 0.0 đang trực thuộc Đảng bộ Sở Y tế"]);
        send(&clerk, &base, "/buoc", &[("buoc", "thuc-hien")]).await.is(422);
        send(&clerk, &base, "/buoc", &[("buoc", "soan-lai")]).await.is(303);
        send(&clerk, &base, "/buoc", &[("buoc", "bo")]).await.is(303);
        clerk.get(&base).await.is(200).says(&["Đã bỏ"]);
        // Cells have no programmes, and who sees figures only does not see them.
        clerk.get(&format!("/tc/{}/sap-xep-khoi", g.cells[0])).await.is(404);
        site.sign_in("leminhduc").await.get(&base).await.is(404);
    });
}

fn found_in(parent: OrgId, name: &str, kind: &str, n: i64) -> Entry {
    let id = 9_000_000 + parent.raw() % 1_000_000 * 100 + n;
    let what = What::Found { id, kind: kind.to_owned(), name: name.to_owned(), parent: parent.raw(), posts: Vec::new() };
    Entry { n, what }
}

/// A draft made directly.
fn programme(site: &Arc<Site>, hands: &Actor, org: OrgId, on: Date, entries: &[Entry]) -> RowId {
    let (hands, entries) = (hands.clone(), entries.to_vec());
    site.write(move |tx| {
        let id = store::begin(tx, &hands, org, "Phương án", &entries)?;
        let p = store::get(tx, org, id)?;
        let p = Programme { on: Some(on), document: "QĐ 1".to_owned(), ..p };
        store::save(tx, &hands, &p, "programme.edited")?;
        Ok(id)
    })
}

fn approve(site: &Arc<Site>, hands: &Actor, org: OrgId, id: RowId) -> Result<ProgrammeState, Fault> {
    let (hands, library) = (hands.clone(), site.app.rules.clone());
    site.app.db.write_now(move |tx| {
        let here = orgs::get(tx, org, hands.today())?;
        let p = store::get(tx, org, id)?;
        let ready = carry::prepare(tx, &here, &p, &library)?;
        carry::approve(tx, &hands, &here, &p, &ready, &library)
    })
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n.max(1)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(of.len());
        &of[at]
    }
}

/// A random programme for a tree; some do not fit.
fn wish(dice: &mut Dice, g: &Ground, n: i64) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut say = |what: What| {
        let n = i64::try_from(out.len()).unwrap() + 1;
        out.push(Entry { n, what });
    };
    let made = found_in(g.province, &format!("Đảng bộ mới {n}"), "government", n);
    let new = made.founds().unwrap().raw();
    for _ in 0..=dice.below(3) {
        let (cell, other) = (dice.one(&g.cells).raw(), dice.one(&g.cells).raw());
        let (base, second) = (dice.one(&g.bases).raw(), dice.one(&g.bases).raw());
        match dice.below(7) {
            0 => say(What::Move { orgs: vec![cell], to: base }),
            1 => say(What::Merge { orgs: vec![cell], into: other }),
            2 => say(What::Merge { orgs: vec![base], into: second }),
            3 => {
                let name = Some(format!("Đảng bộ đổi tên {n}"));
                say(What::Recast { orgs: vec![Renaming { org: base, name, kind: None }] });
            }
            4 => say(What::Unify { kinds: vec!["cell_base".to_owned(), "cell_sub".to_owned()], to: "cell".to_owned() }),
            _ => {
                say(made.what.clone());
                say(What::Move { orgs: g.bases.iter().map(|b| b.raw()).chain([g.single.raw()]).collect(), to: new });
                say(What::End { orgs: vec![g.block.raw()] });
            }
        }
    }
    out
}

#[test]
fn random_programmes_taken_back_leave_every_row_as_it_was() {
    each(|site| async move {
        site.at(date(2026, 9, 3).at(8, 0, 0, 0));
        let g = block(&site);
        for cell in &g.cells {
            seal(&site, "leminhduc", *cell, date(2026, 9, 3));
        }
        site.at(date(2026, 9, 3).at(9, 0, 0, 0));
        let hands = site.hands("hothiclerk", g.province);
        let (mut dice, mut done) = (Dice(20_250_201), 0);
        for n in 0..60 {
            let entries = wish(&mut dice, &g, n);
            let (before, old) = (rows(&site), tree_on(&site, date(2026, 8, 31)));
            let id = programme(&site, &hands, g.province, date(2026, 9, 1), &entries);
            let facts = recorded(&site);
            match approve(&site, &hands, g.province, id) {
                Ok(state) => assert_eq!(state, ProgrammeState::Carried),
                Err(Fault::Refused(_)) => {
                    assert_eq!(rows(&site), before, "a refusal writes nothing");
                    continue;
                }
                Err(other) => panic!("{other}: {entries:?}"),
            }
            done += 1;
            // The past is as it was, nothing sealed is touched, and everybody has one cell.
            assert_eq!(tree_on(&site, date(2026, 8, 31)), old);
            assert_eq!(recorded(&site), facts);
            one_place(&site, g.province);
            let (again, library, province) = (hands.clone(), site.app.rules.clone(), g.province);
            site.write(move |tx| {
                let here = orgs::get(tx, province, again.today())?;
                let p = store::get(tx, province, id)?;
                carry::undo(tx, &again, &here, &p, &library.at(again.today()))
            });
            let after = rows(&site);
            for (table, rows) in &before {
                assert_eq!(rows, &after[table], "{table} after {entries:?}");
            }
        }
        assert!(done >= 15, "only {done} of the random programmes could be carried out");
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
    });
}

/// What was recorded: documents, ledger, how many stays began on which day.
fn recorded(site: &Arc<Site>) -> (Vec<(OrgId, String)>, i64) {
    site.write(|tx| {
        let documents = tx.all("select org_id, content_hash from issued order by issued_id", &[])?;
        Ok((documents, tx.scalar("select count(*) from ledger", &[])?))
    })
}

/// Every living organisation stands under a living one, every person in one cell that lives.
fn one_place(site: &Arc<Site>, province: OrgId) {
    site.write(move |tx| {
        let path: String = tx.scalar("select path from org where org_id = $1", db::values![province])?;
        let bounds = (path.clone(), format!("{path}~"));
        let homeless: i64 = tx.scalar(
            "select count(*) from org o join org_edge e on e.org_id = o.org_id and e.to_date is null
             left join org p on p.org_id = e.parent_id and p.ended_on is null
             where o.path > $1 and o.path < $2 and o.ended_on is null
               and (p.org_id is null or substr(o.path, 1, length(p.path)) <> p.path)",
            db::values![bounds.0, bounds.1],
        )?;
        assert_eq!(homeless, 0, "organisations without a living parent");
        let homes: Vec<(i64, i64)> = tx.all(
            "select m.person_id, count(*) from membership m join org o on o.org_id = m.org_id
             where o.path >= $1 and o.path < $2 and m.from_date <= '2026-09-01' and (m.to_date is null or m.to_date > '2026-09-01')
             group by m.person_id having count(*) <> 1 or max(case when o.ended_on is null then 0 else 1 end) = 1",
            db::values![bounds.0, bounds.1],
        )?;
        assert_eq!(homes, Vec::new());
        let all: i64 = tx.scalar(
            "select count(distinct m.person_id) from membership m join org o on o.org_id = m.org_id
             where o.path >= $1 and o.path < $2 and m.to_date is null",
            db::values![bounds.0, bounds.1],
        )?;
        assert_eq!(all, 29);
        Ok(())
    });
}
