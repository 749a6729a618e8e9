// Vietnamese as it is really typed: an input method composes a word and replaces it (Telex and VNI), or a keyboard programme
// sends backspaces and letters in a burst. Meanwhile the page saves on its own, the answer may be late or lost: no letter is lost,
// no word is written over, and what the server keeps is what stands in the field.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./lib.mjs";
import { accounts, signIn, start } from "./server.mjs";
import { cell, post, running } from "./running.mjs";

let browser, server, page, base, cdp;

const TELEX = [
  ["Chi", ["C", "Ch", "Chi"]],
  ["bộ", ["b", "bo", "bô", "bộ"]],
  ["thống", ["t", "th", "tho", "thô", "thôn", "thông", "thống"]],
  ["nhất", ["n", "nh", "nha", "nhâ", "nhât", "nhất"]],
  ["đường", ["d", "đ", "đu", "đuo", "đươ", "đươn", "đương", "đường"]],
  ["lối", ["l", "lo", "lô", "lôi", "lối"]],
  ["nghiêm", ["n", "ng", "ngh", "nghi", "nghie", "nghiê", "nghiêm"]],
  ["chỉnh.", ["c", "ch", "chi", "chin", "chinh", "chỉnh", "chỉnh."]],
];
/** VNI gives the accents at the end, so a word changes more than once after its last letter. */
const VNI = [
  ["Phương", ["P", "Ph", "Phu", "Phuo", "Phuon", "Phuong", "Phuong7", "Phương"]],
  ["hướng", ["h", "hu", "huo", "huon", "huong", "huong1", "huóng", "hướng"]],
  ["tới:", ["t", "to", "toi", "tơi", "tới", "tới:"]],
  ["kỷ", ["k", "ky", "kỷ"]],
  ["luật.", ["l", "lu", "lua", "luat", "luât", "luật", "luật."]],
];
/** A keyboard programme that takes letters back and writes them anew: how many back, then what. */
const BURSTS = [[0, "d"], [1, "đ"], [0, "a"], [0, "n"], [0, "g"], [3, "ảng"], [0, " "], [0, "v"], [0, "i"], [0, "e"], [1, "ê"], [0, "n"], [0, " "], [0, "uwu"], [3, "ưu"], [0, " tu"], [1, "ú"], [0, "."]];
const BURST_TEXT = "đảng viên ưu tú.";

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { small: true, now: "2026-12-10T14:30" })]);
  const demo = accounts(server.said);
  page = await signIn(browser, server.url, demo.seats.find((s) => s.role === "Bí thư chi bộ").login, demo.password, { width: 1280 });
  const org = await cell(page);
  base = await running(page, server.url, org, { today: "10/12/2026" });
  await post(page, `${base}/dieu-hanh/ket-thuc`, [["gio", "00:45"]]);
  await page.goto(`${server.url}${base}/bien-ban`);
  cdp = await page.context().newCDPSession(page);
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function compose(words, pause) {
  for (const [word, steps] of words) {
    for (const text of steps) {
      await cdp.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
      if (pause) await page.waitForTimeout(pause);
    }
    await cdp.send("Input.insertText", { text: word });
    await page.keyboard.press("Space");
  }
}

async function burst(list) {
  for (const [back, text] of list) {
    for (let i = 0; i < back; i += 1) await page.keyboard.press("Backspace");
    if (text) await page.keyboard.insertText(text);
  }
}

/** A section of the minutes as it stands in the page. */
const section = (n) => page.locator("form.sec").nth(n);

/** A text as it is kept: spaces at the end of a line are no words. */
const words = (text) => text.replace(/ +$/gm, "").trimEnd();

/** Types into a section under whatever the network does, then asks the server what it keeps. */
async function typed(n, type) {
  const area = section(n).locator("textarea");
  const name = await area.getAttribute("data-autosave");
  const before = words(await area.inputValue());
  await area.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await type(area);
  const typedText = await area.inputValue();
  const shown = words(typedText);
  assert.ok(shown.startsWith(before), "what stood there still stands there");
  const fresh = await page.context().newPage();
  let kept = "";
  for (let tries = 0; tries < 80 && kept !== shown; tries += 1) {
    await fresh.waitForTimeout(500);
    await fresh.goto(page.url());
    kept = await fresh.locator(`textarea[data-autosave="${name}"]`).inputValue();
  }
  await fresh.close();
  assert.equal(kept, shown, "the server keeps what the page shows");
  assert.equal(await area.inputValue(), typedText, "saving touches no letter");
  return shown.slice(before.length).trim();
}

/** Answers come late, one save is lost on the way there, one answer on the way back. */
async function badNetwork(work) {
  let n = 0;
  await page.route("**/bien-ban/**", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    n += 1;
    if (n === 2) return route.abort();
    if (n === 3) { await route.fetch(); return route.abort(); }
    await new Promise((ok) => setTimeout(ok, 400));
    return route.continue();
  });
  const out = await work();
  await page.unroute("**/bien-ban/**");
  return out;
}

const plain = (words) => words.map(([w]) => w).join(" ");

test("Telex, composed slowly enough to be saved between the letters", { timeout: 120_000 }, async () => {
  assert.equal(await typed(0, () => compose(TELEX, 120)), plain(TELEX));
});

test("VNI under a bad network", { timeout: 120_000 }, async () => {
  assert.equal(await badNetwork(() => typed(1, () => compose([...VNI, ...VNI, ...TELEX], 90))), [plain(VNI), plain(VNI), plain(TELEX)].join(" "));
});

test("a word left half composed when the field loses the focus is kept as it stands", { timeout: 120_000 }, async () => {
  const shown = await typed(1, async (area) => {
    await compose(TELEX.slice(0, 2), 20);
    await cdp.send("Input.imeSetComposition", { text: "thố", selectionStart: 3, selectionEnd: 3 });
    await area.evaluate((a) => a.blur());
  });
  assert.equal(shown, "Chi bộ thố");
});

test("bursts of backspaces and letters, thirty in a row, under a bad network", { timeout: 180_000 }, async () => {
  const shown = await badNetwork(() => typed(2, async () => {
    for (let i = 0; i < 30; i += 1) {
      await burst(BURSTS);
      await page.keyboard.press("Space");
      if (i % 10 === 9) await page.waitForTimeout(1300);
    }
  }));
  assert.equal(shown, Array(30).fill(BURST_TEXT).join(" "));
  assert.deepEqual(page.said.filter((t) => !/Failed to load resource|net::ERR/.test(t)), []);
});
