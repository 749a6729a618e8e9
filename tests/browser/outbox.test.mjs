// Ten minutes without network in a running meeting: roll by keys, speakers, the next item, a conclusion and the words of the
// minutes go on in the page; everything arrives once, with its time, when the network or the server is back. A session that
// ended is renewed without leaving; what crossed is offered for merging; where the organisation allows it the queue outlives
// the tab, encrypted, and goes at sign-out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readdir, readFile } from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { WIDTHS, axe, cutWords, launch, open, reflow, shoot, targetSizes } from "./lib.mjs";
import { cell, post, prepared } from "./running.mjs";
import { accounts, fillIn, signIn, start } from "./server.mjs";

const NOW = "2026-12-10T14:30", TODAY = "10/12/2026";
let browser, server, demo, page, org, base, login, second;

/** An open meeting of today with three items; nobody is marked yet. */
async function meeting() {
  await page.goto(`${server.url}/`);
  const at = await prepared(page, server.url, org, { today: TODAY, titles: ["Báo cáo tháng", "Thảo luận nhiệm vụ", "Việc khác"] });
  await post(page, `${at}/dieu-hanh/mo`, [["gio", "00:05"]]);
  return at;
}

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { small: true, now: NOW })]);
  demo = accounts(server.said);
  login = demo.seats.find((s) => s.role === "Bí thư chi bộ").login;
  page = await signIn(browser, server.url, login, demo.password, { width: 1280 });
  org = await cell(page);
  second = demo.seats.find((s) => /đảng viên/i.test(s.role))?.login;
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await server?.stop();
});

const offline = (p, is) => p.context().setOffline(is);
const line = (p) => p.textContent(".outbox-line");
const says = (p, words) => p.waitForFunction((w) => document.querySelector(".outbox-line").textContent.includes(w), words, { timeout: 20_000 });
const sent = (p) => p.waitForFunction(() => !/Chưa gửi/.test(document.querySelector(".outbox-line").textContent), null, { timeout: 30_000 });
const waits = (p) => p.$$eval("#hang-gui li", (all) => all.map((l) => l.textContent));

async function problems(p, name) {
  const out = [], size = p.viewportSize();
  for (const width of WIDTHS) {
    await p.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    await p.evaluate(() => window.scrollTo(0, 0)); // what stays in sight covers nothing but what was scrolled under it
    for (const [check, found] of [["axe", await axe(p)], ["targets", await targetSizes(p)], ["cut words", await cutWords(p)]]) {
      out.push(...found.map((f) => `${name} ${width}: ${check}: ${f}`));
    }
  }
  out.push(...(await reflow(p)).map((f) => `${name} 320: reflow: ${f}`));
  await p.setViewportSize(size);
  await shoot(p, `outbox-${name}`);
  return out;
}

/** What the server holds of a meeting, read in a page of its own. */
async function truth(at) {
  const p = await page.context().newPage();
  await p.goto(`${server.url}${at}/diem-danh`);
  const roll = await p.$$eval("#roll > li", (all) => all.map((l) => `${l.querySelector(".n").textContent.trim()}|${l.querySelector(".st").textContent.trim()}`));
  const items = [];
  await p.goto(`${server.url}${at}/dieu-hanh`);
  for (const href of await p.$$eval("#chuong-trinh a.t", (all) => all.map((a) => a.href))) {
    await p.goto(href);
    items.push({
      spoke: await p.$$eval("#da-noi .field label", (all) => all.map((l) => l.textContent.trim())),
      conclusion: await p.inputValue("#ket_luan"),
      current: await p.$eval("#dong-ho", (d) => !!d.querySelector("[data-run]")),
    });
  }
  await p.goto(`${server.url}${at}/bien-ban`);
  const words = await p.$$eval("textarea[data-autosave]", (all) => Object.fromEntries(all.map((a) => [a.id, a.value])));
  await p.close();
  return { roll, items, words };
}

