//! Following up tasks: the morning's message, cause and next step until item 1 of the next meeting, the list
//! of calls, and what goes out of the installation (SM-01, SM-03, NV-01 … NV-07, P-19, P-25, P-27).

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use db::values;
use domain::agenda::{Part, Step};
use domain::id::{MeetingId, TaskId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::resolution::{ResolutionState, TaskDraft};
use jiff::civil::{Date, DateTime, date};
use nep::app::App;
use nep::live::room::hub::Limits;
use nep::message::deliver::Sender;
use nep::message::store::delivery;
use nep::message::webhook::Hook;
use nep::message::work::{Outgoing, bundles};
use nep::resolution::store::{self as resolutions, Text};
use nep::task::store as tasks;

use crate::site::{Browser, Site, each};
use crate::stage;

/// A task: what, until when, who does, checks and urges it.
type Given<'a> = (&'a str, Option<Date>, &'a str, &'a str, &'a str);

/// A meeting that gave these tasks, at the present moment of the clock.
fn give(site: &Arc<Site>, given: &[Given<'_>]) -> (MeetingId, Vec<TaskId>) {
    let cell = site.cast.cell;
    let hands = site.hands("nguyenthiha", cell);
    let key = PeriodKey::regular(2026, 12).unwrap();
    let meeting = stage::prepared(site, cell, "nguyenthiha", MeetingKind::Regular, hands.today(), &[key]);
    let item = stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Bàn việc số hóa hồ sơ", "Làm ngay");
    stage::bring(site, cell, meeting, MeetingState::Open);
    let who = |login: &str| (!login.is_empty()).then(|| site.person(login));
    let drafts: Vec<TaskDraft> = given
        .iter()
        .map(|(content, deadline, doer, checker, urger)| TaskDraft {
            content: (*content).to_owned(),
            deadline: *deadline,
            doer: who(doer),
            checker: who(checker),
            urger: who(urger),
            ..TaskDraft::default()
        })
        .collect();
    let tasks = site.write(move |tx| {
        let text = Text { title: "về nhiệm vụ tháng 12".to_owned(), ..Text::default() };
        let id = resolutions::create(tx, &hands, cell, meeting, &text)?;
        let mut out = Vec::new();
        for draft in &drafts {
            let task = tasks::add(tx, &hands, cell, id, meeting, draft)?;
            tasks::came_from(tx, cell, task, item)?;
            out.push(task);
        }
        let before = resolutions::get(tx, cell, id)?;
        resolutions::save_state(tx, &hands, &before, ResolutionState::Adopted, None, None)?;
        tasks::put_in_force(tx, &hands, cell, id, true)?;
        Ok(out)
    });
    stage::bring(site, cell, meeting, MeetingState::Closed);
    (meeting, tasks)
}

fn messages(site: &Site) -> Vec<(String, String)> {
    site.write(|tx| {
        Ok(tx.all::<(String, String)>(
            "select a.login, m.day || ' ' || m.counts from message m join account a on a.person_id = m.person_id
             order by m.day, a.login",
            values![],
        )?)
    })
}

fn said<'a>(all: &'a [(String, String)], day: &str) -> Vec<(&'a str, &'a str)> {
    all.iter().filter_map(|(login, text)| Some((login.as_str(), text.strip_prefix(day)?.trim()))).collect()
}

#[test]
fn one_message_a_day_tells_what_waits_and_is_never_empty() {
    each(|site| async move {
        let at = |site: &Site, d: i8, h: i8| site.at(date(2026, 12, d).at(h, 30, 0, 0));
        // Thursday, 3 December.
        at(&site, 3, 15);
        let due = Some(date(2026, 12, 10));
        let (_, tasks) = give(
            &site,
            &[
                ("Số hóa 240 hồ sơ", due, "lethianh", "phamvanan", "leminhduc"),
                ("Giúp tổ một cửa", None, "lethianh", "phamvanan", ""),
            ],
        );
        at(&site, 3, 16);
        bundles(&site.app).unwrap();
        bundles(&site.app).unwrap();
        assert_eq!(messages(&site), [("lethianh".to_owned(), "2026-12-03 new=2".to_owned())]);
        let anh = site.sign_in("lethianh").await;
        anh.get("/").await.is(200).says(&["Đồng chí có 1 tin nhắc việc mới", "Nhiệm vụ (1<span class=\"vh\"> tin mới</span>)"]);
        let page = anh.get("/toi/tin").await.is(200);
        let page = page.says(&["2 việc mới được giao", "Số hóa 240 hồ sơ", "Giúp tổ một cửa", "Mới", "NV-01"]);
        assert_eq!(
            page.link(&format!("/cb/{}/nhiem-vu/", site.cast.cell)),
            format!("/cb/{}/nhiem-vu/{}", site.cast.cell, tasks[0])
        );
        anh.post("/toi/tin/da-doc", &[]).await.is(303);
        anh.get("/").await.is(200).says_not(&["tin nhắc việc mới", "tin mới"]);
        anh.get("/toi/tin").await.is(200).says(&["Số hóa 240 hồ sơ"]).says_not(&["Đánh dấu đã đọc"]);
        site.sign_in("doquocbao").await.get("/toi/tin").await.is(200).says(&["Chưa có tin nào"]).says_not(&["Số hóa"]);
        // Friday has nothing to tell, the weekend is free; three days before the deadline is Monday.
        for (day, hour) in [(4, 8), (5, 8), (6, 8), (7, 6)] {
            at(&site, day, hour);
            bundles(&site.app).unwrap();
        }
        assert_eq!(messages(&site).len(), 1);
        at(&site, 7, 8);
        bundles(&site.app).unwrap();
        assert_eq!(said(&messages(&site), "2026-12-07"), [("lethianh", "due=1")]);
        // Nobody ran from Tuesday to Thursday: one message tells the truth of Friday.
        at(&site, 11, 9);
        bundles(&site.app).unwrap();
        let told = messages(&site);
        assert_eq!(said(&told, "2026-12-11"), [("leminhduc", "urge=1"), ("lethianh", "overdue=1"), ("nguyenthiha", "lead=1")]);
        assert_eq!(told.len(), 5, "{told:?}");
        // What was reported waits for the checker, and nobody is told of a cell they have left.
        let (report, anh) = (format!("/cb/{}/nhiem-vu/{}/bao-cao", site.cast.cell, tasks[0]), site.sign_in("lethianh").await);
        anh.post(&report, &[("ket_qua", "Xong 240 hồ sơ"), ("viec", "xong")]).await.is(303);
        at(&site, 14, 8);
        bundles(&site.app).unwrap();
        assert_eq!(said(&messages(&site), "2026-12-14"), [("phamvanan", "check=1")]);
        let (an, cell) = (site.person("phamvanan"), site.cast.cell);
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| {
            nep::member::store::leave(tx, &hands, cell, an, date(2026, 12, 15))?;
            tx.exec("delete from post where person_id = $1", values![an])?;
            Ok(())
        });
        at(&site, 17, 8);
        bundles(&site.app).unwrap();
        assert_eq!(said(&messages(&site), "2026-12-17"), []);
        // Kinds and numbers are all that is kept.
        let stored = site.write(|tx| Ok(tx.all::<(String,)>("select counts from message", values![])?));
        assert!(stored.iter().all(|(c,)| c.chars().all(|x| x.is_ascii_lowercase() || x.is_ascii_digit() || "= ".contains(x))));
    });
}

