//! Every answer guards itself; no other site acts for anyone (P-14); sessions begin fresh, move on
//! and end when they should (P-15), by a clock that is set by hand.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Method};
use db::{Engine, values};
use jiff::civil::{DateTime, date};
use nep::app::{router, table};

use crate::client::{Answer, Client, FORM, pairs};
use crate::pages::{name, targets};
use crate::scripts::answer_faults;
use crate::site::{PASSWORD, Site, each};
use crate::world::{SPOTS, Spot, World};

const WANTED: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
];

fn header_faults(answer: &Answer, may_be_kept: bool) -> Vec<String> {
    let mut out = answer_faults(answer);
    for (key, value) in WANTED {
        if !answer.header(key).contains(value) {
            out.push(format!("{key}: {:?}", answer.header(key)));
        }
    }
    if !may_be_kept && answer.header("cache-control") != "no-store" {
        out.push(format!("cache-control: {:?}", answer.header("cache-control")));
    }
    if answer.is_page() && answer.header("content-type") != "text/html; charset=utf-8" {
        out.push(format!("content-type: {}", answer.header("content-type")));
    }
    for leak in ["server", "x-powered-by", "access-control-allow-origin"] {
        if answer.headers.contains_key(leak) {
            out.push(format!("{leak} is told"));
        }
    }
    out
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn every_answer_carries_the_guarding_headers() {
    let world = World::on(Engine::Sqlite).unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    runtime().block_on(async {
        for role in ["nobody", "secretary", "upper_clerk", "admin"] {
            let client = world.client(role);
            for line in table() {
                for target in SPOTS.into_iter().flat_map(|s| targets(&world, &line, s).into_iter().take(2)) {
                    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS] {
                        let request = client.request(method.clone(), &target.url).body(Body::empty()).unwrap();
                        let answer = client.send_without_keeping(request).await;
                        seen += 1;
                        let found = header_faults(&answer, target.url.starts_with("/static"));
                        wrong.extend(found.into_iter().map(|f| format!("{role} {method} {}: {f}", target.url)));
                    }
                }
            }
            for path in ["/khong-co", "/static/khong-co.js", "/%ff", "/static/../nep.db", "//x", "/cb", "/cb/1/khong-co"] {
                let answer = client.get(path).await;
                wrong.extend(header_faults(&answer, path.starts_with("/static")).into_iter().map(|f| format!("{path}: {f}")));
            }
        }
        let client = world.client("secretary");
        let css = client.get(web::assets::url("nep.css")).await;
        assert_eq!(css.status, 200);
        wrong.extend(header_faults(&css, true));
    });
    println!("{seen} answers looked at");
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// Headers with which a request comes from somewhere else, or does not say from where.
const ELSEWHERE: &[&[(&str, &str)]] = &[
    &[],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "none")],
    &[("sec-fetch-site", "")],
    &[("sec-fetch-site", "SAME-ORIGIN")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://nep.test"), ("referer", "http://nep.test/")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://nep.test.evil.example")],
    &[("origin", "http://evil.example/nep.test")],
    &[("origin", "http://nep.test:8081")],
    &[("origin", "http://nep.test@evil.example")],
    &[("origin", "https://evil.example"), ("referer", "http://nep.test/")],
    &[("referer", "https://evil.example/http://nep.test/")],
    &[("referer", "nep.test")],
];

#[test]
fn no_other_site_acts_for_anybody_on_any_route() {
    let world = World::on(Engine::Sqlite).unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    runtime().block_on(async {
        for line in table().iter().filter(|l| l.method != Method::GET) {
            for role in ["nobody", "secretary", "upper_clerk", "admin"] {
                let client = world.client(role);
                for target in SPOTS.into_iter().flat_map(|s| targets(&world, line, s).into_iter().take(3)) {
                    for from in ELSEWHERE {
                        let mut request = client.request(line.method.clone(), &target.url).header("content-type", FORM);
                        for (k, v) in *from {
                            request = request.header(*k, *v);
                        }
                        let request = request.header("x-csrf-token", &client.key).body(Body::from(format!("_k={}", client.key)));
                        let answer = client.send_without_keeping(request.unwrap()).await;
                        seen += 1;
                        if answer.status != 403 || answer.headers.contains_key("set-cookie") {
                            wrong.push(format!("{role} {} from {from:?}: {}", name(line), answer.status));
                        }
                    }
                }
            }
        }
    });
    println!("{seen} foreign requests sent");
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn other_methods_do_nothing() {
    let world = World::on(Engine::Sqlite).unwrap();
    runtime().block_on(async {
        let client = world.client("secretary");
        for line in table() {
            for target in targets(&world, &line, Spot::Cell).into_iter().take(1) {
                for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PROPFIND"] {
                    let method: Method = method.parse().unwrap();
                    let request = client.request(method.clone(), &target.url).header("sec-fetch-site", "same-origin");
                    let request = request.header("x-csrf-token", &client.key).body(Body::empty()).unwrap();
                    let answer = client.send_without_keeping(request).await;
                    assert!([404, 405].contains(&answer.status), "{method} {}: {}", target.url, answer.status);
                }
            }
        }
    });
}

