// A meeting as it runs on three screens: the chair at 1280, a member's phone at 390, the projector. A wish to speak is at the
// chair within a second; a whole short meeting is led with the keyboard alone; every page passes at three widths.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, axe, cutWords, launch, noThirdParty, open, reflow, shoot, tabOrder, targetSizes } from "./lib.mjs";
import { accounts, signIn, start } from "./server.mjs";

let browser, server, demo, chair, member, base, members;

const login = (role) => demo.seats.find((s) => role.test(s.role)).login;

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { now: "2026-12-01T08:30", small: true })]);
  demo = accounts(server.said);
  chair = await signIn(browser, server.url, login(/Bí thư chi bộ|bí thư/i), demo.password, { width: 1280 });
  await prepare();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A meeting outside the plan, today, with its chair and two items. */
async function prepare() {
  await chair.goto(`${server.url}/`);
  const cell = (await chair.$$eval("a[href^='/cb/']", (all) => all.map((a) => a.getAttribute("href")))).map((h) => /\/cb\/(\d+)/.exec(h)[1])[0];
  await chair.goto(`${server.url}/cb/${cell}/buoi/tao`);
  const today = "01/12/2026";
  await chair.selectOption("[name=loai]", "extraordinary");
  await chair.fill("[name=ngay]", today);
  await chair.fill("[name=gio]", "08:30");
  await Promise.all([chair.waitForURL(/chuan-bi/), chair.click("text=Tạo buổi")]);
  base = /(.*\/buoi\/\d+)/.exec(chair.url())[1];
  for (const [step, title] of [["report", "Báo cáo kết quả công tác phòng, chống bão"], ["discussion", "Thảo luận nhiệm vụ khắc phục"]]) await addItem(step, title);
}

async function addItem(step, title) {
  const key = await chair.$eval('meta[name="csrf"]', (m) => m.content);
  const answer = await chair.request.post(`${base}/muc`, {
    form: { _k: key, buoc: step, ten: title, phut: "10" }, headers: { "Sec-Fetch-Site": "same-origin", Origin: server.url }, maxRedirects: 0,
  });
  assert.equal(answer.status(), 303);
}

async function problems(page, name) {
  const out = [];
  const size = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    for (const [check, found] of [["axe", await axe(page)], ["targets", await targetSizes(page)], ["cut words", await cutWords(page)]]) {
      out.push(...found.map((f) => `${name} ${width}: ${check}: ${f}`));
    }
  }
  out.push(...(await reflow(page)).map((f) => `${name} 320: reflow: ${f}`));
  out.push(...noThirdParty(page).map((f) => `${name}: third party: ${f}`));
  out.push(...page.said.map((f) => `${name}: console: ${f}`));
  await page.setViewportSize(size);
  await shoot(page, `room-${name}`);
  return out;
}

/** Presses Tab until the focus is on what fits, then Enter. */
async function tabTo(page, fits, enter = true) {
  for (let i = 0; i < 200; i += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => { const e = document.activeElement; return `${e.tagName} ${e.name || ""} ${e.textContent.trim()} ${e.getAttribute("aria-label") || ""}`; });
    if (fits.test(at)) {
      if (enter) await page.keyboard.press("Enter");
      return at;
    }
  }
  throw new Error(`the keyboard does not reach ${fits}`);
}