#[test]
fn several_servers_on_one_database_make_each_message_once() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let due = Some(date(2026, 12, 4));
        give(&site, &[("Việc một", due, "lethianh", "phamvanan", "leminhduc"), ("Việc hai", due, "doquocbao", "", "")]);
        site.at(date(2026, 12, 7).at(8, 0, 0, 0));
        let twin = site.twin(Limits::default());
        let servers: Vec<App> = [&site, &twin, &site, &twin].iter().map(|s| s.app.clone()).collect();
        let work: Vec<_> = servers.into_iter().map(|app| std::thread::spawn(move || bundles(&app))).collect();
        for worker in work {
            worker.join().unwrap().unwrap();
        }
        // Whoever lost a race finds the rest at the next turn.
        bundles(&site.app).unwrap();
        let told = messages(&site);
        let day = said(&told, "2026-12-07");
        assert_eq!(
            day,
            [("doquocbao", "overdue=1"), ("leminhduc", "urge=1"), ("lethianh", "overdue=1"), ("nguyenthiha", "lead=2")]
        );
    });
}

async fn review_of(ha: &Browser, next: &str) -> (String, String) {
    let page = ha.get(&format!("{next}/chuan-bi")).await.is(200);
    for item in page.body.split("href=\"").filter(|h| h.starts_with(&format!("{next}/muc/"))) {
        let address = item.split('"').next().unwrap().to_owned();
        let body = ha.get(&address).await.is(200).body;
        if body.contains("Kết quả:") {
            return (address, body);
        }
    }
    panic!("no item of {next} reviews the last resolution");
}

