// The secretary's screen, reading back, the page before the end, entering from paper and the pulse, with real keys and taps:
// words typed while a tap is on its way stay, reading back needs no mouse, twenty people are entered in at most sixty actions.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, launch, open, problems, shoot, tabOrder } from "./lib.mjs";
import { cell, post, prepared } from "./running.mjs";
import { accounts, signIn, start } from "./server.mjs";

let browser, server, demo, page, org, base;

const NOW = "2026-12-10T14:30";
const TODAY = "10/12/2026";

/** A meeting of today with two items, led by the first of the list. */
const meeting = () => prepared(page, server.url, org, { today: TODAY });

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { small: true, now: NOW })]);
  demo = accounts(server.said);
  const seat = demo.seats.find((s) => s.role === "Bí thư chi bộ");
  page = await signIn(browser, server.url, seat.login, demo.password, { width: 1280 });
  org = await cell(page);
  base = await meeting();
  await post(page, `${base}/dieu-hanh/mo`, [["gio", "00:05"]]);
  await post(page, `${base}/diem-danh`, [["mark", "all:c"]]);
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function go(path) {
  page.said.length = 0;
  await page.goto(server.url + path, { waitUntil: "load" });
}

test("a tap records a speaker and takes no word from either side", async () => {
  await go(`${base}/thu-ky`);
  const [left, right] = [await page.locator("#trai").boundingBox(), await page.locator("#phai").boundingBox()];
  assert.ok(right.x > left.x + left.width - 1, "two columns at 1280");
  const minutes = page.locator("#phai textarea");
  const version = await minutes.getAttribute("data-version");
  await page.locator("#trai .names button").first().click();
  await page.waitForSelector("#trai h3:has-text('Đã phát biểu')");
  // Nobody had edited the section: it follows the tap, under a newer version.
  await page.waitForFunction((v) => document.querySelector("#phai textarea").dataset.version !== v, version);
  assert.match(await minutes.inputValue(), /phát biểu/);
  // Words on the way into the section and into the conclusion stay when the answer of a tap comes late.
  await minutes.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Lời của thư ký.");
  await page.locator("#ket_luan").fill("Giao chi ủy rà soát hồ sơ. Hạn ngày mười.");
  await page.route("**/thu-ky/**", async (route) => {
    await new Promise((ok) => setTimeout(ok, 700));
    await route.continue();
  });
  await page.locator("#trai .names button").nth(1).click();
  await page.locator("#ket_luan").press("Control+End");
  await page.keyboard.type(" Thêm chữ khi đang gửi.");
  await page.waitForFunction(() => document.querySelectorAll("#trai textarea[name^=tt_]").length === 2);
  await page.unroute("**/thu-ky/**");
  assert.equal(await page.locator("#ket_luan").inputValue(), "Giao chi ủy rà soát hồ sơ. Hạn ngày mười. Thêm chữ khi đang gửi.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "ket_luan", "the place of typing is kept");
  assert.match(await minutes.inputValue(), /Lời của thư ký\./);
  await page.waitForFunction(() => /Đã lưu/.test(document.querySelector("#phai [data-save-state]").textContent));
  assert.deepEqual(page.said, []);
});

test("the selected words of a conclusion become a task of the draft resolution", async () => {
  await go(`${base}/thu-ky`);
  await page.locator("#trai a.t").first().click();
  await page.locator("#ket_luan").fill("Giao chi ủy rà soát hồ sơ. Hạn ngày mười.");
  await page.evaluate(() => document.getElementById("ket_luan").setSelectionRange(12, 25));
  await page.getByRole("button", { name: "Lập nhiệm vụ từ phần đã chọn" }).click();
  await page.waitForSelector("#trai ol li");
  assert.deepEqual(await page.locator("#trai ol li").allTextContents(), ["rà soát hồ sơ"]);
  // The network goes: the page says so and keeps every word.
  await page.route("**/thu-ky/**", (route) => route.abort());
  await page.locator("#ket_luan").fill("Chữ chưa gửi được.");
  await page.locator("#trai .names button").first().click();
  await page.waitForFunction(() => /Chưa gửi: 1/.test(document.querySelector(".outbox-line").textContent));
  assert.equal(await page.locator("#ket_luan").inputValue(), "Chữ chưa gửi được.");
  await page.unroute("**/thu-ky/**");
  await page.getByRole("button", { name: "Lưu mục này" }).click();
  await page.waitForFunction(() => !/Chưa gửi/.test(document.querySelector(".outbox-line").textContent));
  assert.equal(await page.locator("[data-scribe-error]").isVisible(), false);
  page.said.length = 0;
  assert.deepEqual(await problems(page), []);
  await shoot(page, "thu-ky");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("link", { name: "Biên bản của mục này" }).click();
  const box = await page.locator("#phai").boundingBox();
  assert.ok(box.y < 400, `the switch leads to the minutes: ${box.y}`);
  await page.setViewportSize({ width: 1280, height: 900 });
});

test("without a script the secretary's screen is forms", async () => {
  const state = await page.context().storageState();
  const plain = await open(browser, `${server.url}${base}/thu-ky`, { width: 390, js: false, storageState: state });
  await plain.locator("#trai a.t").first().click();
  await plain.locator("summary", { hasText: "Chọn câu để lập nhiệm vụ" }).click();
  assert.equal(await plain.getByRole("button", { name: "Lập nhiệm vụ từ phần đã chọn" }).count(), 0);
  await plain.locator("input[name=cau]").first().check();
  await plain.getByRole("button", { name: "Lập nhiệm vụ từ câu đã đánh dấu" }).click();
  assert.match(await plain.locator("#trai ol").innerText(), /Chữ chưa gửi được\./);
  await plain.goto(`${server.url}${base}/doc-lai?phan=1`);
  assert.match(await plain.locator(".rb-at").innerText(), /^1 \/ \d+$/);
  await plain.getByRole("link", { name: "Phần tiếp" }).click();
  assert.match(await plain.locator(".rb-at").innerText(), /^2 \/ \d+$/);
  await plain.locator("summary", { hasText: "Đánh dấu chỗ cần sửa" }).click();
  await plain.getByRole("button", { name: "Đánh dấu đoạn này" }).click();
  assert.equal(await plain.locator(".rb-marks li").count(), 1);
  await plain.context().close();
});

test("the minutes are read back by keys alone, in letters of 28 px", async () => {
  await go(`${base}/doc-lai`);
  const at = () => page.locator(".rb-at").innerText();
  const count = Number((await at()).split("/")[1]);
  assert.ok(count > 3);
  for (const [key, n] of [[" ", 2], ["ArrowRight", 3], ["Shift+ ", 2], ["ArrowLeft", 1], ["ArrowLeft", 1]]) {
    await page.keyboard.press(key === "Shift+ " ? "Shift+Space" : key === " " ? "Space" : key);
    assert.equal(await at(), `${n} / ${count}`, key);
  }
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const size = await page.$eval(".readback section:not([hidden]) p", (p) => parseFloat(getComputedStyle(p).fontSize));
    assert.ok(size >= 27.9, `${size} px at ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  // M opens the paragraphs, an arrow chooses, Tab and Enter mark; reading goes on where it was.
  const before = await page.locator(".rb-marks li").count();
  await page.keyboard.press("Space");
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction((n) => document.querySelectorAll(".rb-marks li").length === n + 1, before);
  assert.equal(await at(), `2 / ${count}`);
  // Selected words are marked as they are.
  await page.keyboard.press("ArrowRight");
  const words = await page.evaluate(() => {
    const text = document.querySelector(".readback section:not([hidden]) p").firstChild;
    getSelection().setBaseAndExtent(text, 0, text, 9);
    return String(getSelection());
  });
  await page.waitForTimeout(100);
  await page.getByRole("button", { name: "Đánh dấu phần bôi đen" }).click();
  await page.waitForFunction((w) => [...document.querySelectorAll(".rb-marks q")].some((q) => q.textContent === w), words.trim());
  await page.getByRole("button", { name: "Toàn màn hình" }).click();
  await page.waitForFunction(() => document.fullscreenElement && document.fullscreenElement.matches(".readback"));
  await page.keyboard.press("Space");
  assert.equal(await at(), `4 / ${count}`);
  await shoot(page, "doc-lai-toan-man-hinh", [1280]);
  await page.evaluate(() => document.exitFullscreen());
  const walk = await tabOrder(page);
  assert.deepEqual(walk.problems, []);
  assert.deepEqual(await problems(page), []);
  await shoot(page, "doc-lai");
  await go(`${base}/bien-ban`);
  assert.ok((await page.locator(".sec .note.due").count()) >= 2, "the editor shows what was marked, at its section");
  assert.deepEqual(await problems(page), []);
});

test("the page before the end, and the questions after it", async () => {
  await go(`${base}/ket-thuc`);
  assert.deepEqual(await problems(page), []);
  await shoot(page, "ket-thuc");
  await page.locator("#gio").fill("00:45");
  await page.getByRole("button", { name: "Kết thúc buổi sinh hoạt" }).click();
  await page.waitForURL(/bien-ban/);
  await go(`${base}/ket-thuc`);
  assert.deepEqual(await problems(page), []);
  await shoot(page, "thong-qua");
  await go("/");
  assert.deepEqual(await problems(page), []);
  await shoot(page, "tham-do-trang-dau");
  for (let n = 0; n < 3; n += 1) await Promise.all([page.waitForURL(/xong=tham-do/), page.locator("#tham-do button").first().click(), page.waitForLoadState()]);
  await go(base);
  assert.equal(await page.locator("#tham-do").count(), 0);
  assert.equal(await page.getByText("Cần ít nhất 5 câu trả lời").count(), 3);
  assert.deepEqual(await problems(page), []);
  await shoot(page, "buoi-sau");
});

test("a meeting of twenty is entered from paper in at most sixty actions", async () => {
  const at = await meeting();
  await go(`${at}/nhap-sau`);
  assert.deepEqual(await problems(page), []);
  await shoot(page, "nhap-sau");
  const rows = await page.locator(".paper-row").count();
  let actions = 0;
  const tap = async (target) => { actions += 1; await target.click(); };
  const keys = async (text) => { actions += text.length; await page.keyboard.type(text); };
  const words = (text) => page.keyboard.insertText(text);
  const tab = async () => { actions += 1; await page.keyboard.press("Tab"); };
  await tap(page.locator("#gio_ket"));
  await page.keyboard.press("Control+A");
  actions += 1;
  await keys("0130");
  await tap(page.getByLabel("Tất cả có mặt"));
  const absent = page.locator("fieldset.paper-row").nth(2);
  await tap(absent.getByLabel("Vắng có lý do"));
  await tap(absent.locator("input[name^=ld_]"));
  await words("đi công tác");
  await tap(page.locator("fieldset.paper-row").nth(5).getByLabel("Vắng không có lý do"));
  await tap(page.locator("input[name^=pb_]").first());
  const items = await page.locator("input[name^=pb_]").count();
  for (let n = 0; n < items; n += 1) {
    await keys(n === 0 ? "1,2,5" : "1,5");
    await tab();
    await words(n === 0 ? "Nhất trí với báo cáo." : "Giao chi ủy thực hiện.");
    await tab();
  }
  await words("Thông qua kết luận");
  actions += 2; // choosing the file
  await page.setInputFiles("#tep", { name: "bien-ban.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 quet") });
  await tap(page.locator("#khong_mat"));
  await tap(page.getByRole("button", { name: "Lưu tất cả" }));
  await page.waitForURL(/bien-ban\?xong=nhap-giay/);
  console.log(`${rows} people, ${actions} actions beside the texts`);
  assert.ok(rows >= 12 && actions + Math.max(0, 20 - rows) <= 60, `${actions} actions`);
  await page.getByText("Nhất trí với báo cáo.").first().waitFor();
  assert.deepEqual(await problems(page), []);
});
