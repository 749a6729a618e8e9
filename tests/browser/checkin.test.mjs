// Self check-in and the roll in a real browser: the code read from the chair's page at 1280, three members at 390, one of them without
// scripts; the chair sees each within a second. Then a roll of 20, by number and by key, counted in acts and seconds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, tabOrder } from "./lib.mjs";
import { Judge } from "./judge.mjs";
import { cell, post, prepared } from "./running.mjs";
import { accounts, loginOf, signIn, start } from "./server.mjs";

let browser, server, demo, chair, org;
const judge = new Judge("checkin");
const TODAY = "01/12/2026";

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { now: "2026-12-01T08:30", small: true })]);
  demo = accounts(server.said);
  chair = await signIn(browser, server.url, demo.seats.find((s) => /bí thư chi bộ/i.test(s.role)).login, demo.password, { width: 1280 });
  org = await cell(chair);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A meeting that is open, nobody marked. */
async function opened() {
  const at = await prepared(chair, server.url, org, { today: TODAY, hour: "08:00" });
  await post(chair, `${at}/dieu-hanh/mo`, [["gio", "08:00"]]);
  return at;
}

const there = (page) => page.$eval("#roll-n", (e) => Number(/Có mặt (\d+)/.exec(e.textContent)[1]));
const count = (page, n) => page.waitForFunction((n) => new RegExp(`^Có mặt ${n}/`).test(document.querySelector("#roll-n").textContent), n, { timeout: 20_000 });
const said = (page, text) => page.waitForFunction((t) => document.querySelector("#said").textContent.includes(t), text, { timeout: 20_000 });
const code = (page) => page.$eval(".digits", (e) => e.textContent.trim());
const value = (page) => page.inputValue("#so");

/** Names of plain members on the roll that are not marked. */
const members = (page) => page.$$eval("#roll > li", (all) => all.filter((l) => /Chưa điểm danh/.test(l.textContent))
  .map((l) => l.querySelector(".n").firstChild.textContent.replace(/^\d+\.\s*/, "").trim()));

async function member(name, options) {
  return signIn(browser, server.url, loginOf(name), demo.password, { width: 390, ...options });
}

test("three members check in with the code, and the chair sees each of them at once", { timeout: 300_000 }, async () => {
  const at = await opened();
  await chair.goto(`${server.url}${at}/diem-danh`);
  await judge.page(chair, "dong");
  const names = (await members(chair)).filter((n) => loginOf(n) !== demo.seats.find((s) => /bí thư chi bộ/i.test(s.role)).login);

  // Opened with the keyboard; the code takes the focus, not the button that closes it.
  await chair.locator("button[value=mo]").focus();
  await chair.keyboard.press("Enter");
  await chair.waitForSelector(".digits", { timeout: 10_000 });
  assert.match(await code(chair), /^\d{4}$/);
  assert.ok(await chair.evaluate(() => document.activeElement.classList.contains("digits")));
  await chair.evaluate(() => { window.same = true; });
  const first = await code(chair);
  await judge.page(chair, "mo");
  const screen = await open(browser, `${server.url}${at}/ma-diem-danh`, { width: 1280, storageState: await chair.context().storageState() });
  await judge.page(screen, "man-hinh-lon");
  assert.equal(await screen.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);

  // The chair types a number meanwhile: neither the field nor the word in it is touched.
  await chair.focus("#so");
  await chair.keyboard.type("1");
  await chair.evaluate(() => { window.field = document.querySelector("#so"); });

  const [one, two] = await Promise.all([member(names[0]), member(names[1])]);
  const times = [];
  for (const [n, page] of [one, two].entries()) {
    await page.goto(`${server.url}${at}`);
    await page.waitForSelector("#ma_so");
    if (n === 0) {
      await judge.page(page, "dang-vien");
      await page.fill("#ma_so", String((Number(await code(chair)) + 5000) % 10000).padStart(4, "0"));
      await Promise.all([page.waitForNavigation(), page.tap("text=Tôi có mặt")]);
      assert.match(await page.textContent("main"), /Mã chưa đúng.*Còn 4 lần/s);
      await judge.page(page, "dang-vien-sai", { refused: true });
    }
    const before = await there(chair);
    await page.fill("#ma_so", await code(screen));
    const began = Date.now();
    await page.tap("text=Tôi có mặt");
    await count(chair, before + 1);
    times.push(Date.now() - began);
    await page.waitForSelector("text=/Đã ghi có mặt lúc/");
  }
  await judge.page(one, "dang-vien-xong");
  // Without scripts: a page, a field, a page.
  const three = await member(names[2], { js: false });
  await three.goto(`${server.url}${at}`, { waitUntil: "load" });
  await three.fill("#ma_so", await code(screen));
  const began = Date.now();
  await Promise.all([three.waitForNavigation(), three.click("text=Tôi có mặt")]);
  assert.match(await three.textContent("main"), /Đã ghi có mặt lúc/);
  await count(chair, 3);
  times.push(Date.now() - began);
  console.log(`the chair saw the three after ${times.join(", ")} ms`);
  assert.ok(times.every((t) => t < 5000), times.join());
  assert.equal(await chair.$$eval("#roll > li", (all) => all.filter((l) => /tự điểm danh/.test(l.textContent)).length), 3);
  assert.match(await chair.textContent("#ma"), /3 đồng chí đã tự điểm danh/);
  assert.ok(await chair.evaluate(() => window.field === document.activeElement && window.field.value === "1"), "what the chair typed was not disturbed");

  // The secretary has the last word, and the member reads it.
  await chair.fill("#so", "");
  await chair.locator("#roll > li", { hasText: names[1] }).locator("button[value$=':k']").click();
  await two.waitForSelector("text=/Thư ký đã ghi: Vắng không/", { timeout: 10_000 });
  await judge.page(two, "dang-vien-thu-ky");

  // A new code comes by itself, on every page, without a reload.
  await Promise.all([chair, screen].map((p) => p.waitForFunction((c) => document.querySelector(".digits").textContent.trim() !== c, first, { timeout: 90_000 })));
  await chair.waitForFunction((c) => document.querySelector(".digits").textContent.trim() === c, await code(screen), { timeout: 10_000 }).catch(() => {});
  assert.equal(await code(chair), await code(screen));
  assert.ok(await chair.evaluate(() => window.same), "the chair's page was not loaded again");

  // On the desk too; closed there, the member's field goes.
  await chair.goto(`${server.url}${at}/dieu-hanh`);
  await chair.waitForSelector("#ma .digits");
  await judge.page(chair, "dieu-hanh");
  const four = await member(names[3]);
  await four.goto(`${server.url}${at}`);
  await four.waitForSelector("#ma_so");
  await chair.locator("#ma button[value=dong]").click();
  await chair.waitForSelector("#ma button[value=mo]");
  await four.waitForSelector("#ma_so", { state: "detached", timeout: 10_000 });
  for (const page of [one, two, three, four, screen]) await page.context().close();
  assert.deepEqual(judge.problems, []);
});

