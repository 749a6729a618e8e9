// A cell's year in figures, a case of absences, notes, concerns and topics in a real browser: the secretary at 1280, members at 390, one
// of them without scripts; each page at 390, 768 and 1280 by axe, targets, words, contrast and reflow, one of them by keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tabOrder } from "./lib.mjs";
import { Judge } from "./judge.mjs";
import { cell, press, small, text } from "./running.mjs";
import { loginOf, signIn } from "./server.mjs";

let world, browser, server, demo, chair, org;
const judge = new Judge("absence");

before(async () => {
  world = await small();
  ({ browser, server, demo } = world);
  chair = await world.as(/bí thư chi bộ/i, { width: 1280 });
  org = await cell(chair);
});
after(() => world?.stop());

const go = (page, path) => page.goto(`${server.url}${path}`);
const member = (name, options) => signIn(browser, server.url, loginOf(name), demo.password, { width: 390, ...options });

/** Names in the table of members, in its order. */
const names = (page) => page.$$eval("table:last-of-type tbody th a", (all) => all.map((a) => a.textContent.trim()));

test("the year of the cell down to one member's meetings", { timeout: 300_000 }, async () => {
  await go(chair, `/cb/${org}/nam/2026/du-sinh-hoat`);
  const seen = await text(chair);
  assert.match(seen, /Tỷ lệ dự chính thức\d/);
  assert.match(seen, /Không tính vắng có lý do/);
  await chair.$$eval("details.why", (all) => all.forEach((d) => { d.open = true; }));
  await judge.page(chair, "nam");
  const { problems } = await tabOrder(chair, 40);
  assert.deepEqual(problems, []);
  // From a figure to the facts: the first member, every meeting of theirs.
  await Promise.all([chair.waitForNavigation(), chair.locator("table").last().locator("tbody th a").first().click()]);
  await chair.$eval("details.why", (d) => { d.open = true; });
  await judge.page(chair, "mot-dong-chi");
  await chair.emulateMedia({ media: "print" });
  await go(chair, `/cb/${org}/nam/2026/du-sinh-hoat`);
  assert.equal(await chair.isVisible(".acts.noprint"), false);
  await chair.emulateMedia({ media: "screen" });
});

test("a case: the member sees the facts, objects on a phone, chi ủy decides", { timeout: 300_000 }, async () => {
  let year = 2026;
  await go(chair, `/cb/${org}/xet-vang?nam=${year}`);
  if (!(await chair.getByRole("button", { name: /^Mở việc xem xét/ }).count())) {
    year = 2025;
    await go(chair, `/cb/${org}/xet-vang?nam=${year}`);
  }
  await judge.page(chair, "danh-sach");
  if (!(await chair.getByRole("button", { name: /^Mở việc xem xét/ }).count())) return;
  const who = (await chair.locator("ul.tasks b").first().textContent()).replace("đ/c ", "").trim();
  await press(chair, /^Mở việc xem xét/);
  const at = new URL(chair.url()).pathname;
  await judge.page(chair, "viec-moi-mo");
  const phone = await member(who);
  await judge.page(phone, "trang-dau-dang-vien");
  await Promise.all([phone.waitForNavigation(), phone.getByRole("link", { name: /Xem số liệu dự sinh hoạt/ }).first().click()]);
  const objection = phone.locator("details.more", { hasText: "Nêu ý kiến về buổi" }).first();
  await objection.locator("summary").click();
  await judge.page(phone, "viec-cua-toi");
  await objection.locator("textarea").fill("Tôi đến sau khi đã điểm danh.");
  await Promise.all([phone.waitForNavigation(), objection.getByRole("button", { name: "Hôm đó tôi có dự" }).click()]);
  assert.match(await text(phone), /Đã gửi ý kiến.*Chờ chi ủy quyết định/);
  await go(chair, at);
  await judge.page(chair, "viec-co-y-kien");
  await chair.locator("section.box textarea").first().fill("Sổ theo dõi không ghi đồng chí dự.");
  await press(chair, "Giữ nguyên như biên bản");
  await phone.reload();
  await press(phone, "Tôi đã xem, không có ý kiến khác");
  await go(chair, at);
  await press(chair, "Lập dự thảo thông báo");
  await judge.page(chair, "du-thao");
  await press(chair, "Xác nhận và ban hành thông báo");
  await phone.reload();
  assert.match(await text(phone), /Thông báo đã được xác nhận/);
  await judge.page(phone, "da-thong-bao");
});

