// A whole meeting on three screens at once: the chair at 1280, the secretary at 1280, a member's phone. In the middle the network is
// gone for ten minutes at the chair's and the secretary's, and the server is killed once; the member votes afterwards. The sealed
// minutes hold everything, once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./lib.mjs";
import { accounts, loginOf, signIn, start } from "./server.mjs";
import { cell, post } from "./running.mjs";

const NOW = "2026-12-10T14:30", TODAY = "10/12/2026";
const SAID = "Đề nghị sửa lịch trực cơ quan dịp Tết.", CONCLUDED = "Chi bộ thống nhất báo cáo, giao chi ủy theo dõi.", WRITTEN = "Chi bộ biểu dương tổ công tác số 2.";
let browser, server, chair, scribe, member, base;

const says = (p, words) => p.waitForFunction((w) => document.querySelector(".outbox-line").textContent.includes(w), words, { timeout: 30_000 });
const sent = (p) => p.waitForFunction(() => !/Chưa gửi/.test(document.querySelector(".outbox-line").textContent), null, { timeout: 60_000 });
const press = (p, words) => Promise.all([p.waitForNavigation(), p.click(`main button:has-text("${words}"):visible`)]);
const once = (text, words) => assert.equal(text.split(words).length - 1, 1, `“${words}” once in:\n${text}`);

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { small: true, now: NOW })]);
  const demo = accounts(server.said);
  const seat = (role) => demo.seats.find((s) => role.test(s.role));
  const writer = seat(/^Thư ký/);
  chair = await signIn(browser, server.url, seat(/^Bí thư chi bộ/).login, demo.password, { width: 1280 });
  const org = await cell(chair);
  const made = await post(chair, `/cb/${org}/buoi/tao`, [["loai", "other"], ["ngay", TODAY], ["gio", "00:05"]]);
  base = /^\/cb\/\d+\/buoi\/\d+/.exec(made)[0];
  for (const title of ["Báo cáo tháng", "Thảo luận nhiệm vụ"]) await post(chair, `${base}/muc`, [["buoc", "other"], ["ten", title], ["phut", "10"]]);
  await chair.goto(`${server.url}${base}/dieu-hanh`);
  const people = await chair.$$eval("#chu_tri option", (all) => all.map((o) => [o.value, o.textContent]));
  const by = (name) => people.find((p) => loginOf(p[1]).includes(loginOf(name)))[0];
  await post(chair, `${base}/dieu-hanh/nguoi`, [["chu_tri", by(seat(/^Bí thư chi bộ/).name.split(",")[0])], ["thu_ky", by(writer.name.split(",")[0])]]);
  await post(chair, `${base}/dieu-hanh/mo`, [["gio", "00:05"]]);
  await post(chair, `${base}/diem-danh`, [["mark", "all:c"]]);
  scribe = await signIn(browser, server.url, writer.login, demo.password, { width: 1280 });
  member = await signIn(browser, server.url, seat(/^đảng viên/i).login, demo.password, { width: 390 });
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("chair, secretary and a phone hold a meeting; the network goes, the server is killed, nothing is missing or twice", { timeout: 420_000 }, async () => {
  await chair.clock.install();
  await scribe.clock.install();
  await chair.goto(`${server.url}${base}/dieu-hanh`);
  await scribe.goto(`${server.url}${base}/thu-ky`);
  await member.goto(`${server.url}${base}`);

  // A hand is raised on the phone, called and ended at the desk; the secretary has the name without a reload.
  await member.click("button[value=xin]");
  await chair.waitForSelector("#hang-cho li", { timeout: 10_000 });
  await chair.evaluate(() => document.activeElement.blur());
  await chair.keyboard.press("s");
  await member.waitForSelector("text=Mời đồng chí phát biểu", { timeout: 10_000 });
  await chair.waitForSelector("#hang-cho [data-run]");
  await chair.keyboard.press("h");
  await chair.waitForSelector("#da-noi .field");
  await scribe.waitForSelector("#trai h3:has-text('Đã phát biểu')", { timeout: 10_000 });

  // Ten minutes without a network, at two places; the server dies meanwhile and comes back.
  for (const p of [chair, scribe]) await p.context().setOffline(true);
  await chair.locator("#da-noi textarea").first().fill(SAID);
  await chair.fill("#ket_luan", CONCLUDED);
  await chair.getByRole("button", { name: "Lưu mục này" }).click();
  await says(chair, "Chưa gửi: 1");
  const minutes = scribe.locator("#phai textarea");
  await minutes.click();
  await scribe.keyboard.press("Control+End");
  await scribe.keyboard.type(` ${WRITTEN}`);
  await server.kill();
  await chair.clock.fastForward("05:00");
  await scribe.clock.fastForward("05:00");
  await says(scribe, "Chưa gửi: 1");
  await server.again();
  await chair.clock.fastForward("05:00");
  await scribe.clock.fastForward("05:00");
  for (const p of [chair, scribe]) {
    await p.context().setOffline(false);
    await p.evaluate(() => window.dispatchEvent(new Event("online")));
  }
  await sent(chair);
  await sent(scribe);

  // A vote by name: the phone is asked without a reload, votes, and the chair closes it.
  await post(chair, `${base}/dieu-hanh/bieu-quyet`, [["loai", "other"], ["noi_dung", "Thông qua kế hoạch trực Tết"], ["cach_thuc", "electronic"]]);
  await member.waitForSelector("text=Thông qua kế hoạch trực Tết", { timeout: 20_000 });
  await press(member, "Tán thành");
  await press(member, "Tán thành");
  await chair.goto(`${server.url}${base}/dieu-hanh?phan=bieu-quyet`);
  await Promise.all([chair.waitForNavigation(), chair.click("#dang-bieu-quyet a.t")]);
  await press(chair, "Kết thúc biểu quyết");

  // The end: the page before it, the text read back, adopted, sealed.
  await chair.goto(`${server.url}${base}/ket-thuc`);
  await chair.fill("#gio", "00:50");
  await press(chair, "Kết thúc buổi sinh hoạt");
  await scribe.goto(`${server.url}${base}/bien-ban`);
  // What was recorded beside the secretary's own words goes into them, joined where both touch.
  for (let n = 0; n < 12 && (await scribe.locator("button:has-text('Đưa số liệu mới')").count()); n += 1) {
    await Promise.all([scribe.waitForNavigation(), scribe.locator("button:has-text('Đưa số liệu mới')").first().click()]);
    if (/ghep/.test(scribe.url())) await press(scribe, "Lưu bản ghép");
  }
  await chair.goto(`${server.url}${base}/thong-qua`);
  await press(chair, "Thông qua biên bản");
  await chair.goto(`${server.url}${base}/khoa`);
  await press(chair, "Khóa biên bản");
  await chair.goto(`${server.url}${base}/bien-ban`);
  const text = (await chair.textContent("main")).normalize("NFC").replace(/\s+/g, " ");
  once(text, CONCLUDED);
  once(text, WRITTEN);
  once(text, SAID);
  assert.match(text, /Tán thành 1\/|tán thành 1\//);
});
