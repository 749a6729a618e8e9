// Following up tasks in a real browser: the morning's message, a late task with its cause, next step and the day asked for, which come
// into item 1 of the meeting being prepared; the chair gives more time with one press; the list of calls as it is printed; an address
// confirmed by a code from a real mail server. Each page: axe, targets, cut words, reflow at three widths. Pictures go to NEP_SHOTS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, axe, cutWords, noThirdParty, open, reflow, shoot, targetSizes } from "./lib.mjs";
import { post } from "./post.mjs";
import { small } from "./running.mjs";
import { signIn, start } from "./server.mjs";

let world, browser, server, demo;
const login = (role) => world.login(role);

before(async () => {
  world = await small();
  ({ browser, server, demo } = world);
});
after(() => world?.stop());

async function judged(page, name, { js = true } = {}) {
  const out = [];
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    const checks = [["targets", await targetSizes(page)], ["cut words", await cutWords(page)]];
    if (js) checks.push(["axe", await axe(page)]);
    for (const [what, found] of checks) out.push(...found.map((f) => `${name} ${width}: ${what}: ${f}`));
  }
  out.push(...(await reflow(page)).map((f) => `${name} 320: reflow: ${f}`));
  out.push(...noThirdParty(page).map((f) => `${name}: third party: ${f}`));
  out.push(...page.said.filter((s) => !/422/.test(s)).map((f) => `${name}: console: ${f}`));
  await page.setViewportSize(before);
  await shoot(page, name);
  assert.equal(out.length, 0, out.join("\n"));
}

const press = (page, words) => Promise.all([page.waitForNavigation(), page.click(`main button:has-text("${words}"):visible`)]);
const follow = (page, words) => Promise.all([page.waitForNavigation(), page.click(`main a:has-text("${words}"):visible`)]);
const says = async (page, ...words) => {
  const text = await page.textContent("main");
  for (const w of words) assert.ok(text.includes(w), `“${w}” is not on ${page.url()}:\n${text.replace(/\s+/g, " ").slice(0, 3000)}`);
};

test("the morning's message is read on a page of one's own", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login("Bí thư chi bộ"), demo.password);
  await says(page, "Đồng chí có 1 tin nhắc việc mới");
  assert.match(await page.textContent("nav.rail"), /Nhiệm vụ của tôi \(1 tin mới\)/);
  await judged(page, "follow-home");
  await follow(page, "Đồng chí có 1 tin nhắc việc mới");
  await says(page, "việc quá hạn của chi bộ", "Mới");
  await judged(page, "follow-inbox");
  await press(page, "Đánh dấu đã đọc tất cả");
  await says(page, "Đã đánh dấu đã đọc.");
  assert.doesNotMatch(await page.textContent("nav.rail"), /tin mới/);
  assert.equal(await page.locator("main .chip:has-text('Mới')").count(), 0);
  await Promise.all([page.waitForNavigation(), page.click("main ul.tasks a.t >> nth=0")]);
  assert.match(page.url(), /\/nhiem-vu\/\d+$/);
  await page.context().close();
  const member = await signIn(browser, server.url, login("Đảng viên"), demo.password, { width: 390, js: false });
  await member.goto(`${server.url}/toi/tin`, { waitUntil: "load" });
  await says(member, "Tin nhắc việc", "Khi nào có tin?");
  await judged(member, "follow-inbox-member", { js: false });
  await member.context().close();
});

test("a late task goes with its cause into item 1, and the chair gives more time with one press", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login("Bí thư chi bộ"), demo.password);
  const cell = /\/cb\/\d+/.exec(await page.content())[0];
  await page.goto(`${server.url}${cell}/nhiem-vu`, { waitUntil: "load" });
  await says(page, "Nghị quyết số", "Thông qua tại", "Nguyên nhân chậm hoặc chưa làm được, năm 2026");
  await judged(page, "follow-tasks");
  await follow(page, "Xem nhiệm vụ chậm");
  await says(page, "Đã ghi nguyên nhân", "Bước tiếp theo", "Đồng ý thời hạn");
  await judged(page, "follow-late");
  // One of them gets words of its own.
  const task = await page.getAttribute("main ul.tasks a.t >> nth=0", "href");
  const content = (await page.textContent("main ul.tasks a.t >> nth=0")).trim();
  await page.goto(`${server.url}${task}`, { waitUntil: "load" });
  await page.click("summary:has-text('Ghi nguyên nhân chậm')");
  await page.selectOption("#nguyen_nhan", "coordination");
  await page.selectOption("#trach_nhiem", "committee");
  await page.fill("#noi_ro", "Đơn vị phối hợp gửi số liệu muộn");
  await page.fill("#buoc_tiep", "Làm việc trực tiếp với đơn vị phối hợp");
  await page.fill("#han_moi", "hôm kia");
  await press(page, "Lưu nguyên nhân");
  await says(page, "không phải là một ngày");
  await judged(page, "follow-task-wrong");
  await page.fill("#han_moi", "20/12/2026");
  await press(page, "Lưu nguyên nhân");
  await says(page, "Đã lưu nguyên nhân", "Phối hợp; cấp ủy", "Thời hạn đề xuất", "20/12/2026");
  await judged(page, "follow-task");
  // Item 1 of the meeting being prepared says it.
  await page.goto(`${server.url}${cell}`, { waitUntil: "load" });
  await says(page, "đề xuất thời hạn mới");
  await judged(page, "follow-desk");
  await follow(page, "Tiếp tục chuẩn bị");
  if (!/chuan-bi/.test(page.url())) await Promise.all([page.waitForNavigation(), page.click("main a[href$='/chuan-bi'] >> nth=0")]);
  const items = await page.$$eval("main a[href*='/muc/']", (links) => links.map((a) => a.getAttribute("href")));
  let told = "";
  for (const href of items) {
    await page.goto(`${server.url}${href}`, { waitUntil: "load" });
    told = (await page.locator("textarea[name=thong_tin]").count()) ? await page.inputValue("textarea[name=thong_tin]") : "";
    if (told.includes("Kết quả:")) break;
  }
  const line = told.split("\n").find((l) => l.includes(content) && l.includes("phối hợp"));
  assert.ok(line, `no line of item 1 tells of the task:\n${told}`);
  for (const words of ["nguyên nhân: phối hợp", "trách nhiệm: cấp ủy", "bước tiếp theo: làm việc trực tiếp", "đề xuất thời hạn mới: 20/12/2026"]) {
    assert.ok(line.includes(words), line);
  }
  await judged(page, "follow-item");
  await page.goto(`${server.url}${cell}/nhiem-vu-cham`, { waitUntil: "load" });
  await press(page, "Đồng ý thời hạn 20/12/2026");
  await says(page, "Đã gia hạn nhiệm vụ.");
  assert.equal(await page.locator("main button:has-text('Đồng ý thời hạn 20/12/2026')").count(), 0);
  await page.context().close();
});