fn browser(site: &Arc<Site>) -> Client {
    Client::new(&router(site.app.clone()), "browser")
}

async fn sign_in(client: &Client, login: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = pairs(&[("ten", login), ("mat_khau", PASSWORD)]);
    fields.extend(pairs(more));
    client.post("/dang-nhap", &fields).await
}

fn session_of(client: &Client) -> String {
    client.cookies.lock().unwrap().get("nep").cloned().unwrap_or_default()
}

fn with_session(site: &Arc<Site>, token: &str) -> Client {
    Client::holding(&router(site.app.clone()), "held", token, "")
}

async fn is_in(client: &Client) -> bool {
    client.get("/toi/tai-khoan").await.status == 200
}

#[test]
fn signing_in_takes_no_session_the_browser_brought_and_ends_the_one_it_had() {
    each(|site| async move {
        let fixed = with_session(&site, "a-token-somebody-planted");
        assert_eq!(sign_in(&fixed, "nguyenthiha", &[]).await.status, 303);
        assert_ne!(session_of(&fixed), "a-token-somebody-planted");
        assert!(!is_in(&with_session(&site, "a-token-somebody-planted")).await);
        let first = session_of(&fixed);
        assert!(is_in(&with_session(&site, &first)).await);
        // The same browser signs in again, as the same or as another person.
        for login in ["nguyenthiha", "leminhduc"] {
            let before = session_of(&fixed);
            let again = sign_in(&fixed, login, &[]).await;
            assert_eq!(again.status, 303, "signing in while signed in: {}", again.text());
            assert_ne!(session_of(&fixed), before);
            assert!(!is_in(&with_session(&site, &before)).await, "the session before {login} lives on");
        }
        let page = fixed.get("/toi/tai-khoan").await.text();
        assert!(page.contains("leminhduc"), "{page}");
    });
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    each(|site| async move {
        let client = browser(&site);
        sign_in(&client, "nguyenthiha", &[]).await;
        let kept = session_of(&client);
        let key = key_on(&client).await;
        assert_eq!(client.post("/dang-xuat", &pairs(&[("_k", &key)])).await.status, 303);
        assert_eq!(session_of(&client), "");
        assert!(!is_in(&with_session(&site, &kept)).await);
    });
}

async fn key_on(client: &Client) -> String {
    let page = client.get("/toi/tai-khoan").await.text();
    page.split("<meta name=\"csrf\" content=\"").nth(1).and_then(|r| r.split('"').next()).unwrap_or_default().to_owned()
}

#[test]
fn a_new_password_ends_every_session_and_gives_this_browser_a_new_one() {
    each(|site| async move {
        let (here, there) = (browser(&site), browser(&site));
        sign_in(&here, "nguyenthiha", &[]).await;
        sign_in(&there, "nguyenthiha", &[]).await;
        let before = session_of(&here);
        let key = key_on(&here).await;
        let new = "tháng ba hoa gạo nở";
        let fields = [("_k", key.as_str()), ("cu", PASSWORD), ("mat_khau", new), ("nhac_lai", new)];
        assert_eq!(here.post("/toi/mat-khau", &pairs(&fields)).await.status, 303);
        assert!(is_in(&here).await);
        assert_ne!(session_of(&here), before);
        assert!(!is_in(&there).await);
        assert!(!is_in(&with_session(&site, &before)).await);
        assert_eq!(sign_in(&browser(&site), "nguyenthiha", &[]).await.status, 422);
        let fields = pairs(&[("ten", "nguyenthiha"), ("mat_khau", new)]);
        assert_eq!(browser(&site).post("/dang-nhap", &fields).await.status, 303);
    });
}

