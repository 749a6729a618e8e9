// Advice while a task is typed: it appears by itself, its skeleton goes into the field and back, an earlier task stands beside the
// new one; by keyboard, without scripts, at three widths. Pictures go to NEP_SHOTS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./lib.mjs";
import { Judge, reads } from "./judge.mjs";
import { cell, post, running } from "./running.mjs";
import { accounts, signIn, start } from "./server.mjs";

const TODAY = "03/12/2026";
let browser, server, demo, judge;

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { small: true, now: "2026-12-03T15:00" })]);
  demo = accounts(server.said);
  judge = new Judge("lint");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const advised = (page, words) => page.waitForFunction((w) => document.querySelector("#soat").textContent.includes(w), words, { timeout: 5000 });
const quiet = (page) => page.waitForFunction(() => document.querySelector("#soat-dem").textContent.includes("Chưa có góp ý"), null, { timeout: 5000 });

test("a task is advised on while it is typed", { timeout: 600_000 }, async (t) => {
  const login = demo.seats.find((s) => s.role === "Bí thư chi bộ").login;
  const page = await signIn(browser, server.url, login, demo.password, { width: 1280 });
  const org = await cell(page);
  const at = await running(page, server.url, org, { today: TODAY, titles: ["Thảo luận nhiệm vụ"] });
  const made = await post(page, `${at}/nghi-quyet`, []);
  const draft = `${server.url}${at}/nghi-quyet/${/nq=(\d+)/.exec(made)[1]}`;
  let earlier;

  await t.test("typing, the skeleton, and back", async () => {
    await page.goto(`${draft}/nhiem-vu`, { waitUntil: "load" });
    assert.match(await page.textContent("#soat-dem"), /Chưa có góp ý/);
    await page.focus("#noi_dung");
    await page.keyboard.type("Tiếp tục tăng cường công tác dân vận, xong trước 26/12");
    await advised(page, "“Tiếp tục tăng cường” chưa nói được thế nào là xong.");
    await advised(page, "Thời hạn 26/12/2026 là thứ Bảy.");
    assert.match(await page.textContent("#soat-dem"), /Có \d góp ý/);
    await page.click("#soat details.why summary");
    assert.match(await reads(page, "#soat"), /Quy tắc SM-01.*đã thấy nguyên văn/);
    await judge.page(page, "goi-y-khi-viet");
    // What is open stays open while it is exchanged.
    await page.fill("#yeu_cau", "Kịp thời");
    await page.waitForFunction(() => document.querySelector("#soat details.why").open && !/yêu cầu, biện/.test(document.querySelector("#soat").textContent));
    // By keyboard: from the last field the button is one of the next stops.
    await page.focus("#don_doc");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Dùng khung này");
    await page.keyboard.press("Enter");
    assert.match(await page.inputValue("#noi_dung"), /^Hoàn thành \[số lượng, sản phẩm\] công tác dân vận trước ngày 26\/12\/2026, do đ\/c \[họ tên\]/);
    assert.equal(await page.evaluate(() => {
      const f = document.activeElement;
      return f.value.slice(f.selectionStart, f.selectionEnd);
    }), "[số lượng, sản phẩm]");
    await page.keyboard.type("02 buổi đối thoại");
    await advised(page, "Còn chỗ trống chưa điền");
    await judge.page(page, "da-dung-khung");
    await page.click("#soat-lai");
    assert.match(await page.inputValue("#noi_dung"), /^Tiếp tục tăng cường/);
    await advised(page, "Tiếp tục tăng cường");
    assert.equal(await page.isVisible("#soat-lai"), false);
    await page.fill("#noi_dung", "");
    await quiet(page);
  });

  await t.test("an earlier task stands beside it", async () => {
    await page.goto(`${server.url}/cb/${org}/nhiem-vu?trang_thai=tat-ca`, { waitUntil: "load" });
    earlier = await page.$eval('main a[href*="/nhiem-vu/"]', (a) => a.textContent.trim());
    await page.goto(`${draft}/nhiem-vu`, { waitUntil: "load" });
    await page.fill("#noi_dung", `${earlier}, đợt 2`);
    await advised(page, "Gần giống nhiệm vụ đã ra tháng");
    await judge.page(page, "gan-giong");
    assert.ok(await page.locator("#soat .near ins").count() > 0);
    await page.click("main button:has-text('Thêm nhiệm vụ')");
    await page.waitForURL(/nghi-quyet\?nq/);
    assert.match(await reads(page), /Nhiệm vụ thứ 1.*Gần giống nhiệm vụ đã ra/);
    assert.match(await reads(page), /Nhiệm vụ thứ 1: chưa có yêu cầu, biện pháp, thời hạn/);
  });

  await t.test("going on against advice asks one line", async () => {
    const everybody = /đang có mặt (\d+)/.exec(await reads(page))[1];
    const version = await page.inputValue("form[action$='thong-qua'] [name=ban]");
    await post(page, `${new URL(draft).pathname}/bieu-quyet`, [["tan_thanh", everybody]]);
    await page.goto(`${server.url}${at}/nghi-quyet`, { waitUntil: "load" });
    assert.ok(version);
    await Promise.all([page.waitForNavigation(), page.click("button:has-text('Thông qua nghị quyết')")]);
    assert.match(await reads(page), /góp ý với dự thảo.*ghi một dòng lý do/);
    await judge.page(page, "hoi-ly-do", { refused: true });
  });

  await t.test("without scripts", async () => {
    const plain = await signIn(browser, server.url, login, demo.password, { width: 390, height: 844, js: false });
    await plain.goto(`${draft}/nhiem-vu`, { waitUntil: "load" });
    assert.equal(await plain.isVisible("#soat-dem"), false);
    await plain.fill("#noi_dung", "Nâng cao chất lượng sinh hoạt chi bộ");
    await plain.click("main button:has-text('Thêm nhiệm vụ')");
    assert.match(await reads(plain), /“Nâng cao” chưa nói được thế nào là xong/);
    const edit = await plain.locator("main a:has-text('Sửa')").last().getAttribute("href");
    await plain.goto(`${server.url}${edit}`, { waitUntil: "load" });
    assert.match(await reads(plain), /Viết lại theo khung.*Hoàn thành \[số lượng, sản phẩm\] chất lượng sinh hoạt chi bộ/);
    assert.equal(await plain.isVisible("[data-khung]"), false);
    await judge.page(plain, "khong-script", { js: false });
  });

  await t.test("the end of the meeting names it; minutes beside the last ones", async () => {
    await page.goto(`${server.url}${at}/ket-thuc`, { waitUntil: "load" });
    assert.match(await reads(page), /Còn \d+ góp ý với dự thảo nghị quyết/);
    await page.goto(`${server.url}/cb/${org}/buoi`, { waitUntil: "load" });
    const meetings = await page.$$eval('main a[href*="/buoi/"]', (all) => all.map((a) => a.getAttribute("href")).filter((h) => /\/buoi\/\d+$/.test(h)));
    let alike = false;
    for (const meeting of meetings.slice(0, 8)) {
      await page.goto(`${server.url}${meeting}/so-sanh-bien-ban`, { waitUntil: "load" });
      alike = /khoảng \d+ %/.test(await reads(page));
      if (alike) break;
    }
    await judge.page(page, alike ? "giong-bien-ban" : "khong-giong-bien-ban");
  });

  assert.deepEqual(judge.problems, []);
});