test("the list of calls is made for paper", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login("Phó bí thư chi bộ"), demo.password);
  const cell = /\/cb\/\d+/.exec(await page.content())[0];
  await page.goto(`${server.url}${cell}/nhac-viec`, { waitUntil: "load" });
  await says(page, "Danh sách nhắc việc qua điện thoại", "Gặp trực tiếp", "Chưa đăng nhập lần nào");
  await judged(page, "follow-calls");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.isVisible("nav.rail"), false);
  assert.equal(await page.isVisible("button[data-print]"), false);
  assert.ok(await page.isVisible("main table"));
  await shoot(page, "follow-calls-print", [1280]);
  await page.context().close();
});

test("the administrator sees what goes out, no name and no content", { timeout: 300_000 }, async () => {
  const seat = demo.seats.find((s) => s.role.startsWith("Quản trị kỹ thuật"));
  const page = await signIn(browser, server.url, seat.login, demo.password);
  await follow(page, "Tình trạng hệ thống");
  await follow(page, "Xem tin gửi ra ngoài");
  await says(page, "chưa có kênh gửi nào", "Không có tin nào gửi hỏng");
  await judged(page, "follow-admin");
  await page.context().close();
});

test("mails are on after the code that a real mail server got is typed", { timeout: 300_000 }, async () => {
  const letters = [];
  const away = await post({}, (what) => letters.push(what));
  const own = await start("serve", { env: { NEP_MAIL: `smtp://127.0.0.1:${away.mail}`, NEP_MAIL_FROM: "Nếp <nep@donvi.vn>" } });
  try {
    const password = "con mèo trên mái ngói";
    const page = await open(browser, `${own.url}/thiet-lap`);
    await page.fill("#ma", /Mã thiết lập[^:]*: (\S+)/.exec(own.said)[1]);
    await page.fill("#to_chuc", "Chi bộ Văn phòng Sở Xây dựng");
    await page.selectOption("#loai", "cell_sub");
    await page.fill("#noi", "Hà Tĩnh");
    await page.fill("#ho_ten", "Nguyễn Thị Hà");
    await page.fill("#mat_khau", password);
    await page.fill("#nhac_lai", password);
    await Promise.all([page.waitForURL((u) => !u.pathname.startsWith("/thiet-lap")), page.click("main button.btn")]);
    await page.context().close();
    const hand = await signIn(browser, own.url, "nguyenthiha", password, { width: 390 });
    await hand.goto(`${own.url}/toi/tin`, { waitUntil: "load" });
    await follow(hand, "Nhận tin qua thư điện tử");
    await says(hand, "Hiện không có thư nào được gửi");
    await judged(hand, "follow-mail-off");
    await hand.fill("#dia_chi", "ha@donvi.vn");
    await press(hand, "Gửi mã xác nhận");
    await says(hand, "Nhập mã đã gửi tới ha@donvi.vn");
    assert.equal(letters.length, 1);
    assert.deepEqual(letters[0].to, ["ha@donvi.vn"]);
    const body = Buffer.from(letters[0].letter.split("\r\n\r\n")[1], "base64").toString("utf8");
    assert.ok(!body.includes("Nguyễn Thị Hà") && !body.includes("Chi bộ"), body);
    const code = /Mã xác nhận địa chỉ thư: (\S+)/.exec(body)[1];
    await hand.fill("#ma", "AAAAAA");
    await press(hand, "Xác nhận địa chỉ");
    await says(hand, "Mã không đúng hoặc đã hết hạn");
    await judged(hand, "follow-mail-code");
    await hand.fill("#ma", code.toLowerCase());
    await press(hand, "Xác nhận địa chỉ");
    await says(hand, "Đang gửi thư tới ha@donvi.vn");
    await judged(hand, "follow-mail-on");
    await press(hand, "Thôi nhận thư");
    await says(hand, "Đã thôi gửi thư");
    await hand.context().close();
  } finally {
    await own.stop();
    await away.end();
  }
});
