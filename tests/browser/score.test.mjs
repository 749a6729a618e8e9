// Scoring a meeting in a real browser: the secretary fills in the sheet with the keyboard, the level follows while typing, more than the facts
// say asks for a reason; who follows the cell scores beside it; without scripts it is the same sheet. Each page: axe, targets, cut words, reflow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, tabOrder } from "./lib.mjs";
import { Judge, reads } from "./judge.mjs";
import { accounts, signIn, start } from "./server.mjs";
import { cell, post } from "./running.mjs";

const NOW = "2026-12-04T18:00";
let browser, server, demo, meeting;

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

/** The cell's regular meeting of the month, held and not yet adopted; its path. */
async function held(page) {
  const org = await cell(page);
  await page.goto(`${server.url}/cb/${org}/ky/2026-tk-12`, { waitUntil: "load" });
  assert.equal(await page.locator("#ngay").count(), 1, await reads(page));
  await page.fill("#ngay", "04/12/2026");
  await page.fill("#gio", "23:00");
  await Promise.all([page.waitForNavigation(), page.click("button:has-text('Lưu dự kiến')")]);
  await Promise.all([page.waitForNavigation(), page.click("button:has-text('Chuẩn bị buổi sinh hoạt')")]);
  const at = /\/cb\/\d+\/buoi\/\d+/.exec(page.url())[0];
  await page.goto(`${server.url}${at}/dieu-hanh`, { waitUntil: "load" });
  const people = await page.$$eval("#chu_tri option", (all) => all.map((o) => o.value).filter(Boolean));
  await post(page, `${at}/dieu-hanh/nguoi`, [["chu_tri", people[0]], ["thu_ky", people[1]]]);
  const opened = await post(page, `${at}/dieu-hanh/mo`, [["gio", "14:00"]]);
  assert.match(opened, /xong=mo/);
  await post(page, `${at}/diem-danh`, [["mark", "all:c"]]);
  const ended = await post(page, `${at}/dieu-hanh/ket-thuc`, [["gio", "15:45"]]);
  assert.match(ended, /bien-ban/, ended);
  return at;
}

test("the secretary scores with the keyboard, the level follows", { timeout: 600_000 }, async () => {
  const judge = new Judge("score");
  const page = await as("Bí thư chi bộ", { width: 1280 });
  meeting = await held(page);
  await page.goto(`${server.url}${meeting}/cham-diem`, { waitUntil: "load" });
  await judge.page(page, "cham-diem-trong");
  const walk = await tabOrder(page);
  judge.problems.push(...walk.problems.map((p) => `tab: ${p}`));
  const total = page.locator("[data-total]");
  assert.match(await total.innerText(), /Tổng điểm: .*Chưa cho điểm: 3\.1/);
  // What the facts say stands there already; the rest is typed.
  assert.equal(await page.inputValue("#d_2"), "5");
  const give = { "d_3_1": "5", "d_3_2": "5", "d_4_1": "4", "d_4_2": "20", "d_4_3": "9,5", "d_5": "5", "d_6": "0", "d_7": "4", "d_1": "5" };
  for (const [id, points] of Object.entries(give)) {
    await page.focus(`#${id}`);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(points);
  }
  const text = await total.innerText();
  assert.match(text, /Tổng điểm: 62,5\/100\. Xếp loại Trung bình\./);
  await page.fill("#d_4_2", "26");
  assert.match(await total.innerText(), /Điểm cần sửa: 4\.2\./);
  await page.fill("#d_4_2", "25");
  // More than the facts say: the reason is asked for at once, and again by the server.
  const suggested = await page.getAttribute("#d_6", "data-free");
  const reason = page.locator("#l_6");
  assert.equal(await reason.isVisible(), false);
  await page.fill("#d_6", "30");
  assert.equal(await reason.isVisible(), Number(suggested) < 3000);
  if (Number(suggested) < 3000) {
    await Promise.all([page.waitForNavigation(), page.click("button:has-text('Lưu bảng điểm')")]);
    assert.match(await reads(page), /Hãy ghi lý do/);
    assert.equal(await page.inputValue("#d_4_3"), "9,5");
    await judge.page(page, "cham-diem-thieu-ly-do", { refused: true });
    await page.fill("#l_6", "Hai nhiệm vụ chờ cấp trên phê duyệt");
  }
  await page.focus("#d_7");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.match(await reads(page), /Đã lưu bảng điểm.*97,5\/100 điểm.*Xếp loại Tốt/);
  await judge.page(page, "cham-diem-da-luu");
  await page.click("details.why summary:has-text('Vì sao xếp loại Tốt')");
  assert.match(await reads(page), /từ 90 điểm trở lên là Tốt/);
  await page.goto(`${server.url}${meeting}/bien-ban`, { waitUntil: "load" });
  assert.match(await page.content(), /Chi bộ tự chấm 97,5\/100 điểm, xếp loại Tốt/);
  assert.deepEqual(judge.problems, []);
  await page.context().close();
});

test("who follows the cell scores beside it, on a phone and without scripts", { timeout: 600_000 }, async () => {
  const judge = new Judge("score-above");
  const page = await as("Cấp ủy viên theo dõi chi bộ", { width: 390, js: false });
  await page.goto(`${server.url}${meeting}/cham-diem`, { waitUntil: "load" });
  assert.equal(await page.locator("[data-total]").isVisible(), false);
  assert.equal(await page.locator("#l_1").isVisible(), true);
  for (const [id, points] of Object.entries({ "d_3_1": "4", "d_3_2": "5", "d_4_1": "4", "d_4_2": "18", "d_4_3": "8", "d_5": "5", "d_7": "3" })) await page.fill(`#${id}`, points);
  await page.fill("#d_6", "0");
  await page.check("#da_du");
  await judge.page(page, "cap-tren-cham", { js: false });
  await Promise.all([page.waitForNavigation(), page.click("button:has-text('Lưu bảng điểm')")]);
  const text = await reads(page);
  assert.match(text, /Cấp ủy viên theo dõi chi bộ: đ\/c .*Chênh lệch/);
  assert.deepEqual(judge.problems, []);
  await page.context().close();
});

test("the meetings of the year with their levels", { timeout: 600_000 }, async () => {
  const judge = new Judge("score-year");
  const page = await as("Bí thư chi bộ", { width: 1280 });
  await page.goto(`${server.url}${meeting}/cham-diem`, { waitUntil: "load" });
  await judge.page(page, "hai-bang-diem");
  const org = await cell(page);
  await page.goto(`${server.url}/cb/${org}/cham-diem/2026`, { waitUntil: "load" });
  assert.match(await reads(page), /Chất lượng sinh hoạt năm 2026.*Cấp trên chấm: /);
  await judge.page(page, "ca-nam");
  await page.goto(`${server.url}/cb/${org}/nam/2026`, { waitUntil: "load" });
  await judge.page(page, "nam-sinh-hoat");
  assert.deepEqual(judge.problems, []);
  await page.context().close();
});