test("the roll goes on by keys, is shown as not sent, and is there once", { timeout: 240_000 }, async () => {
  base = await meeting();
  await page.clock.install();
  await page.goto(`${server.url}${base}/diem-danh`);
  const rows = await page.locator("#roll > li:has(.marks)").count();
  await page.locator("#roll .marks button").first().focus();
  await page.keyboard.press("c");
  await page.waitForFunction(() => /Có mặt 1\//.test(document.querySelector("#roll-n").textContent));
  assert.equal(await line(page), "", "with a network nothing is said");
  await offline(page, true);
  for (const key of ["c", "v", "k"]) await page.keyboard.press(key);
  await page.fill("#so", "6");
  await page.keyboard.press("Enter");
  await page.fill("#so", "7");
  await page.keyboard.press("Enter");
  await page.fill("#so", "7");
  await page.keyboard.press("Enter");
  await says(page, "Chưa gửi: 6");
  assert.match(await line(page), /Đừng đóng trang này/);
  assert.equal(await page.locator("#roll > li").nth(2).locator("[data-key=v]").getAttribute("aria-pressed"), "true", "the press stays");
  assert.match(await page.locator("#roll > li").nth(2).locator(".st").textContent(), /Vắng có lý do, chưa gửi/);
  assert.match(await page.textContent("#roll-n"), /chưa tính việc chưa gửi/);
  await page.click("#hang-gui summary");
  const list = await waits(page);
  assert.match(list[0], /^Có mặt: đ\/c .+/);
  assert.match(list[3], /^Số 6: đ\/c .+, có mặt$/);
  assert.match(list[5], /^Số 7: đ\/c .+, bỏ ghi có mặt$/);
  const wrong = await problems(page, "diem-danh");
  // Ten minutes go by; nothing is given up.
  for (let n = 0; n < 10; n += 1) await page.clock.fastForward(60_000);
  await says(page, "Chưa gửi: 6");
  // A link does not lead to a page of the browser's own.
  await page.click("#roll-next a");
  await says(page, "sẽ mở khi gửi xong");
  assert.match(page.url(), /diem-danh/);
  // Elsewhere somebody marks number 6 meanwhile: what was seen here as "present" stays so.
  const other = await signIn(browser, server.url, login, demo.password);
  const six = await page.locator("#roll > li", { hasText: /^6\. / }).getAttribute("id");
  await post(other, `${base}/diem-danh`, [["mark", `${six.slice(3)}:c`]]);
  await other.context().close();
  await offline(page, false);
  await page.clock.runFor(31_000);
  // Everything is sent first, then the page that was asked for opens.
  await page.waitForURL(/dieu-hanh/, { timeout: 20_000 });
  const { roll } = await truth(base);
  assert.match(roll[1], /\|Có mặt/);
  assert.match(roll[2], /\|Vắng có lý do/);
  assert.match(roll[3], /\|Vắng không có lý do/);
  const of = (n) => roll.find((r) => r.startsWith(`${n}. `));
  assert.match(of(6), /\|Có mặt/);
  assert.match(of(7), /\|Chưa điểm danh/);
  assert.equal(roll.filter((r) => /\|Có mặt/.test(r)).length, 3, `${rows} ${roll.join("\n")}`);
  assert.deepEqual(wrong, []);
  await page.clock.resume();
});

test("speakers, a conclusion and the next item go on at the desk", { timeout: 240_000 }, async () => {
  await page.goto("about:blank");
  await post0(`${base}/diem-danh`, [["mark", "all:c"]]);
  await page.goto(`${server.url}${base}/dieu-hanh`);
  await page.waitForTimeout(4000); // the other items are fetched
  await offline(page, true);
  const call = async (n) => { await page.locator('#moi-ngay button').nth(n).click(); };
  const names = await page.$$eval("#moi-ngay button", (all) => all.map((b) => /\(([^)]*)\)/.exec(b.textContent)[1]));
  await call(0);
  await page.waitForSelector("#cho-gui li");
  assert.match(await page.textContent("#cho-gui li"), /Đang phát biểu, chưa gửi/);
  await call(1);
  await page.locator("#cho-gui li").nth(1).getByRole("button", { name: "Kết thúc lượt" }).click();
  await page.fill("#ket_luan", "Chi bộ thống nhất báo cáo.");
  await page.getByRole("button", { name: "Lưu mục này" }).click();
  await page.fill("#ket_luan", "Chi bộ thống nhất báo cáo, giao chi ủy theo dõi.");
  await says(page, "Chưa gửi: 4");
  const wrong = await problems(page, "dieu-hanh");
  // On to the second item without a network.
  await page.locator('.five [name="sang"]').click();
  await page.waitForFunction(() => /Mục 2/.test(document.querySelector("form[data-room-form] h2").textContent));
  assert.match(await page.textContent("#dong-ho"), /Đã sang mục này, chưa gửi/);
  await call(2);
  await page.fill("#ket_luan", "Giao đ/c bí thư.");
  await page.getByRole("button", { name: "Lưu mục này" }).click();
  await says(page, "Chưa gửi: 7");
  wrong.push(...(await problems(page, "muc-hai")));
  // Back to the first and on again: everything stands as it was left, unsaved words wait with the rest.
  await page.fill("#ket_luan", "Giao đ/c bí thư thực hiện.");
  await page.locator("#chuong-trinh a.t").nth(0).click();
  await page.waitForFunction(() => /Mục 1/.test(document.querySelector("form[data-room-form] h2").textContent));
  assert.equal(await page.inputValue("#ket_luan"), "Chi bộ thống nhất báo cáo, giao chi ủy theo dõi.");
  assert.equal(await page.locator("#cho-gui li").count(), 2);
  await page.locator("#chuong-trinh a.t").nth(1).click();
  await page.waitForFunction(() => /Mục 2/.test(document.querySelector("form[data-room-form] h2").textContent));
  assert.equal(await page.inputValue("#ket_luan"), "Giao đ/c bí thư thực hiện.");
  // The last words go along with those that wait already.
  await says(page, "Chưa gửi: 7");
  assert.match((await waits(page))[0], new RegExp(`^Mời đ/c .*\\(${names[0]}\\) phát biểu ngay$`));
  await offline(page, false);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await sent(page);
  await page.waitForSelector("#hang-cho li.wait");
  const { items } = await truth(base);
  assert.deepEqual(items[0].spoke.map((s) => s.replace(/^\d+\. đ\/c /, "")), [names[0], names[1]]);
  assert.equal(items[0].conclusion, "Chi bộ thống nhất báo cáo, giao chi ủy theo dõi.");
  assert.equal(items[1].conclusion, "Giao đ/c bí thư thực hiện.");
  assert.ok(items[1].current && !items[0].current, "the room is at the second item");
  assert.equal(await page.$("#cho-gui li"), null);
  assert.equal(await page.$(".outbox .note.late"), null);
  assert.deepEqual(wrong, []);
});

