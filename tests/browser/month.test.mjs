// The spine in real browsers: a new installation up to its first notice, and a whole month of a cell with the secretary at a
// desk, members on phones, one of them without scripts. Every page on the way is judged at 390, 768 and 1280 px and reflows at 320.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, shoot } from "./lib.mjs";
import { accounts, fillIn, loginOf, signIn, start } from "./server.mjs";
import { Hand, Judge } from "./judge.mjs";
import { founding } from "./founding.mjs";
import * as holding from "./holding.mjs";
import * as member from "./member.mjs";
import * as minutes from "./minutes.mjs";
import * as secretary from "./secretary.mjs";

/** The demonstration is looked at on these days, whatever the machine's clock says. */
const PREPARING = "2026-12-01T08:30";
const FOLLOWING = "2026-12-19T09:00";
const MONTH = "Sinh hoạt thường kỳ tháng 12 năm 2026";

let browser, demo;

before(async () => {
  browser = await launch();
  // The history takes its time; the new installation is told meanwhile.
  demo = start("demo", { now: PREPARING, small: true });
  demo.catch(() => {});
});
after(async () => {
  await browser?.close();
  await (await demo.catch(() => null))?.stop();
});

/** Tells a story; when it breaks off, what every open page showed is kept. */
async function told(judge, story) {
  try {
    await story();
  } catch (error) {
    let n = 0;
    for (const page of browser.contexts().flatMap((c) => c.pages())) {
      n += 1;
      error.message += `\npage ${n}: ${page.url()}`;
      await shoot(page, `${judge.prefix}-broken-off-${n}`, [1280]).catch(() => {});
    }
    throw error;
  } finally {
    for (const context of browser.contexts()) await context.close();
  }
  assert.deepEqual(judge.problems, []);
}

test("a new installation: from the set-up code to the first notice", { timeout: 600_000 }, async () => {
  const judge = new Judge("moi");
  const server = await start("serve");
  try {
    await told(judge, async () => {
      const acts = await founding(browser, server, judge);
      assert.ok(acts <= 40, `${acts} acts`);
    });
  } finally {
    await server.stop();
  }
});

test("the month of a cell, from preparing to the next month", { timeout: 900_000 }, async () => {
  const judge = new Judge("thang");
  const server = await demo;
  const { password, seats } = accounts(server.said);
  const seat = (role) => seats.find((s) => s.role === role);
  const enter = async (login, options) => new Hand(await signIn(browser, server.url, login, password, options));
  const phone = { width: 390 };
  const [chief, deputy, doer] = ["Bí thư chi bộ", "Phó bí thư chi bộ", "Đảng viên"].map(seat);
  const task = { content: holding.CONCLUSION, doer: `đ/c ${doer.name}`, checker: `đ/c ${deputy.name}` };

  await told(judge, async () => {
    await judge.page(await open(browser, server.url), "dang-nhap");
    let desk = await enter(chief.login);
    const scribe = seat("Thư ký các buổi sinh hoạt gần đây");
    const [absent, speaker] = (await secretary.plainMembers(desk, judge)).filter((n) => ![scribe.name, doer.name].includes(n));
    const starts = await secretary.prepares(desk, judge, MONTH);
    await secretary.sendsNotice(desk, judge);

    await member.comes(await enter(doer.login, phone), judge, MONTH);
    await member.asksToBeAbsent(await enter(loginOf(absent), { ...phone, js: false }), judge, MONTH);
    await member.sendsOpinion(await enter(loginOf(speaker), phone), judge, MONTH);
    await secretary.decidesExcuse(desk, judge, absent);

    await server.at(starts);
    desk = await enter(chief.login);
    await holding.opens(desk, judge);
    await holding.takesRoll(desk, judge, absent);
    await holding.records(desk, judge);
    await holding.votes(desk, judge);
    await holding.resolves(desk, judge, task);
    await holding.closes(desk, judge, starts);
    await minutes.writes(desk, judge, async (context) => {
      const tab = await context.newPage();
      await tab.goto(server.url + "/dang-nhap");
      await fillIn(tab, chief.login, password);
      await tab.close();
    });
    await minutes.seals(desk, judge);
    await minutes.downloads(desk, ["BIÊN BẢN", member.OPINION, minutes.ADDED]);
    await secretary.resolutionIssued(desk, judge, MONTH);
    await minutes.downloads(desk, ["NGHỊ QUYẾT", absent, "20/12/2026"]);

    await server.at(FOLLOWING);
    await member.reports(await enter(doer.login, phone), judge, task);
    await member.confirms(await enter(deputy.login), judge, task);
    desk = await enter(chief.login);
    const acts = await secretary.nextMonth(desk, judge, task);
    assert.ok(acts <= 6, `${acts} acts`);
    await secretary.yearAndOut(desk, judge);
  });
});
