// A page judged by every check of lib.mjs at once, and a hand that counts what it does. Knows no page of the product.
import { WIDTHS, axe, contrastBody, cutWords, noThirdParty, reflow, shoot, targetSizes } from "./lib.mjs";

/** Collects the problems of the pages of one story, each with the name of its page; each name is judged once. */
export class Judge {
  constructor(prefix) {
    this.prefix = prefix;
    this.problems = [];
    this.names = new Set();
  }

  /** Judge the page as it stands, at every width. `refused`: it is a form that came back, which the browser reports.
      `js: false`: without scripts axe cannot run; such a page is judged with them elsewhere. */
  async page(page, name, { js = true, widths = WIDTHS, refused = false } = {}) {
    if (this.names.has(name)) return;
    this.names.add(name);
    const add = (width, check, found) => this.problems.push(...found.map((f) => `${name} ${width}: ${check}: ${f}`));
    const before = page.viewportSize();
    const picture = `${this.prefix}-${String(this.names.size).padStart(2, "0")}-${name}`;
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
      // Colours are those of the phone or of the desk: between them contrast, the dearest rule, is not measured again.
      if (js) add(width, "axe", await axe(page, { except: width === 768 ? ["color-contrast"] : [] }));
      add(width, "target", await targetSizes(page));
      add(width, "cut word", await cutWords(page));
      await shoot(page, picture, [width]);
    }
    await page.setViewportSize(before);
    add(before.width, "contrast", await contrastBody(page));
    add(320, "reflow", await reflow(page));
    if (refused) page.said = page.said.filter((t) => !t.includes("status of 422"));
    this.heard(page, name);
  }

  /** What the browser reported and what it asked of other hosts since the last time. */
  heard(page, name) {
    this.problems.push(...noThirdParty(page).map((f) => `${name}: ${f}`), ...page.said.map((f) => `${name}: console: ${f}`));
    page.said.length = 0;
    page.asked.length = 0;
  }
}

/** A person's hand on a page: each act is counted, and what goes to another page waits for it. */
export class Hand {
  constructor(page) {
    this.page = page;
    this.acts = 0;
    this.touch = page.viewportSize().width < 600;
  }

  button(name) { return this.page.getByRole("button", { name, exact: typeof name === "string" }).first(); }

  link(name) { return this.page.locator("main").getByRole("link", { name, exact: typeof name === "string" }).first(); }

  /** An entry of the navigation: the rail of the desk, the tabs of the phone; it may say how many messages are new. */
  entry(name) { return this.page.locator("nav.rail").getByRole("link", { name: new RegExp(`^${name}( ?\\(.*)?$`) }); }

  async press(target) {
    this.acts += 1;
    if (this.touch) await target.tap(); else await target.click();
  }

  /** Press what leads to another page and wait until that is there. */
  async go(target) {
    await Promise.all([this.page.waitForNavigation({ waitUntil: "load" }), this.press(target)]);
  }

  async write(field, text) {
    this.acts += 1;
    await this.page.locator(field).fill(text);
  }

  async choose(field, label) {
    this.acts += 1;
    await this.page.locator(field).selectOption({ label });
  }
}

/** What a person reads in the main part of the page, blanks folded. */
export async function reads(page, within = "main") {
  return (await page.locator(within).first().innerText()).replace(/\s+/g, " ").normalize("NFC");
}