/** As `post`, when the page itself is nowhere. */
async function post0(to, pairs) {
  const p = await page.context().newPage();
  await p.goto(`${server.url}/`);
  const at = await post(p, to, pairs);
  await p.close();
  return at;
}

test("an answer that was lost, and a server that was killed, write once", { timeout: 240_000 }, async () => {
  await page.goto(`${server.url}${base}/dieu-hanh`);
  const before = (await truth(base)).items[1].spoke.length;
  // The server has it, the answer is lost.
  let lost = 0;
  await page.route("**/dieu-hanh/muc/*", async (route) => {
    if (lost) return route.continue();
    lost += 1;
    await route.fetch({ maxRedirects: 0 });
    return route.abort("connectionreset");
  });
  await page.locator("#chi-ghi summary").click();
  await page.locator("#chi-ghi button").nth(3).click();
  await says(page, "Chưa gửi: 1");
  await sent(page);
  await page.unroute("**/dieu-hanh/muc/*");
  assert.equal(lost, 1);
  assert.equal((await truth(base)).items[1].spoke.length, before + 1);
  // The server is killed while the chair goes on.
  await server.kill();
  await page.locator("#chi-ghi summary").evaluate((s) => { s.parentNode.open = true; });
  await page.locator("#chi-ghi button").nth(4).click();
  await page.locator("#chi-ghi button").nth(5).click();
  await says(page, "Chưa gửi: 2");
  await server.again();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await sent(page);
  assert.equal((await truth(base)).items[1].spoke.length, before + 3);
});

test("minute text typed without a network is counted, kept and saved; what crossed goes to the merge page", { timeout: 240_000 }, async () => {
  await page.goto(`${server.url}${base}/bien-ban`);
  const areas = page.locator("textarea[data-autosave]");
  const [one, two] = [areas.nth(0), areas.nth(1)];
  await offline(page, true);
  await one.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Gõ khi mất mạng.");
  await says(page, "Chưa gửi: 1");
  await two.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Bản của thư ký");
  await says(page, "Chưa gửi: 2");
  assert.match((await waits(page))[0], /^Chữ biên bản: /);
  const wrong = await problems(page, "bien-ban");
  // Somebody else saves the second section meanwhile.
  const id = await two.getAttribute("id"), url = await two.getAttribute("data-autosave"), version = await two.getAttribute("data-version");
  const other = await signIn(browser, server.url, login, demo.password);
  await post(other, url, [["text", "Bản của chủ trì"], ["base_version", version]]);
  await other.context().close();
  await page.keyboard.type(", gõ thêm.");
  await offline(page, false);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  const link = page.getByRole("link", { name: "Xem và ghép hai bản" });
  await link.first().waitFor({ timeout: 30_000 });
  await page.waitForFunction(() => /^Đã lưu/.test(document.querySelector("textarea[data-autosave]").closest("form").querySelector("[data-save-state]").textContent));
  const { words } = await truth(base);
  assert.match(words[await one.getAttribute("id")], /Gõ khi mất mạng\.$/);
  assert.equal(words[id], "Bản của chủ trì");
  await link.first().click();
  await page.waitForURL(/ghep/);
  assert.match(await page.content(), /Bản của thư ký, gõ thêm\./);
  assert.deepEqual(wrong, []);
});