test("a whole short meeting is led with the keyboard alone, and every screen follows within a second", { timeout: 300_000 }, async () => {
  const wrong = [];
  await chair.goto(`${base}/dieu-hanh`);
  await tabTo(chair, /BUTTON.*Khai mạc buổi sinh hoạt/);
  await chair.waitForURL(/diem-danh/);
  await tabTo(chair, /BUTTON mark Có mặt tất cả/);
  await chair.waitForFunction(() => /đạt 100/.test(document.querySelector("#roll-n").textContent), null, { timeout: 10_000 });
  await tabTo(chair, /A .*Sang điều hành/);
  await chair.waitForURL(/dieu-hanh/);
  assert.ok(await chair.$("#dong-ho [data-run]"), "the clock of the first item runs");
  wrong.push(...(await problems(chair, "dieu-hanh-trong")));

  // The member's phone and the projector.
  member = await signIn(browser, server.url, login(/^đảng viên/i), demo.password, { width: 390 });
  await member.goto(base);
  const screen = await open(browser, `${base}/man-chieu`, { width: 1280, storageState: await chair.context().storageState() });
  assert.match(await screen.textContent("h2"), /Báo cáo kết quả|.+/);
  wrong.push(...(await problems(member, "dang-vien")), ...(await problems(screen, "man-chieu")));

  // Raise a hand: at the chair within a second, without a reload and without touching what she types.
  await chair.fill("#ket_luan", "Chi bộ thống nhất");
  await chair.focus("#ket_luan");
  await chair.evaluate(() => { window.same = document.querySelector("#ket_luan"); });
  await member.waitForTimeout(300);
  const began = Date.now();
  await member.click("button[value=xin]");
  await chair.waitForSelector("#hang-cho li", { timeout: 5000 });
  const took = Date.now() - began;
  console.log(`raised hand at the chair after ${took} ms`);
  assert.ok(await chair.evaluate(() => window.same === document.activeElement && window.same.value === "Chi bộ thống nhất"), "typing was not disturbed");
  await member.waitForSelector("text=Đồng chí là người tiếp theo");
  wrong.push(...(await problems(member, "dang-vien-cho")));
  // Now with the keyboard: out of the field, S starts, T pauses and goes on, H ends.
  await tabTo(chair, /BUTTON.*Lưu mục này/, false);
  await chair.keyboard.press("s");
  await member.waitForSelector("text=Mời đồng chí phát biểu", { timeout: 5000 });
  await chair.waitForSelector("#hang-cho [data-run]");
  wrong.push(...(await problems(chair, "dieu-hanh-noi")));
  await chair.keyboard.press("t");
  await member.waitForSelector("text=tạm dừng", { timeout: 5000 });
  await chair.waitForSelector("#hang-cho .due");
  await chair.keyboard.press("t");
  await chair.waitForSelector("#hang-cho .wait");
  await chair.keyboard.press("h");
  await chair.waitForSelector("#da-noi .field");
  assert.equal(await chair.$$eval("#da-noi .field", (all) => all.length), 1);
  assert.equal(await chair.inputValue("#ket_luan"), "Chi bộ thống nhất");

  // Single keys do nothing in a field, and nothing when they are turned off.
  await chair.focus("#ket_luan");
  await chair.keyboard.press("End");
  await chair.keyboard.type("m");
  assert.match(await chair.inputValue("#ket_luan"), /thống nhấtm$/);
  await chair.keyboard.press("Backspace");
  await chair.evaluate(() => document.activeElement.blur());
  await chair.keyboard.press("?");
  assert.ok(await chair.$eval("#phim-tat", (d) => d.open));
  await tabTo(chair, /Tắt phím tắt/);
  const before = chair.url();
  await chair.keyboard.press("m");
  await chair.waitForTimeout(300);
  assert.equal(chair.url(), before);
  await chair.keyboard.press("Enter");

  // The next item: every screen follows, the conclusion is kept.
  await chair.keyboard.press("m");
  await chair.waitForURL((u) => u.href !== before);
  await screen.waitForFunction(() => /Mục 2 \//.test(document.body.textContent), null, { timeout: 5000 });
  await member.waitForSelector("text=Đang bàn mục 2", { timeout: 5000 });
  const now = chair.url();
  await chair.goto(new URL(await chair.getAttribute("#chuong-trinh a.t", "href"), chair.url()).href);
  assert.equal(await chair.inputValue("#ket_luan"), "Chi bộ thống nhất");
  assert.match(await chair.textContent("#dong-ho"), /Buổi họp đang bàn mục 2/);
  wrong.push(...(await problems(chair, "dieu-hanh-muc-khac")));
  await chair.goto(now);

  // A vote and the end.
  await chair.keyboard.press("b");
  await chair.waitForURL(/phan=bieu-quyet/);
  wrong.push(...(await problems(chair, "bieu-quyet")));
  await tabTo(chair, /INPUT noi_dung/, false);
  await chair.keyboard.type("Kế hoạch khắc phục");
  await tabTo(chair, /BUTTON cach/);
  await screen.waitForSelector("text=Kế hoạch khắc phục", { timeout: 5000 });
  wrong.push(...(await problems(screen, "man-chieu-ket-qua")));
  await tabTo(chair, /A .*Kết thúc buổi sinh hoạt/);
  await chair.waitForURL(/ket-thuc/);
  wrong.push(...(await problems(chair, "ket-thuc")));
  await tabTo(chair, /INPUT gio/, false);
  await chair.keyboard.press("Control+A");
  await chair.keyboard.type("10:00");
  await tabTo(chair, /BUTTON.*Kết thúc buổi sinh hoạt/);
  await chair.waitForURL(/bien-ban/);
  await screen.waitForSelector("text=Đã họp", { timeout: 5000 });
  assert.equal(wrong.length, 0, wrong.join("\n"));
});

test("nothing a keyboard reaches at the desk is hidden", { timeout: 60_000 }, async () => {
  await chair.goto(`${base}/dieu-hanh?phan=ket-thuc`);
  await chair.fill("#ly_do", "kết thúc nhầm");
  await Promise.all([chair.waitForURL(/xong=mo-lai/), chair.click('main button:has-text("Mở lại buổi sinh hoạt")')]);
  for (const width of [1280, 390]) {
    await chair.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    await chair.goto(`${base}/dieu-hanh`);
    const { stops, problems: covered } = await tabOrder(chair);
    assert.deepEqual(covered, [], `${width}`);
    assert.ok(stops.findIndex((s) => /Mục tiếp|Kết thúc/.test(s)) < stops.findIndex((s) => /ket_luan|textarea/.test(s)));
  }
});

test("a line that is cut says so and catches up", { timeout: 60_000 }, async () => {
  await chair.setViewportSize({ width: 1280, height: 900 });
  await chair.goto(`${base}/dieu-hanh`);
  await chair.waitForTimeout(500);
  await chair.context().setOffline(true);
  await chair.evaluate(() => window.dispatchEvent(new Event("online")));
  await chair.waitForSelector("#mat-ket-noi:not([hidden])", { timeout: 15_000 });
  await shoot(chair, "room-mat-ket-noi", [1280, 390]);
  const key = await member.$eval('meta[name="csrf"]', (m) => m.content);
  const asked = await member.request.post(`${base}/phat-bieu`, { form: { _k: key, viec: "xin" }, headers: { "Sec-Fetch-Site": "same-origin", Origin: server.url }, maxRedirects: 0 });
  assert.equal(asked.status(), 303);
  await chair.context().setOffline(false);
  await chair.waitForSelector("#hang-cho li", { timeout: 20_000 });
  await chair.waitForSelector("#mat-ket-noi", { state: "hidden", timeout: 20_000 });
});

test("without a script the desk works by reloading", { timeout: 60_000 }, async () => {
  const page = await open(browser, `${base}/dieu-hanh`, { width: 390, js: false, storageState: await chair.context().storageState() });
  await page.click("#hang-cho button[name=bat_dau]");
  assert.match(await page.textContent("#hang-cho"), /Đang phát biểu/);
  await page.click("#hang-cho button[name=ket_luot]");
  assert.match(await page.textContent("#hang-cho"), /Chưa có ai chờ/);
  await page.context().close();
});