#[test]
fn a_late_task_takes_its_cause_to_item_one_and_the_chair_gives_more_time() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let due = Some(date(2026, 12, 10));
        let (_, given) = give(
            &site,
            &[("Số hóa 240 hồ sơ", due, "lethianh", "phamvanan", ""), ("Giúp tổ một cửa", due, "doquocbao", "phamvanan", "")],
        );
        let cell = site.cast.cell;
        let task = format!("/cb/{cell}/nhiem-vu/{}", given[0]);
        site.at(date(2026, 12, 28).at(9, 0, 0, 0));
        let (ha, anh, bao) = (site.sign_in("nguyenthiha").await, site.sign_in("lethianh").await, site.sign_in("doquocbao").await);
        let page = anh.get(&task).await.is(200);
        page.says(&[
            "Sinh hoạt thường kỳ 03/12/2026, ngày 03/12/2026",
            "Từ mục “Bàn việc số hóa hồ sơ”",
            "Nghị quyết về nhiệm vụ",
        ]);
        let next = ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2027-tk-1")]).await.is(303).to;
        let next = next.split('?').next().unwrap().trim_end_matches("/chuan-bi").to_owned();
        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Ghi nguyên nhân của 2 nhiệm vụ chậm"]);
        ha.get(&format!("{next}/chuan-bi")).await.is(200).says(&["2 nhiệm vụ chậm chưa ghi nguyên nhân"]);
        let late = format!("/cb/{cell}/nhiem-vu-cham");
        bao.get(&late).await.is(200).says(&["Chưa ghi nguyên nhân (2)", "Số hóa 240 hồ sơ"]).says_not(&["Đồng ý thời hạn"]);
        assert!(review_of(&ha, &next).await.1.contains("quá hạn; chưa ghi nguyên nhân"));

        let cause = format!("{task}/nguyen-nhan");
        let with = |day: &'static str| {
            [
                ("nguyen_nhan", "resources"),
                ("trach_nhiem", "circumstance"),
                ("noi_ro", "Máy quét hỏng"),
                ("buoc_tiep", "Mượn máy của phòng Tài chính"),
                ("han_moi", day),
            ]
        };
        for wrong in ["28/12/2026", "09/12/2026"] {
            anh.post(&cause, &with(wrong)).await.is(422).says(&["Thời hạn đề xuất phải sau thời hạn cũ và sau hôm nay"]);
        }
        // A day later the text of the agenda is known again as the program's own.
        site.at(date(2026, 12, 29).at(9, 0, 0, 0));
        let (ha, an, anh, bao) = (
            site.sign_in("nguyenthiha").await,
            site.sign_in("phamvanan").await,
            site.sign_in("lethianh").await,
            site.sign_in("doquocbao").await,
        );
        anh.post(&cause, &with("20/01/2027")).await.is(303);
        let (item, text) = review_of(&ha, &next).await;
        let told = "nguyên nhân: nguồn lực; trách nhiệm: do khách quan; bước tiếp theo: mượn máy của phòng Tài chính; đề xuất thời hạn mới: 20/01/2027";
        assert!(text.contains(told), "{text}");
        let desk = ha.get(&format!("/cb/{cell}")).await.is(200);
        desk.says(&["Ghi nguyên nhân của 1 nhiệm vụ chậm", "Quyết định 1 đề xuất thời hạn mới"]);
        let sums = bao.get(&format!("/cb/{cell}/nhiem-vu")).await.is(200);
        let sums = sums.says(&["năm 2026", "Nguồn lực", "1 nhiệm vụ</a>"]);
        let only = bao.get(&sums.link(&format!("/cb/{cell}/nhiem-vu?nguyen_nhan=")).replace("&#38;", "&")).await.is(200);
        only.says(&["Số hóa 240 hồ sơ"]).says_not(&["Giúp tổ một cửa"]);
        bao.get(&format!("/cb/{cell}/nhiem-vu?nam=2025")).await.is(200).says(&["Năm 2025 chưa có nhiệm vụ nào ghi nguyên nhân"]);

        // The committee member prepares but does not decide; the secretary does, with one press.
        an.get(&late).await.is(200).says(&["Đã ghi nguyên nhân (1)"]).says_not(&["Đồng ý thời hạn"]);
        an.post(&format!("{task}/dong-y-han"), &[]).await.is(404);
        ha.get(&late).await.is(200).says(&["Đồng ý thời hạn 20/01/2027", "Máy quét hỏng"]);
        let done = ha.post(&format!("{task}/dong-y-han"), &[("ve", "nhiem-vu-cham")]).await.is(303).to;
        ha.get(&done).await.is(200).says(&["Đã gia hạn nhiệm vụ."]).says_not(&["Đồng ý thời hạn"]);
        ha.post(&format!("{task}/dong-y-han"), &[]).await.is(422).says(&["không có đề xuất thời hạn mới nào đang chờ"]);
        anh.get(&task).await.is(200).says(&["Từ 10/12/2026 đến 20/01/2027. Lý do: Mượn máy của phòng Tài chính"]);
        assert!(review_of(&ha, &next).await.1.contains("thời hạn 20/01/2027): đang thực hiện; nguyên nhân: nguồn lực"));

        // Words of somebody's own stay as they are.
        let version = ha.get(&item).await.field("version");
        let own = "Bí thư trình bày riêng.";
        ha.post(&item, &[("version", &version), ("ten", "Kiểm điểm"), ("thong_tin", own), ("phut", "10")]).await.is(303);
        let second = format!("/cb/{cell}/nhiem-vu/{}/nguyen-nhan", given[1]);
        bao.post(&second, &[("nguyen_nhan", "time"), ("buoc_tiep", "Làm bù tuần sau")]).await.is(303);
        ha.get(&item).await.is(200).says(&[own]).says_not(&["làm bù tuần sau"]);
        // The new deadline passes too: it takes a cause of its own.
        site.at(date(2027, 1, 21).at(9, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&late).await.is(200).says(&["Chưa ghi nguyên nhân (1)", "Ghi nguyên nhân: Số hóa 240 hồ sơ"]);
    });
}

