//! What a page asks of the database: at most so many statements, the gate's own among them, not one
//! more when a cell has many meetings, tasks, people, and none that walks through a whole table.
//! Counted, not timed, so that no noise of the machine hides a question asked once for every row.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "it is the test that fails")]

#[allow(dead_code, clippy::all)]
#[path = "../story/site.rs"]
mod site;
#[allow(dead_code, clippy::all)]
#[path = "../story/stage.rs"]
mod stage;

mod count;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::{Engine, Value};

use crate::rows::Rows;
use crate::site::{Browser, Site, each};

/// Who opens which page, and how many statements it may ask. A page that asks fewer is to have its
/// budget lowered, so that what was won is kept.
const BUDGETS: &[(&str, &str, usize)] = &[
    ("nguyenthiha", "/", 38),
    ("nguyenthiha", "/cb/{org}", 26),
    ("nguyenthiha", "/cb/{org}/nam", 9),
    ("nguyenthiha", "/cb/{org}/ky/2026-tk-12", 9),
    ("nguyenthiha", "/cb/{org}/nam/2026/du-kien", 12),
    ("nguyenthiha", "/cb/{org}/nam/2026/du-sinh-hoat", 10),
    ("nguyenthiha", "/cb/{org}/xet-vang", 9),
    ("nguyenthiha", "/cb/{org}/ghi-nhan", 5),
    ("nguyenthiha", "/cb/{org}/tam-tu", 7),
    ("nguyenthiha", "/cb/{org}/chuyen-de/2027", 10),
    ("nguyenthiha", "/cb/{org}/kho", 6),
    ("nguyenthiha", "/cb/{org}/kho/bai/{shelf}", 13),
    ("nguyenthiha", "/cb/{org}/kho/da-gui", 14),
    ("nguyenthiha", "/cb/{org}/kho/trinh-bay?tim=thao+luan", 11),
    ("nguyenthiha", "/cb/{org}/buoi", 9),
    ("nguyenthiha", "/cb/{org}/buoi/tao", 7),
    ("nguyenthiha", "/cb/{org}/buoi/{noticed}", 19),
    ("nguyenthiha", "/cb/{org}/buoi/{noticed}/chuan-bi", 22),
    ("nguyenthiha", "/cb/{org}/buoi/{noticed}/dieu-hanh", 20),
    ("nguyenthiha", "/cb/{org}/buoi/{open}", 25),
    ("nguyenthiha", "/cb/{org}/buoi/{open}/bien-ban", 20),
    ("nguyenthiha", "/cb/{org}/buoi/{open}/cham-diem", 21),
    ("nguyenthiha", "/cb/{org}/buoi/{open}/ket-thuc", 26),
    ("nguyenthiha", "/cb/{org}/buoi/{open}/dieu-hanh", 20),
    ("nguyenthiha", "/cb/{org}/buoi/{open}/diem-danh", 8),
    ("nguyenthiha", "/cb/{org}/buoi/{open}/ma-diem-danh", 8),
    ("nguyenthiha", "/cb/{org}/buoi/{open}/nghi-quyet", 15),
    ("nguyenthiha", "/cb/{org}/buoi/{sealed}/bien-ban", 6),
    // One of them adds up the causes of the year.
    ("nguyenthiha", "/cb/{org}/nhiem-vu", 8),
    ("nguyenthiha", "/cb/{org}/nhiem-vu?trang_thai=tat-ca", 8),
    ("nguyenthiha", "/cb/{org}/nhiem-vu-cham", 6),
    ("nguyenthiha", "/cb/{org}/nhac-viec", 8),
    ("nguyenthiha", "/cb/{org}/nhiem-vu/{task}", 9),
    ("nguyenthiha", "/cb/{org}/dang-vien", 7),
    ("nguyenthiha", "/cb/{org}/so-bien-ban", 5),
    ("nguyenthiha", "/cb/{org}/tai-khoan", 9),
    ("nguyenthiha", "/cb/{org}/buoi/{noticed}/tra-loi", 16),
    ("nguyenthiha", "/tc/{org}/quy-dinh", 6),
    ("nguyenthiha", "/cb/{org}/tai-lieu", 10),
    ("nguyenthiha", "/cb/{org}/tai-lieu/{document}", 13),
    ("nguyenthiha", "/toi", 16),
    ("nguyenthiha", "/toi/nhiem-vu", 7),
    ("lethianh", "/", 21),
    ("lethianh", "/cb/{org}/nam", 9),
    ("lethianh", "/cb/{org}/kho", 6),
    ("lethianh", "/cb/{org}/kho/bai/{shelf}", 9),
    ("lethianh", "/cb/{org}/buoi", 6),
    ("lethianh", "/cb/{org}/cham-diem", 6),
    ("lethianh", "/cb/{org}/buoi/{noticed}", 17),
    ("lethianh", "/cb/{org}/buoi/{open}/tu-diem-danh", 6),
    ("lethianh", "/cb/{org}/buoi/{sealed}/bien-ban", 6),
    ("lethianh", "/cb/{org}/nhiem-vu", 8),
    ("lethianh", "/cb/{org}/so-bien-ban", 5),
    ("lethianh", "/toi", 16),
    ("lethianh", "/toi/nhiem-vu", 7),
    ("lethianh", "/toi/tin", 13),
    ("lethianh", "/toi/thu", 5),
    ("tranvanlam", "/", 15),
    ("tranvanlam", "/tc/{committee}", 16),
    ("tranvanlam", "/tc/{committee}/sap-xep-khoi", 6),
    ("tranvanlam", "/tc/{committee}/sap-xep-khoi/{programme}", 8),
    ("tranvanlam", "/tc/{committee}/sap-xep-khoi/{programme}/viec/nhap", 7),
    ("tranvanlam", "/tc/{committee}/sap-xep-khoi/{programme}/ke-hoach", 17),
    ("tranvanlam", "/tc/{committee}/sap-xep-khoi/{programme}/bang", 6),
    ("tranvanlam", "/tc/{committee}/sap-xep-khoi/{programme}/bang/xem-truoc", 20),
    ("tranvanlam", "/tc/{committee}/kho", 6),
    ("tranvanlam", "/tc/{committee}/kho/bai/{shelf}", 9),
    ("tranvanlam", "/tc/{committee}/kho/duyet", 12),
    ("tranvanlam", "/tc/{committee}/cap-uy", 9),
    ("tranvanlam", "/tim?q=chi+bo", 9),
    ("nguyenthiha", "/tim?q=chi+bo", 9),
    ("tranvanlam", "/tc/{committee}/tai-khoan", 11),
    ("tranvanlam", "/tc/{committee}/chi-tieu/2026", 22),
    ("tranvanlam", "/tc/{committee}/chi-tieu/2026/T1.sub", 24),
    ("tranvanlam", "/tc/{committee}/chi-bo-diem/2026", 22),
    ("tranvanlam", "/tc/{committee}/xep-loai/2025", 12),
    ("nguyenthiha", "/cb/{org}/xep-loai/2025", 12),
    ("tranvanlam", "/tc/{committee}/dinh-huong", 12),
    ("tranvanlam", "/tc/{committee}/dinh-huong/{document}", 16),
    ("tranvanlam", "/tc/{committee}/dinh-huong/{orientation}", 16),
    ("tranvanlam", "/tc/{committee}/buc-tranh/2026", 18),
    ("tranvanlam", "/tc/{org}/buc-tranh/2026", 14),
    ("tranvanlam", "/tc/{org}/ky/2026-tk-11", 17),
    ("lethianh", "/cb/{org}/mo-noi-dung", 6),
    ("lethianh", "/cb/{org}/mo-noi-dung/{opening}", 8),
    ("nguyenthiha", "/cb/{org}/mo-noi-dung/chia-se", 8),
    ("tranvanlam", "/tc/{committee}/mo-noi-dung", 6),
    ("tranvanlam", "/tc/{committee}/mo-noi-dung/{opening}", 8),
    ("tranvanlam", "/tc/{committee}/mo-noi-dung/de-nghi?chi_bo={org}", 6),
];