test("a conclusion that crossed is listed with its words, the rest goes on", { timeout: 240_000 }, async () => {
  await page.goto(`${server.url}${base}/dieu-hanh`);
  const form = await page.getAttribute("form[data-room-form]", "action");
  const spoke = (await truth(base)).items[1].spoke.length;
  await offline(page, true);
  await page.fill("#ket_luan", "Kết luận viết khi mất mạng.");
  await page.getByRole("button", { name: "Lưu mục này" }).click();
  await says(page, "Chưa gửi: 1");
  const other = await signIn(browser, server.url, login, demo.password);
  const version = await (async () => { await other.goto(page.url()); return other.inputValue("[name=version]"); })();
  await post(other, form, [["version", version], ["ket_luan", "Kết luận của đồng chí khác."]]);
  await other.context().close();
  await page.locator("#chi-ghi").evaluate((d) => { d.open = true; });
  await page.locator("#chi-ghi button").nth(0).click();
  await offline(page, false);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.waitForSelector(".outbox .note.late", { timeout: 20_000 });
  await sent(page);
  assert.match(await page.textContent(".outbox .note.late"), /Chưa nhận: 1/);
  assert.match(await page.textContent(".outbox .note.late"), /Kết luận viết khi mất mạng\./);
  assert.match(await page.textContent(".outbox .note.late"), /Một đồng chí khác vừa lưu kết luận/);
  assert.equal(await page.inputValue("#ket_luan"), "Kết luận viết khi mất mạng.", "the words stay in their field");
  const wrong = await problems(page, "chua-nhan");
  assert.equal((await truth(base)).items[1].conclusion, "Kết luận của đồng chí khác.");
  // The press that carried those words along is done without them.
  assert.equal((await truth(base)).items[1].spoke.length, spoke + 1);
  assert.deepEqual(wrong, []);
  await page.getByRole("button", { name: "Đã xem, bỏ khỏi danh sách" }).click();
  assert.equal(await page.$(".outbox .note.late"), null);
});

/** Ends the session of a page behind its back. */
const expire = (p) => p.context().clearCookies({ name: "nep" });

