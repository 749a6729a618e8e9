//! Finds the pages to measure as a person would: signs in, follows links, looks which is largest.
//! May touch: one server, as a browser.

use anyhow::{Context, ensure};
use std::collections::BTreeSet;

use crate::browser::{Browser, Page, value_of};

/// No search opens more pages of a kind than this.
const LOOK_MAX: usize = 40;

/// Signs in.
pub async fn sign_in(browser: &mut Browser, login: &str, password: &str) -> anyhow::Result<()> {
    browser.page("/dang-nhap").await?;
    let page = browser.post("/dang-nhap", &[("ten", login), ("mat_khau", password)]).await?;
    ensure!(page.status == 303, "signing in as {login} answered {}", page.status);
    Ok(())
}

/// Login and password of the first secretary of a cell that the demonstration names, from lines such as
/// `  Bí thư chi bộ  nguyenvana  Nguyễn Văn A, Chi bộ 1` under a line that ends with the password.
pub fn account(said: &str) -> Option<(String, String)> {
    seat(said, "Bí thư chi bộ ")
}

/// Login and password of the first account the demonstration names with a role.
pub fn seat(said: &str, role: &str) -> Option<(String, String)> {
    let password = said.lines().find(|l| l.contains("ật khẩu"))?.rsplit(": ").next()?.trim().to_owned();
    let row = said.lines().map(str::trim).find(|l| l.starts_with(role))?;
    let login = row.split("  ").map(str::trim).filter(|w| !w.is_empty()).nth(1)?;
    Some((login.to_owned(), password))
}

/// Sends a sheet as far as its preview; gives the preview.
pub async fn preview(browser: &mut Browser, cell: &str, sheet: &[u8]) -> anyhow::Result<Page> {
    let page = browser.upload(&format!("{cell}/dang-vien/nhap"), "tep", "danh-sach.xlsx", sheet).await?;
    let page = if page.status == 303 { browser.page(&page.to).await? } else { page };
    ensure!(page.status == 200, "the preview of a sheet answered {}", page.status);
    Ok(page)
}

/// Takes a sheet of members over, as the button under its preview does.
pub async fn take_over(browser: &mut Browser, cell: &str, sheet: &[u8]) -> anyhow::Result<()> {
    let preview = preview(browser, cell, sheet).await?;
    let actions = preview.tags_with("action");
    let accept = actions.iter().find(|(to, _)| to.ends_with("/nhan")).context("the preview cannot be accepted")?;
    let done = browser.post(&accept.0, &[("con_lai", "bo")]).await?;
    ensure!(done.status == 303, "taking a sheet over answered {}", done.status);
    Ok(())
}

/// A section of minutes that can be written now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writable {
    /// Where it is saved.
    pub path: String,
    /// Its version.
    pub version: i64,
    /// Its text.
    pub text: String,
}

/// What was found in a cell.
#[derive(Debug, Default)]
pub struct Places {
    /// The cell's base path, `/cb/{org}`.
    pub cell: String,
    /// The home page.
    pub home: Option<Page>,
    /// The year strip.
    pub year: Option<Page>,
    /// The largest page of a meeting.
    pub meeting: Option<Page>,
    /// The largest page of minutes.
    pub minutes: Option<Page>,
    /// The list of members.
    pub members: Option<Page>,
    /// Minutes as PDF and as DOCX.
    pub files: [Option<String>; 2],
    /// Sections of the minutes with most open sections.
    pub sections: Vec<Writable>,
}

