// What the tests on the small demonstration share: the server with its browser, who signs in, what a person reads and presses; and a meeting
// that runs today in the show cell, set up by the forms a secretary would send.
import assert from "node:assert/strict";
import { launch } from "./lib.mjs";
import { accounts, signIn, start } from "./server.mjs";

/** A browser and a server with the small demonstration on a morning; `login` of the first with a role, `as` signs them in. */
export async function small({ now = "2026-12-01T08:30" } = {}) {
  const [browser, server] = await Promise.all([launch(), start("demo", { now, small: true })]);
  const demo = accounts(server.said);
  const login = (role) => demo.seats.find((s) => (role instanceof RegExp ? role.test(s.role) : s.role === role)).login;
  const as = (role, options) => signIn(browser, server.url, login(role), demo.password, options);
  const stop = async () => {
    await browser.close();
    await server.stop();
  };
  return { browser, server, demo, login, as, stop };
}

/** The words of the page's own part. */
export const text = (page) => page.$eval("main", (e) => e.textContent.replace(/\s+/g, " "));
/** Presses a button and waits for the page it leads to. */
export const press = (page, name) => Promise.all([page.waitForNavigation(), page.getByRole("button", { name }).first().click()]);
/** Follows a link of the page's own part. */
export const follow = (page, name) => Promise.all([page.waitForNavigation(), page.locator("main").getByRole("link", { name }).first().click()]);

/** Sends a form as a page of the product would; where it led to, with status and page when it was refused. */
export async function post(page, path, pairs) {
  return page.evaluate(async ([path, pairs]) => {
    const key = document.querySelector('meta[name="csrf"]').content;
    const body = new URLSearchParams([["_k", key], ...pairs]);
    const answer = await fetch(path, { method: "POST", body, credentials: "same-origin" });
    return answer.url.replace(location.origin, "") + (answer.ok ? "" : ` ${answer.status} ${(await answer.text()).slice(0, 2000)}`);
  }, [path, pairs]);
}

/** The cell of who is signed in on `page`. */
export async function cell(page) {
  return /\/cb\/(\d+)/.exec(await page.$eval('.rail a[href*="/cb/"]', (a) => a.getAttribute("href")))[1];
}

/** A meeting of `today` with `titles` as its agenda, led by the first of the list, written by the second; its path. */
export async function prepared(page, url, org, { today, hour = "00:05", titles = ["Báo cáo tháng", "Việc khác"] }) {
  const made = await post(page, `/cb/${org}/buoi/tao`, [["loai", "other"], ["ngay", today], ["gio", hour]]);
  const at = /^\/cb\/\d+\/buoi\/\d+/.exec(made)?.[0];
  assert.ok(at, made);
  for (const title of titles) await post(page, `${at}/muc`, [["buoc", "other"], ["ten", title], ["phut", "10"]]);
  await page.goto(`${url}${at}/dieu-hanh`);
  const people = await page.$$eval("#chu_tri option", (all) => all.map((o) => o.value).filter(Boolean));
  await post(page, `${at}/dieu-hanh/nguoi`, [["chu_tri", people[0]], ["thu_ky", people[1]]]);
  return at;
}

/** The same, opened with everybody there. */
export async function running(page, url, org, options) {
  const at = await prepared(page, url, org, options);
  await post(page, `${at}/dieu-hanh/mo`, [["gio", options.hour || "00:05"]]);
  await post(page, `${at}/diem-danh`, [["mark", "all:c"]]);
  return at;
}
