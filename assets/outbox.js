/* Nếp: ten minutes without network. What is pressed on a page of a meeting goes through one queue: sent in order, each with
   a key by which the server carries it out once and the time since the press, kept and sent again while the network or the
   server is away. The page says what waits ("Chưa gửi: 4"), lets the person sign in again without leaving, and shows what
   the server did not take. room.js, scribe.js and nep.js send through it where a page loads it; without it each does as
   before. Written for old browsers (no ?. or ??). */
(function () {
  "use strict";
  var doc = document, owner = doc.querySelector('meta[name="nguoi"]'), giu = doc.querySelector('meta[name="giu"]');
  var main = doc.getElementById("main");
  if (!owner || !giu || !main || !window.fetch || !window.DOMParser || !window.Promise) return;
  var who = owner.content, name = owner.getAttribute("data-ten"), keep = window.nepKeep;
  /* Where it is kept: in the browser only where the organisation allows it and the browser can encrypt. */
  var stores = giu.content === "may" && !!keep && keep.works;

  function all(sel, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(sel)); }
  function on(el, name, fn, capture) { el.addEventListener(name, fn, !!capture); }
  function meta(name) { var m = doc.querySelector('meta[name="' + name + '"]'); return m ? m.content : ""; }
  function parsed(html) { return new DOMParser().parseFromString(html, "text/html"); }
  function clean(text) { return text.normalize("NFC").replace(/\s+/g, " ").trim(); }
  /* What a button says, without the tick of who has spoken. */
  function label(text) { return clean(text.replace(/✓\d*/g, "")); }
  function uuid() {
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x < 16 ? "0" : "") + x.toString(16); }).join("");
    return h.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
  function el(tag, text, cls) {
    var e = doc.createElement(tag);
    if (text) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  }
  function button(text, fn, cls) {
    var b = el("button", text, "btn " + (cls || "quiet"));
    b.type = "button"; on(b, "click", fn);
    return b;
  }
  function isText(f) { return !!f && (f.tagName === "TEXTAREA" || (f.tagName === "INPUT" && !/^(hidden|radio|checkbox|submit|button)$/.test(f.type))); }

  /* ---- asking the server; an answer that does not come in time is none ---- */
  function ask(url, options, ms) {
    var stop = window.AbortController ? new AbortController() : null, timer = 0;
    options.credentials = "same-origin";
    if (stop) options.signal = stop.signal;
    return new Promise(function (done, fail) {
      timer = setTimeout(function () { if (stop) stop.abort(); fail(new Error("net")); }, ms);
      fetch(url, options).then(function (r) {
        return r.text().then(function (body) {
          return { status: r.status, ok: r.ok, body: body, once: r.headers.get("X-Nep-Once"), to: r.headers.get("X-Nep-To"),
            out: r.redirected && r.url.indexOf("/dang-nhap") >= 0 };
        });
      }).then(done, fail);
    }).then(function (r) { clearTimeout(timer); return r; }, function () { clearTimeout(timer); throw new Error("net"); });
  }
  function get(url, ms) { return ask(url, { headers: { "Accept": "text/html" } }, ms || 15000); }
  function age(e) { return Math.max(0, Math.round(e.before + performance.now() - e.at)); }
  function post(e) {
    var headers = { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "Accept": e.json ? "application/json" : "text/html",
      "X-CSRF-Token": meta("csrf") };
    if (!e.json) { headers["X-Nep-Once"] = e.key; headers["X-Nep-Ago"] = String(age(e)); headers["X-Nep-Go"] = "1"; }
    return ask(e.url, { method: "POST", headers: headers,
      body: e.pairs.concat(api.onsend ? api.onsend(e) : []).map(function (p) { return encodeURIComponent(p[0]) + "=" + encodeURIComponent(p[1]); }).join("&") }, 20000);
  }
  /* A session that changed under the page: its new form key is taken only while the same person is signed in. */
  function fresh() {
    return get(location.pathname + location.search).then(function (r) {
      if (r.out || r.status === 401) return "login";
      if (r.status >= 500 || r.status === 429) return "net";
      /* A page that is not there for whoever is signed in now: who is it? */
      return r.ok ? same(r, false) : get("/toi").then(function (me) { return me.out ? "login" : me.ok ? same(me, true) : "net"; });
    }).then(null, function () { return "net"; });
  }
  function same(r, gone) {
    var page = parsed(r.body), now = page.querySelector('meta[name="nguoi"]'), key = page.querySelector('meta[name="csrf"]');
    if (!now || !key || !key.content) return "login";
    if (now.content.split(":")[0] !== who.split(":")[0]) return "other";
    doc.querySelector('meta[name="csrf"]').content = key.content;
    all('input[name="_k"]').forEach(function (i) { i.value = key.content; });
    return gone ? "gone" : "ok";
  }

  /* ---- the queue ---- */
  var queue = [], refused = [], askers = [], renewers = [], busy = false, tries = 0, timer = 0;
  /* What stands in the way: "" | "net" | "login" | "other"; `wants` is the page to read once all is sent. */
  var trouble = "", hint = false, wants = null, hadTrouble = false, goingTo = "";

  function sooner() { tries = 0; pump(); }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(pump, Math.min(30000, 1000 * Math.pow(2, tries++)));
  }
  function unsent() {
    return askers.map(function (a) { return a(); }).filter(Boolean);
  }
  /* The first time something has to wait: its effect is shown as not sent yet. */
  function delay(e) {
    if (e.late) return;
    e.late = true;
    if (e.pend) e.pend();
    if (api.onlate) api.onlate(e);
  }
  /* Words saved again before they were ever sent: one sending with the last of them. */
  function joins(e) {
    var last = queue[queue.length - 1];
    if (!last || last.tried || last.url !== e.url || last.press || e.press || e.plain || !carries(last) || !carries(e)) return false;
    e.pairs.forEach(function (p) {
      var had = last.pairs.filter(function (x) { return x[0] === p[0]; })[0];
      if (!had) last.pairs.push(p); else if (/^(ket_luan|tt_\d+)$/.test(p[0])) had[1] = p[1];
    });
    last.texts = e.texts; last.ok = e.ok;
    keepIt(last);
    return true;
  }
  function add(e) {
    if (joins(e)) return null;
    e.key = e.key || uuid(); e.at = performance.now(); e.before = 0; e.page = e.page || location.pathname + location.search;
    goingTo = "";
    if (trouble || hint) delay(e);
    queue.push(e);
    if (queue.length > 1 && queue[0].late) delay(e);
    keepIt(e);
    show(); pump();
    setTimeout(show, 1600);
    return e;
  }
  function stand(why) {
    trouble = why;
    if (why) { hadTrouble = true; queue.forEach(delay); }
    show();
  }
  function pump() {
    clearTimeout(timer); timer = 0;
    if (busy || trouble === "login" || trouble === "other") return;
    var e = queue[0];
    if (!e) { if (wants) readPage(); return; }
    if (wants && wants.must) { readPage(); return; }
    busy = true;
    /* What was meant in relation to what the page showed is said outright once it has to wait. */
    if (e.late && e.outright) { e.pairs = e.outright; e.outright = null; }
    e.tried = true;
    post(e).then(function (r) { return settle(e, r); }, function () { stand("net"); later(); })
      .then(next, next);
  }
  function next() { busy = false; if (!timer) pump(); }
  function settle(e, r) {
    if (r.status === 401 || r.out) { lostSession(); return null; }
    /* Refused with a stale key, or hidden from whoever is signed in now: nothing is given up before that is known. */
    if (r.status === 403 || r.status === 404) return fresh().then(function (now) {
      if (now === "login") lostSession();
      else if (now === "other") stand("other");
      else if (now === "net") { stand("net"); later(); }
      else if (now === "gone" || r.status === 404 || (e.keyed = (e.keyed || 0) + 1) > 3) refuse(e, r);
    });
    /* What the server fails at again and again must not hold back the rest. */
    if (r.status === 500 && (e.fails = (e.fails || 0) + 1) > 6) { refuse(e, r); return null; }
    if (r.status >= 500 || r.status === 429 || r.status === 408) { stand("net"); later(); return null; }
    tries = 0; hint = false;
    if (trouble) stand("");
    if (!r.ok) { refuse(e, r); return null; }
    took(e, r);
    return null;
  }
  function out(e) {
    queue.splice(queue.indexOf(e), 1);
    forget(e);
    if (e.clear) e.clear();
  }
  function builtOn(e) {
    return queue.some(function (n) { return n.url === e.url && n.pairs.some(function (p) { return p[0] === "version" || p[0].indexOf("goc_") === 0; }); });
  }
  function took(e, r) {
    out(e);
    if (e.json) { if (e.ok) e.ok(r); }
    else if (e.plain && !e.late && !queue.length) { if (r.to) go(r.to); else if (r.once) go(e.page); else e.plain(); }
    else if (e.plain) {
      /* Where the page has not gone on by itself, it goes where the press leads once all is sent. */
      if (!e.moved && r.to) goingTo = goingTo || r.to;
      wants = wants || { e: e, must: builtOn(e), url: e.page };
    }
    /* The page is read where the next press builds on it, else once at the end. */
    else wants = { e: e, must: builtOn(e), url: builtOn(e) ? e.page : r.to || e.page };
    show();
    if (!queue.length && !wants) done();
  }
  /* The texts of a form that go along with every press on it, and the press without them. */
  var TEXT = /^(ket_luan|version|goc_.+|tt_\d+)$/;
  function carries(e) { return e.pairs.some(function (p) { return /^(ket_luan|tt_\d+)$/.test(p[0]); }); }
  function bare(pairs) { return pairs.filter(function (p) { return !TEXT.test(p[0]); }); }
  function part(e, pairs, words, press) {
    var half = { key: uuid(), url: e.url, pairs: pairs, words: words, page: e.page, press: press, texts: e.texts, late: true, at: e.at, before: e.before,
      /* Only the words mark the fields of the page as saved. */
      ok: press ? null : e.ok, plain: e.plain, moved: e.moved };
    keepIt(half);
    return half;
  }
  /* One of both was refused: each goes on its own, so that neither holds the other back. */
  function split(e) {
    var words = part(e, e.pairs.filter(function (p) { return p[0] !== e.press; }), "Chữ đã viết ở mục này", "");
    queue.unshift(words, part(e, bare(e.pairs), e.words, e.press));
  }
  /* Words that are not taken would be refused with every later press again: those go on without them, the last words are shown. */
  function unburden(e) {
    queue.filter(function (n) { return n.url === e.url && carries(n); }).forEach(function (n) {
      if (n.texts && n.texts.length) e.texts = n.texts;
      if (n.press) { n.pairs = bare(n.pairs); n.ok = null; keepIt(n); } else out(n);
    });
  }
  function refuse(e, r) {
    out(e);
    if (!e.late && !queue.length && !refused.length && e.refused && e.refused(r)) { show(); return; }
    hadTrouble = true;
    if (e.press && carries(e) && (r.status === 409 || r.status === 422)) { split(e); show(); return; }
    if (carries(e)) unburden(e);
    if (e.undo) e.undo();
    /* Words that crossed bring what was typed after them to the same place. */
    if (e.after && r.status === 409) { resume(e.after(e.pairs[1][1]), 0); return; }
    var page = r.body.charAt(0) === "{" ? null : parsed(r.body), j = {};
    if (!page) try { j = JSON.parse(r.body); } catch (x) { j = {}; }
    var why = page && page.querySelector("[data-errors] li, .errsum li, main > p"), texts = (e.texts || e.pairs.filter(function (p) {
      return /^(text|ket_luan|tt_\d+|ly_do|dang_phi|noi_dung|de_nghi|khach_ten)$/.test(p[0]) && p[1].trim();
    }).map(function (p) { return p[1]; }));
    refused.push({ words: e.words, why: j.error || (why ? clean(why.textContent) : ""), texts: texts, href: j.merge || e.page,
      label: j.merge ? "Xem và ghép hai bản" : "Mở trang" });
    show();
    if (!queue.length && !wants) done();
  }
  function readPage() {
    var w = wants;
    busy = true;
    get(w.url).then(function (r) {
      if (r.out || r.status === 401) { lostSession(); return; }
      if (r.status >= 500 || r.status === 429) { stand("net"); later(); return; }
      tries = 0; wants = null; hint = false;
      if (trouble) stand("");
      if (r.ok) { rebase(w.e, parsed(r.body)); if (!queue.length && w.e.ok) w.e.ok(r.body); }
      if (!queue.length) done();
    }, function () { stand("net"); later(); }).then(next, function () { wants = null; next(); });
  }
  /* The signs by which a form says what it was based on move on with what the same form saved before it, but only where
     the page now shows that very text: what somebody else wrote in between still crosses (P-8). */
  function rebase(e, page) {
    var form = page.querySelector('form[action="' + e.url + '"]');
    if (!form) return;
    function of(pairs, field) { var p = pairs.filter(function (x) { return x[0] === field; })[0]; return p ? p[1] : null; }
    queue.forEach(function (next) {
      if (next.url !== e.url) return;
      next.pairs.forEach(function (p) {
        var goc = /^goc_(.+)$/.exec(p[0]), field = p[0] === "version" ? "ket_luan" : goc ? (/^\d/.test(goc[1]) ? "tt_" : "") + goc[1] : "";
        var text = field && form.querySelector('[name="' + field + '"]'), sign = form.querySelector('[name="' + p[0] + '"]');
        if (!text || !sign || of(e.pairs, p[0]) !== p[1] || clean(text.value) !== clean(of(e.pairs, field) || "")) return;
        next.was = next.was || {};
        p[1] = sign.value;
      });
      keepIt(next);
    });
  }
  function done() {
    if (hadTrouble && !trouble) {
      hadTrouble = false;
      said("Đã gửi hết các việc đang chờ.");
      renewers.forEach(function (fn) { fn(); });
    }
    show();
    if (!goingTo || queue.length || unsent().length) return;
    var to = goingTo;
    goingTo = "";
    if (!isText(doc.activeElement)) go(to);
  }
  function go(to) {
    doc.dispatchEvent(new CustomEvent("nep:leave"));
    var link = el("a"); link.href = to;
    if (link.pathname + link.search !== location.pathname + location.search) { location.assign(to); return; }
    if (link.hash) history.replaceState(null, "", to);
    location.reload();
  }

  /* ---- kept in the browser, where that is allowed; each change of one entry after the other ---- */
  function keepIt(e) {
    if (!stores) return;
    var value = { key: e.key, url: e.url, pairs: e.outright || e.pairs, words: e.words, page: e.page, press: e.press, json: !!e.json, wall: Date.now() - age(e) };
    e.kept = (e.kept || Promise.resolve(null)).then(function (id) { return keep.put(who, id, value); }).catch(function () { cannot(); return null; });
  }
  function forget(e) {
    if (e.kept) e.kept = e.kept.then(function (id) { return id ? keep.drop(id) : null; }).then(function () { return null; }, function () { return null; });
  }
  function cannot() { if (stores) { stores = false; show(); } }
  /* Words of the minutes that could not be saved: the attempt that may have arrived, and what was typed since. */
  var texts = {};
  function hold(url, value) {
    if (!stores) return;
    var t = texts[url] = texts[url] || {};
    t.value = value;
    t.timer = t.timer || setTimeout(function () {
      t.timer = 0;
      t.kept = (t.kept || Promise.resolve(null)).then(function (id) { return keep.put(who, id, { text: t.value, url: url }); }).catch(function () { cannot(); return null; });
    }, 300);
  }
  function release(url) { var t = texts[url]; if (t) { clearTimeout(t.timer); delete texts[url]; forget(t); } }
  function section(v) {
    var first = v.pending || { text: v.text, base: v.base, key: uuid() };
    return { url: v.url, key: first.key, json: true, words: v.words, late: true, page: v.page, texts: [v.text],
      pairs: [["text", first.text], ["base_version", first.base], ["key", first.key]],
      after: first.text === v.text ? null : function (base) { return section({ url: v.url, words: v.words, page: v.page, text: v.text, base: base }); },
      ok: function (r) {
        var j = JSON.parse(r.body), more = this.after && this.after(String(j.version));
        if (more) { resume(more, 0); return; }
        all("textarea[data-autosave]").forEach(function (a) {
          if (a.getAttribute("data-autosave") === v.url) a.dispatchEvent(new CustomEvent("nep:renew", { detail: { text: v.text, version: j.version, said: "Đã lưu chữ giữ trong máy" } }));
        });
      } };
  }
  function resume(e, ago) {
    e.late = true; e.at = performance.now(); e.before = Math.max(0, ago);
    queue.push(e); hadTrouble = true;
  }
  if (keep) keep.all(who).then(function (rows) {
    var mine = queue; queue = [];
    /* Words first: a press may bring the section of the minutes up to date where nobody has written. */
    rows.sort(function (a, b) { return (a.value.text ? 0 : 1) - (b.value.text ? 0 : 1) || a.id - b.id; }).forEach(function (row) {
      var v = row.value, e = v.text ? section({ url: v.url, text: v.text.text, base: v.text.base, pending: v.text.pending, words: v.text.words, page: v.text.page }) : v;
      e.kept = Promise.resolve(row.id);
      resume(e, v.wall ? Date.now() - v.wall : 0);
    });
    queue = queue.concat(mine);
    if (rows.length) { said("Có " + rows.length + " việc còn giữ trong máy, đang gửi."); show(); pump(); }
  }).catch(function () { /* what cannot be read is not there */ });

  /* ---- words of a meeting that nobody has pressed to save are saved once the fingers rest ---- */
  var rest = 0;
  on(doc, "input", function (e) {
    var area = e.target, form = area.tagName === "TEXTAREA" && !area.hasAttribute("data-autosave") && area.form;
    if (!form || !(form.hasAttribute("data-room-form") || form.hasAttribute("data-scribe"))) return;
    clearTimeout(rest);
    rest = setTimeout(function () {
      var save = all("button:not([name])", form)[0];
      if (save && doc.contains(area) && area.value !== area.defaultValue && area.value !== area.nepSaved) { area.nepSaved = area.value; save.click(); }
    }, 4000);
  });

  /* ---- what the page says ---- */
  var box = el("div", "", "outbox"), line = el("p", "", "outbox-line"), more = el("details", "", "more"), acts = el("p", "", "acts tight"), bad = el("div");
  var list = el("ol"), rule = el("p", "", "muted"), inside = el("div"), summary = el("summary", "Xem các việc chưa gửi");
  line.setAttribute("role", "status");
  more.id = "hang-gui"; more.hidden = true;
  inside.appendChild(list); inside.appendChild(rule); inside.appendChild(button("Gửi lại ngay", sooner));
  more.appendChild(summary); more.appendChild(inside);
  bad.setAttribute("role", "status");
  [line, more, acts, bad].forEach(function (x) { box.appendChild(x); });
  main.insertBefore(box, main.firstChild);

  var note = "", noteTimer = 0;
  function said(text, stays) {
    note = text; clearTimeout(noteTimer);
    if (!stays) noteTimer = setTimeout(function () { note = ""; show(); }, 8000);
    show();
  }
  var WHY = {
    hint: "Mất mạng: cứ ghi tiếp, có mạng sẽ tự gửi.", net: "Mất mạng hoặc máy chủ đang bận, sẽ tự gửi lại.", login: "Phiên làm việc đã hết, đồng chí đăng nhập lại để gửi.",
    other: "Đồng chí khác đang đăng nhập trên máy này. Việc chưa gửi vẫn là của đồng chí " + name + ", chỉ gửi khi đồng chí " + name + " đăng nhập lại."
  };
  function rules() {
    if (stores) return "Mất mạng: các việc này và chữ biên bản chưa lưu đã giữ trong máy này, được mã hóa. Mở lại trang của buổi họp khi có mạng thì gửi tiếp. Đăng xuất thì xóa.";
    return "Mất mạng: đừng đóng trang này. Các việc này và chữ chưa lưu chỉ giữ trong trang.";
  }
  function show() {
    var words = queue.map(function (e) { return e.words; }).concat(unsent()), n = words.length;
    var here = !doc.getElementById("mat-ket-noi"), slow = n > queue.length || (n && (queue[0].late || performance.now() - queue[0].at > 1500)), visible = trouble || slow || (hint && (n || here));
    var text = visible ? (n ? "Chưa gửi: " + n + ". " : "") + (WHY[trouble] || (hint ? WHY.hint : "Đang gửi…")) : "";
    if (visible && n && trouble !== "other") text += stores ? " Đã giữ trong máy này." : " Đừng đóng trang này.";
    if (note) text = (text ? text + " " : "") + note;
    if (line.textContent !== text) {
      var head = /^Chưa gửi: \d+\./.exec(text);
      line.textContent = "";
      if (head) line.appendChild(el("b", head[0]));
      line.appendChild(doc.createTextNode(head ? text.slice(head[0].length) : text));
    }
    line.className = "outbox-line" + (text ? " note " + (visible ? "due" : "done") : "");
    more.hidden = !(visible && n);
    var now = words.join("\n");
    if (list.nepSaid !== now) {
      list.nepSaid = now; list.textContent = "";
      words.forEach(function (w) { list.appendChild(el("li", w)); });
    }
    if (rule.textContent !== rules()) rule.textContent = rules();
    doors();
    doc.documentElement.classList.toggle("has-outbox", !!(text || refused.length));
    troubles();
  }
  function doors() {
    var state = trouble + "|" + goingTo;
    if (acts.nepState === state) return;
    acts.nepState = state; acts.textContent = "";
    if (trouble === "login" || trouble === "other") acts.appendChild(button("Đăng nhập để gửi", signIn, ""));
    acts.hidden = !acts.firstChild;
  }
  function troubles() {
    if (bad.nepCount === refused.length) return;
    bad.nepCount = refused.length; bad.textContent = "";
    if (!refused.length) return;
    var note = el("div", "", "note late"), ul = el("ul");
    note.appendChild(el("p", "Chưa nhận: " + refused.length));
    refused.forEach(function (r) {
      var li = el("li", r.words + ". " + r.why + " "), a = el("a", r.label);
      a.href = r.href; a.setAttribute("aria-label", r.label + ": " + r.words);
      li.appendChild(a);
      r.texts.forEach(function (t) {
        var d = el("details", "", "more"), inner = el("div");
        inner.appendChild(el("p", t, "text")); d.appendChild(el("summary", "Chữ đồng chí đã viết")); d.appendChild(inner);
        li.appendChild(d);
      });
      ul.appendChild(li);
    });
    note.appendChild(ul);
    var p = el("p", "", "acts tight");
    p.appendChild(button("Đã xem, bỏ khỏi danh sách", function () { refused = []; show(); main.focus(); }));
    note.appendChild(p); bad.appendChild(note);
  }

  /* ---- signing in without leaving ---- */
  var dialog = null, before = null, offered = false;
  function lostSession() {
    stand("login");
    /* Nobody's typing is cut off, and who put it off is not asked again: then the line with its button is enough. */
    if (!offered && !isText(doc.activeElement)) { offered = true; signIn(); }
  }
  function field(label, type, complete, id) {
    var f = el("div", "", "field"), l = el("label", label), i = el("input");
    i.id = id; l.htmlFor = id; i.type = type; i.setAttribute("autocomplete", complete); i.required = true;
    f.appendChild(l); f.appendChild(i);
    return f;
  }
  function signIn() {
    if (dialog) return;
    before = doc.activeElement;
    dialog = el("dialog", "", "signin");
    var form = el("form"), h = el("h2", "Đăng nhập lại"), err = el("p", "", "err"), acts = el("p", "", "acts tight"), shared = el("label", "", "opt");
    var who = field("Tên đăng nhập", "text", "username", "dn-ten"), pass = field("Mật khẩu", "password", "current-password", "dn-mat-khau"), tick = el("input");
    h.id = "dn-tieu-de"; dialog.setAttribute("aria-labelledby", "dn-tieu-de");
    err.setAttribute("role", "alert");
    tick.type = "checkbox"; tick.name = "chung";
    shared.appendChild(tick); shared.appendChild(el("span", "Đây là máy dùng chung"));
    var ok = el("button", "Đăng nhập", "btn");
    acts.appendChild(ok); acts.appendChild(button("Để sau", shut));
    [h, el("p", "Phiên làm việc đã hết. Mọi thứ trên trang vẫn còn; đăng nhập bằng tài khoản của đồng chí " + name + " thì các việc chưa gửi được gửi tiếp."), err, who, pass, shared, acts]
      .forEach(function (x) { form.appendChild(x); });
    dialog.appendChild(form); doc.body.appendChild(dialog);
    on(dialog, "cancel", function (e) { e.preventDefault(); shut(); });
    on(form, "submit", function (e) {
      e.preventDefault(); e.stopPropagation();
      ok.disabled = true; err.textContent = "";
      enter(who.querySelector("input").value, pass.querySelector("input"), tick.checked).then(function (wrong) {
        ok.disabled = false;
        if (!wrong) { shut(); return; }
        err.textContent = wrong; pass.querySelector("input").value = ""; pass.querySelector("input").focus();
      });
    });
    if (dialog.showModal) dialog.showModal(); else { dialog.setAttribute("open", ""); dialog.scrollIntoView(); }
    who.querySelector("input").focus();
  }
  function shut() {
    if (!dialog) return;
    if (dialog.close && dialog.showModal) dialog.close();
    doc.body.removeChild(dialog); dialog = null;
    if (before && doc.contains(before) && before !== doc.body) before.focus(); else main.focus();
  }
  /* What is wrong, in words; nothing when the same person is signed in again. */
  function enter(login, password, shared) {
    var pairs = [["ten", login], ["mat_khau", password.value]].concat(shared ? [["chung", "1"]] : []);
    return ask("/dang-nhap", { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-Nep-Go": "1" },
      body: pairs.map(function (p) { return p[0] + "=" + encodeURIComponent(p[1]); }).join("&") }, 20000).then(function (r) {
      if (r.status === 429) return "Đã thử quá nhiều lần. Đồng chí chờ ít phút rồi thử lại; việc chưa gửi vẫn còn.";
      if (!r.ok) return r.status >= 500 ? "Máy chủ đang bận, đồng chí thử lại sau ít giây." : "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra bộ gõ tiếng Việt và phím Caps Lock.";
      return back();
    }, function () { return "Mất mạng, chưa đăng nhập được. Đồng chí thử lại sau ít giây."; });
  }
  function back() {
    return fresh().then(function (now) {
      if (now === "other") { stand("other"); return WHY.other; }
      if (now === "login") return "Chưa đăng nhập được. Đồng chí thử lại.";
      if (now === "gone") return "Tài khoản này không còn dùng được trang này. Đồng chí báo chủ trì.";
      stand(""); hadTrouble = true; offered = false; sooner();
      doc.dispatchEvent(new CustomEvent("nep:signed-in"));
      return "";
    });
  }
  /* Somebody may have signed in in another tab. */
  function look() { if (!dialog && (trouble === "login" || trouble === "other")) back(); else sooner(); }

  /* ---- leaving: a page that cannot be opened is not opened, and what waits is not left behind ---- */
  on(window, "beforeunload", function (e) {
    if (leaving || stores || !queue.length) return;
    e.preventDefault(); e.returnValue = "";
  });
  var leaving = false;
  on(doc, "nep:leave", function () { leaving = true; });
  on(window, "pageshow", function () { leaving = false; });
  function away() { return trouble === "net" || hint || navigator.onLine === false; }
  on(doc, "click", function (e) {
    var a = e.target.closest ? e.target.closest("a[href]") : null;
    if (!a || e.defaultPrevented || e.ctrlKey || e.metaKey || e.shiftKey || a.target || a.hasAttribute("download")) return;
    if (a.origin !== location.origin || (a.hash && a.pathname + a.search === location.pathname + location.search)) return;
    if (!away() && !queue.length) return;
    e.preventDefault();
    var title = clean(a.textContent);
    if (api.onlink && away() && api.onlink(a)) return;
    if (queue.length && !(stores && away())) {
      goingTo = a.href;
      said("Trang “" + title + "” sẽ mở khi gửi xong.", true);
      sooner(); return;
    }
    get(a.href, 5000).then(function (r) { if (r.status < 500) go(a.href); else throw new Error("net"); }).catch(function () {
      said("Mất mạng, chưa mở được trang “" + title + "”. Trang này vẫn dùng được.");
    });
  });
  /* Forms that lead to another page go through the queue as well, so that no press ends on a page of the browser's own. */
  var pressed = null;
  on(doc, "click", function (e) {
    pressed = e.target.closest ? e.target.closest("button") : null;
    if (pressed && !pressed.form) pressed = null;
  }, true);
  function pairsOf(form, by) {
    var out = [];
    all("input,select,textarea", doc).forEach(function (f) {
      if (f.form !== form || !f.name || f.disabled || ((f.type === "radio" || f.type === "checkbox") && !f.checked)) return;
      out.push([f.name, f.value]);
    });
    if (by && by.name) out.push([by.name, by.value]);
    return out;
  }
  function written(form) {
    return all("textarea,input", form).filter(function (f) { return isText(f) && f.type !== "password" && f.value.trim() && f.value !== f.defaultValue; }).map(function (f) { return f.value; });
  }
  on(doc, "submit", function (e) {
    var form = e.target, by = e.submitter || pressed;
    if (by && by.form !== form) by = null;
    var url = (by && by.getAttribute("formaction")) || form.getAttribute("action") || "";
    if (e.defaultPrevented || (form.method || "").toLowerCase() !== "post" || form.enctype === "multipart/form-data" || form.target) return;
    if (url === "/dang-xuat") { signOut(e); return; }
    if (giu.content === "trang" && away()) { e.preventDefault(); said("Mất mạng, việc này cần có mạng. Trang này vẫn dùng được."); }
    if (giu.content === "trang" || url.charAt(0) !== "/") return;
    e.preventDefault();
    if (queue.some(function (x) { return x.form === form && x.by === by; })) return;
    /* Minute text saves itself, again and again, as long as its words differ. */
    if (form.querySelector("[data-autosave]") && away()) { said("Mất mạng: chữ vẫn giữ trong trang, có mạng sẽ tự lưu."); return; }
    var chip = null, words = by && by.name !== "toi" ? label(by.textContent) : "Lưu mục này";
    add({ url: url, pairs: pairsOf(form, by), words: words, form: form, by: by, texts: written(form), press: by ? by.name : "", plain: natively,
      pend: function () { if (by) { chip = el("span", "Chưa gửi", "chip due"); by.parentNode.insertBefore(chip, by.nextSibling); } },
      clear: function () { if (chip && chip.parentNode) chip.parentNode.removeChild(chip); }, refused: function () { natively(); return true; } });
    function natively() {
      if (by && by.name) { var i = el("input"); i.type = "hidden"; i.name = by.name; i.value = by.value; form.appendChild(i); }
      if (by && by.hasAttribute("formaction")) form.action = url;
      doc.dispatchEvent(new CustomEvent("nep:leave"));
      form.submit();
    }
  }, true);
  function signOut(e) {
    var n = queue.length + unsent().length;
    if (!n || acts.nepSignOut) return;
    e.preventDefault();
    said("Chưa đăng xuất: còn " + n + " việc chưa gửi. Đăng xuất bây giờ thì các việc đó mất.", true);
    acts.nepSignOut = true; acts.hidden = false;
    acts.appendChild(button("Bỏ các việc chưa gửi và đăng xuất", function () { queue.forEach(forget); queue = []; leaving = true; e.target.querySelector("button").click(); }));
  }

  /* ---- when it may be back ---- */
  on(window, "online", function () { hint = false; sooner(); show(); });
  on(window, "offline", function () { hint = true; show(); });
  on(window, "focus", look);
  on(doc, "visibilitychange", function () { if (!doc.hidden) look(); });
  setInterval(function () { if (unsent().length || more.hidden === false) show(); }, 1000);

  var api = window.nepOutbox = {
    add: add, written: written, hold: hold, release: release, signIn: lostSession, fresh: fresh, uuid: uuid, clean: label,
    /* Words of what the page has not sent by itself, or nothing. */
    watch: function (fn) { askers.push(fn); },
    renew: function (fn) { renewers.push(fn); },
    /* The stream of news knows before anybody presses. */
    down: function (is) { if (hint === is) return; hint = is; if (!is) sooner(); show(); },
    away: away, idle: function () { return !queue.length; }, onlate: null, onlink: null, onsend: null,
    /* Words of the minutes that wait to be merged with somebody else's. */
    crossed: function (words, text, merge) { refused.push({ words: words, why: "", texts: [text], href: merge, label: "Xem và ghép hai bản" }); show(); }
  };
})();