/// Looks around in the cell of whoever is signed in.
pub async fn places(browser: &mut Browser) -> anyhow::Result<Places> {
    let home = browser.page("/").await?;
    let cell = home
        .links()
        .iter()
        .find_map(|l| l.strip_prefix("/cb/").map(|rest| format!("/cb/{}", rest.split('/').next().unwrap_or_default())))
        .context("no cell on the home page")?;
    let mut found = Places { cell: cell.clone(), home: Some(home), ..Places::default() };
    found.year = browser.page(&format!("{cell}/nam")).await.ok();
    found.members = browser.page(&format!("{cell}/dang-vien")).await.ok();
    let mut lists = vec![browser.get(&format!("{cell}/buoi")).await?];
    lists.extend(found.home.clone());
    lists.extend(found.year.clone());
    for meeting in meetings(&lists, &cell) {
        let page = browser.get(&meeting).await?;
        keep_larger(&mut found.meeting, page);
        let minutes = browser.get(&format!("{meeting}/bien-ban")).await?;
        let writable = sections(&minutes);
        if writable.len() > found.sections.len() {
            found.sections = writable;
        }
        if found.files.iter().any(Option::is_none) {
            files(browser, &minutes, &mut found.files).await?;
        }
        keep_larger(&mut found.minutes, minutes);
    }
    Ok(found)
}

/// The sealed minutes a page leads to, as PDF and as DOCX.
async fn files(browser: &mut Browser, minutes: &Page, files: &mut [Option<String>; 2]) -> anyhow::Result<()> {
    let Some(sealed) = minutes.links().into_iter().find(|l| l.contains("/van-ban/")) else {
        return Ok(());
    };
    let links = browser.get(&sealed).await?.links();
    for (file, word) in files.iter_mut().zip(["pdf", "docx"]) {
        *file = links.iter().find(|l| l.contains("/van-ban/") && l.ends_with(word)).cloned();
    }
    Ok(())
}

fn keep_larger(kept: &mut Option<Page>, page: Page) {
    if page.status == 200 && kept.as_ref().is_none_or(|k| k.text.len() < page.text.len()) {
        *kept = Some(page);
    }
}

/// Addresses of meetings that pages link to, newest first as far as ids tell.
fn meetings(pages: &[Page], cell: &str) -> Vec<String> {
    let start = format!("{cell}/buoi/");
    let of = |link: &String| {
        let id = link.strip_prefix(&start)?.split(['/', '?', '#']).next()?;
        id.bytes().any(|b| b.is_ascii_digit()).then(|| format!("{start}{id}"))
    };
    let all: BTreeSet<String> = pages.iter().flat_map(Page::links).filter_map(|l| of(&l)).collect();
    all.into_iter().rev().take(LOOK_MAX).collect()
}

/// The sections of minutes that can be written on a page.
pub fn sections(page: &Page) -> Vec<Writable> {
    let read = |(path, tag): (String, String)| {
        let version = value_of(&tag, "data-version")?.parse().ok()?;
        let text = page.text.split(&format!("data-autosave=\"{path}\"")).nth(1)?;
        let text = text.split_once('>')?.1.split("</textarea>").next()?.to_owned();
        Some(Writable { path, version, text })
    };
    page.tags_with("data-autosave").into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secretary_of_a_cell_is_read_from_what_the_demonstration_says() {
        let said = "\nTài khoản dùng thử:\nMật khẩu của mọi tài khoản: sinh hoạt nếp\n  Phó bí thư chi bộ   b1  B, Chi bộ 1\n  \
                    Bí thư chi bộ       a1  A, Chi bộ 1\n";
        assert_eq!(account(said), Some(("a1".to_owned(), "sinh hoạt nếp".to_owned())));
        assert_eq!(account("nothing"), None);
    }

    #[test]
    fn meetings_and_sections_are_read_from_pages() {
        let text = r#"<a href="/cb/9/buoi/moi">x</a><a href="/cb/9/buoi/41/diem-danh">x</a><a href="/cb/9/buoi/52?a">x</a>
            <a href="/cb/8/buoi/7">x</a><textarea name="t" data-autosave="/cb/9/buoi/52/bien-ban/1" data-version="3">chữ</textarea>"#;
        let page = Page { text: text.to_owned(), status: 200, ..Page::default() };
        assert_eq!(meetings(std::slice::from_ref(&page), "/cb/9"), ["/cb/9/buoi/52", "/cb/9/buoi/41"]);
        let wanted = Writable { path: "/cb/9/buoi/52/bien-ban/1".to_owned(), version: 3, text: "chữ".to_owned() };
        assert_eq!(sections(&page), [wanted]);
    }
}
