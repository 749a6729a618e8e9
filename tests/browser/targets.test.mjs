// The targets of a committee in a real browser: the table with its pictures, why each figure is what it is, a result entered by the office and
// by a secretary, pilots beside the others. Each page: axe, targets, cut words, contrast, reflow; pictures at 390, 768 and 1280.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tabOrder } from "./lib.mjs";
import { Judge, reads } from "./judge.mjs";
import { cell, small } from "./running.mjs";

let world, server;
const judge = new Judge("targets");

before(async () => {
  world = await small();
  ({ server } = world);
});
after(() => world?.stop());

const as = (role, options) => world.as(role, options);

/** The committee of who is signed in on `page`. */
const committee = (page) => page.$$eval('.rail a[href*="/tc/"]', (all) => /\/tc\/(\d+)/.exec(all[0].getAttribute("href"))[1]);

test("the committee's office: targets, why, results, pilots", { timeout: 300_000 }, async () => {
  const page = await as("Cán bộ giúp việc cấp ủy", { width: 1280 });
  const org = await committee(page);
  await page.goto(`${server.url}/tc/${org}/chi-tieu/2026`, { waitUntil: "load" });
  assert.match(await reads(page), /9 chỉ tiêu: .*Giữ nhịp đến nay thì cuối năm là/);
  assert.equal(await page.locator("svg.chart").count() >= 3, true);
  const { problems } = await tabOrder(page, 60);
  assert.deepEqual(problems, []);
  await judge.page(page, "chi-tieu");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.isVisible(".acts.noprint"), false);
  await page.emulateMedia({ media: "screen" });
  for (const key of ["T4", "T5", "T6"]) {
    await page.goto(`${server.url}/tc/${org}/chi-tieu/2026/${key}`, { waitUntil: "load" });
    assert.match(await reads(page), /Cách tính.*Dự báo cuối năm.*Từng chi bộ/);
    if (key !== "T6") await judge.page(page, `vi-sao-${key}`);
  }
  await page.goto(`${server.url}/tc/${org}/chi-tieu/2025/T1.sub`, { waitUntil: "load" });
  assert.match(await reads(page), /qua các năm/);
  await judge.page(page, "vi-sao-T1");
  // From a figure to the facts of one cell.
  await Promise.all([page.waitForNavigation(), page.locator("main tbody th a").first().click()]);
  assert.match(await reads(page), /1 chi bộ, tính đến ngày 31\/12\/2025/);
  await judge.page(page, "mot-chi-bo");
  await page.goto(`${server.url}/tc/${org}/xep-loai/2025`, { waitUntil: "load" });
  await judge.page(page, "xep-loai");
  const first = page.locator("main select").first();
  await first.selectOption(await first.inputValue() === "done" ? "good" : "done");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Lưu kết quả" }).click()]);
  assert.match(await reads(page), /Hãy ghi lý do sửa kết quả đã ghi/);
  await judge.page(page, "xep-loai-thieu-ly-do", { refused: true });
  await page.fill("#ly_do", "Kết luận lại sau phúc tra");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Lưu kết quả" }).click()]);
  assert.match(await reads(page), /Đã lưu\..*Đã sửa.*Kết luận lại sau phúc tra/);
  await page.goto(`${server.url}/tc/${org}/chi-bo-diem/2026`, { waitUntil: "load" });
  assert.match(await reads(page), /Chi bộ khác cùng loại hình/);
  await judge.page(page, "chi-bo-diem");
  assert.deepEqual(judge.problems, []);
  await page.context().close();
});

test("a secretary on a phone, without scripts: the numbers of the members", { timeout: 300_000 }, async () => {
  const page = await as("Bí thư chi bộ", { width: 390, js: false });
  const org = await cell(page);
  await page.goto(`${server.url}/cb/${org}/xep-loai/2025`, { waitUntil: "load" });
  await page.fill("#xuat_sac", "9");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Lưu kết quả" }).click()]);
  assert.match(await reads(page), /chỉ được nhiều nhất/);
  assert.equal(await page.inputValue("#xuat_sac"), "9");
  await page.fill("#xuat_sac", "1");
  await page.fill("#ly_do", "Đếm lại");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Lưu kết quả" }).click()]);
  assert.match(await reads(page), /Đã lưu/);
  await page.context().close();
  const desk = await as("Bí thư chi bộ", { width: 390 });
  await desk.goto(`${server.url}/cb/${org}/xep-loai/2025`, { waitUntil: "load" });
  await judge.page(desk, "xep-loai-dang-vien");
  assert.deepEqual(judge.problems, []);
  await desk.context().close();
});
