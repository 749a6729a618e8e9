// Votes of a meeting in a real browser: the chair at 1280 px opens them by hand, by name and on paper; members vote by name at 390 px,
// one of them without scripts, after a page that asks to check. Each page: axe, targets, cut words, reflow at three widths. Pictures go to NEP_SHOTS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, axe, cutWords, launch, noThirdParty, reflow, shoot, targetSizes } from "./lib.mjs";
import { accounts, signIn, start } from "./server.mjs";

let browser, server, demo;

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { small: true })]);
  demo = accounts(server.said);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

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
  out.push(...page.said.map((f) => `${name}: console: ${f}`));
  await page.setViewportSize(before);
  await shoot(page, name);
  assert.equal(out.length, 0, out.join("\n"));
}

const press = (page, words) => Promise.all([page.waitForNavigation(), page.click(`main button:has-text("${words}"):visible`)]);
const says = async (page, ...words) => {
  const text = await page.textContent("main");
  for (const w of words) assert.ok(text.includes(w), `“${w}” is not on ${page.url()}:\n${text.replace(/\s+/g, " ").slice(0, 3000)}`);
};

/** A meeting of the cell, opened now with its roll taken: everybody there. */
async function openMeeting(page) {
  await page.goto(`${server.url}/`, { waitUntil: "load" });
  const list = await page.$eval("a[href$='/buoi']", (a) => a.getAttribute("href"));
  await page.goto(`${server.url}${list}/tao`, { waitUntil: "load" });
  const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10).split("-").reverse().join("/");
  await page.selectOption("select[name=loai]", "extraordinary");
  await page.fill("[name=ngay]", today);
  await page.fill("[name=gio]", "23:00");
  await Promise.all([page.waitForNavigation(), page.click("main form:has([name=ngay]) button.btn")]);
  const meeting = page.url().replace(/\/chuan-bi.*$/, "");
  await page.goto(`${meeting}/dieu-hanh`, { waitUntil: "load" });
  if (!(await page.inputValue("#chu_tri"))) {
    await page.selectOption("#chu_tri", { index: 1 });
    await press(page, "Lưu chủ trì");
  }
  await page.fill("#gio", "07:00");
  await press(page, "Khai mạc buổi sinh hoạt");
  await page.click("button[value='all:c']");
  await page.waitForFunction(() => !/Có mặt 0\//.test(document.querySelector("#roll-n").textContent));
  return meeting;
}