test("a session that ended: sign in on the page; another person does not send the first one's queue", { timeout: 240_000 }, async () => {
  const p = await signIn(browser, server.url, login, demo.password);
  await p.goto(`${server.url}${base}/diem-danh`);
  const rows = p.locator("#roll > li:has(.marks)");
  await expire(p);
  await rows.nth(1).locator("[data-key=v]").click();
  const dialog = p.locator("dialog.signin");
  await dialog.waitFor();
  assert.equal(await p.evaluate(() => document.activeElement.id), "dn-ten");
  const wrong = await problems(p, "dang-nhap-lai");
  await says(p, "Chưa gửi: 1");
  // The keyboard stays inside; Escape puts it off; the button brings it back.
  for (let n = 0; n < 8; n += 1) {
    await p.keyboard.press("Tab");
    assert.ok(await p.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest("dialog")));
  }
  await p.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await p.evaluate(() => document.activeElement !== document.body), "the focus has a place");
  await p.getByRole("button", { name: "Đăng nhập để gửi" }).click();
  await p.fill("#dn-ten", login);
  await p.fill("#dn-mat-khau", "sai mật khẩu này");
  await p.keyboard.press("Enter");
  await p.locator("dialog .err", { hasText: "chưa đúng" }).waitFor();
  // Somebody else signs in: nothing of the first is sent.
  await p.fill("#dn-ten", second);
  await p.fill("#dn-mat-khau", demo.password);
  await p.keyboard.press("Enter");
  await p.locator("dialog .err", { hasText: "Đồng chí khác đang đăng nhập" }).waitFor();
  assert.doesNotMatch((await truth(base)).roll[1], /Vắng có lý do/);
  wrong.push(...(await problems(p, "dong-chi-khac")));
  await p.fill("#dn-ten", login);
  await p.fill("#dn-mat-khau", demo.password);
  await p.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await sent(p);
  assert.match((await truth(base)).roll[1], /Vắng có lý do/);
  // Minute text uses the same way in, and does not cut off who types.
  await p.goto(`${server.url}${base}/bien-ban`);
  await expire(p);
  await p.locator("textarea[data-autosave]").nth(0).focus();
  await p.keyboard.press("Control+End");
  await p.keyboard.type(" Phiên hết.");
  await says(p, "Phiên làm việc đã hết");
  assert.equal(await p.locator("dialog.signin").count(), 0);
  assert.equal(await p.evaluate(() => document.activeElement.tagName), "TEXTAREA");
  await p.getByRole("button", { name: "Đăng nhập để gửi" }).click();
  await p.fill("#dn-ten", login);
  await p.fill("#dn-mat-khau", demo.password);
  await p.keyboard.press("Enter");
  await p.waitForFunction(() => /^Đã lưu/.test(document.querySelector("[data-save-state]").textContent), null, { timeout: 20_000 });
  assert.match((await truth(base)).words[await p.locator("textarea[data-autosave]").nth(0).getAttribute("id")], /Phiên hết\.$/);
  await p.context().close();
  assert.deepEqual(wrong, []);
});

/** Which files below a folder hold a text, as UTF-8 or UTF-16. */
async function holding(folder, text) {
  const out = [], as = [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) out.push(...(await holding(file, text)));
    else {
      const raw = await readFile(file).catch(() => Buffer.alloc(0));
      if (as.some((bytes) => raw.includes(bytes))) out.push(file);
    }
  }
  return out;
}