#[test]
fn what_was_done_late_takes_a_cause_and_what_was_done_in_time_does_not() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let (soon, far) = (Some(date(2026, 12, 10)), Some(date(2026, 12, 30)));
        let (_, given) =
            give(&site, &[("Việc chậm", soon, "lethianh", "phamvanan", ""), ("Việc đúng hạn", far, "lethianh", "phamvanan", "")]);
        let cell = site.cast.cell;
        site.at(date(2026, 12, 15).at(9, 0, 0, 0));
        let (anh, an) = (site.sign_in("lethianh").await, site.sign_in("phamvanan").await);
        for task in &given {
            let base = format!("/cb/{cell}/nhiem-vu/{task}");
            anh.post(&format!("{base}/bao-cao"), &[("ket_qua", "Xong"), ("viec", "xong")]).await.is(303);
            an.post(&format!("{base}/xac-nhan"), &[]).await.is(303);
        }
        let base = |n: usize| format!("/cb/{cell}/nhiem-vu/{}", given[n]);
        let late = format!("/cb/{cell}/nhiem-vu-cham");
        an.get(&late).await.is(200).says(&["Chưa ghi nguyên nhân (1)", "Việc chậm"]).says_not(&["Việc đúng hạn"]);
        anh.get(&base(0)).await.is(200).says(&["Ghi nguyên nhân chậm"]).says_not(&["Đề xuất thời hạn mới"]);
        anh.get(&base(1)).await.is(200).says_not(&["Ghi nguyên nhân chậm"]);
        let said = [("nguyen_nhan", "time"), ("trach_nhiem", "committee")];
        anh.post(&format!("{}/nguyen-nhan", base(1)), &said).await.is(422).says(&["không chậm"]);
        anh.post(&format!("{}/nguyen-nhan", base(0)), &said).await.is(303);
        an.get(&late).await.is(200).says(&["Không có nhiệm vụ nào chậm"]);
    });
}

