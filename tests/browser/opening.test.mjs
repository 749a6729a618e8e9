// Content opened above in a real browser: the secretary shares the last minutes, the committee's secretary reads them and proposes
// an inspection, the cell sees who read what and takes it back; each page by axe, targets, words, contrast and reflow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, tabOrder } from "./lib.mjs";
import { Judge } from "./judge.mjs";
import { cell } from "./running.mjs";
import { accounts, signIn, start } from "./server.mjs";

let browser, server, demo, chair, upper, org, committee;
const judge = new Judge("opening");
const WHY = "Báo cáo kinh nghiệm ghi biên bản";

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { now: "2026-12-01T08:30", small: true })]);
  demo = accounts(server.said);
  const seat = (role) => demo.seats.find((s) => role.test(s.role)).login;
  chair = await signIn(browser, server.url, seat(/^bí thư chi bộ/i), demo.password, { width: 1280 });
  upper = await signIn(browser, server.url, seat(/^bí thư đảng ủy cơ sở/i), demo.password, { width: 1280 });
  org = await cell(chair);
  committee = /\/tc\/(\d+)/.exec(await upper.$eval('.rail a[href*="/buc-tranh"]', (a) => a.getAttribute("href")))[1];
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const text = (page) => page.$eval("main", (e) => e.textContent.replace(/\s+/g, " "));
const go = (page, path) => page.goto(`${server.url}${path}`);
const press = (page, name) => Promise.all([page.waitForNavigation(), page.getByRole("button", { name }).first().click()]);
const follow = (page, name) => Promise.all([page.waitForNavigation(), page.locator("main").getByRole("link", { name }).first().click()]);

test("the secretary shares the last minutes with the committee", { timeout: 300_000 }, async () => {
  await go(chair, `/cb/${org}/so-bien-ban`);
  await follow(chair, "Xem nội dung mở cho cấp trên");
  assert.match(await text(chair), /Đang mở.*Đã kết thúc/);
  await judge.page(chair, "danh-sach-chi-bo");
  await follow(chair, "Chia sẻ với cấp trên");
  await judge.page(chair, "chia-se");
  const { problems } = await tabOrder(chair, 40);
  assert.deepEqual(problems, []);
  await press(chair, "Chia sẻ");
  assert.match(await text(chair), /Hãy ghi mục đích/);
  await judge.page(chair, "chia-se-thieu", { refused: true });
  await chair.fill("#muc_dich", WHY);
  await press(chair, "Chia sẻ");
  assert.match(await text(chair), new RegExp(`Đang mở.*${WHY}.*Chưa có ai xem`));
  await judge.page(chair, "da-chia-se");
});

test("the committee reads what is open, and proposes an inspection that it cannot confirm alone", { timeout: 300_000 }, async () => {
  await go(upper, `/tc/${committee}/mo-noi-dung`);
  await judge.page(upper, "danh-sach-cap-uy");
  await follow(upper, /một văn bản/i);
  assert.match(await text(upper), new RegExp(WHY));
  await follow(upper, /^Biên bản số/);
  assert.match(await text(upper), /đã được ghi lại.*Toàn văn/);
  await judge.page(upper, "bien-ban");
  await go(upper, `/tc/${org}/ky/2026-tk-11`);
  assert.match(await text(upper), /Biên bản, nghị quyết/);
  await judge.page(upper, "ky");
  await go(upper, `/tc/${committee}/mo-noi-dung/de-nghi?chi_bo=${org}`);
  await judge.page(upper, "de-nghi");
  await press(upper, "Gửi đề nghị");
  await judge.page(upper, "de-nghi-thieu", { refused: true });
  await upper.fill("#ly_do", "Kiểm tra sổ biên bản");
  await upper.fill("#so", "Quyết định 45-QĐ/ĐU");
  await upper.fill("#ngay", "20/11/2026");
  await press(upper, "Gửi đề nghị");
  assert.match(await text(upper), /Chờ người thứ hai xác nhận.*cần một đồng chí khác/);
  assert.equal(await upper.getByRole("button", { name: /^Xác nhận/ }).count(), 0);
  await judge.page(upper, "cho-xac-nhan");
});

test("the cell sees who read what, and takes it back", { timeout: 300_000 }, async () => {
  await go(chair, `/cb/${org}/mo-noi-dung`);
  assert.match(await text(chair), /Chờ người thứ hai xác nhận/);
  await go(chair, "/");
  assert.match(await text(chair), /Cấp trên đang được xem/);
  await go(chair, `/cb/${org}/mo-noi-dung`);
  await follow(chair, /một văn bản/i);
  assert.match(await text(chair), /xem trên trang/);
  await judge.page(chair, "ai-da-xem");
  await press(chair, "Rút lại, không chia sẻ nữa");
  assert.match(await text(chair), /Đã đóng.*Đã kết thúc sớm/);
});

test("no page had a problem", () => assert.deepEqual(judge.problems, []));
