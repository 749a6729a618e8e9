// Searching and the leaders of every organisation in a real browser: the box on every page, results with what was asked marked, filters in
// the address, by keyboard and without scripts; what a block lacks of its leaders, narrowed and printed. Each page: axe, targets, cut words,
// reflow at three widths. Pictures go to NEP_SHOTS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Judge, reads } from "./judge.mjs";
import { small } from "./running.mjs";
import { signIn } from "./server.mjs";

let world, browser, server, demo;
const login = (role) => world.login(role);
const judge = new Judge("search");

before(async () => {
  world = await small();
  ({ browser, server, demo } = world);
});
after(() => world?.stop());

const sent = (page, act) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), act]);

test("a secretary asks from the box on the page and narrows what was found", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login("Bí thư chi bộ"), demo.password);
  await page.fill(".find input", "ke hoach");
  await sent(page, page.press(".find input", "Enter"));
  assert.match(page.url(), /\/tim\?q=ke\+hoach$/);
  const found = await reads(page);
  assert.match(found, /[\d.]+ kết quả/);
  assert.ok(await page.locator("main mark").count() > 0, found);
  assert.match((await page.locator("main mark").first().innerText()).toLowerCase(), /kế hoạch/);
  await judge.page(page, "found");
  await page.selectOption("#loai", "task");
  await sent(page, page.click("main form.filters button"));
  assert.match(page.url(), /loai=task/);
  assert.doesNotMatch(await reads(page, "main ol.tasks"), /Biên bản ·/);
  await sent(page, page.click("main ol.tasks a.t >> nth=0"));
  assert.match(page.url(), /\/nhiem-vu\/\d+$/);
  // What committees send down and the library: each kind by its own filter, with a passage, at an address that opens.
  for (const [kind, asked, shown, opens] of [
    ["guidance", "chuyen doi so", /chuyển đổi số/, /\/cb\/\d+\/tai-lieu\/\d+$/],
    ["library", "day manh chuyen doi so", /đẩy mạnh chuyển đổi số/, /\/cb\/\d+\/kho\/bai\/\d+\/\d+$/],
  ]) {
    await page.goto(`${server.url}/tim`);
    await page.fill("#tim", asked);
    await page.selectOption("#loai", kind);
    await sent(page, page.click("main form.filters button"));
    assert.match(page.url(), new RegExp(`loai=${kind}`));
    assert.match((await page.locator("main mark").first().innerText()).toLowerCase(), shown);
    await judge.page(page, kind);
    await sent(page, page.click("main ol.tasks a.t >> nth=0"));
    assert.match(page.url(), opens);
  }
  await page.goto(`${server.url}/tim?q=kh%C3%B4ng+c%C3%B3+%E1%BB%9F+%C4%91%C3%A2u+x%E1%BB%A9`);
  assert.match(await reads(page), /Không tìm thấy/);
  await judge.page(page, "nothing");
  await page.goto(`${server.url}/tim`);
  await judge.page(page, "empty");
  await page.context().close();
});

test("a member without scripts asks on the telephone", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login("Đảng viên"), demo.password, { width: 390, js: false });
  await sent(page, page.click(".find button"));
  await page.fill("#tim", "Nghị quyết");
  await sent(page, page.click("main form.filters button"));
  assert.match(await reads(page), /[\d.]+ kết quả/);
  await judge.page(page, "member", { js: false });
  await page.context().close();
});

test("the committee above finds people and organisations, never what a cell wrote", { timeout: 300_000 }, async () => {
  const page = await signIn(browser, server.url, login("Bí thư đảng ủy cơ sở"), demo.password);
  await page.goto(`${server.url}/tim?q=chi+bo`);
  const kinds = await page.locator("main ol.tasks small").allInnerTexts();
  assert.ok(kinds.length > 0);
  assert.ok(kinds.some((k) => k.startsWith("Tổ chức đảng")), kinds.join("\n"));
  await judge.page(page, "above");
  const org = /\/tc\/\d+/.exec(await page.locator("nav.rail").innerHTML())[0];
  await page.goto(`${server.url}${org}`);
  await sent(page, page.click("main a:has-text('Xem cấp ủy, nhiệm kỳ')"));
  assert.match(await reads(page), /Cấp ủy, nhiệm kỳ/);
  await judge.page(page, "leaders");
  await page.selectOption("#viec", "tat-ca");
  await sent(page, page.click("main form.filters button"));
  assert.match(page.url(), /viec=tat-ca/);
  await judge.page(page, "leaders-all");
  await page.context().close();
});

test("no page of these has a problem", () => assert.equal(judge.problems.length, 0, judge.problems.join("\n")));
