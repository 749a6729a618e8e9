// A real server for browser tests: the binary named by NEP_BIN on data of its own in a temporary folder.
// `demo` has the demonstration data and its accounts, `empty` is a new installation with its set-up code.
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
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

/** Start `nep COMMAND`; resolves when the server says that it runs. */
export async function start(command) {
  const data = await mkdtemp(path.join(tmpdir(), "nep-browser-"));
  // Making the demonstration takes a minute; NEP_DEMO names a folder in which it has been made before.
  if (command === "demo" && process.env.NEP_DEMO) await cp(process.env.NEP_DEMO, data, { recursive: true });
  const port = await freePort();
  const child = spawn(BIN, [command, "--data", data, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`nep ${command} did not start:\n${said}`)), 180_000);
    const hear = (chunk) => {
      said += chunk;
      if (/Nếp đang chạy/.test(said)) { clearTimeout(timer); done(); }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => fail(new Error(`nep ${command} ended with ${code}:\n${said}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url, said,
    async stop() {
      child.removeAllListeners("exit");
      const gone = new Promise((done) => child.on("exit", done));
      child.kill("SIGTERM");
      await gone;
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The demonstration's accounts, read from what the server printed: role, login; and the password of all. */
export function accounts(said) {
  const password = /Mật khẩu[^:]*:\s*(.+)/.exec(said)?.[1].trim();
  const seats = [...said.matchAll(/^\s{2,}(\S.*?)\s{2,}([a-z][a-z0-9]+)(?:\s{2,}|$)/gm)].map(([, role, login]) => ({ role, login }));
  if (!password || !seats.length) throw new Error(`no accounts in what the server printed:\n${said}`);
  return { password, seats };
}

/** A page signed in with a login name. */
export async function signIn(browser, url, login, password, options = {}) {
  const page = await open(browser, `${url}/dang-nhap`, options);
  await page.fill("#ten", login);
  await page.fill("#mat_khau", password);
  await Promise.all([page.waitForURL((u) => !u.pathname.startsWith("/dang-nhap")), page.click("main button.btn")]);
  return page;
}