#[test]
fn the_list_of_calls_names_whom_no_message_reaches() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let due = Some(date(2026, 12, 10));
        give(
            &site,
            &[
                ("Số hóa 240 hồ sơ", due, "lethianh", "phamvanan", "leminhduc"),
                ("Giúp tổ một cửa", due, "doquocbao", "", ""),
                ("Việc còn xa", Some(date(2027, 3, 1)), "ngothiquynh", "", ""),
            ],
        );
        site.at(date(2026, 12, 15).at(9, 0, 0, 0));
        let (ha, anh) = (site.sign_in("nguyenthiha").await, site.sign_in("lethianh").await);
        let bao = site.person("doquocbao");
        site.write(move |tx| Ok(tx.exec("update person set phone = '0912 345 678' where person_id = $1", values![bao])?));
        let list = format!("/cb/{}/nhac-viec", site.cast.cell);
        anh.get(&list).await.is(404);
        site.sign_in("phanthilan").await.get(&list).await.is(404);
        let page = ha.get(&list).await.is(200);
        let page = page.says(&[
            "Không dùng phần mềm (2)",
            "Đỗ Quốc Bảo",
            "0912 345 678",
            "Chưa đăng nhập lần nào",
            "Quá hạn: Giúp tổ một cửa, thời hạn 10/12/2026",
            "Lê Minh Đức",
            "Gặp trực tiếp",
            "Đôn đốc đ/c Lê Thị Ánh: Số hóa 240 hồ sơ",
            "Có tài khoản, chưa nhận thư (1)",
            "Lê Thị Ánh",
        ]);
        page.says_not(&["Việc còn xa", "Ngô Thị Quỳnh", "Phạm Văn An"]);
        ha.get(&format!("/cb/{}/nhac-viec", site.cast.committee)).await.is(404);
    });
}

fn with_hook(site: &Site, port: u16) -> App {
    let hook = Hook::read(&format!("http://127.0.0.1:{port}/nhan"), "một khóa đủ dài để không ai đoán được").unwrap();
    let mut app = site.app.clone();
    app.outgoing = Arc::new(Outgoing { mail: None, hook: Some(hook) });
    app
}

/// Answers one request with this status, or hangs up without a word.
fn answer(listener: &TcpListener, status: Option<&str>) {
    let (mut stream, _) = listener.accept().unwrap();
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    while !seen.ends_with(b"}") {
        let n = stream.read(&mut part).unwrap();
        seen.extend_from_slice(&part[..n]);
    }
    let text = String::from_utf8(seen).unwrap();
    assert!(!text.contains("Số hóa") && !text.contains("Ánh"), "no content and no name goes out: {text}");
    if let Some(status) = status {
        stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()).unwrap();
    }
}

/// Drains while a receiver answers so many requests.
fn drain(app: &App, listener: Option<&TcpListener>, answers: &[Option<&str>]) {
    std::thread::scope(|scope| {
        if let Some(listener) = listener {
            scope.spawn(|| answers.iter().for_each(|a| answer(listener, *a)));
        }
        Sender::new(app).drain(&|| true).unwrap();
    });
}

