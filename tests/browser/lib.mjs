// What every browser test shares: one Chromium, pages of a given width, and the checks that hold for each page of the product
// (experience.md, rules 1-5). May read this folder and, to serve the gallery, the assets; talks to the server under test only.
// Every check returns a list of problems in words; an empty list means that the page passes.
import { createServer } from "node:http";
import { readFile, mkdir } from "node:fs/promises";
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const WIDTHS = [390, 768, 1280];
export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--lang=vi"];

/** Start the machine's own Chromium (CHROMIUM names another one). */
export function launch() {
  const executablePath = process.env.CHROMIUM || ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((p) => existsSync(p));
  if (!executablePath) throw new Error("chromium is not installed; set CHROMIUM to its path");
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** Open `url` at `width`. `js: false` turns scripts off, `size` is the text size setting. The page remembers what it asked for and said. */
export async function open(browser, url, { width = 1280, height, js = true, size, cookies, storageState, reducedMotion = "reduce" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: height || (width < 600 ? 844 : 900) }, javaScriptEnabled: js, locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh", reducedMotion, storageState, hasTouch: width < 600,
  });
  if (cookies) await context.addCookies(cookies);
  const page = await context.newPage();
  page.asked = [];
  page.said = [];
  page.on("request", (r) => page.asked.push(r.url()));
  page.on("console", (m) => { if (m.type() === "error") page.said.push(m.text()); });
  page.on("pageerror", (e) => page.said.push(String(e)));
  await page.goto(url, { waitUntil: "load" });
  if (js) await page.evaluate(() => document.fonts.ready);
  if (size && js) await page.evaluate((s) => document.documentElement.setAttribute("data-size", s), String(size));
  return page;
}

/** axe-core, WCAG 2.2 AA and best practices. `except`: rule ids left out, each with its reason at the call. */
export async function axe(page, { except = [], within } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate(async ({ except, within }) => {
    const rules = Object.fromEntries(except.map((id) => [id, { enabled: false }]));
    const r = await window.axe.run(within || document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], rules, resultTypes: ["violations"],
    });
    return r.violations.map((v) => ({ id: v.id, help: v.help, nodes: v.nodes.map((n) => n.target.join(" ") + ": " + n.html.slice(0, 120)) }));
  }, { except, within });
  return found.map((v) => `${v.id} (${v.help}):\n    ${v.nodes.join("\n    ")}`);
}

/** Nothing may need sideways scrolling at this width (320 is 400 % zoom of 1280). What scrolls inside its own `.scroll` (in a document `.doc-scroll`) is allowed. */
export async function reflow(page, width = 320) {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 640 });
  const bad = await page.evaluate(() => {
    const w = document.documentElement.clientWidth;
    const out = [];
    for (const el of document.body.querySelectorAll("*")) {
      const r = el.getBoundingClientRect();
      if (!r.width || r.right <= w + 1 || el.closest(".scroll, .doc-scroll, .vh, .skip, thead, svg")) continue;
      out.push(`${el.tagName.toLowerCase()}.${el.className} reaches ${Math.round(r.right)} of ${w}: ${el.textContent.trim().slice(0, 40)}`);
    }
    if (document.documentElement.scrollWidth > w) out.unshift(`page is ${document.documentElement.scrollWidth} wide on ${w}`);
    return out.slice(0, 12);
  });
  await page.setViewportSize(before);
  return bad;
}

/** No word may be cut in two for want of room (a Vietnamese syllable never breaks). */
export async function cutWords(page) {
  return page.evaluate(() => {
    const out = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const el = n.parentElement;
      if (!n.data.trim() || !el.getClientRects().length || el.closest(".vh, script, style, option, textarea")) continue;
      for (const m of n.data.matchAll(/[\p{L}\p{N}]+/gu)) {
        if (m[0].length > 30) continue; // A check sum, not a word: nobody reads it, and it has to break.
        const range = document.createRange();
        range.setStart(n, m.index); range.setEnd(n, m.index + m[0].length);
        const tops = new Set(Array.from(range.getClientRects()).filter((r) => r.width > 0.5).map((r) => Math.round(r.top / 6)));
        if (tops.size > 1) out.push(`"${m[0]}" in "${n.data.trim().slice(0, 40)}" (${el.tagName.toLowerCase()}.${el.className})`);
      }
    }
    return out;
  });
}