#[test]
fn a_page_asks_no_more_than_its_budget_however_much_there_is() {
    let asked = count::listen();
    each(|site| {
        let asked = asked.clone();
        async move {
            let mut rows = Rows::few(&site);
            let few = walk(&site, &asked, &rows).await;
            rows.many(&site);
            let many = walk(&site, &asked, &rows).await;
            let mut wrong = Vec::new();
            for (at, (login, path, budget)) in BUDGETS.iter().enumerate() {
                let (few, many) = (&few[at], &many[at]);
                eprintln!("{:>3} {:>3} of {budget:>2}  {login} {path}", few.len(), many.len());
                if many.len() > *budget || many.len() != few.len() {
                    wrong.push(format!(
                        "{login} {path}: {} statements, {} with more rows, budget {budget}; most often:\n{}",
                        few.len(),
                        many.len(),
                        most(many)
                    ));
                }
            }
            wrong.extend(walks(&site, many.into_iter().flatten().collect()));
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    });
}

/// Statements for which SQLite walks through a whole table, so that they slow down as it grows.
fn walks(site: &Site, statements: BTreeSet<String>) -> Vec<String> {
    if site.app.db.engine() != Engine::Sqlite {
        return Vec::new();
    }
    let walk = |sql: String| {
        let places = (1..).take_while(|n| sql.contains(&format!("${n}"))).count();
        let asked = format!("explain query plan {sql}");
        let plan: Vec<(i64, i64, i64, String)> =
            site.app.db.read_now(move |tx| tx.all(&asked, &vec![Value::Null; places])).unwrap();
        let steps: Vec<String> = plan.into_iter().map(|row| row.3).collect();
        // An index of words is asked for words; SQLite calls every way into it a scan. What an inner statement has just
        // found is no table: its own steps are looked at.
        let found = |name: &str| steps.iter().any(|s| *s == format!("CO-ROUTINE {name}") || *s == format!("MATERIALIZE {name}"));
        let is_walk = |step: &&String| {
            let of = step.strip_prefix("SCAN ").and_then(|s| s.split(' ').next());
            of.is_some_and(|name| !step.contains("VIRTUAL TABLE INDEX") && !found(name))
        };
        let step = steps.iter().find(is_walk)?;
        Some(format!("{step}: {sql}"))
    };
    statements.into_iter().filter(|sql| sql.starts_with("select")).filter_map(walk).collect()
}

/// Opens every page twice, so that what is written at the first reading is over, and keeps what the second asked.
async fn walk(site: &Arc<Site>, asked: &count::Asked, rows: &Rows) -> Vec<Vec<String>> {
    let mut browsers: BTreeMap<&str, Browser> = BTreeMap::new();
    let mut out = Vec::new();
    for (login, path, _) in BUDGETS {
        if !browsers.contains_key(login) {
            browsers.insert(login, site.sign_in(login).await);
        }
        let path = rows.fill(path);
        let first = browsers[login].get(&path).await;
        assert_eq!(first.status, 200, "{login} {path}");
        asked.take();
        browsers[login].get(&path).await.is(200);
        out.push(asked.take());
    }
    out
}

/// The statements asked most often, with their number.
fn most(statements: &[String]) -> String {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    statements.iter().for_each(|s| *counted.entry(s).or_default() += 1);
    let mut counted: Vec<(usize, &str)> = counted.into_iter().map(|(s, n)| (n, s)).collect();
    counted.sort_by(|a, b| b.cmp(a));
    counted.iter().take(3).map(|(n, s)| format!("    {n} × {s}")).collect::<Vec<_>>().join("\n")
}
