// The health page as the technical administrator sees it: found from the first page, right at every width, checked without the script too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, axe, cutWords, launch, noThirdParty, open, reflow, shoot, targetSizes } from "./lib.mjs";
import { signIn, start } from "./server.mjs";

const PASSWORD = "con mèo trên mái ngói";
let browser, server, login;

/** A new installation whose secretary looks after the machine as well. */
async function setUp() {
  const page = await open(browser, `${server.url}/thiet-lap`);
  await page.fill("#ma", /Mã thiết lập[^:]*: (\S+)/.exec(server.said)[1]);
  await page.fill("#to_chuc", "Chi bộ Văn phòng Sở Xây dựng");
  await page.selectOption("#loai", "cell_sub");
  await page.fill("#noi", "Hà Tĩnh");
  await page.fill("#ho_ten", "Nguyễn Thị Hà");
  await page.fill("#mat_khau", PASSWORD);
  await page.fill("#nhac_lai", PASSWORD);
  await page.check("input[name=ky_thuat]");
  await Promise.all([page.waitForURL((u) => !u.pathname.startsWith("/thiet-lap")), page.click("main button.btn")]);
  await page.context().close();
  return "nguyenthiha";
}

before(async () => {
  browser = await launch();
  server = await start("serve");
  login = await setUp();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function judge(page, name) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    assert.deepEqual(await axe(page), [], `${name} ${width}: axe`);
    assert.deepEqual(await targetSizes(page), [], `${name} ${width}: targets`);
    assert.deepEqual(await cutWords(page), [], `${name} ${width}: cut words`);
  }
  assert.deepEqual(await reflow(page), [], `${name}: reflow`);
  assert.deepEqual(noThirdParty(page), []);
  assert.deepEqual(page.said, []);
  await shoot(page, name);
}

test("the administrator finds the health of the system and has the file checked", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login, PASSWORD, { width: 1280 });
  await shoot(page, "system-home");
  await page.click("main a:has-text('Tình trạng hệ thống')");
  await page.waitForURL(/\/he-thong$/);
  assert.equal(await page.textContent("h1"), "Tình trạng hệ thống");
  assert.equal(await page.textContent("nav.rail a[aria-current=page]"), "Hệ thống");
  assert.match(await page.textContent("main"), /Chưa kiểm tra lần nào/);
  await page.click("main button.btn");
  await page.waitForURL(/xong=kiem-tra/);
  assert.match(await page.textContent("main"), /Đã kiểm tra tệp dữ liệu\..*Toàn vẹn, kiểm tra lúc/s);
  await judge(page, "system-health");
  await page.context().close();
});

test("without the script it is the same page", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login, PASSWORD, { width: 390, js: false });
  await page.click("main a:has-text('Tình trạng hệ thống')");
  await page.waitForURL(/\/he-thong$/);
  await page.click("main button.btn");
  await page.waitForURL(/xong=kiem-tra/);
  assert.match(await page.textContent("main"), /Đã kiểm tra tệp dữ liệu\./);
  await page.context().close();
});