test("where the organisation allows it the queue outlives the tab, encrypted, and goes at sign-out", { timeout: 300_000 }, async () => {
  await page.goto(`${server.url}/`);
  const set = await post(page, `/cb/${org}/quy-dinh/outbox.keep`, [["gia_tri", "có"], ["tu", "01/12/2026"], ["van_ban", "Nghị quyết 05-NQ/CB"]]);
  assert.match(set, /xong=luu/);
  const folder = await mkdtemp(path.join(tmpdir(), "nep-profile-"));
  const profile = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true, locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], viewport: { width: 1280, height: 900 },
  });
  try {
    const p = await profile.newPage();
    await p.goto(`${server.url}/dang-nhap`);
    await fillIn(p, login, demo.password);
    await p.goto(`${server.url}${base}/bien-ban`);
    const area = p.locator("textarea[data-autosave]").nth(2), id = await area.getAttribute("id");
    await p.goto(`${server.url}${base}/dieu-hanh`);
    const desk = await profile.newPage();
    await desk.goto(`${server.url}${base}/bien-ban`);
    const before = (await truth(base)).items[1].spoke.length;
    await profile.setOffline(true);
    await p.locator("#chi-ghi").evaluate((d) => { d.open = true; });
    await p.locator("#chi-ghi button").nth(1).click();
    // Nobody presses to save the conclusion: it is saved, and kept, once the fingers rest.
    await p.fill("#ket_luan", "XUONGRONG kết luận");
    await says(p, "Chưa gửi: 2");
    await p.fill("#ket_luan", "XUONGRONG kết luận giữ trong máy");
    await p.waitForTimeout(5000);
    await says(p, "Chưa gửi: 2");
    assert.match(await line(p), /Đã giữ trong máy này/);
    await desk.locator("textarea[data-autosave]").nth(2).focus();
    await desk.keyboard.press("Control+End");
    await desk.keyboard.type(" HOASUNG chữ biên bản giữ trong máy.");
    await says(desk, "Đã giữ trong máy này");
    await desk.waitForTimeout(2500);
    assert.deepEqual(await problems(p, "giu-trong-may"), []);
    // The tabs are closed; nothing lies in the browser that can be read.
    await desk.close({ runBeforeUnload: false });
    await p.close({ runBeforeUnload: false });
    assert.ok((await holding(folder, "nep-hang")).some((f) => /IndexedDB/.test(f)), "the store is there");
    for (const word of ["XUONGRONG", "HOASUNG", "kết luận giữ trong máy"]) assert.deepEqual(await holding(folder, word), [], `${word} lies in clear`);
    // The network is back, a page of the meeting is opened: the queue goes on.
    await profile.setOffline(false);
    const q = await profile.newPage();
    await q.goto(`${server.url}${base}/diem-danh`);
    await q.waitForFunction(() => /Đã gửi hết/.test(document.querySelector(".outbox-line").textContent), null, { timeout: 20_000 });
    const now = await truth(base);
    assert.equal(now.items[1].spoke.length, before + 1);
    assert.equal(now.items[1].conclusion, "XUONGRONG kết luận giữ trong máy");
    assert.match(now.words[id], /HOASUNG chữ biên bản giữ trong máy\.$/);
    const rows = () => q.evaluate(() => new Promise((done) => {
      const r = indexedDB.open("nep-hang");
      r.onsuccess = () => {
        const db = r.result;
        if (!db.objectStoreNames.contains("viec")) { db.close(); indexedDB.deleteDatabase("nep-hang"); done(-1); return; }
        const all = db.transaction(["viec", "khoa"]).objectStore("viec").getAll();
        all.onsuccess = () => { db.close(); done(all.result.length); };
      };
    }));
    assert.equal(await rows(), 0, "what was sent is kept no longer");
    // Kept again, then signed out: nothing is left, and nothing comes back.
    await profile.setOffline(true);
    await q.locator("#roll > li:has(.marks)").nth(3).locator("[data-key=k]").click();
    await says(q, "Chưa gửi: 1");
    await q.waitForTimeout(500);
    assert.equal(await rows(), 1);
    await q.evaluate(() => { window.fetch = () => new Promise(() => {}); });
    await profile.setOffline(false);
    await q.getByRole("button", { name: "Đăng xuất" }).click();
    await says(q, "Chưa đăng xuất: còn 1 việc chưa gửi");
    await q.getByRole("button", { name: "Bỏ các việc chưa gửi và đăng xuất" }).click();
    await q.waitForURL(/dang-nhap/);
    assert.equal(await rows(), -1, "wiped");
    assert.equal(await q.evaluate(() => localStorage.getItem("nep.hang")), null);
    // Another account signs in where somebody left without signing out: theirs is wiped.
    await fillIn(q, login, demo.password);
    await q.goto(`${server.url}${base}/diem-danh`);
    await profile.setOffline(true);
    await q.locator("#roll > li:has(.marks)").nth(3).locator("[data-key=k]").click();
    await says(q, "Chưa gửi: 1");
    await q.waitForTimeout(500);
    await profile.setOffline(false);
    await profile.clearCookies();
    await q.evaluate(() => { document.dispatchEvent(new CustomEvent("nep:leave")); });
    await q.goto(`${server.url}/dang-nhap`);
    await fillIn(q, second, demo.password);
    await q.waitForFunction(() => localStorage.getItem("nep.hang") === null);
    assert.equal(await rows(), -1, "another account finds nothing");
  } finally {
    await profile.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("the secretary's screen: taps, the next item and its section without a network", { timeout: 240_000 }, async () => {
  base = await meeting();
  await post(page, `${base}/diem-danh`, [["mark", "all:c"]]);
  await page.goto(`${server.url}${base}/thu-ky`);
  await page.waitForTimeout(4000);
  await offline(page, true);
  await page.locator("#trai .names button").nth(0).click();
  await page.fill("#ket_luan", "Kết luận mục một.");
  await page.locator("#trai .names button").nth(1).click();
  await page.locator("#phai textarea").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Chữ mục một.");
  await says(page, "Chưa gửi: 3");
  await page.locator('[name="den"]').click();
  await page.waitForFunction(() => /Mục 2/.test(document.querySelector("#trai h2").textContent));
  await page.locator("#trai .names button").nth(2).click();
  await page.locator("#phai textarea").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Chữ mục hai.");
  await says(page, "Chưa gửi: 6");
  const wrong = await problems(page, "thu-ky");
  await offline(page, false);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await sent(page);
  await page.waitForTimeout(1500);
  const { items, words } = await truth(base);
  assert.equal(items[0].spoke.length, 2);
  assert.equal(items[1].spoke.length, 1);
  assert.equal(items[0].conclusion, "Kết luận mục một.");
  const said = Object.values(words).join("\n");
  assert.match(said, /Chữ mục một\./);
  assert.match(said, /Chữ mục hai\./);
  assert.deepEqual(wrong, []);
});
