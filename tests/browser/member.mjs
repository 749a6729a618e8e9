// What members do in the month, most of it on a phone: answer the notice, ask to be absent, send an opinion, report a task.
import assert from "node:assert/strict";
import { reads } from "./judge.mjs";

export const REASON = "Kiểm tra hiện trường tại Vũng Áng";
export const OPINION = "Đề nghị giao rõ người phụ trách từng tủ hồ sơ và báo cáo tiến độ hằng tuần.";
const RESULT = "Đã số hóa 240 trên 240 hồ sơ, bàn giao biên bản kiểm tra ngày 18/12.";

/** Home shows the notice; one tap says that the person will come. */
export async function comes(hand, judge, title) {
  const { page } = hand;
  assert.match(await reads(page), new RegExp(`Trả lời thông báo sinh hoạt ${title}`));
  await judge.page(page, "dang-vien-trang-dau");
  const before = hand.acts;
  await hand.go(hand.button("Tôi sẽ dự"));
  assert.match(await reads(page), /Đã ghi câu trả lời.*Đồng chí sẽ dự/);
  assert.ok(hand.acts - before <= 2);
  await judge.page(page, "dang-vien-buoi");
  await hand.go(hand.entry("Trang đầu"));
  assert.match(await reads(page), /Đồng chí đã trả lời: sẽ dự/);
}

/** Ask to be absent with a reason, on a browser without scripts. */
export async function asksToBeAbsent(hand, judge, title) {
  const { page } = hand;
  assert.match(await reads(page), new RegExp(title));
  await judge.page(page, "khong-script-trang-dau", { js: false });
  await hand.go(hand.link("Xin vắng, nêu lý do"));
  await judge.page(page, "xin-vang", { js: false });
  await hand.press(page.getByText("Đi công tác"));
  await hand.write("#ghi_chu", REASON);
  await hand.go(hand.button("Gửi xin vắng"));
  assert.match(await reads(page), new RegExp(`Đồng chí xin vắng: Đi công tác: ${REASON}.*chờ bí thư xem xét`));
  await judge.page(page, "xin-vang-da-gui", { js: false });
}

/** Prepare an opinion on an item and send it, asking for the floor. */
export async function sendsOpinion(hand, judge, title) {
  const { page } = hand;
  await hand.go(hand.link(title));
  await hand.go(hand.link("Chuẩn bị ý kiến, đăng ký phát biểu"));
  await judge.page(page, "y-kien");
  await hand.choose("#muc", "Thảo luận");
  await hand.write("#y_kien", OPINION);
  await hand.press(page.getByText("Tôi đăng ký phát biểu tại buổi sinh hoạt"));
  await hand.go(hand.button("Gửi ý kiến"));
  assert.match(await reads(page), new RegExp(`Đã gửi Đăng ký phát biểu.*${OPINION}`));
  await judge.page(page, "y-kien-da-gui");
}

/** Home shows the task of the resolution; the doer reports it. */
export async function reports(hand, judge, { content, checker }) {
  const { page } = hand;
  assert.match(await reads(page), new RegExp(`Báo cáo kết quả: ${content}`));
  await judge.page(page, "dang-vien-nhiem-vu-moi");
  await hand.go(hand.entry("Nhiệm vụ"));
  await judge.page(page, "nhiem-vu-cua-toi");
  await hand.go(hand.link(content));
  assert.match(await reads(page), /Đang thực hiện Thời hạn 20\/12\/2026/);
  await judge.page(page, "nhiem-vu");
  await hand.write("#ket_qua", RESULT);
  await hand.go(hand.button(/^Báo cáo/));
  assert.match(await reads(page), new RegExp(`Chờ xác nhận.*${checker.replace("đ/c", "Đồng chí")} xem và xác nhận.*${RESULT}`));
  await judge.page(page, "nhiem-vu-da-bao-cao");
}

/** Whoever checks it finds it at home and confirms. */
export async function confirms(hand, judge, { content }) {
  const { page } = hand;
  await judge.page(page, "trang-dau-pho-bi-thu");
  await hand.go(hand.link(`Xác nhận kết quả: ${content}`));
  assert.match(await reads(page), new RegExp(RESULT));
  await judge.page(page, "nhiem-vu-xac-nhan");
  await hand.go(hand.button("Xác nhận đã hoàn thành"));
  assert.match(await reads(page), /Đã hoàn thành/);
  await judge.page(page, "nhiem-vu-xong");
}