/** As many as twenty who are expected: the cell's own and some who have just come. */
async function twenty() {
  await chair.goto(`${server.url}/cb/${org}/dang-vien`);
  const now = await chair.$$eval("#ds tbody tr, #ds > li", (all) => all.length);
  for (let n = now; n < 24; n += 1) {
    await post(chair, `/cb/${org}/dang-vien/them`, [["ho_ten", `Lê Thử ${["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mốt", "Hăm"][n % 12]}`],
      ["nam_sinh", "1970"], ["vao_dang", "03/02/2000"], ["chinh_thuc", "03/02/2001"], ["so_the", `02.99${String(n).padStart(4, "0")}`], ["dien", "official"], ["tu_ngay", "01/11/2026"]]);
  }
}

/** The numbers of those who are not marked, in the order of the list. */
const numbers = (page) => page.$$eval("#roll > li", (all) => all.filter((l) => /Chưa điểm danh/.test(l.textContent)).map((l) => parseInt(l.querySelector(".n").textContent, 10)));

test("the roll of twenty takes as many acts as there are people, by number and by key", { timeout: 300_000 }, async () => {
  await twenty();
  const at = await opened();
  await chair.goto(`${server.url}${at}/diem-danh`);
  const list = (await numbers(chair)).slice(0, 20);
  assert.equal(list.length, 20, `${list.length} not marked`);
  // A burst as a barcode reader sends it: with zeros before, a line end before and after, nothing waits.
  const before = await there(chair);
  await chair.focus("#so");
  let posts = 0;
  const hear = (request) => { if (request.method() === "POST") posts += 1; };
  chair.on("request", hear);
  let acts = 0, began = Date.now();
  for (const number of list) {
    await chair.keyboard.type(`${acts % 3 ? "" : "000"}${number}`, { delay: 0 });
    await chair.keyboard.press("Enter");
    if (acts % 4 === 0) await chair.keyboard.press("Enter");
    acts += 1;
  }
  const typed = Date.now() - began;
  await count(chair, before + 20);
  console.log(`by number: 20 entries, typed in ${typed} ms, all recorded after ${Date.now() - began} ms`);
  chair.off("request", hear);
  assert.equal(acts, 20);
  assert.equal(posts, 20, "a line end before a number sends nothing");
  assert.ok(await chair.evaluate(() => document.activeElement.id === "so" && document.activeElement.value === ""));
  await said(chair, `${list[19]}. `);
  await judge.page(chair, "diem-danh-20");

  // The last entry is taken back with the keyboard alone, and again by its button.
  await chair.focus("#so");
  await chair.keyboard.press("Control+z");
  await said(chair, "Đã hoàn tác");
  await count(chair, before + 19);
  assert.equal(await chair.evaluate(() => document.activeElement.id), "so");
  await chair.keyboard.type(String(list[19]));
  await chair.keyboard.press("Enter");
  await count(chair, before + 20);
  await chair.waitForSelector("#lui button");
  await chair.keyboard.press("Tab");
  await chair.keyboard.press("Tab");
  assert.match(await chair.evaluate(() => document.activeElement.textContent), /Hoàn tác/);
  await chair.keyboard.press("Enter");
  await count(chair, before + 19);
  await chair.waitForFunction(() => document.activeElement.id === "so");
  // Control keys of a reader's line end, a card, twice: marked and not taken back.
  await chair.keyboard.press("Control+j");
  await chair.keyboard.type("0002990023");
  assert.equal(await value(chair), "0002990023");
  await chair.keyboard.press("Control+m");
  await chair.waitForFunction(() => /Không đồng chí nào|có mặt/.test(document.querySelector("#said").textContent));

  // The same by the keys of the grid: a letter marks and goes on.
  const again = await opened();
  await chair.goto(`${server.url}${again}/diem-danh`);
  const start = await there(chair);
  const rows = chair.locator("#roll > li", { hasText: "Chưa điểm danh" });
  await rows.first().locator("button").first().focus();
  let keys = 0, done = 0;
  began = Date.now();
  while (done < 20) {
    const waiting = await chair.evaluate(() => /Chưa điểm danh/.test(document.activeElement.closest("li").textContent) && !document.activeElement.closest("li").querySelector("[aria-pressed=true]"));
    await chair.keyboard.press(waiting ? "c" : "ArrowDown");
    if (waiting) done += 1;
    keys += 1;
  }
  const pressed = Date.now() - began;
  await count(chair, start + 20);
  console.log(`by key: 20 marks with ${keys} keys in ${pressed} ms, all recorded after ${Date.now() - began} ms`);
  assert.ok(keys <= 20 + 6, `${keys} keys`);
  const walk = await tabOrder(chair);
  assert.deepEqual(walk.problems, []);
  assert.deepEqual(judge.problems, []);
});