#[test]
fn a_session_ends_when_idle_and_at_last_however_busy() {
    each(|site| async move {
        let start = date(2026, 11, 22).at(9, 0, 0, 0);
        let at = |hours: i64, minutes: i64| start.checked_add(jiff::SignedDuration::from_mins(hours * 60 + minutes)).unwrap();
        let idle = browser(&site);
        sign_in(&idle, "nguyenthiha", &[]).await;
        site.at(at(11, 59));
        assert!(is_in(&idle).await);
        // That use counts from when it happened.
        site.at(at(23, 58));
        assert!(is_in(&idle).await);
        site.at(at(35, 59));
        assert!(!is_in(&idle).await, "twelve hours unused");
        let busy = browser(&site);
        site.at(start);
        sign_in(&busy, "nguyenthiha", &[]).await;
        let lives = |from: i64, until: i64| (from..=until).map(|i| i * 8);
        for hours in lives(1, 42) {
            site.at(at(hours, 0));
            assert!(is_in(&busy).await, "{hours} hours");
        }
        site.at(at(14 * 24, 1));
        assert!(!is_in(&busy).await, "fourteen days");
        let to = busy.get("/toi/tai-khoan").await.to();
        assert_eq!(to, "/dang-nhap?ve=/toi/tai-khoan");
    });
}

#[test]
fn a_shared_machine_is_left_sooner_and_not_remembered() {
    each(|site| async move {
        let start: DateTime = date(2026, 11, 22).at(9, 0, 0, 0);
        let shared = browser(&site);
        let answer = sign_in(&shared, "nguyenthiha", &[("chung", "1")]).await;
        let lines: Vec<String> = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().to_owned()).collect();
        assert_eq!(lines.len(), 1, "only the session: {lines:?}");
        assert!(!lines[0].contains("Max-Age") && !lines[0].contains("Expires"), "{lines:?}");
        site.at(start.checked_add(jiff::SignedDuration::from_mins(29)).unwrap());
        assert!(is_in(&shared).await);
        site.at(start.checked_add(jiff::SignedDuration::from_mins(60)).unwrap());
        assert!(!is_in(&shared).await);
        let devices = site.app.db.read_now(|tx| tx.scalar::<i64>("select count(*) from device", values![])).unwrap();
        assert_eq!(devices, 0);
    });
}

#[test]
fn what_ends_on_the_server_ends_at_the_next_request() {
    each(|site| async move {
        let client = browser(&site);
        sign_in(&client, "nguyenthiha", &[]).await;
        let led = first_page_of_leaders(&site);
        if let Some(url) = &led {
            assert_ne!(client.get(url).await.status, 404, "{url} before");
        }
        let person = site.person("nguyenthiha").raw();
        site.write(move |tx| {
            tx.exec("update post set to_date = '2026-11-22' where person_id = $1", values![person])?;
            Ok(())
        });
        match &led {
            Some(url) => assert_eq!(client.get(url).await.status, 404, "{url} after the post ended"),
            None => println!("no page of leaders yet"),
        }
        assert!(is_in(&client).await);
        site.write(move |tx| {
            tx.exec("update account set disabled = 1 where person_id = $1", values![person])?;
            Ok(())
        });
        assert!(!is_in(&client).await);
        assert_eq!(sign_in(&browser(&site), "nguyenthiha", &[]).await.status, 422);
    });
}

fn first_page_of_leaders(site: &Arc<Site>) -> Option<String> {
    use domain::right::Right;
    let cell = site.cast.cell.to_string();
    let line = table().into_iter().find(|l| {
        let right = matches!(l.right, Right::MeetingPrepare | Right::MemberManage);
        right && l.method == Method::GET && l.path.starts_with("/cb/") && crate::pages::params(l.path) == ["org"]
    })?;
    Some(line.path.replace("{org}", &cell))
}

#[test]
fn cookies_are_kept_from_scripts_and_bound_to_the_host_under_tls() {
    each(|site| async move {
        let plain = sign_in(&browser(&site), "nguyenthiha", &[]).await;
        let mut app = site.app.clone();
        app.jar = web::cookie::Jar { secure: true };
        let secure = sign_in(&Client::new(&router(app), "tls"), "nguyenthiha", &[]).await;
        for (answer, tls) in [(plain, false), (secure, true)] {
            let lines: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
            assert_eq!(lines.len(), 2, "{lines:?}");
            for line in lines {
                assert!(line.contains("; HttpOnly") && line.contains("; SameSite=Lax") && line.contains("; Path=/"), "{line}");
                assert!(!line.contains("Domain"), "{line}");
                assert_eq!((line.starts_with("__Host-"), line.contains("; Secure")), (tls, tls), "{line}");
            }
        }
        assert_eq!(HeaderMap::new().len(), 0);
    });
}
