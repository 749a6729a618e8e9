// What a committee sends down in a real browser: the clerk writes and issues at 1280, the secretary takes blocks into the meeting, a member reads
// a document on a phone without scripts; each page at 390, 768 and 1280 by axe, targets, words, contrast and reflow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tabOrder } from "./lib.mjs";
import { Judge } from "./judge.mjs";
import { cell, follow, press, small, text } from "./running.mjs";
import { signIn } from "./server.mjs";

let world, browser, server, demo, chair, clerk, org;
const judge = new Judge("guidance");
const TITLE = "Quán triệt kết luận về tinh gọn bộ máy";

before(async () => {
  world = await small();
  ({ browser, server, demo } = world);
  chair = await world.as(/^bí thư chi bộ/i, { width: 1280 });
  clerk = await world.as(/giúp việc cấp ủy/i, { width: 1280 });
  org = await cell(chair);
});
after(() => world?.stop());

const go = (page, path) => page.goto(`${server.url}${path}`);

test("the clerk writes an orientation, sees what the cells will get, and issues it", { timeout: 300_000 }, async () => {
  await Promise.all([clerk.waitForNavigation(), clerk.locator("nav.rail").getByRole("link", { name: "Định hướng, tài liệu" }).click()]);
  assert.match(await text(clerk), /chi bộ đã phổ biến đủ.*đảng viên đã đọc/);
  await judge.page(clerk, "danh-sach");
  await follow(clerk, /^Định hướng sinh hoạt tháng 11/);
  assert.match(await text(clerk), /Mức phổ biến.*chi bộ đã phổ biến/);
  await clerk.$$eval("details.more", (all) => all.forEach((d) => { d.open = true; }));
  await judge.page(clerk, "da-ban-hanh");
  await Promise.all([clerk.waitForNavigation(), clerk.locator("nav.rail").getByRole("link", { name: "Định hướng, tài liệu" }).click()]);
  await clerk.selectOption("#thang", "2027-tk-2");
  await press(clerk, "Soạn định hướng");
  await judge.page(clerk, "soan-moi");
  await follow(clerk, "Thêm nội dung");
  await press(clerk, "Lưu nội dung");
  await judge.page(clerk, "noi-dung-thieu-ten", { refused: true });
  await clerk.fill("#nd_ten", TITLE);
  await clerk.fill("#nd_ban", "Phổ biến ba nội dung chính.\nThảo luận việc của chi bộ.");
  await press(clerk, "Lưu nội dung");
  await clerk.setInputFiles("#tep", { name: "de-cuong.txt", mimeType: "text/plain", buffer: Buffer.from("Đề cương") });
  await clerk.check("#khong_mat");
  await press(clerk, "Tải tệp lên");
  assert.match(await text(clerk), /Tải về de-cuong\.txt/);
  await judge.page(clerk, "noi-dung");
  const { problems } = await tabOrder(clerk, 40);
  assert.deepEqual(problems, []);
  await follow(clerk, "Quay lại bản đang soạn");
  await clerk.$$eval("details.more", (all) => all.forEach((d) => { d.open = true; }));
  await judge.page(clerk, "soan");
  await follow(clerk, "Xem trước và ban hành");
  assert.match(await text(clerk), new RegExp(`Nơi nhận: \\d+ chi bộ.*Bản chi bộ nhận.*${TITLE}`));
  await judge.page(clerk, "xem-truoc");
  await press(clerk, "Ban hành");
  assert.match(await text(clerk), /Đã ban hành.*0\/\d+ chi bộ đã phổ biến/);
});

test("the secretary takes what is required into the meeting that was prepared before", { timeout: 300_000 }, async () => {
  await go(chair, `/cb/${org}`);
  await follow(chair, /nội dung bắt buộc của cấp trên vào chương trình/);
  assert.match(await text(chair), /Cấp trên định hướng.*Chương trình còn thiếu \d nội dung bắt buộc/);
  await judge.page(chair, "chuan-bi");
  await press(chair, "Đưa nội dung bắt buộc vào chương trình");
  assert.match(await text(chair), /Đã có trong chương trình/);
  assert.doesNotMatch(await text(chair), /Chương trình còn thiếu/);
  await press(chair, /^Đưa vào chương trình/);
  await judge.page(chair, "chuan-bi-da-dua");
  const guided = chair.locator("ol.agenda > li", { has: chair.locator("input[readonly]") }).first();
  await Promise.all([chair.waitForNavigation(), guided.getByRole("link", { name: /^Gợi ý, tài liệu/ }).click()]);
  assert.match(await text(chair), /Cấp trên định hướng.*chi bộ không sửa/);
  await judge.page(chair, "muc-cua-cap-tren");
});

test("a member reads a document on a phone, the secretary sees who, the committee how many", { timeout: 300_000 }, async () => {
  const login = demo.seats.find((s) => s.role === "Đảng viên").login;
  const phone = await signIn(browser, server.url, login, demo.password, { width: 390, js: false });
  await go(phone, `/cb/${org}/tai-lieu`);
  await judge.page(phone, "danh-sach-cua-chi-bo", { js: false });
  await follow(phone, /^Hướng dẫn kiểm điểm/);
  await judge.page(phone, "tai-lieu", { js: false });
  if (await phone.getByRole("button", { name: "Đã đọc" }).count()) await press(phone, "Đã đọc");
  assert.equal(await phone.getByRole("button", { name: "Đã đọc" }).count(), 0);
  await go(chair, `/cb/${org}/tai-lieu`);
  await judge.page(chair, "danh-sach-cua-bi-thu");
  await follow(chair, /^Hướng dẫn kiểm điểm/);
  await chair.$$eval("details.more", (all) => all.forEach((d) => { d.open = true; }));
  assert.match(await text(chair), /\d+\/\d+ đồng chí đã đọc/);
  await judge.page(chair, "ai-da-doc");
  await Promise.all([clerk.waitForNavigation(), clerk.locator("nav.rail").getByRole("link", { name: "Định hướng, tài liệu" }).click()]);
  await follow(clerk, /^Hướng dẫn kiểm điểm/);
  assert.match(await text(clerk), /đồng chí đã xem, \d+ đã đọc, trong \d+ đảng viên/);
  await judge.page(clerk, "bao-nhieu-da-doc");
});

test("no page had a problem", () => assert.deepEqual(judge.problems, []));
