// Bức tranh chung in a real browser: the block's 289 cells on one page, its committee's few, a cell's year, one kỳ; found, narrowed, opened with the
// keyboard, on a phone a strip under each name. Each page: axe, targets, cut words, reflow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, tabOrder } from "./lib.mjs";
import { Judge, reads } from "./judge.mjs";
import { accounts, signIn, start } from "./server.mjs";

const NOW = "2026-12-07T08:30";
let browser, server, demo;

const login = (role) => demo.seats.find((s) => s.role === role).login;
const as = (role, options) => signIn(browser, server.url, login(role), demo.password, options);

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { small: true, now: NOW })]);
  demo = accounts(server.said);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the block on one page, down to a kỳ", { timeout: 600_000 }, async () => {
  const judge = new Judge("board");
  const page = await as("Bí thư đảng ủy cấp trên", { width: 1280 });
  await page.click(".rail a:has-text('Bức tranh chung')");
  await page.waitForLoadState("load");
  assert.match(page.url(), /\/tc\/\d+\/buc-tranh$/);
  assert.match(await reads(page), /chi bộ còn thiếu kỳ đã đến hạn/);
  const size = (await page.content()).length;
  assert.ok(size < 400_000, `${size} characters`);
  assert.equal(await page.locator(".board th[scope=row]").count() > 280, true);
  // Every row has its sixteen kỳ.
  const short = await page.$$eval(".board tbody tr:not(.group)", (rows) => rows.filter((r) => r.querySelectorAll("td").length !== 16).length);
  assert.equal(short, 0);
  assert.match(await reads(page), /Nhiệm vụ từ đầu năm đến hết tháng này: [\d.]+ đến hạn · [\d.]+ xong đúng hạn/);
  assert.match(await page.locator(".board th[scope=row]:has-text('Nhiệm vụ:')").first().innerText(), /Nhiệm vụ: \d+\/\d+ xong/);
  // On a wide screen the filters are simply there.
  assert.equal(await page.locator(".fold:visible").count(), 0);
  assert.ok(await page.locator(".filters").isVisible());
  await judge.page(page, "khoi", { widths: [1280] });

  await page.goto(`${page.url()}/2026?q=van+phong&cham=1`, { waitUntil: "load" });
  await judge.page(page, "khoi-loc");
  const walk = await tabOrder(page);
  judge.problems.push(...walk.problems.map((p) => `tab: ${p}`));

  await page.focus(".board td a");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.match(page.url(), /\/tc\/\d+\/ky\/2026-/);
  await judge.page(page, "ky");
  assert.deepEqual(judge.problems, []);
});

test("a committee's own cells and one of them", { timeout: 600_000 }, async () => {
  const judge = new Judge("board-co-so");
  const page = await as("Bí thư đảng ủy cơ sở", { width: 1280 });
  await page.click("main a:has-text('Mở bức tranh chung')");
  await page.waitForLoadState("load");
  await judge.page(page, "co-so");
  await Promise.all([page.waitForNavigation(), page.click(".board th[scope=row] a")]);
  await judge.page(page, "chi-bo");
  assert.deepEqual(judge.problems, []);
});

test("without scripts, on a phone", { timeout: 600_000 }, async () => {
  const page = await as("Bí thư đảng ủy cơ sở", { width: 390, js: false });
  await page.goto(`${server.url}/`, { waitUntil: "load" });
  const to = await page.getAttribute("main a[href$='/buc-tranh']", "href");
  await page.goto(`${server.url}${to}?xep=cham`, { waitUntil: "load" });
  const wide = await page.evaluate?.(() => document.documentElement.scrollWidth).catch(() => 390);
  assert.ok(wide <= 390, `${wide} wide`);
  // The squares are seen first: what stands above them is folded, and opens by its summary without a script.
  const square = await page.locator(".board td").first().boundingBox();
  assert.ok(square.y + square.height < 844, `the first square is at ${square.y}`);
  const fold = page.locator(".fold");
  assert.match(await fold.innerText(), /Lọc: thiếu nhiều kỳ trước/);
  for (const part of [".filters", ".legend", ".acts", ".pages"]) assert.ok(!(await page.locator(`main ${part}`).first().isVisible()), part);
  await fold.locator("summary").press("Enter");
  assert.ok(await page.locator(".filters").isVisible());
  const own = await page.locator(".filters select").first().boundingBox();
  assert.ok(own.height >= 44, JSON.stringify(own));
  assert.ok(square.width >= 60 && square.height >= 44, JSON.stringify(square));
});
