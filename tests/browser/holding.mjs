// The day of the meeting as the secretary of the cell lives it: open, roll, speakers, votes, resolution, end.
import assert from "node:assert/strict";
import { tabOrder } from "./lib.mjs";
import { reads } from "./judge.mjs";
import { OPINION } from "./member.mjs";

export const CONCLUSION = "Hoàn thành số hóa 240 hồ sơ quý IV trước ngày 20/12/2026.";

export async function opens(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Bàn làm việc"));
  await judge.page(page, "ban-lam-viec-ngay-hop");
  await hand.go(hand.link("Khai mạc buổi sinh hoạt"));
  await judge.page(page, "khai-mac");
  await hand.go(hand.button("Khai mạc buổi sinh hoạt"));
  assert.match(await reads(page), /Đã khai mạc.*Có mặt 0\/16/);
  await judge.page(page, "diem-danh");
}

const tally = (page, text) => page.locator("#roll-n", { hasText: text }).waitFor();

/** The roll with the keyboard alone: numbers with Enter, then letters that go from member to member. */
export async function takesRoll(hand, judge, absent) {
  const { page } = hand;
  const walk = await tabOrder(page);
  judge.problems.push(...walk.problems.map((p) => `diem-danh tab: ${p}`));
  await page.locator("#so").focus();
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await tally(page, "Có mặt 1/16");
  assert.match(await reads(page, "#said"), /có mặt/i);
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await tally(page, "Có mặt 0/16");
  const row = (n) => page.locator("#roll > li").nth(n);
  assert.match(await row(0).innerText(), new RegExp(`${absent}\\s+Vắng có lý do`));
  await row(0).locator("button").first().focus();
  await page.keyboard.press("ArrowDown");
  for (const key of ["c", "c", "k"]) await page.keyboard.press(key);
  await tally(page, "Có mặt 2/16");
  assert.match(await row(3).innerText(), /Vắng không lý do/);
  await judge.page(page, "diem-danh-dang-ghi");
  await hand.button("Có mặt tất cả đồng chí còn lại").focus();
  await page.keyboard.press("Enter");
  await tally(page, "Có mặt 14/16, đạt 87,5 %");
  await row(3).locator("button").first().focus();
  await page.keyboard.press("c");
  await tally(page, "Có mặt 15/16, đạt 93,8 %");
}

/** Goes through the agenda: an opinion that was sent is spoken, members are tapped, items are concluded. */
export async function records(hand, judge) {
  const { page } = hand;
  await hand.go(hand.link("Sang điều hành"));
  await judge.page(page, "dieu-hanh");
  await hand.go(hand.link("10. Thảo luận"));
  const item = page.locator("form.box.cur");
  assert.match(await reads(page, "form.box.cur"), new RegExp(`Ý kiến gửi trước.*Xin phát biểu.*${OPINION}`));
  // The desk sends what is pressed without leaving the page.
  await hand.press(hand.button(/^Ghi là đã phát biểu/));
  await item.locator("#da-noi textarea").first().waitFor();
  assert.equal(await item.locator("#da-noi textarea").first().inputValue(), OPINION);
  await hand.press(page.locator("#chi-ghi > summary"));
  await hand.press(item.getByRole("button", { name: /^Ghi đ\/c .* phát biểu/ }).first());
  await item.locator("#da-noi textarea").nth(1).waitFor();
  await hand.write("textarea[name^=tt_] >> nth=1", "Nhất trí, đề nghị ghi rõ thời hạn.");
  await hand.write("#ket_luan", CONCLUSION);
  await judge.page(page, "dieu-hanh-muc");
  await hand.go(hand.button("Lưu và sang mục tiếp theo"));
  assert.match(await reads(page), /10\. Thảo luận.*Phát biểu:.*Đã kết luận/);
}

export async function votes(hand, judge) {
  const { page } = hand;
  await hand.go(page.locator(".five").getByRole("button", { name: "Biểu quyết" }));
  await hand.write("#noi_dung", "Cử tổ số hóa gồm ba đồng chí");
  await judge.page(page, "bieu-quyet");
  await hand.go(hand.button(/^Ghi cả \d+ đồng chí có mặt tán thành/));
  assert.match(await reads(page), /Cử tổ số hóa gồm ba đồng chí.*Thông qua/);
  await judge.page(page, "bieu-quyet-da-ghi");
}

/** Drafts the resolution of the meeting, makes a task of the conclusion, records the vote and adopts it. */
export async function resolves(hand, judge, { content, doer, checker }) {
  const { page } = hand;
  await hand.go(hand.link("Việc của buổi"));
  await judge.page(page, "buoi-dang-hop");
  await hand.go(hand.link("Nghị quyết, nhiệm vụ"));
  await judge.page(page, "nghi-quyet-chua-co");
  await hand.go(hand.button("Lập dự thảo nghị quyết"));
  assert.match(await page.inputValue("#phuong_huong"), new RegExp(content));
  assert.match(await page.inputValue("#danh_gia"), /quá hạn/);
  await judge.page(page, "nghi-quyet-du-thao");
  await hand.go(page.locator("li", { hasText: content }).getByRole("link", { name: "Thành nhiệm vụ" }));
  assert.equal(await page.inputValue("#noi_dung"), content);
  await hand.write("#yeu_cau", "240 hồ sơ có bản số, đã kiểm tra");
  await hand.write("#thoi_han", "20.12.26");
  await hand.choose("#thuc_hien", doer);
  await hand.choose("#kiem_tra", checker);
  await judge.page(page, "nhiem-vu-moi");
  await hand.go(hand.button("Thêm nhiệm vụ"));
  assert.match(await reads(page), new RegExp(`Thực hiện: ${doer}.*20/12/2026.*Kiểm tra: ${checker}`));
  await hand.write("#tan_thanh", "13");
  await hand.go(hand.button("Ghi kết quả biểu quyết"));
  assert.match(await reads(page), /Đủ số tán thành để thông qua.*13\/15/);
  await judge.page(page, "nghi-quyet-da-bieu-quyet");
  // The task is short of a measure and of someone to urge: going on against advice asks why.
  await hand.write("#ly_do_giu", "Biện pháp đã bàn tại buổi sinh hoạt");
  await hand.go(hand.button("Thông qua nghị quyết"));
  assert.match(await reads(page), /Đã thông qua/);
  await judge.page(page, "nghi-quyet-da-thong-qua");
}

/** Ends the meeting an hour and a half after it began. */
export async function closes(hand, judge, starts) {
  const { page } = hand;
  await hand.go(hand.entry("Bàn làm việc"));
  await hand.go(hand.link("Điều hành buổi sinh hoạt"));
  await hand.go(hand.link("Kết thúc buổi sinh hoạt"));
  await judge.page(page, "ket-thuc");
  const [hour, minute] = starts.slice(11).split(":").map(Number);
  await hand.write("#gio", `${hour + 1}:${minute + 30}`);
  await hand.go(hand.button("Kết thúc buổi sinh hoạt"));
  await judge.page(page, "bien-ban");
}