/** Pictures for people, only when NEP_SHOTS names a folder. */
export async function shoot(page, name, widths = WIDTHS) {
  const dir = process.env.NEP_SHOTS;
  if (!dir) return [];
  await mkdir(dir, { recursive: true });
  const before = page.viewportSize();
  const files = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    await page.waitForTimeout(80);
    const file = path.join(dir, `${name}-${width}.png`);
    await page.screenshot({ path: file, fullPage: true });
    files.push(file);
  }
  await page.setViewportSize(before);
  return files;
}

/** No request leaves the origin the page came from (closed networks), and the browser reported no error. */
export function noThirdParty(page) {
  const own = new URL(page.url()).origin;
  return page.asked.filter((u) => !u.startsWith("data:") && !u.startsWith("about:") && new URL(u).origin !== own).map((u) => `asked ${u}`);
}

/** Buttons, fields and links that stand alone are at least `min` square. A link within a sentence is exempt (as in WCAG 2.5.8). */
export async function targetSizes(page, min = 48) {
  return page.evaluate((min) => {
    const out = [];
    for (const el of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea, [role=button]")) {
      const box = (el.type === "radio" || el.type === "checkbox") ? el.closest("label") || el : el;
      const r = box.getBoundingClientRect(), style = getComputedStyle(el);
      if (!r.width || !r.height || style.visibility === "hidden" || el.closest(".vh, .skip") || r.right < 0) continue;
      if (el.closest("details:not([open])") && el.tagName !== "SUMMARY") continue;
      const around = Array.from(el.parentElement.childNodes).some((n) => n !== el && n.nodeType === 3 && n.textContent.trim().length > 1);
      if (el.tagName === "A" && style.display === "inline" && around) continue;
      if (r.width < min - 0.5 || r.height < min - 0.5) out.push(`${el.tagName.toLowerCase()}.${el.className} ${Math.round(r.width)}×${Math.round(r.height)}: ${(el.textContent || el.name || "").trim().slice(0, 40)}`);
    }
    return out;
  }, min);
}

/** Running text (paragraphs, list items, cells, fields) against what is painted behind it: `min` to one. */
export async function contrastBody(page, min = 7) {
  return page.evaluate((min) => {
    const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1 }; };
    const lum = (c) => [c.r, c.g, c.b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (el) => { for (let e = el; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0.99) return c; } return { r: 255, g: 255, b: 255 }; };
    const out = [];
    for (const el of document.querySelectorAll("main p, main li, main td, main dd, main dt, main label, main textarea, main input, main small")) {
      const own = Array.from(el.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim());
      if ((!own && el.tagName !== "TEXTAREA" && el.tagName !== "INPUT") || !el.getBoundingClientRect().width) continue;
      const a = lum(parse(getComputedStyle(el).color)), b = lum(behind(el));
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < min) out.push(`${ratio.toFixed(2)} ${el.tagName.toLowerCase()}.${el.className}: ${el.textContent.trim().slice(0, 40)}`);
    }
    return out;
  }, min);
}

