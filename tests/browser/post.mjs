// A mail server and a webhook receiver as a process of their own, for tests of what leaves the program: each line on stdout is
// one thing that happened, as JSON. Settings come as one JSON argument:
//   mail: { secure, tls: { key, cert }, user, password, refuse: { <address>: <answer code> }, once: true }
//   hook: { secret }
// It ends when its standard input ends.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { SMTPServer } from "smtp-server";

/** Start both; `tell` hears of everything. Resolves with ports and a way to end. */
export async function post({ mail = {}, hook = {} }, tell) {
  const refused = new Map();
  const options = {
    banner: "thu.donvi.vn", secure: Boolean(mail.secure), authOptional: !mail.user, disableReverseLookup: true, logger: false,
    ...(mail.tls ? { key: readFileSync(mail.tls.key), cert: readFileSync(mail.tls.cert) } : { hideSTARTTLS: true }),
    ...(mail.user ? { allowInsecureAuth: true } : { disabledCommands: ["AUTH"] }),
    onAuth({ username, password }, _session, done) {
      if (username === mail.user && password === mail.password) return done(null, { user: username });
      return done(Object.assign(new Error("no"), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const code = mail.refuse?.[address];
      const times = refused.get(address) ?? 0;
      if (!code || (mail.once && times)) return done();
      refused.set(address, times + 1);
      tell({ refused: address, code });
      return done(Object.assign(new Error("not now"), { responseCode: code }));
    },
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk) => (text += chunk));
      stream.on("end", () => {
        tell({ letter: text, to: session.envelope.rcptTo.map((r) => r.address), secure: session.secure, user: session.user ?? null });
        done();
      });
    },
  };
  const smtp = new SMTPServer(options);
  smtp.on("error", () => {});
  await new Promise((done) => smtp.listen(0, "127.0.0.1", done));
  const http = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const head = request.headers;
      const right = createHmac("sha256", hook.secret ?? "").update(`${head["webhook-id"]}.${head["webhook-timestamp"]}.${body}`).digest("base64");
      const given = Buffer.from(String(head["webhook-signature"]).replace(/^v1,/, ""));
      const good = given.length === right.length && timingSafeEqual(given, Buffer.from(right))
        && Math.abs(Date.now() / 1000 - Number(head["webhook-timestamp"])) < 300;
      tell({ hook: body, good });
      response.writeHead(good ? 204 : 401).end();
    });
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  return {
    mail: smtp.server.address().port, hook: http.address().port,
    end: () => Promise.all([new Promise((done) => smtp.close(done)), new Promise((done) => http.close(done))]),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
  const { mail, hook } = await post(JSON.parse(process.argv[2] ?? "{}"), say);
  say({ ready: { mail, hook } });
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}