test("a vote is opened, cast by name, counted on paper", { timeout: 600_000 }, async (t) => {
  const chair = await signIn(browser, server.url, demo.seats.find((s) => s.role === "Bí thư chi bộ").login, demo.password, { width: 1280 });
  const meeting = await openMeeting(chair);
  const desk = `${meeting}/dieu-hanh?phan=bieu-quyet`;
  const members = ["Đảng viên", "Thư ký các buổi sinh hoạt gần đây"].map((role) => demo.seats.find((s) => s.role === role));

  await t.test("hands are one tap", async () => {
    await chair.goto(desk, { waitUntil: "load" });
    await judged(chair, "vote-desk");
    await chair.fill("#noi_dung", "Chương trình làm việc tháng tới");
    await press(chair, "đồng chí có mặt tán thành");
    await says(chair, "Chương trình làm việc tháng tới", "Thông qua");
  });

  await t.test("by name, with the keys", async () => {
    await chair.fill("#noi_dung", "Kế hoạch sinh hoạt chuyên đề quý tới");
    await chair.click("#ct2");
    await shoot(chair, "vote-tiles", [390, 1280]);
    await press(chair, "Mở biểu quyết ghi tên");
    const first = chair.locator("#seats li:has(button) >> nth=0");
    await first.locator("button >> nth=0").focus();
    for (const key of ["k", "c", "y"]) await chair.keyboard.press(key);
    await chair.waitForFunction(() => /không tán thành 1, ý kiến khác 1/.test(document.querySelector("#da-bq").textContent));
    await judged(chair, "vote-hands-named");
    await chair.click("button[value='all:c']");
    await chair.waitForFunction(() => !/chưa biểu quyết/.test(document.querySelector("#xong").textContent));
    await chair.reload({ waitUntil: "load" });
    await chair.check("#xong input[name=bao_luu] >> nth=0");
    await press(chair, "Kết thúc biểu quyết");
    await says(chair, "Kết quả", "Bảo lưu ý kiến: đồng chí", "Vì sao?");
    await chair.click(".note details.why summary");
    await judged(chair, "vote-result");
  });

  await t.test("electronic, by name", async () => {
    await chair.goto(desk, { waitUntil: "load" });
    await chair.fill("#noi_dung", "Nghị quyết về nhiệm vụ tháng tới");
    await chair.click("#ct3");
    await press(chair, "Mở biểu quyết ghi tên");
    const ballot = chair.url().split("?")[0];
    const id = ballot.split("/").pop();
    await says(chair, "đồng chí chưa biểu quyết");
    await judged(chair, "vote-electronic-chair");
    for (const [n, { login }] of members.slice(0, 2).entries()) {
      const js = n === 0;
      const member = await signIn(browser, server.url, login, demo.password, { width: 390, js });
      await member.goto(meeting, { waitUntil: "load" });
      if (!(await member.$("button[name=chon]"))) { await says(member, "không biểu quyết lần này"); await member.context().close(); continue; }
      await says(member, "Nghị quyết về nhiệm vụ tháng tới", "ghi tên");
      if (js) await judged(member, "vote-member");
      else await shoot(member, "vote-member-nojs", [390]);
      await press(member, "Ý kiến khác");
      await says(member, "Kiểm tra trước khi biểu quyết", "không phải bỏ phiếu kín");
      if (js) await judged(member, "vote-member-check");
      await press(member, "Biểu quyết: Ý kiến khác");
      await says(member, "Đồng chí đã biểu quyết: Ý kiến khác", "Có thể đổi");
      assert.ok(!/other|yes/.test(member.url()), "no choice in an address");
      await press(member, "Tán thành");
      await press(member, "Biểu quyết: Tán thành");
      await says(member, "Đồng chí đã biểu quyết: Tán thành");
      if (js) await judged(member, "vote-member-said");
      await member.context().close();
    }
    await chair.goto(`${meeting}/bieu-quyet/${id}`, { waitUntil: "load" });
    await press(chair, "Tán thành");
    await press(chair, "Biểu quyết: Tán thành");
    await chair.goto(ballot, { waitUntil: "load" });
    await press(chair, "Kết thúc biểu quyết");
    await says(chair, "Kết quả");
    await chair.goto(`${meeting}/bieu-quyet/${id}`, { waitUntil: "load" });
    await judged(chair, "vote-member-result");
  });

  await t.test("secret, on paper", async () => {
    await chair.goto(desk, { waitUntil: "load" });
    await chair.fill("#noi_dung", "Đề nghị xếp loại hoàn thành xuất sắc nhiệm vụ");
    await chair.click("#ct4");
    await chair.fill("#ten_phieu", "Nguyễn Văn Thí Dụ\nTrần Thị Mẫu");
    await shoot(chair, "vote-tiles-paper", [390, 1280]);
    await press(chair, "Mở bỏ phiếu kín");
    await judged(chair, "vote-paper-open");
    const paper = chair.url().split("?")[0];
    const present = Number(/cho (\d+) đồng chí/.exec(await chair.textContent("main"))[1]);
    await chair.selectOption("#kiem_phieu_1", { index: 2 });
    await chair.selectOption("#kiem_phieu_2", { index: 3 });
    await press(chair, "Lập ban kiểm phiếu");
    const enter = async (changes) => {
      await Promise.all([chair.waitForNavigation(), chair.click("#dem-phieu a.t")]);
      const count = { phat_ra: present, thu_ve: present, hop_le: present, khong_hop_le: 0, tan_thanh_0: present, tan_thanh_1: present - 2, khong_1: 1, ...changes };
      for (const [name, value] of Object.entries(count)) await chair.fill(`[name=${name}]`, String(value));
    };
    await enter({ khong_hop_le: 1 });
    await press(chair, "Ghi số liệu");
    await says(chair, "phải bằng số phiếu thu về");
    chair.said = chair.said.filter((t) => !t.includes("status of 422"));
    await judged(chair, "vote-sheet-wrong");
    await chair.fill("[name=khong_hop_le]", "0");
    await press(chair, "Ghi số liệu");
    await enter({ khong_1: 2 });
    await press(chair, "Ghi số liệu");
    await says(chair, "chưa khớp");
    await judged(chair, "vote-differs");
    await press(chair, "Kiểm lại từ đầu");
    for (let n = 0; n < 2; n += 1) { await enter({}); await press(chair, "Ghi số liệu"); }
    await says(chair, "Đã có kết quả");
    await judged(chair, "vote-paper-result");
    await chair.goto(`${paper}/bien-ban`, { waitUntil: "load" });
    await says(chair, "BIÊN BẢN KIỂM PHIẾU", "T/M BAN KIỂM PHIẾU");
    await judged(chair, "vote-record");
    await chair.goto(desk, { waitUntil: "load" });
    await judged(chair, "vote-desk-after");
  });
});