/** Walk with Tab: each stop shows its focus and is not covered (tabs, toast); returns { stops, problems }. */
export async function tabOrder(page, max = 400) {
  const stops = [], problems = [];
  await page.evaluate(() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); window.scrollTo(0, 0); });
  for (let i = 0; i < max; i += 1) {
    await page.keyboard.press("Tab");
    const s = await page.evaluate(() => {
      const el = document.activeElement;
      if (!el || el === document.body) return null;
      if (el.dataset.seenByTab) return { again: true };
      el.dataset.seenByTab = "1";
      const r = el.getBoundingClientRect(), st = getComputedStyle(el);
      const name = `${el.tagName.toLowerCase()}.${el.className} "${(el.textContent || el.name || "").trim().slice(0, 30)}"`;
      const spots = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]].map(([x, y]) => [r.left + r.width * x, r.top + r.height * y])
        .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
      const seen = spots.filter(([x, y]) => { const e = document.elementFromPoint(x, y); return e && (e === el || el.contains(e) || e.contains(el) || (el.closest("label") && el.closest("label").contains(e))); });
      return { name, covered: seen.length < Math.min(spots.length, 3) || !spots.length, ring: st.outlineStyle !== "none" && parseFloat(st.outlineWidth) >= 2 };
    });
    if (!s || s.again) break;
    stops.push(s.name);
    if (s.covered) problems.push(`covered: ${s.name}`);
    if (!s.ring && !/^div\.scroll/.test(s.name)) problems.push(`no focus ring: ${s.name}`);
  }
  return { stops, problems };
}

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png" };

/** Serve the repository's own files for the gallery, under the product's content security policy. `mock(req, body)` may answer /mock/…. */
export async function serveFiles(mock) {
  const server = createServer(async (req, res) => {
    const url = new URL(req.url, "http://localhost");
    let body = "";
    for await (const part of req) body += part;
    const answer = mock && url.pathname.startsWith("/mock/") ? await mock(req, new URLSearchParams(body), url) : null;
    if (answer) { res.writeHead(answer.status || 200, { "Content-Type": answer.type || "application/json" }); res.end(answer.body || ""); return; }
    const file = path.join(ROOT, path.normalize(decodeURIComponent(url.pathname)));
    try {
      const data = await readFile(file);
      res.writeHead(200, { "Content-Type": TYPES[path.extname(file)] || "application/octet-stream", "Content-Security-Policy": CSP });
      res.end(data);
    } catch { res.writeHead(404); res.end(); }
  });
  await new Promise((ok) => server.listen(0, "127.0.0.1", ok));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((ok) => { server.close(ok); server.closeAllConnections(); }) };
}

const classesOf = (sheet) => {
  const text = readFileSync(path.join(ROOT, "assets", sheet), "utf8").replace(/\/\*[^]*?\*\//g, "");
  const selectors = Array.from(text.matchAll(/([^{}]+)\{/g), (m) => m[1]);
  return new Set(selectors.flatMap((s) => Array.from(s.matchAll(/\.([A-Za-z][\w-]*)/g), (m) => m[1])));
};
// Class by class, the sheets beside nep.css that alone know it.
const OWN = new Map();
{
  const everywhere = classesOf("nep.css");
  for (const sheet of readdirSync(path.join(ROOT, "assets")).filter((f) => f.endsWith(".css") && f !== "nep.css")) {
    for (const name of classesOf(sheet)) if (!everywhere.has(name)) OWN.set(name, [...(OWN.get(name) || []), sheet]);
  }
}

/** A class whose looks stand in a sheet of some pages only: the page links that sheet. */
export async function unstyled(page) {
  const own = [...OWN].map(([name, sheets]) => [name, sheets.map((s) => s.replace(".css", ""))]);
  return page.evaluate((own) => {
    const linked = Array.from(document.querySelectorAll("link[rel=stylesheet]"), (l) => l.getAttribute("href"));
    return own.filter(([name, sheets]) => document.getElementsByClassName(name).length && !sheets.some((s) => linked.some((href) => href.split("/").pop().startsWith(s))))
      .map(([name, sheets]) => `.${name} is used without ${sheets.join(" or ")}.css`);
  }, own);
}

/** Everything that holds for each page, at every width: a list of problems. */
export async function problems(page) {
  const out = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    for (const [name, found] of [["axe", await axe(page)], ["targets", await targetSizes(page)], ["cut words", await cutWords(page)]]) {
      out.push(...found.map((f) => `${width}: ${name}: ${f}`));
    }
  }
  out.push(...(await reflow(page)).map((f) => `320: reflow: ${f}`));
  out.push(...noThirdParty(page).map((f) => `third party: ${f}`));
  out.push(...(await unstyled(page)).map((f) => `style: ${f}`));
  out.push(...page.said.map((f) => `console: ${f}`));
  return out;
}
