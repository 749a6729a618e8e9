//! Signing in: right and wrong words, guessing, keys of forms, sessions that end (P-14 … P-16).

use crate::site::{PASSWORD, each};

#[test]
fn a_member_signs_in_with_or_without_diacritics_and_out_again() {
    each(|site| async move {
        let browser = site.browser();
        browser.get("/").await.is(303);
        for name in ["nguyenthiha", "Nguyễn Thị Hà", " NGUYEN THI HA "] {
            let browser = site.browser();
            browser.post("/dang-nhap", &[("ten", name), ("mat_khau", PASSWORD)]).await.is(303);
            browser.get("/toi/tai-khoan").await.is(200).says(&["nguyenthiha"]);
            browser.post("/dang-xuat", &[]).await.is(303);
            assert_eq!(browser.get("/toi/tai-khoan").await.is(303).to, "/dang-nhap?ve=/toi/tai-khoan");
        }
    });
}

#[test]
fn wrong_words_do_not_tell_whether_the_account_exists() {
    each(|site| async move {
        let wrong = |name: &'static str| {
            let site = site.clone();
            async move {
                site.browser().post("/dang-nhap", &[("ten", name), ("mat_khau", "không phải mật khẩu")]).await.is(422).body
            }
        };
        let (known, unknown) = (wrong("nguyenthiha").await, wrong("nguyenthihb").await);
        assert_eq!(known, unknown.replace("nguyenthihb", "nguyenthiha"));
    });
}

#[test]
fn guessing_is_stopped_but_does_not_lock_the_owner_out() {
    each(|site| async move {
        let owner = site.sign_in("nguyenthiha").await;
        owner.post("/dang-xuat", &[]).await.is(303);
        let stranger = site.browser();
        let mut stopped = false;
        for _ in 0..12 {
            let page = stranger.post("/dang-nhap", &[("ten", "nguyenthiha"), ("mat_khau", "đoán mò thôi mà")]).await;
            stopped |= page.status == 429;
        }
        assert!(stopped);
        owner.post("/dang-nhap", &[("ten", "nguyenthiha"), ("mat_khau", PASSWORD)]).await.is(303);
    });
}

#[test]
fn an_action_needs_the_key_of_this_session_and_our_own_page() {
    use axum::body::Body;
    use axum::http::{Request, header};
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let duc = site.sign_in("leminhduc").await;
        let other_key = duc.key().await;
        ha.post("/toi/co-chu", &[("co", "20"), ("_k", "")]).await.is(403);
        ha.post("/toi/co-chu", &[("co", "20"), ("_k", &other_key)]).await.is(403);
        let key = ha.key().await;
        let foreign = Request::post("/toi/co-chu")
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("co=20&_k={key}")))
            .unwrap();
        ha.send(foreign).await.is(403);
        ha.post("/toi/co-chu", &[("co", "20")]).await.is(303);
        ha.get("/toi/tai-khoan").await.is(200).says(&["data-size=\"20\""]);
    });
}