test("notes, concerns and topics, one member without scripts", { timeout: 300_000 }, async () => {
  await go(chair, `/cb/${org}/nam/2026/du-sinh-hoat`);
  const all = await names(chair);
  const own = await chair.$eval(".me a", (a) => a.textContent);
  const [one, two] = all.filter((n) => !own.includes(n)).slice(-2);
  await go(chair, `/cb/${org}/ghi-nhan/moi`);
  await judge.page(chair, "ghi-nhan-moi");
  await chair.selectOption("#dong_chi", { label: `đ/c ${one}` });
  await chair.selectOption("#loai", "criticism");
  await chair.fill("#noi_dung", "Nộp báo cáo chậm hai kỳ.");
  await press(chair, "Ghi");
  assert.match(await text(chair), /Chưa có cách khắc phục/);
  await judge.page(chair, "ghi-nhan-thieu", { refused: true });
  await chair.fill("#khac_phuc", "Nộp trước ngày 25 hằng tháng");
  await chair.fill("#thoi_han", "25/12/2026");
  await press(chair, "Ghi");
  await judge.page(chair, "ghi-nhan");
  await go(chair, `/cb/${org}/ghi-nhan`);
  await judge.page(chair, "ghi-nhan-danh-sach");

  const phone = await member(one);
  await Promise.all([phone.waitForNavigation(), phone.getByRole("link", { name: /Khắc phục: Nộp trước/ }).first().click()]);
  await judge.page(phone, "ghi-nhan-cua-toi");
  await phone.fill("#da_lam", "Đã nộp đủ.");
  await press(phone, "Ghi đã khắc phục");
  assert.match(await text(phone), /Đã khắc phục/);

  // Without scripts: everything posts and comes back.
  const plain = await member(two, { js: false });
  await go(plain, "/toi/tam-tu");
  await judge.page(plain, "tam-tu-khong-script", { js: false });
  await plain.fill("#noi_dung", "Mong được học thêm về chuyển đổi số.");
  await press(plain, "Gửi chi ủy");
  assert.match(await plain.textContent("main"), /Chờ trả lời/);
  await go(plain, `/cb/${org}/chuyen-de/2027`);
  await plain.fill("#ten", "Chuyển đổi số trong công việc của chi bộ");
  await press(plain, "Đề xuất");
  assert.match(await plain.textContent("main"), /1 đồng chí ủng hộ/);

  await go(chair, `/cb/${org}/tam-tu`);
  await judge.page(chair, "tam-tu");
  await Promise.all([chair.waitForNavigation(), chair.locator("ul.tasks a").first().click()]);
  await chair.fill("#noi_dung", "Chi ủy đã đăng ký lớp tháng 1.");
  await press(chair, "Gửi trả lời");
  await judge.page(chair, "tam-tu-da-tra-loi");
  await go(phone, `/cb/${org}/chuyen-de/2027`);
  await press(phone, /^Ủng hộ chuyên đề này ?: Chuyển đổi số trong công việc/);
  assert.match(await text(phone), /2 đồng chí ủng hộ/);
  await judge.page(phone, "chuyen-de");
  await go(chair, `/cb/${org}/chuyen-de/2027`);
  await chair.locator("details.more summary").first().click();
  await judge.page(chair, "chuyen-de-chi-uy");
  await press(chair, /^Đưa vào kế hoạch/);
  assert.match(await text(chair), /Đưa vào chuyên đề quý/);
  await go(phone, "/toi");
  await judge.page(phone, "ho-so-cua-toi");
});

test("every page of these stories passes every check", () => {
  assert.deepEqual(judge.problems, []);
});
