// The library in a real browser: the secretary finds, takes, writes and sends at 1280, a member reads at 390 without scripts, the
// committee reviews. Each page at 390, 768 and 1280 by axe, targets, words, contrast and reflow, one of them by keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tabOrder } from "./lib.mjs";
import { Judge } from "./judge.mjs";
import { cell, follow, press, small, text } from "./running.mjs";

let world, server, chair, org;
const judge = new Judge("library");

const as = (role, options) => world.as(role, options);

before(async () => {
  world = await small();
  ({ server } = world);
  chair = await as(/^bí thư chi bộ/i, { width: 1280 });
  org = await cell(chair);
});
after(() => world?.stop());

const go = (page, path) => page.goto(`${server.url}${path}`);

test("a topic is found, taken, adapted", { timeout: 300_000 }, async () => {
  await go(chair, `/cb/${org}/nam/2026`);
  await follow(chair, "Mở kho chuyên đề, kinh nghiệm");
  await judge.page(chair, "kho");
  const { problems } = await tabOrder(chair, 40);
  assert.deepEqual(problems, []);
  await chair.fill("#tim", "chuyen doi so");
  await press(chair, "Tìm bài");
  assert.match(await text(chair), /Đẩy mạnh chuyển đổi số/);
  assert.match(await text(chair), /chi bộ đang dùng|Chưa có chi bộ dùng/);
  await follow(chair, /^Đẩy mạnh chuyển đổi số/);
  await judge.page(chair, "mot-bai");
  const choices = await chair.$$eval("#ky option", (all) => all.map((o) => o.value).filter(Boolean));
  assert.ok(choices.length, await text(chair));
  await press(chair, "Đưa vào kế hoạch");
  assert.match(await text(chair), /Hãy chọn kỳ đưa bài này vào/);
  await judge.page(chair, "chua-chon-ky", { refused: true });
  await chair.selectOption("#ky", choices[choices.length - 1]);
  await chair.fill("#ten", "Chuyển đổi số ở chi bộ ta");
  await press(chair, "Đưa vào kế hoạch");
  assert.match(await text(chair), /Đã đưa vào kế hoạch/);
  await judge.page(chair, "bai-da-lay");
  await follow(chair, "Mở dự kiến của kỳ");
  assert.equal(await chair.inputValue("#chuyen_de"), "Chuyển đổi số ở chi bộ ta");
  assert.match(await chair.inputValue("#muc_dich"), /Nguồn: “Đẩy mạnh chuyển đổi số/);
  assert.deepEqual(judge.problems, []);
});

test("an experience is written, refused without the confirmation, sent; a secret topic leaves no word", { timeout: 300_000 }, async () => {
  await go(chair, `/cb/${org}/kho/da-gui`);
  await judge.page(chair, "bai-cua-chi-bo");
  assert.match(await text(chair), /Trả lại để bổ sung/);
  await press(chair, /^Đã tổ chức, nội dung mật/);
  assert.match(await text(chair), /Phần mềm không giữ nội dung nào/);
  await follow(chair, "Viết kinh nghiệm");
  await judge.page(chair, "viet-kinh-nghiem");
  for (const [field, words] of [["#ten", "Họp tổ trước khi họp chi bộ"], ["#muc_dich", "Ít phát biểu"], ["#noi_dung", "Họp tổ"], ["#ket_qua", "Phát biểu nhiều hơn"]]) {
    await chair.fill(field, words);
  }
  await press(chair, "Gửi cấp ủy");
  assert.match(await text(chair), /Hãy đọc lại và đánh dấu xác nhận/);
  await judge.page(chair, "chua-xac-nhan", { refused: true });
  await chair.check("#khong_mat");
  await press(chair, "Gửi cấp ủy");
  assert.match(await text(chair), /Đã gửi cấp ủy xem xét/);
  await judge.page(chair, "da-gui");
  await go(chair, `/cb/${org}/kho/trinh-bay`);
  await chair.fill("#tim", "nêu gương");
  await press(chair, "Tìm đồng chí");
  await judge.page(chair, "tim-dong-chi");
  await go(chair, `/cb/${org}/nam/2027/du-kien`);
  assert.match(await chair.$eval("[name='l-2027-cd-1']", (e) => e.textContent), /Kho: /);
  assert.deepEqual(judge.problems, []);
});

test("a member reads on a phone without scripts", { timeout: 300_000 }, async () => {
  const phone = await as(/đảng viên/i, { width: 390, js: false });
  await go(phone, `/cb/${org}/kho`);
  // Entries are seen first: the filters open by their summary without a script.
  const entry = await phone.locator("table a").first().boundingBox();
  assert.ok(entry.y + entry.height < 844 && !(await phone.locator("#loc").isVisible()), `the first entry is at ${entry.y}`);
  await phone.locator(".fold summary").press("Enter");
  await phone.selectOption("#linh_vuc", "building");
  await Promise.all([phone.waitForNavigation(), phone.click("button:has-text('Tìm bài')")]);
  await Promise.all([phone.waitForNavigation(), phone.locator("table a").first().click()]);
  const seen = await text(phone);
  assert.match(seen, /Lĩnh vựcXây dựng chi bộ, đảng viên/);
  assert.ok(!/Đưa vào kế hoạch/.test(seen), seen);
  const [file] = await Promise.all([phone.waitForEvent("download"), phone.locator("a", { hasText: "Tải về" }).first().click()]);
  assert.equal(file.suggestedFilename(), "goi-y-thao-luan.txt");
});

test("the committee reviews and sees the quarter", { timeout: 300_000 }, async () => {
  const desk = await as(/^bí thư đảng ủy/i, { width: 1280 });
  const at = await desk.$$eval("a[href^='/tc/']", (all) => all[0].getAttribute("href").match(/^\/tc\/\d+/)[0]);
  await go(desk, `${at}/kho`);
  await judge.page(desk, "kho-cua-cap-uy");
  await follow(desk, "Xem bài các chi bộ gửi");
  await judge.page(desk, "bai-cho-duyet");
  assert.match(await text(desk), /Họp tổ trước khi họp chi bộ/);
  await follow(desk, "Họp tổ trước khi họp chi bộ");
  await judge.page(desk, "xem-xet");
  await press(desk, "Trả lại để bổ sung");
  assert.match(await text(desk), /góp ý để chi bộ bổ sung/);
  await judge.page(desk, "tra-lai-khong-gop-y", { refused: true });
  await press(desk, "Phổ biến bài này");
  assert.match(await text(desk), /Đã phổ biến/);
  await go(desk, `${at}/kho/duyet?ky=2026-cd-3`);
  assert.match(await text(desk), /Đã tổ chức, nội dung mật/);
  await judge.page(desk, "theo-quy");
  assert.deepEqual(judge.problems, []);
});