test("two who take the roll at once see each other's marks and lose no key press", { timeout: 120_000 }, async () => {
  const at = await opened();
  const url = `${server.url}${at}/diem-danh`;
  await chair.goto(url);
  const other = await open(browser, url, { width: 1280, storageState: await chair.context().storageState() });
  const list = (await numbers(chair)).slice(0, 16), before = await there(chair);
  await chair.locator("#roll > li", { hasText: "Chưa điểm danh" }).first().locator("button").first().focus();
  await other.focus("#so");
  for (let n = 0; n < 8; n += 1) {
    await chair.keyboard.press("c");
    await other.keyboard.type(String(list[15 - n]));
    await other.keyboard.press("Enter");
  }
  await Promise.all([count(chair, before + 16), count(other, before + 16)]);
  for (const page of [chair, other]) {
    assert.equal(await page.$$eval("#roll [aria-pressed=true][value$=':c']", (all) => all.length), before + 16);
  }
  assert.ok(await chair.evaluate(() => document.activeElement.closest("#roll") !== null), "the focus stays in the grid");
  assert.equal(await chair.evaluate(() => document.querySelectorAll("#roll button[tabindex='0']").length), 3, "one row is the way in");

  // A press on its way over a slow line stays as pressed while others' marks arrive, and theirs come with its answer.
  const [mine, theirs] = (await chair.$$eval("#roll > li", (all) => all.filter((l) => /Có mặt \d/.test(l.textContent)).map((l) => l.id))).slice(-2);
  await chair.route("**/diem-danh", async (route) => {
    if (route.request().method() === "POST") await new Promise((done) => setTimeout(done, 2000));
    await route.continue();
  });
  await chair.locator(`#${mine} button[data-key=v]`).focus();
  await chair.keyboard.press("v");
  await other.locator(`#${theirs} button[data-key=k]`).click();
  const pressed = () => chair.$eval(`#${mine} button[data-key=v]`, (b) => b.getAttribute("aria-pressed"));
  for (const until = Date.now() + 1500; Date.now() < until;) {
    assert.equal(await pressed(), "true");
    await chair.waitForTimeout(50);
  }
  await chair.waitForSelector(`#${theirs} button[data-key=k][aria-pressed=true]`, { timeout: 10_000 });
  assert.equal(await pressed(), "true");
  await other.waitForSelector(`#${mine} button[data-key=v][aria-pressed=true]`, { timeout: 10_000 });
  await chair.unroute("**/diem-danh");
  await other.context().close();
});

test("without a script the roll is taken by number, and taken back", { timeout: 60_000 }, async () => {
  const at = await opened();
  const page = await open(browser, `${server.url}${at}/diem-danh`, { width: 390, js: false, storageState: await chair.context().storageState() });
  const [number] = await numbers(page);
  await page.fill("#so", String(number));
  await Promise.all([page.waitForNavigation(), page.press("#so", "Enter")]);
  assert.match(await page.textContent("#said"), /có mặt/);
  await Promise.all([page.waitForNavigation(), page.click("text=Hoàn tác")]);
  assert.match(await page.textContent("#said"), /Đã hoàn tác/);
  await Promise.all([page.waitForNavigation(), page.click("text=Mở tự điểm danh")]);
  assert.match(await page.textContent(".digits"), /^\d{4}$/);
  assert.ok(await page.isVisible("text=Tải lại trang"));
  await page.context().close();
});
