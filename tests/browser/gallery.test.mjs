// The component gallery, at three widths, holds every rule that a page of the product must hold; and the script keeps its promises
// on a bad network. May touch the gallery and a mock of the server. From experience.md rules 1-5, 9, 11.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { launch, open, axe, reflow, shoot, noThirdParty, targetSizes, cutWords, contrastBody, tabOrder, serveFiles, WIDTHS } from "./lib.mjs";

let browser, files, mock = () => null;
before(async () => { browser = await launch(); files = await serveFiles((...a) => mock(...a)); });
after(async () => { await browser?.close(); await files?.close(); });
const at = (name) => `${files.origin}/tests/browser/${name}.html`;
const until = async (ok) => { for (let i = 0; i < 100 && !ok(); i += 1) await new Promise((next) => setTimeout(next, 50)); };
const none = (list, what) => assert.deepEqual(list, [], what);

for (const name of ["gallery", "gallery-member", "gallery-signin"]) {
  for (const width of WIDTHS) {
    test(`${name} at ${width}`, async () => {
      const page = await open(browser, at(name), { width });
      none(await axe(page), "axe");
      none(await targetSizes(page), "targets");
      none(await cutWords(page), "cut words");
      none(await contrastBody(page), "contrast of running text");
      none(noThirdParty(page), "third party");
      none(page.said, "errors in the browser, the content security policy among them");
      none(await reflow(page, width), "no sideways scroll");
      await page.context().close();
    });
  }
  test(`${name}: reflow at 320, all text sizes`, async () => {
    for (const size of [16, 18, 20, 24]) {
      const page = await open(browser, at(name), { width: 320, size });
      none(await reflow(page, 320), `size ${size}`);
      none(await cutWords(page), `cut words at size ${size}`);
      await page.context().close();
    }
  });
  test(`${name}: keyboard`, async () => {
    for (const width of [390, 1280]) {
      const page = await open(browser, at(name), { width });
      const { stops, problems } = await tabOrder(page);
      none(problems, `at ${width}`);
      assert.match(stops[0], /skip/, "the skip link comes first");
      await page.context().close();
    }
  });
  test(`${name}: pictures`, async () => {
    const page = await open(browser, at(name));
    await shoot(page, name);
    await page.context().close();
  });
}

test("every Vietnamese letter is drawn with the fonts of the product", async () => {
  const page = await open(browser, at("gallery"));
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("DOM.enable"); await cdp.send("CSS.enable");
  const { root } = await cdp.send("DOM.getDocument");
  const { nodeId } = await cdp.send("DOM.querySelector", { nodeId: root.nodeId, selector: "#letters" });
  const { fonts } = await cdp.send("CSS.getPlatformFontsForNode", { nodeId });
  assert.ok(fonts.length > 0);
  none(fonts.filter((f) => !f.isCustomFont).map((f) => `${f.familyName}: ${f.glyphCount}`), "letters from another font");
  await page.context().close();
});

test("weight of style, script and fonts", async () => {
  const page = await open(browser, at("gallery-member"));
  let sum = 0;
  for (const u of page.asked) sum += (await (await page.request.get(u)).body()).length;
  assert.ok(sum < 100_000, `first page, uncompressed: ${sum}`);
  await page.context().close();
});

test("autosave: saves within 5 s, survives the net, a conflict and an expired session", async () => {
  const posts = [];
  let reply = { body: JSON.stringify({ version: 4, saved_at: "2026-12-03T14:05:12+07:00" }) };
  mock = (req, form) => { posts.push(Object.fromEntries(form)); return reply; };
  const page = await open(browser, at("gallery"), { reducedMotion: "reduce" });
  const area = page.locator("#t9"), state = page.locator("[data-save-state]");
  await area.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Thống nhất.");
  await state.getByText("Đã lưu 14:05:12").waitFor({ timeout: 5000 });
  assert.equal(posts[0].base_version, "3");
  assert.match(posts[0].text, /Thống nhất\.$/);
  assert.match(posts[0].key, /^[0-9a-f-]{36}$/);
  assert.equal(posts[0].csrf, "gallery");
  assert.equal(await page.locator("#muc9 input[name=base_version]").inputValue(), "4", "the plain form follows");

  await page.context().setOffline(true);
  await page.keyboard.type(" Giao đ/c An.");
  await state.getByText("Mất mạng, chữ vẫn giữ trong trang: sẽ gửi lại").waitFor({ timeout: 6000 });
  reply = { body: JSON.stringify({ version: 5, saved_at: "2026-12-03T14:06:00+07:00" }) };
  await page.context().setOffline(false);
  await state.getByText("Đã lưu 14:06:00").waitFor({ timeout: 6000 });
  assert.equal(posts.at(-1).base_version, "4");

  reply = { status: 401, body: "{}" };
  await page.keyboard.type(" Hạn 25/12.");
  const link = state.getByRole("link", { name: "Đăng nhập lại" });
  await link.waitFor({ timeout: 6000 });
  assert.equal(await link.getAttribute("target"), "_blank");
  reply = { body: JSON.stringify({ version: 6, saved_at: "2026-12-03T14:07:00+07:00" }) };
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await state.getByText("Đã lưu 14:07:00").waitFor({ timeout: 6000 });
  const keys = posts.slice(-2).map((p) => p.key);
  assert.equal(keys[0], keys[1], "a repeated attempt keeps its key");

  reply = { status: 409, body: JSON.stringify({ merge: "/ghep/9" }) };
  await page.keyboard.type(" Sửa.");
  const merge = state.getByRole("link", { name: "Xem và ghép hai bản" });
  await merge.waitFor({ timeout: 6000 });
  assert.equal(await merge.getAttribute("href"), "/ghep/9");
  assert.match(await area.inputValue(), /Sửa\.$/, "the words stay");
  await page.context().close();
});

