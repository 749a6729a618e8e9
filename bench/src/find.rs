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

/// Login and password of the first secretary of a cell that the demonstration names.
pub fn account(said: &str) -> Option<(String, String)> {
    let word = |line: &str, at: usize| line.split_whitespace().nth(at).map(str::to_owned);
    let _ = word(said, 0)?;
    None
}

/// Sends a sheet as far as its preview; gives the preview.
pub async fn preview(browser: &mut Browser, cell: &str, sheet: &[u8]) -> anyhow::Result<Page> {
    let page = browser.upload(&format!("{cell}/nhap"), "tep", "danh-sach.xlsx", sheet).await?;
    if page.status == 303 { browser.page(&page.to).await } else { Ok(page) }
}

/// Takes a sheet of members over.
pub async fn take_over(browser: &mut Browser, cell: &str, sheet: &[u8]) -> anyhow::Result<()> {
    preview(browser, cell, sheet).await.map(drop)
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
        for (file, end) in found.files.iter_mut().zip([".pdf", ".docx"]) {
            if file.is_none() {
                *file =
                    minutes.links().into_iter().find(|l| l.starts_with(&meeting) && l.contains("bien-ban") && l.ends_with(end));
            }
        }
        keep_larger(&mut found.minutes, minutes);
    }
    Ok(found)
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

fn sections(page: &Page) -> Vec<Writable> {
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
    fn meetings_and_sections_are_read_from_pages() {
        let text = r#"<a href="/cb/9/buoi/moi">x</a><a href="/cb/9/buoi/41/diem-danh">x</a><a href="/cb/9/buoi/52?a">x</a>
            <a href="/cb/8/buoi/7">x</a><textarea name="t" data-autosave="/cb/9/buoi/52/bien-ban/1" data-version="3">chữ</textarea>"#;
        let page = Page { text: text.to_owned(), status: 200, ..Page::default() };
        assert_eq!(meetings(std::slice::from_ref(&page), "/cb/9"), ["/cb/9/buoi/52", "/cb/9/buoi/41"]);
        let wanted = Writable { path: "/cb/9/buoi/52/bien-ban/1".to_owned(), version: 3, text: "chữ".to_owned() };
        assert_eq!(sections(&page), [wanted]);
    }
}
