// After the meeting: minutes with autosave, reading back, adopting, sealing, and the papers that come of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { reads } from "./judge.mjs";
import { CONCLUSION } from "./holding.mjs";
import { OPINION } from "./member.mjs";

export const ADDED = "Chi bộ biểu dương đồng chí Nguyễn Duy Khang đã hoàn thành sớm phần việc được giao.";

/** The text of a section is kept without a press, and the page says when; also after the session was another for a while. */
export async function writes(hand, judge, signsInAgain) {
  const { page } = hand;
  const section = page.locator("form.sec", { hasText: "Thảo luận" }).last();
  const area = section.locator("textarea");
  const before = await area.inputValue();
  assert.ok(before.includes(OPINION) && before.includes(CONCLUSION), before);
  hand.acts += 1;
  const type = async (text) => {
    await area.focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(text);
  };
  const savedByItself = async (text) => {
    const accepted = page.waitForResponse((r) => r.request().method() === "POST" && r.ok());
    await type(text);
    await accepted;
    await section.locator("[data-save-state]", { hasText: /^Đã lưu \d\d:\d\d:\d\d$/ }).waitFor();
  };
  await savedByItself(`\n${ADDED}`);
  await judge.page(page, "bien-ban-da-luu");
  await page.reload();
  assert.ok((await area.inputValue()).endsWith(ADDED));
  // Signed in again in another tab, this page has an old key: what is typed here is saved all the same, and so is the form.
  await signsInAgain(page.context());
  await savedByItself(" Chi bộ nhất trí.");
  await type(" Giao chi ủy theo dõi.");
  await hand.go(section.getByRole("button", { name: "Lưu phần này" }));
  assert.ok((await area.inputValue()).endsWith(`${ADDED} Chi bộ nhất trí. Giao chi ủy theo dõi.`));
  page.said = page.said.filter((t) => !t.includes("status of 403"));
}

/** Reads the minutes back, has them adopted, seals them; ends on the sealed document. */
export async function seals(hand, judge) {
  const { page } = hand;
  await hand.go(hand.link("Đọc lại toàn văn để thông qua"));
  // One section at a time, on by a key.
  let whole = await reads(page);
  while (await page.locator('[data-rb="next"]').isVisible()) {
    await page.keyboard.press("ArrowRight");
    whole += ` ${await reads(page)}`;
  }
  for (const words of [OPINION, CONCLUSION, ADDED, "Có mặt: 15/16", "kết thúc"]) assert.ok(whole.includes(words), `${words} in ${whole}`);
  await judge.page(page, "doc-lai");
  await hand.go(hand.link("Kiểm tra để thông qua"));
  await judge.page(page, "thong-qua-bien-ban");
  await hand.go(hand.button(/^(Thông qua|Chi bộ)/));
  await judge.page(page, "bien-ban-da-thong-qua");
  await hand.go(hand.link("Kiểm tra và khóa biên bản"));
  await judge.page(page, "khoa-bien-ban");
  await hand.go(hand.button(/^Khóa/));
  await judge.page(page, "ban-da-khoa");
}

async function download(hand, name) {
  const waiting = hand.page.waitForEvent("download");
  await hand.press(hand.link(name));
  const file = await (await waiting).path();
  return { file, bytes: await readFile(file) };
}

/** The sealed document as PDF and DOCX: right type, and the PDF can be read as text. */
export async function downloads(hand, words) {
  const pdf = await download(hand, "Tải PDF để in, ký");
  assert.equal(pdf.bytes.subarray(0, 5).toString("latin1"), "%PDF-");
  const text = execFileSync("pdftotext", ["-layout", pdf.file, "-"], { encoding: "utf8" }).normalize("NFC").replace(/\s+/g, " ");
  for (const word of words) assert.ok(text.includes(word), `${word} in ${text}`);
  const docx = await download(hand, "Tải DOCX");
  assert.equal(docx.bytes.subarray(0, 4).toString("latin1"), "PK\x03\x04");
  assert.ok(docx.bytes.includes("word/document.xml"));
}