test("autosave waits for the end of a composed word", async () => {
  const posts = [];
  mock = (req, form) => { posts.push(form.get("text")); return { body: '{"version":4}' }; };
  const page = await open(browser, at("gallery"));
  await page.locator("#t9").focus();
  await page.keyboard.press("Control+End");
  const cdp = await page.context().newCDPSession(page);
  for (const t of ["t", "ti", "tiê", "tiến"]) { await cdp.send("Input.imeSetComposition", { text: t, selectionStart: t.length, selectionEnd: t.length }); await page.waitForTimeout(450); }
  none(posts, "nothing is sent in the middle of a word");
  await cdp.send("Input.insertText", { text: "tiến" });
  await page.waitForTimeout(900);
  assert.equal(posts.length, 1);
  assert.match(posts[0], /tiến$/);
  await page.context().close();
});

test("speaker chips put the name at the cursor", async () => {
  mock = () => ({ body: '{"version":4}' });
  const page = await open(browser, at("gallery"));
  await page.locator("#t9").fill("");
  await page.getByRole("button", { name: "đ/c Ánh" }).click();
  await page.keyboard.type("nhất trí.");
  await page.getByRole("button", { name: "đ/c Đức" }).click();
  assert.equal(await page.locator("#t9").inputValue(), "Đồng chí Lê Thị Ánh: nhất trí.\nĐồng chí Lê Minh Đức: ");
  await page.context().close();
});

test("roll: letters and arrows, posted in order, taken back when the net is gone", async () => {
  const marks = [];
  const li = (n, s, m) => `<li class="${s}"><span class="n">${n}</span><span class="st">${m}</span><button name="mark" value="${n}:c" data-state="done" data-key="c" aria-pressed="true">Có mặt</button><button name="mark" value="${n}:v" data-state="due" data-key="v" aria-pressed="false">Vắng</button></li>`;
  mock = (req, form) => {
    marks.push(form.get("mark") || `number=${form.get("number")}`);
    return { type: "text/html", body: `<b id="roll-n" role="status">Có mặt 4 / 5</b><p id="said" role="status">Đã ghi</p><ol class="roll" id="roll">${[1, 2, 3, 4].map((n) => li(n, "done", "từ máy chủ")).join("")}</ol>` };
  };
  const page = await open(browser, at("gallery"));
  await page.locator('[value="2:v"]').focus();
  await page.keyboard.press("c"); await page.keyboard.press("c"); await page.keyboard.press("v");
  await until(() => marks.length === 3);
  await page.locator("#roll .st", { hasText: "từ máy chủ" }).first().waitFor();
  assert.deepEqual(marks, ["2:c", "3:c", "4:v"]);
  assert.equal(await page.locator("#roll-n").textContent(), "Có mặt 4 / 5");
  assert.equal(await page.evaluate(() => document.activeElement.closest("li") !== null), true, "focus stays in the list");

  await page.locator("#so").fill("12");
  await page.keyboard.press("Enter");
  await page.locator("#said", { hasText: "Đã ghi" }).waitFor();
  assert.equal(marks.at(-1), "number=12");
  assert.equal(await page.locator("#so").inputValue(), "");

  await page.context().setOffline(true);
  await page.locator('[value="1:v"]').click();
  await page.locator("[data-live-error]", { hasText: "Mất mạng" }).waitFor();
  assert.equal(await page.locator('[value="1:v"]').getAttribute("aria-pressed"), "false");
  assert.equal(await page.locator("#roll > li").first().getAttribute("class"), "done");
  await page.context().close();
});

test("filter folds Vietnamese", async () => {
  const page = await open(browser, at("gallery"));
  await page.locator("#tim").fill("dat");
  await page.locator("#ds-n", { hasText: "Tìm thấy 1 mục" }).waitFor();
  assert.deepEqual(await page.locator("#ds tbody tr:visible th").allTextContents(), ["Trịnh Công Đạt"]);
  await page.context().close();
});

test("without a script: forms post, the toast stays, script-only buttons are hidden", async () => {
  const page = await open(browser, at("gallery"), { js: false });
  assert.equal(await page.locator(".toast").isVisible(), true);
  assert.equal(await page.locator("[data-print]").isVisible(), false);
  let posted = "";
  mock = (req, form) => { posted = form.get("mark"); return { type: "text/html", body: "ok" }; };
  await page.locator('[value="3:c"]').click();
  await page.waitForURL(/mock\/roll/);
  assert.equal(posted, "3:c");
  await page.context().close();
});

test("sign-in: the error summary has the focus", async () => {
  const page = await open(browser, at("gallery-signin"));
  assert.equal(await page.evaluate(() => document.activeElement.hasAttribute("data-errors")), true);
  await page.context().close();
});
