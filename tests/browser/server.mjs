// A real server for browser tests: the binary named by NEP_BIN on data of its own in a temporary folder.
// `demo` has the demonstration data and its accounts, `empty` is a new installation with its set-up code.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT, open } from "./lib.mjs";

const BIN = process.env.NEP_BIN || path.join(ROOT, "target/debug/nep");

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** One process on one folder and port; resolves when the server says that it runs. */
async function run(command, data, port, more, env = {}) {
  const child = spawn(BIN, [command, "--data", data, "--listen", `127.0.0.1:${port}`, ...more],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let said = "";
  await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`nep ${command} did not start:\n${said}`)), 300_000);
    const hear = (chunk) => {
      said += chunk;
      if (/Nếp đang chạy/.test(said)) { clearTimeout(timer); done(); }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => { clearTimeout(timer); fail(new Error(`nep ${command} ended with ${code}:\n${said}`)); });
  });
  const end = async () => {
    child.removeAllListeners("exit");
    const gone = new Promise((done) => child.on("exit", done));
    child.kill("SIGTERM");
    await gone;
  };
  /* As a power cut would: nothing is finished, nothing is said. */
  const kill = async () => {
    child.removeAllListeners("exit");
    const gone = new Promise((done) => child.on("exit", done));
    child.kill("SIGKILL");
    await gone;
  };
  return { said, end, kill };
}

/** Start `nep COMMAND` on a folder of its own. `now` is the local time that a demonstration takes for the present
    (`2026-12-01T08:30`); `small` has it tell the history of one committee's cells only; `at(later)` lets days go by: the same data, address and accounts at another time. */
export async function start(command, { now, small, env } = {}) {
  const data = await mkdtemp(path.join(tmpdir(), "nep-browser-"));
  const port = await freePort();
  const flags = (time) => [...(time ? ["--now", time] : []), ...(small ? ["--small"] : [])];
  let server = await run(command, data, port, flags(now), env).catch(async (error) => {
    await rm(data, { recursive: true, force: true });
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`, said: server.said,
    async at(later) {
      await server.end();
      server = await run(command, data, port, flags(later), env);
    },
    async kill() { await server.kill(); },
    async again() { server = await run(command, data, port, flags(now), env); },
    async stop() {
      await server.end();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The demonstration's accounts, read from what the server printed: role, login, name; and the password of all. */
export function accounts(said) {
  const password = /Mật khẩu[^:]*:\s*(.+)/.exec(said)?.[1].trim();
  const seats = [...said.matchAll(/^\s{2,}(\S.*?)\s{2,}([a-z][a-z0-9]+)(?:\s{2,}([^,\n]+)|$)/gm)].map(([, role, login, name]) => ({ role, login, name }));
  if (!password || !seats.length) throw new Error(`no accounts in what the server printed:\n${said}`);
  return { password, seats };
}

/** The login name that an account of this full name has: folded, without blanks. */
export const loginOf = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/[^a-z0-9]/g, "");

/** Fill in the page for signing in and go on from it. */
export async function fillIn(page, login, password) {
  await page.fill("#ten", login);
  await page.fill("#mat_khau", password);
  await Promise.all([page.waitForURL((u) => !u.pathname.startsWith("/dang-nhap")), page.click("main button.btn")]);
}

/** A page signed in with a login name. */
export async function signIn(browser, url, login, password, options = {}) {
  const page = await open(browser, `${url}/dang-nhap`, options);
  await fillIn(page, login, password);
  return page;
}
