// The story of a new installation, from the set-up code on the console to the first notice, as the secretary goes through it.
// Told once, judged page by page; every step asserts what the person reads.
import assert from "node:assert/strict";
import { open } from "./lib.mjs";
import { Hand, reads } from "./judge.mjs";
import { EXPECTED, messy } from "./messy.mjs";

const PASSWORD = "mùa xuân ấm áp 2026";

/** What the list of first steps says: the word beside each of its lines. */
const steps = (page) => page.locator("#bd ~ .tasks .chip").allInnerTexts();

async function found(hand, judge, code) {
  const { page } = hand;
  await hand.write("#ma", "SAI-MA-ROI");
  await hand.go(hand.button("Thiết lập"));
  assert.match(await reads(page, "[data-errors]"), /Mã thiết lập không đúng/);
  await judge.page(page, "thiet-lap-loi", { refused: true });
  await hand.write("#ma", code);
  await hand.write("#to_chuc", "Chi bộ Văn phòng Sở Xây dựng");
  await hand.choose("#loai", "Chi bộ cơ sở");
  await hand.write("#noi", "Hà Tĩnh");
  await hand.write("#ho_ten", "Nguyễn Thị Hà");
  await hand.write("#mat_khau", PASSWORD);
  await hand.write("#nhac_lai", PASSWORD);
  await hand.go(hand.button("Thiết lập"));
  assert.deepEqual(await steps(page), ["Làm tiếp", "Chưa làm", "Chưa làm", "Chưa làm", "Chưa làm", "Chưa làm"]);
  await judge.page(page, "trang-dau-moi");
}

/** A list as it is kept, previewed cell by cell, then accepted. */
async function importMembers(hand, judge) {
  const { page } = hand;
  await hand.go(hand.link("Nhập danh sách đảng viên"));
  await judge.page(page, "nhap-danh-sach");
  hand.acts += 1;
  await page.setInputFiles("#tep", messy());
  await hand.go(hand.button("Xem trước danh sách"));
  const preview = await reads(page);
  for (const words of [`Mới: ${EXPECTED.fresh}`, `Lỗi: ${EXPECTED.wrong}`, "Cần quyết định: 1", "Bỏ qua: ", "30/02/1985", EXPECTED.decomposed, "22/12/2018", "Lặp lại dòng"]) {
    assert.ok(preview.includes(words), `${words} in: ${preview}`);
  }
  assert.ok(!preview.includes("Tổng cộng"), preview);
  await judge.page(page, "xem-truoc");
  await hand.press(page.getByText(`Là đồng chí ${EXPECTED.secretary}`));
  await hand.go(hand.button(`Nhập ${EXPECTED.fresh + 1} đồng chí`));
  assert.match(await reads(page), /Đã nhập danh sách.*Hoàn tác/);
  await judge.page(page, "da-nhap");
  await hand.go(hand.link("Xem danh sách"));
  const list = await reads(page);
  assert.ok(list.includes(`${EXPECTED.fresh + 1} đồng chí`) && list.includes(EXPECTED.decomposed) && !list.includes("Hoàng Văn Út"), list);
  await judge.page(page, "dang-vien");
}

async function appoint(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Trang đầu"));
  assert.deepEqual(await steps(page), ["Xong", "Làm tiếp", "Chưa làm", "Chưa làm", "Chưa làm", "Chưa làm"]);
  await hand.go(hand.link("Ghi nhiệm kỳ và chức vụ trong chi bộ"));
  await judge.page(page, "to-chuc");
  await hand.go(hand.link("Ghi chức vụ"));
  await judge.page(page, "ghi-chuc-vu");
  await hand.write("#q", "duc");
  await hand.go(hand.button("Tìm đồng chí"));
  await hand.press(page.getByText("Lê Minh Đức"));
  await hand.choose("#chuc_vu", "Phó bí thư");
  await hand.go(hand.button("Ghi chức vụ"));
  assert.match(await reads(page), /Lê Minh Đức Phó bí thư, từ/);
}

async function slips(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Trang đầu"));
  await hand.go(hand.link("In phiếu kích hoạt cho đảng viên"));
  await judge.page(page, "tai-khoan");
  await hand.press(page.getByText("Hiện trên màn hình"));
  await hand.go(hand.button(`In phiếu cho ${EXPECTED.fresh} đồng chí chưa có tài khoản`));
  const paper = await reads(page);
  assert.equal(paper.match(/Quét mã bằng điện thoại/g).length, EXPECTED.fresh, paper);
  await judge.page(page, "phieu");
}

async function layOut(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Trang đầu"));
  assert.deepEqual(await steps(page), ["Xong", "Xong", "Xong", "Làm tiếp", "Chưa làm", "Chưa làm"]);
  await hand.go(hand.link("Lên lịch năm sinh hoạt"));
  await judge.page(page, "du-kien");
  await hand.go(hand.button("Lưu dự kiến cả năm"));
  assert.match(await reads(page), /Đã lưu.*Thường kỳ.*Đã dự kiến/);
  await judge.page(page, "nam");
}

async function firstNotice(hand, judge) {
  const { page } = hand;
  await hand.go(hand.entry("Trang đầu"));
  await hand.go(hand.link("Chuẩn bị buổi sinh hoạt đầu tiên"));
  await judge.page(page, "chuan-bi-buoi");
  await hand.go(hand.button(/^Chuẩn bị/));
  await judge.page(page, "chuan-bi");
  await hand.write("#noi", "Phòng họp tầng 2");
  await hand.go(hand.button("Lưu thời gian, địa điểm"));
  await hand.go(hand.link("Kiểm tra và gửi thông báo"));
  await judge.page(page, "kiem-tra");
  await hand.go(hand.button(`Gửi thông báo cho ${EXPECTED.fresh + 1} đảng viên`));
  assert.match(await reads(page), /Đã gửi thông báo.*1 trên 8 đồng chí đã mở thông báo/);
  await judge.page(page, "da-gui");
  await hand.go(hand.entry("Trang đầu"));
  assert.equal(await page.locator("#bd").count(), 0);
  assert.match(await reads(page), /Trả lời thông báo sinh hoạt.*Tôi sẽ dự/);
  await judge.page(page, "trang-dau");
}

/** From the set-up page to the first notice; returns how many acts it took. */
export async function founding(browser, server, judge) {
  const code = /Mã thiết lập[^:]*: (\S+)/.exec(server.said)[1];
  const page = await open(browser, `${server.url}/`);
  assert.equal(new URL(page.url()).pathname, "/thiet-lap");
  await judge.page(page, "thiet-lap");
  const hand = new Hand(page);
  await found(hand, judge, code);
  await importMembers(hand, judge);
  await appoint(hand, judge);
  await slips(hand, judge);
  await layOut(hand, judge);
  await firstNotice(hand, judge);
  await page.context().close();
  return hand.acts;
}
