// Every page that a role can reach by following links from the home page, at three widths: axe, reflow, targets, no third party,
// no console error. Pages of one shape (addresses that differ only in numbers) are visited once. Pictures go to NEP_SHOTS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, problems, shoot } from "./lib.mjs";
import { accounts, signIn, start } from "./server.mjs";

let browser, server, demo;

before(async () => {
  [browser, server] = await Promise.all([launch(), start("demo", { now: "2026-12-01T08:30", small: true })]);
  demo = accounts(server.said);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const shape = (href) => href.replace(/\d{4}-(tk|cd)-\d+/g, "KY").replace(/\d{3,}/g, "N");
// Files are not pages; signing out would end the walk.
const isFile = (href) => /\.(ics|pdf|docx|xlsx|csv|json|zip)(\?|$)|\/(pdf|docx|xlsx|in|tep|du-lieu|phieu)(\/|$|\?)/.test(href) || href.startsWith("/static/");
const LIMIT = 60;

async function links(page) {
  const found = await page.$$eval("a[href^='/']", (all) => all.filter((a) => !a.hasAttribute("download")).map((a) => a.getAttribute("href").split("#")[0]));
  return [...new Set(found)].filter((h) => h && !isFile(h));
}

test("every page a role can reach passes at three widths", { timeout: 1_500_000 }, async (t) => {
  const judged = new Set();
  for (const { role, login } of demo.seats) {
    await t.test(role, async () => {
      const page = await signIn(browser, server.url, login, demo.password, { width: 1280 });
      const queue = ["/"];
      const known = new Set(["/"]);
      const wrong = [];
      while (queue.length && known.size <= LIMIT) {
        const href = queue.shift();
        page.said.length = 0;
        const answer = await page.goto(server.url + href, { waitUntil: "load" });
        if (answer.status() !== 200) { wrong.push(`${href}: ${answer.status()}`); continue; }
        for (const next of await links(page)) {
          if (!known.has(shape(next))) { known.add(shape(next)); queue.push(next); }
        }
        // The frame differs by role, the content of most pages does not: judge each shape once for leaders and once for members.
        const key = `${shape(href)} ${(await page.$("body.has-tabs")) ? "member" : "leader"}`;
        if (judged.has(key)) continue;
        judged.add(key);
        wrong.push(...(await problems(page)).map((p) => `${href}: ${p}`));
        await shoot(page, `${login}${shape(href).replace(/[^a-zA-Z0-9]+/g, "-")}`);
      }
      await page.context().close();
      assert.equal(wrong.length, 0, wrong.join("\n"));
    });
  }
  console.log(`${judged.size} pages judged`);
});
