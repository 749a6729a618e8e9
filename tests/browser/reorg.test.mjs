// A programme of changes in a real browser: the draft of the demonstration read, completed, its plan decided and taken back by the office
// at 1280; each page at 390, 768 and 1280 by axe, targets, words, contrast and reflow, one by keyboard; the form once without scripts.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { tabOrder } from "./lib.mjs";
import { Judge } from "./judge.mjs";
import { follow, press, small, text } from "./running.mjs";

let world, server, office, base;
const judge = new Judge("reorg");

before(async () => {
  world = await small();
  ({ server } = world);
});
after(() => world?.stop());


test("the office reads the block's draft and its plan", { timeout: 300_000 }, async () => {
  const admin = await world.as(/Quản trị kỹ thuật/, { width: 1280 });
  const rail = admin.locator("nav.rail").getByRole("link", { name: "Tổ chức", exact: true });
  await Promise.all([admin.waitForNavigation(), rail.click()]);
  await follow(admin, "Sắp xếp nhiều tổ chức trong một lần");
  await judge.page(admin, "danh-sach");
  await follow(admin, /^Thống nhất chi bộ/);
  assert.match(await text(admin), /Đang soạn/);
  await judge.page(admin, "phuong-an-khoi");
  await follow(admin, "Xem kế hoạch");
  const plan = await text(admin);
  assert.match(plan, /Lập 1 tổ chức mới/);
  assert.match(plan, /Chuyển 4 tổ chức/);
  assert.match(plan, /Ai giữ quyền gì/);
  assert.match(plan, /Việc còn để ngỏ/);
  await judge.page(admin, "ke-hoach-khoi");
  await admin.emulateMedia({ media: "print" });
  assert.equal(await admin.locator(".noprint").first().isVisible(), false);
  await admin.emulateMedia({ media: "screen" });
});

test("a committee adds to its draft, decides, and takes it back", { timeout: 300_000 }, async () => {
  office = await world.as(/Cán bộ giúp việc/, { width: 1280 });
  const at = await office.$$eval("a[href^='/tc/']", (all) => all[0].getAttribute("href").match(/^\/tc\/\d+/)[0]);
  await office.goto(`${server.url}${at}`);
  await follow(office, "Xem phương án sắp xếp");
  await follow(office, /^Nhập hai chi bộ/);
  base = new URL(office.url()).pathname;
  await follow(office, "Lập tổ chức mới");
  await judge.page(office, "lap");
  await press(office, "Ghi vào phương án");
  assert.match(await text(office), /Cần sửa lại.*Hãy nhập tên tổ chức mới/);
  await judge.page(office, "lap-con-sai", { refused: true });
  await office.fill("#ten", "Đảng bộ bộ phận Khối sự nghiệp");
  await office.selectOption("#loai", { label: "Đảng bộ bộ phận (đảng bộ trực thuộc cơ sở)" });
  await office.selectOption("#ve", { index: 1 });
  await press(office, "Ghi vào phương án");
  assert.match(await text(office), /Đã ghi việc vào phương án/);
  await follow(office, /^Ghi chức vụ đầu tiên/);
  await office.fill("#q", "Nguyễn");
  await press(office, "Tìm đồng chí");
  await judge.page(office, "chuc-vu");
  // The first of the list is the clerk, who appoints nobody to a post of their own.
  await office.locator("input[name=nguoi]").nth(1).check();
  await office.selectOption("#chuc_vu", "secretary");
  await press(office, "Ghi chức vụ");
  assert.doesNotMatch(await text(office), /Cần sửa lại/);
  await follow(office, "Quay lại phương án");
  await follow(office, "Chuyển nhiều tổ chức về trực thuộc nơi khác");
  await judge.page(office, "chuyen");
  const { problems } = await tabOrder(office, 60);
  assert.deepEqual(problems, []);
  await office.selectOption("#ve", { index: 1 });
  await office.locator("input[name=to_chuc]:not([disabled])").last().check();
  await press(office, "Ghi vào phương án");
  await office.fill("#ngay", "01/12/2026");
  await office.fill("#van_ban", "Quyết định số 15-QĐ/ĐU");
  await press(office, "Lưu ngày, văn bản");
  await judge.page(office, "phuong-an");
  await follow(office, "Xem kế hoạch");
  assert.match(await text(office), /Duyệt và thực hiện/);
  await judge.page(office, "ke-hoach");
  await press(office, "Duyệt và thực hiện");
  assert.match(await text(office), /Đã thực hiện phương án/);
  await judge.page(office, "da-thuc-hien");
  await press(office, "Hoàn tác phương án");
  assert.match(await text(office), /Đã hoàn tác\. Mọi tổ chức/);
  await judge.page(office, "da-hoan-tac");
});

test("a table is filled in, previewed and becomes part of the draft", { timeout: 300_000 }, async () => {
  await press(office, "Soạn lại phương án này");
  await follow(office, "Thêm nhiều việc từ bảng Excel");
  await judge.page(office, "bang");
  const [empty] = await Promise.all([office.waitForEvent("download"), office.getByRole("link", { name: /^Tải bảng mẫu/ }).click()]);
  assert.match(empty.suggestedFilename(), /^Bảng phương án .*\.xlsx$/);
  await office.setInputFiles("#tep", { name: "mau.xlsx", mimeType: "application/octet-stream", buffer: await readFile(await empty.path()) });
  await press(office, "Xem trước bảng");
  assert.match(await text(office), /chưa có dòng nào ghi việc/);
  await judge.page(office, "bang-con-sai", { refused: true });
  const lines = [
    "Tổ chức,Việc,Về / vào tổ chức,Tên mới,Loại mới",
    ",thành lập,,Đảng bộ bộ phận Khối tài chính,Đảng bộ bộ phận",
    "Chi bộ Không Có,chuyển,Đảng bộ bộ phận Khối tài chính,,",
    "Chi bộ,đổi tên,,Chi bộ đổi tên,",
    "Khối sự nghiệp,giải thể,,,",
  ];
  await office.setInputFiles("#tep", { name: "phuong-an.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await press(office, "Xem trước bảng");
  assert.match(await text(office), /Sẽ thêm, cần xem: 1/);
  assert.match(await text(office), /Không có tổ chức nào tên “Chi bộ Không Có”/);
  await judge.page(office, "bang-xem-truoc");
  await press(office, /^Ghi 1 dòng vào phương án/);
  assert.match(await text(office), /Đã ghi các dòng của bảng/);
  assert.match(await text(office), /Lập Đảng bộ bộ phận Khối tài chính/);
  await follow(office, "Đổi tên, đổi loại một số tổ chức");
  await judge.page(office, "doi-ten");
  await office.goto(`${server.url}${base}`);
});

test("it works without scripts", { timeout: 120_000 }, async () => {
  const plain = await world.as(/Cán bộ giúp việc/, { width: 390, js: false });
  await plain.goto(`${server.url}${base}`);
  await follow(plain, "Đổi loại tổ chức đồng loạt");
  await press(plain, "Ghi vào phương án");
  assert.match(await text(plain), /Hãy chọn ít nhất một loại/);
});

test("nothing was wrong on any page", () => assert.deepEqual(judge.problems, []));
