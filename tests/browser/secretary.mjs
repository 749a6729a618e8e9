// The month as the secretary lives it before and after the meeting: prepare and give notice, answers, the next month.
import assert from "node:assert/strict";
import { tabOrder } from "./lib.mjs";
import { reads } from "./judge.mjs";

const QUESTION = "Vì sao tiến độ số hóa hồ sơ quý IV còn chậm?";

/** The figures at the head of a page, in order. */
const figures = async (page) => (await page.locator(".figs b").allInnerTexts()).map((t) => Number(t.split("/")[0]));

/** Members of the cell who lead nothing, by name, as the list of members shows them. */
export async function plainMembers(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Đảng viên"));
  await judge.page(page, "dang-vien");
  const rows = await page.locator("#ds tbody tr").evaluateAll((all) => all.map((tr) => Array.from(tr.children, (c) => c.innerText.trim())));
  return rows.filter((r) => r[3] === "Chính thức" && !r[5]).map((r) => r[1]);
}

/** From home to the desk with the keyboard alone. */
async function toDeskByKeyboard(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Trang đầu"));
  await judge.page(page, "trang-dau-bi-thu");
  await hand.entry("Bàn làm việc").focus();
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  const walk = await tabOrder(page);
  judge.problems.push(...walk.problems.map((p) => `ban-lam-viec tab: ${p}`));
  const at = (words) => walk.stops.findIndex((s) => s.includes(words));
  const order = ["Đến nội dung chính", "Bàn làm việc", "Chuẩn bị chương trình", "Kiểm tra và gửi", "Tiếp tục chuẩn bị", "Tháng 12", "Đăng xuất"].map(at);
  assert.ok(order.every((n, i) => n >= 0 && (i === 0 || n > order[i - 1])), `${order} in ${walk.stops.join("\n")}`);
}

/** Desk, year, kỳ, meeting, preparation; edits an item. Returns the local time at which the meeting starts. */
export async function prepares(hand, judge, title) {
  const { page } = hand;
  await toDeskByKeyboard(hand, judge);
  assert.match(await reads(page, "h1"), /^Kỳ tháng 12 năm 2026/);
  await judge.page(page, "ban-lam-viec");
  await hand.go(hand.entry("Năm sinh hoạt"));
  await judge.page(page, "nam-sinh-hoat");
  await hand.go(page.locator(".k12 a", { hasText: "Tháng 12" }));
  await judge.page(page, "ky");
  await hand.go(hand.link(/^Mở sinh hoạt/));
  assert.equal(await reads(page, "h1"), title);
  await judge.page(page, "buoi");
  await hand.go(hand.link("Chuẩn bị thời gian, chương trình, tài liệu"));
  const [day, month, year] = (await page.inputValue("#ngay")).split("/");
  const hour = await page.inputValue("#gio");
  await judge.page(page, "chuan-bi");
  await hand.go(hand.link(/^Gợi ý, tài liệu.* mục 10$/));
  await judge.page(page, "muc");
  await hand.write("#goi_y", QUESTION);
  await hand.go(hand.button("Lưu mục này"));
  await hand.go(hand.link("Quay lại chương trình"));
  return `${year}-${month}-${day}T${hour}`;
}

export async function sendsNotice(hand, judge) {
  const { page } = hand;
  await hand.go(hand.link("Kiểm tra và gửi thông báo"));
  assert.doesNotMatch(await reads(page), /Phải làm/);
  await judge.page(page, "kiem-tra-thong-bao");
  await hand.go(hand.button(/^Gửi thông báo cho \d+ đảng viên/));
  assert.match(await reads(page), /Đã gửi thông báo.*1 trên \d+ đồng chí đã mở/);
  await judge.page(page, "thong-bao-da-gui");
}

/** Reads the answers and the opinion, lets a member stay away. */
export async function decidesExcuse(hand, judge, name) {
  const { page } = hand;
  await hand.go(hand.entry("Bàn làm việc"));
  await hand.go(hand.link("Quyết định 1 đề nghị vắng mặt"));
  assert.deepEqual(await figures(page), [1, 1, 14]);
  await judge.page(page, "tra-loi");
  await hand.go(hand.button(new RegExp(`^Đồng ý cho vắng.*${name}`)));
  assert.match(await reads(page), new RegExp(`${name} Lý do.*Đã cho vắng.*Ý kiến gửi trước.*Đăng ký phát biểu`));
}

/** After sealing: the resolution came out with the minutes. Ends on the issued document. */
export async function resolutionIssued(hand, judge, title) {
  const { page } = hand;
  await hand.go(hand.entry("Buổi sinh hoạt"));
  await judge.page(page, "danh-sach-buoi");
  await hand.go(hand.link(title));
  await judge.page(page, "buoi-da-khoa");
  await hand.go(hand.link("Nghị quyết, nhiệm vụ"));
  await hand.go(hand.link("Xem văn bản đã ban hành"));
  assert.match(await reads(page, "h1"), /^Nghị quyết số \d+-NQ\/CB/);
  await judge.page(page, "nghi-quyet-da-ban-hanh");
}

/** The next month is prepared from this one and its notice sent; returns how many acts that took. */
export async function nextMonth(hand, judge, { content }) {
  const { page } = hand;
  await hand.go(hand.entry("Nghị quyết, nhiệm vụ"));
  assert.match(await reads(page), new RegExp(`${content}.*Đã hoàn thành`));
  await judge.page(page, "nhiem-vu-chi-bo");
  const before = hand.acts;
  await hand.go(hand.entry("Bàn làm việc"));
  assert.match(await reads(page), /Kỳ tháng 1 năm 2027 Chưa chuẩn bị.*Chuẩn bị chuyên đề quý IV/);
  await judge.page(page, "ban-lam-viec-thang-sau");
  await hand.go(hand.link("Chuẩn bị kỳ tháng 1"));
  await judge.page(page, "ky-thang-sau");
  await hand.go(hand.button("Chuẩn bị buổi sinh hoạt"));
  // What was not done is on the agenda by itself; what was confirmed is not.
  const agenda = await reads(page);
  assert.match(agenda, /Kiểm điểm việc thực hiện nghị quyết kỳ trước.*Kết quả: 4 nhiệm vụ: 1 chờ kiểm tra, 3 quá hạn/);
  await judge.page(page, "chuan-bi-thang-sau");
  await hand.go(hand.link("Kiểm tra và gửi thông báo"));
  await hand.go(hand.button(/^Gửi thông báo cho \d+ đảng viên/));
  assert.match(await reads(page), /Đã gửi thông báo/);
  return hand.acts - before;
}

/** The strip shows how the month ended; then the secretary leaves. */
export async function yearAndOut(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Năm sinh hoạt"));
  assert.match((await page.locator(".k12 a", { hasText: "Tháng 12" }).innerText()).replace(/\s+/g, " "), /Đã khóa biên bản dự 93,8 %/);
  await hand.go(hand.link("Xem năm 2027"));
  assert.match(await page.locator(".k12 a", { hasText: "Tháng 1" }).first().innerText(), /Đã thông báo/);
  await judge.page(page, "nam-sau");
  await hand.go(hand.button("Đăng xuất"));
  assert.equal(new URL(page.url()).pathname, "/dang-nhap");
  await page.goto(new URL("/toi", page.url()).href);
  assert.equal(new URL(page.url()).pathname, "/dang-nhap", "the session goes on");
}