#[test]
fn what_cannot_be_sent_is_tried_again_then_given_up_and_shown_without_names() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        give(&site, &[("Số hóa 240 hồ sơ", None, "lethianh", "", "")]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let app = with_hook(&site, port);
        let mut now: DateTime = date(2026, 12, 3).at(16, 0, 0, 0);
        site.at(now);
        bundles(&app).unwrap();
        let admin = site.sign_in("quantrivien").await;
        let page = format!("/tc/{}/he-thong/tin", site.cast.committee);
        admin.get(&page).await.is(200).says(&["Webhook: chờ gửi", "Không có tin nào gửi hỏng"]);
        drain(&app, None, &[]);
        drain(&app, None, &[]);
        admin
            .get(&page)
            .await
            .is(200)
            .says(&["Không kết nối được máy nhận", "Đã thử 1 lần, thử lại lúc 16:01"])
            .says_not(&["Gửi lại<"]);
        for pause in domain::delivery::PAUSES {
            now = now.checked_add(jiff::ToSpan::minutes(pause)).unwrap();
            site.at(now);
            drain(&app, None, &[]);
        }
        let admin = site.sign_in("quantrivien").await;
        let shown = admin.get(&page).await.is(200);
        let shown = shown.says(&["Đã thử 7 lần", "Không gửi được", "Gửi lại<"]).says_not(&["Lê Thị Ánh", "Số hóa", "127.0.0.1"]);
        let health = format!("/tc/{}/he-thong", site.cast.committee);
        admin.get(&health).await.is(200).says(&["1 tin gửi hỏng hoặc không rõ đã gửi hay chưa"]);
        let id = shown.field("tin");
        for login in ["nguyenthiha", "tranvanlam", "lethianh"] {
            let other = site.sign_in(login).await;
            other.get(&page).await.is(404);
            other.post(&page, &[("tin", &id)]).await.is(404);
        }
        // Sent again; the receiver asks to wait, then hangs up without an answer: nobody knows, and nothing
        // is sent by itself any more.
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        admin.post(&page, &[("tin", &id)]).await.is(303);
        admin.post(&page, &[("tin", &id)]).await.is(422);
        drain(&app, Some(&listener), &[Some("503 Busy")]);
        admin.get(&page).await.is(200).says(&["Máy nhận đang bận", "Đã thử 1 lần"]);
        now = now.checked_add(jiff::ToSpan::minutes(2)).unwrap();
        site.at(now);
        drain(&app, Some(&listener), &[None]);
        let shown = admin.get(&page).await.is(200);
        shown.says(&["Không rõ đã gửi hay chưa", "Mất kết nối khi chờ trả lời", "người nhận có thể nhận hai lần"]);
        now = now.checked_add(jiff::ToSpan::hours(2)).unwrap();
        site.at(now);
        drain(&app, None, &[]);
        admin.post(&page, &[("tin", &id)]).await.is(303);
        drain(&app, Some(&listener), &[Some("204 No Content")]);
        admin.get(&page).await.is(200).says(&["Webhook: đã gửi", "Không có tin nào gửi hỏng"]);
        admin.post(&page, &[("tin", &id)]).await.is(422).says(&["Chỉ gửi lại tin không gửi được"]);
        admin.post(&page, &[("tin", "1")]).await.is(404);
    });
}

#[test]
fn what_a_server_held_that_is_gone_is_shown_as_failed() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        give(&site, &[("Số hóa 240 hồ sơ", None, "lethianh", "", "")]);
        let app = with_hook(&site, 9);
        site.at(date(2026, 12, 3).at(16, 0, 0, 0));
        bundles(&app).unwrap();
        let now = nep::actor::Clock::now(&*site.clock);
        let held = site.write(move |tx| delivery::claim(tx, "máy khác", now)).unwrap();
        drain(&app, None, &[]);
        let state = |site: &Site| site.write(|tx| Ok(tx.scalar::<String>("select state from delivery", values![])?));
        assert_eq!(state(&site), "sending", "another server has it in hand");
        site.at(date(2026, 12, 3).at(16, 6, 0, 0));
        drain(&app, None, &[]);
        assert_eq!(state(&site), "unclear");
        // It was only slow: its word is the truth.
        let next = domain::delivery::DeliveryState::Unclear.settle(1, domain::delivery::Outcome::Taken).unwrap();
        site.write(move |tx| Ok(delivery::settle(tx, held.id, "máy khác", &next, now)?));
        assert_eq!(state(&site), "sent");
    });
}

#[test]
fn mails_are_offered_only_where_the_installation_sends_them() {
    each(|site| async move {
        let anh = site.sign_in("lethianh").await;
        anh.get("/toi/tin").await.is(200).says_not(&["Nhận tin qua thư điện tử"]);
        anh.get("/toi/thu").await.is(200).says(&["chưa gửi thư điện tử"]).says_not(&["Gửi mã xác nhận"]);
        anh.post("/toi/thu", &[("dia_chi", "anh@donvi.vn")]).await.is(422).says(&["chưa gửi thư điện tử"]);
        anh.post("/toi/thu/ma", &[("ma", "AAAAAA")]).await.is(422).says(&["Mã không đúng hoặc đã hết hạn"]);
        anh.post("/toi/thu/tat", &[]).await.is(303);
        anh.get("/toi/du-lieu.json").await.is(200).says(&["tin_nhac_viec", "nhan_thu"]);
    });
}
