/* Nếp: what the pages do better with a script. Every part looks for its own data-* attribute and is idle without it;
   without this file every form still posts. It may touch the page and its own server, nothing else: no eval, no inline
   code, nothing stored (but it wipes what outbox.js kept). Written for old browsers (no ?. or ??), and for input methods: a text field is read, never written,
   while a word is being composed (experience.md, rules 4, 9, 10, 11). */
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  root.classList.add("js");

  function all(sel, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(sel)); }
  function on(el, name, fn, opt) { el.addEventListener(name, fn, opt || false); }
  function meta(name) { var m = doc.querySelector('meta[name="' + name + '"]'); return m ? m.content : ""; }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function clockText(d) { return two(d.getHours()) + ":" + two(d.getMinutes()) + ":" + two(d.getSeconds()); }
  function uuid() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x < 16 ? "0" : "") + x.toString(16); }).join("");
    return h.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
  function fold(s) {
    return s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();
  }
  function csrfHeaders(accept) {
    return { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "Accept": accept, "X-CSRF-Token": meta("csrf") };
  }
  /* No answer within 20 seconds is none. */
  function send(url, pairs, accept, keep) {
    var body = pairs.map(function (p) { return encodeURIComponent(p[0]) + "=" + encodeURIComponent(p[1]); }).join("&");
    var stop = window.AbortController ? new AbortController() : null, timer = 0;
    var answer = fetch(url, { method: "POST", headers: csrfHeaders(accept), body: body, credentials: "same-origin",
      keepalive: !!keep && body.length < 60000, signal: stop ? stop.signal : undefined });
    if (stop) timer = setTimeout(function () { stop.abort(); }, 20000);
    return answer.then(function (r) { clearTimeout(timer); return r; }, function (x) { clearTimeout(timer); throw x; });
  }
  function account(from) { var m = from.querySelector('meta[name="nguoi"]'); return m ? m.content.split(":")[0] : ""; }
  /* After signing in again in another tab the page's token is stale: take the new one from a fresh copy of the page,
     unless somebody else is signed in now. */
  function freshToken() {
    return fetch(location.href, { credentials: "same-origin", headers: { "Accept": "text/html" } }).then(function (r) {
      return r.ok ? r.text() : "";
    }).then(function (html) {
      var m = new DOMParser().parseFromString(html, "text/html").querySelector('meta[name="csrf"]');
      var mine = doc.querySelector('meta[name="csrf"]');
      if (!m || !mine || !m.content || account(m.ownerDocument) !== account(doc)) return false;
      mine.content = m.content;
      all('input[name="_k"]').forEach(function (i) { i.value = m.content; });
      return true;
    });
  }

  /* ---- leaving with unsaved words: autosave and data-guard share one list of askers ---- */
  var unsaved = [], leaving = false;
  on(window, "beforeunload", function (e) {
    if (leaving || !unsaved.some(function (ask) { return ask(); })) return;
    e.preventDefault(); e.returnValue = "";
  });
  on(doc, "submit", function (e) {
    if (e.defaultPrevented) return;
    leaving = true;
    setTimeout(function () { leaving = false; }, 10000);
  });
  on(window, "pageshow", function () { leaving = false; });
  on(doc, "nep:leave", function () { leaving = true; });

  /* ---- what keep.js kept goes at sign-out and when another account signs in ---- */
  var KEPT = "nep.hang", box = window.nepOutbox;
  function kept() { try { return localStorage.getItem(KEPT); } catch (x) { return null; } }
  function wipe(then) {
    var over = false;
    function done() { if (!over) { over = true; if (then) then(); } }
    try { localStorage.removeItem(KEPT); } catch (x) { /* none */ }
    if (!window.indexedDB) { done(); return; }
    var r = indexedDB.deleteDatabase("nep-hang");
    r.onsuccess = r.onerror = done;
    setTimeout(done, 3000);
  }
  if (kept() && account(doc) && kept() !== account(doc)) wipe();
  on(doc, "submit", function (e) {
    var form = e.target;
    if (e.defaultPrevented || form.getAttribute("action") !== "/dang-xuat" || !kept()) return;
    e.preventDefault();
    wipe(function () { leaving = true; doc.dispatchEvent(new CustomEvent("nep:leave")); form.submit(); });
  });

  /* ---- a: the error summary takes the focus ---- */
  function errorSummary() {
    var box = doc.querySelector("[data-errors]");
    if (!box) return;
    box.setAttribute("tabindex", "-1"); box.focus();
    all('a[href^="#"]', box).forEach(function (a) {
      on(a, "click", function (e) {
        var f = doc.getElementById(a.getAttribute("href").slice(1));
        if (f) { e.preventDefault(); f.focus(); f.scrollIntoView({ block: "center" }); }
      });
    });
  }

  /* ---- b: autosave ---- */
  function autosave(area) {
    if (area.nepSaves) return;
    area.nepSaves = true;
    var url = area.getAttribute("data-autosave"), version = area.getAttribute("data-version") || "0";
    var scope = area.closest("[data-save]") || area.form || doc;
    var out = scope.querySelector("[data-save-state]");
    var saved = area.value, pending = null, busy = false, stopped = false, composing = false;
    var soon = 0, latest = 0, retry = 0, tries = 0, away = false;
    unsaved.push(function () { return area.value !== saved; });
    var label = area.labels && area.labels[0] ? area.labels[0].textContent : "", words = "Chữ biên bản: " + label.replace(/\s+/g, " ").trim();
    if (box) box.watch(function () { return area.value !== saved && !stopped && (tries || away) ? words : ""; });
    /* The attempt that may have arrived, and the rest. */
    function hold() {
      if (box) box.hold(url, { text: area.value, base: version, pending: pending, words: words, page: location.pathname + location.search });
    }

    function say(state, text, link, label) {
      if (!out) return;
      out.className = "save small " + state;
      out.textContent = text;
      if (!link) return;
      var a = doc.createElement("a");
      a.href = link; a.textContent = label;
      if (state === "due") a.target = "_blank";
      out.appendChild(doc.createTextNode(" ")); out.appendChild(a);
    }
    function later() {
      clearTimeout(retry); hold();
      retry = setTimeout(flush, Math.min(30000, 1000 * Math.pow(2, tries++)));
    }
    function done(r) {
      if (r.redirected || r.status === 401) return signIn();
      if (r.status === 403) return freshToken().then(function (ok) {
        if (!ok) return signIn();
        say("due", "Phiên làm việc vừa đổi, đang gửi lại…"); later();
      });
      return r.text().then(function (t) {
        var j = {};
        try { j = JSON.parse(t); } catch (x) { j = {}; }
        if (r.ok && j.version !== undefined) return accepted(j);
        if (r.status === 409) {
          /* What was typed since then goes to the same place before anybody merges. */
          if (area.value !== pending.text) { pending = { text: area.value, base: pending.base, key: uuid() }; tries = 0; retry = setTimeout(flush, 100); return null; }
          stopped = true; pending = null; saved = area.value;
          if (box) { box.release(url); box.crossed(words, saved, j.merge); }
          return crossed(j.merge);
        }
        var code = j.code ? " (mã " + j.code + ")" : "";
        if (r.status >= 500 || r.status === 429) { say("due", "Máy chủ đang bận" + code + ", chữ vẫn giữ trong trang: sẽ gửi lại."); return later(); }
        pending = null;
        say("late", (j.error || "Chưa lưu được phần này.") + code + " Chữ vẫn giữ trong trang.");
      });
    }
    /* Words that crossed are kept by the server beside the others; what is typed now would be in neither. */
    function crossed(merge) {
      say("late", "Có đồng chí khác đã sửa phần này. Bản của đồng chí đã gửi, chờ ghép.", merge, "Xem và ghép hai bản");
      area.readOnly = true;
    }
    function accepted(j) {
      away = false;
      if (box) box.release(url);
      saved = pending.text; version = String(j.version); pending = null; tries = 0;
      area.setAttribute("data-version", version);
      var base = area.form && area.form.querySelector('input[name="base_version"]');
      if (base) base.value = version;
      var d = j.saved_at ? new Date(j.saved_at) : new Date();
      say("done", "Đã lưu " + (isNaN(d) ? String(j.saved_at) : clockText(d)));
      if (area.value !== saved) plan(1200);
    }
    function signIn() {
      away = true;
      if (box) {
        say("due", "Phiên làm việc đã hết, chữ vẫn giữ trong trang.");
        hold(); box.signIn();
        return;
      }
      var l = meta("login") || "/dang-nhap";
      say("due", "Phiên làm việc đã hết, chữ vẫn giữ trong trang.", l, "Đăng nhập lại");
      clearTimeout(retry); retry = setTimeout(flush, 15000);
    }
    /* One attempt is kept whole (same text, base and key) until it has an answer, so that a lost reply is not saved twice. */
    function flush(keep) {
      clearTimeout(soon); clearTimeout(latest); clearTimeout(retry); soon = latest = retry = 0;
      if (busy || stopped) return;
      if (!pending) {
        if (area.value === saved) return;
        pending = { text: area.value, base: version, key: uuid() };
      }
      busy = true;
      if (!tries) say("wait", "Đang lưu…");
      send(url, [["text", pending.text], ["base_version", pending.base], ["key", pending.key], ["csrf", meta("csrf")]],
        "application/json", keep === true).then(done, function () {
        say("due", "Mất mạng, chữ vẫn giữ trong trang: sẽ gửi lại."); later();
      }).then(function () { busy = false; }, function () { busy = false; later(); });
    }
    function plan(ms) {
      if (stopped) return;
      clearTimeout(soon); soon = setTimeout(flush, ms);
      if (!latest) latest = setTimeout(flush, 4500);
    }
    on(area, "compositionstart", function () { composing = true; clearTimeout(soon); if (!latest) latest = setTimeout(flush, 4500); });
    on(area, "compositionend", function () { composing = false; plan(300); });
    on(area, "input", function () { if (!composing && area.value !== saved) plan(1200); if (tries || away) hold(); });
    on(area, "blur", function () { if (area.value !== saved) flush(); });
    /* Another part of the page learnt of a newer text: it is taken only where nothing waits to be saved. */
    on(area, "nep:renew", function (e) {
      if (busy || pending || stopped || area.value !== saved) return;
      saved = area.value = e.detail.text; version = String(e.detail.version);
      area.setAttribute("data-version", version);
      var base = area.form && area.form.querySelector('input[name="base_version"]');
      if (base) base.value = version;
      say("done", e.detail.said);
    });
    function again() { tries = 0; if (pending || area.value !== saved) flush(); }
    on(window, "online", again);
    on(doc, "nep:signed-in", again);
    on(window, "focus", function () { if (pending) flush(); });
    on(doc, "visibilitychange", function () { if (doc.hidden && area.value !== saved) flush(true); });
    if (area.form) on(area.form, "submit", function (e) { if (!e.defaultPrevented) { stopped = true; clearTimeout(soon); clearTimeout(latest); clearTimeout(retry); } });
  }

  /* ---- c: chips that put a name into a text ---- */
  function insertAt(area, text) {
    var s = area.selectionStart, before = area.value.slice(0, s);
    var glue = before && !/\s$/.test(before) ? (text.slice(-2) === ": " ? "\n" : " ") : "";
    area.focus();
    area.setRangeText(glue + text, s, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  on(doc, "click", function (e) {
    var b = e.target.closest ? e.target.closest("[data-insert],[data-print],[data-toast-close]") : null;
    if (!b) return;
    if (b.hasAttribute("data-print")) { e.preventDefault(); window.print(); return; }
    if (b.hasAttribute("data-toast-close")) { e.preventDefault(); closeToast(b.closest("[data-toast]")); return; }
    var area = doc.querySelector(b.getAttribute("data-target"));
    if (area) { e.preventDefault(); insertAt(area, b.getAttribute("data-insert")); }
  });

  /* ---- d: undo for 30 seconds; the time stands still while the reader is on it ---- */
  function toast(box) {
    var left = parseInt(box.getAttribute("data-toast"), 10) || 30, held = false;
    var num = box.querySelector("[data-toast-left]");
    root.classList.add("toasting");
    ["mouseenter", "focusin"].forEach(function (n) { on(box, n, function () { held = true; }); });
    ["mouseleave", "focusout"].forEach(function (n) { on(box, n, function () { held = false; }); });
    var t = setInterval(function () {
      if (held) return;
      left -= 1;
      if (num) num.textContent = left + " giây";
      if (left <= 0 || !box.parentNode) { clearInterval(t); closeToast(box); }
    }, 1000);
  }
  function closeToast(box) {
    if (box && box.parentNode) box.parentNode.removeChild(box);
    if (!doc.querySelector("[data-toast]")) root.classList.remove("toasting");
  }

  /* ---- e: filter a list by folded text, after a pause and never for a half-typed word ---- */
  function filter(field) {
    var list = doc.querySelector(field.getAttribute("data-filter"));
    var count = doc.querySelector(field.getAttribute("data-count") || "[data-no-count]");
    if (!list) return;
    var timer = 0, composing = false;
    var rows = list.tagName === "TABLE" ? all("tbody tr", list) : Array.prototype.slice.call(list.children);
    var texts = rows.map(function (r) { return fold(r.getAttribute("data-fold") || r.textContent); });
    function run() {
      var words = fold(field.value).split(" "), n = 0;
      rows.forEach(function (r, i) {
        var hit = words.every(function (w) { return texts[i].indexOf(w) >= 0; });
        r.hidden = !hit; if (hit) n += 1;
      });
      if (count) count.textContent = n ? "Tìm thấy " + n + " mục" : "Không có mục nào khớp";
    }
    function plan(ms) { clearTimeout(timer); timer = setTimeout(run, ms); }
    on(field, "compositionstart", function () { composing = true; });
    on(field, "compositionend", function () { composing = false; plan(100); });
    on(field, "input", function () { plan(composing ? 600 : 200); });
    if (field.value) run();
  }

  /* ---- f: ask before a changed form is left ---- */
  function guard(form) {
    var dirty = false;
    on(form, "input", function () { dirty = true; });
    on(form, "change", function () { dirty = true; });
    unsaved.push(function () { return dirty && doc.contains(form); });
  }

  /* ---- h: a clock that counts up from a moment ---- */
  function clock(el) {
    var from = new Date(el.getAttribute("data-clock-from")).getTime();
    if (isNaN(from)) return;
    (function tick() {
      var s = Math.max(0, Math.floor((Date.now() - from) / 1000)), h = Math.floor(s / 3600);
      el.textContent = (h ? h + ":" + two(Math.floor(s / 60) % 60) : two(Math.floor(s / 60))) + ":" + two(s % 60);
      setTimeout(tick, 1000 - (Date.now() - from) % 1000);
    })();
  }

  /* ---- i: live forms. The answer may be a fragment or the whole page: the parts named in data-live are exchanged by id ---- */
  function swap(html, sel) {
    var fresh = new DOMParser().parseFromString(html, "text/html"), n = 0;
    sel.split(/[\s,]+/).forEach(function (s) {
      var a = s && doc.querySelector(s), b = s && fresh.querySelector(s);
      if (!a || !b) return;
      b = doc.importNode(b, true); n += 1;
      if (a.getAttribute("role") !== "status") { a.parentNode.replaceChild(b, a); return; }
      /* A status line must stay the same element, or a screen reader says nothing. */
      a.className = b.className; a.textContent = "";
      while (b.firstChild) a.appendChild(b.firstChild);
    });
    return n;
  }
  /* Regions of a live page belong to room.js, which exchanges them without losing the place; it takes nothing while presses
     are on their way. */
  function tellRoom(name, detail) {
    if (typeof window.CustomEvent === "function") doc.dispatchEvent(new CustomEvent(name, { detail: detail }));
    return detail;
  }
  function show(html, sel) {
    var rest = tellRoom("nep:fresh", { html: html, sel: sel.split(/[\s,]+/) }).sel.join(" ");
    if (rest) swap(html, rest);
  }
  function whereFocus() {
    var el = doc.activeElement;
    if (!el || el === doc.body) return null;
    return el.id ? "#" + CSS.escape(el.id) : el.name && el.value ? '[name="' + CSS.escape(el.name) + '"][value="' + CSS.escape(el.value) + '"]' : null;
  }
  function trouble(form, text) {
    var box = form.querySelector("[data-live-error]") || doc.querySelector("[data-live-error]");
    if (!box) return;
    box.textContent = "";
    if (!text) { box.hidden = true; return; }
    var p = doc.createElement("p");
    p.textContent = text;
    box.hidden = false; box.appendChild(p);
  }
  var queue = Promise.resolve(), waiting = 0, lastGood = "";
  unsaved.push(function () { return waiting > 0; });
  function fields(form, by) {
    var pairs = [];
    all("input,select,textarea", form).forEach(function (f) {
      if (!f.name || f.disabled || ((f.type === "radio" || f.type === "checkbox") && !f.checked)) return;
      if (f.name !== "csrf") pairs.push([f.name, f.value]);
    });
    if (by.name) pairs.push([by.name, by.value]);
    return pairs;
  }
  function post(url, pairs, again) {
    return send(url, pairs.concat([["csrf", meta("csrf")]]), "text/html").then(function (r) {
      if (r.status === 403 && !again) return freshToken().then(function (ok) {
        if (!ok) throw new Error("login");
        return post(url, pairs, true);
      });
      if (r.status === 401) throw new Error("login");
      if (!r.ok) throw new Error("refused");
      return r.text();
    });
  }
  var TROUBLE = {
    login: "Phiên làm việc đã hết. Mục vừa chọn chưa được ghi: đồng chí đăng nhập lại rồi chọn lại.",
    refused: "Máy chủ không nhận mục vừa chọn, đã trả về như cũ.",
    net: "Mất mạng: mục vừa chọn chưa được ghi, đã trả về như cũ. Đồng chí chọn lại khi có mạng."
  };
  /* Posts go one after the other, in the order of the taps; the page is renewed once the last has its answer. */
  function live(form, by) {
    var sel = form.getAttribute("data-live"), url = form.getAttribute("action") || location.href;
    if (box) { box.live(form, by, sel, url); return; }
    var pairs = fields(form, by), undo = press(by);
    all("[data-live-clear]", form).forEach(function (f) { f.value = ""; });
    waiting += 1; tellRoom("nep:hold", waiting);
    queue = queue.then(function () { return post(url, pairs); }).then(function (html) {
      var first = sel.split(/[\s,]+/)[0];
      if (!new DOMParser().parseFromString(html, "text/html").querySelector(first)) throw new Error("login");
      lastGood = html; trouble(form, "");
    }).catch(function (x) {
      undo(); trouble(form, TROUBLE[x.message] || TROUBLE.net);
    }).then(function () {
      waiting -= 1;
      if (waiting) return;
      tellRoom("nep:hold", 0);
      if (!lastGood) return;
      renewed(lastGood, sel, form); lastGood = "";
    });
  }
  function renewed(html, sel, form) {
    var at = whereFocus(), to = form && form.getAttribute("data-live-focus");
    show(html, sel);
    var again = (at && doc.querySelector(at)) || (to && !doc.contains(form) ? doc.querySelector(to) : null);
    if (again && again !== doc.activeElement) again.focus();
    tellRoom("nep:exchanged");
  }
  window.nepLive = live;
  if (box) box.tools = { fields: fields, press: press, trouble: trouble, renewed: renewed, hold: function (n) { tellRoom("nep:hold", n); }, refused: TROUBLE.refused };
  /* Show a pressed mark at once; give back a function that takes it back. */
  function press(by) {
    if (!by.hasAttribute("aria-pressed")) return function () { };
    var row = by.closest("li"), marks = all("[aria-pressed]", row), cls = row.className;
    row.setAttribute("data-mine", "");
    var before = marks.map(function (b) { return b.getAttribute("aria-pressed"); });
    marks.forEach(function (b) { b.setAttribute("aria-pressed", String(b === by)); });
    if (by.getAttribute("data-state")) row.className = by.getAttribute("data-state");
    return function () {
      marks.forEach(function (b, i) { b.setAttribute("aria-pressed", before[i]); });
      row.className = cls;
    };
  }
  on(doc, "click", function (e) {
    var b = e.target.closest ? e.target.closest("form[data-live] button") : null;
    if (!b || b.type !== "submit" || !window.fetch || !window.DOMParser) return;
    if (b.form && !b.form.checkValidity()) return;
    e.preventDefault();
    var scan = b.name ? null : b.form.querySelector("[data-scan]");
    /* A reader may send a line end before the number; and what the last entry was is known only once it has its answer. */
    if ((scan && !scan.value.trim()) || (b.hasAttribute("data-undo") && (waiting || (box && !box.idle())))) return;
    live(b.form, b);
  });

  /* The Enter that ends a composed word must not send the form. */
  on(doc, "keydown", function (e) {
    if (e.key === "Enter" && (e.isComposing || e.keyCode === 229) && e.target.tagName === "INPUT") e.preventDefault();
  });

  /* ---- two quick taps on one button post once ---- */
  on(doc, "submit", function (e) {
    var f = e.target, now = Date.now();
    if (e.defaultPrevented || (f.method || "").toLowerCase() !== "post") return;
    if (now - (f.nepSent || 0) < 3000) { e.preventDefault(); return; }
    f.nepSent = now;
  });

  /* A part of the page that was put in place of another. */
  on(doc, "nep:content", function (e) {
    all("textarea[data-autosave]", e.target).forEach(autosave);
    all("[data-clock-from]", e.target).forEach(clock);
    all("[data-print],[data-js]", e.target).forEach(function (b) { b.hidden = false; });
  });

  function start() {
    errorSummary();
    all("textarea[data-autosave]").forEach(autosave);
    all("[data-toast]").forEach(toast);
    all("[data-filter]").forEach(filter);
    all("form[data-guard]").forEach(guard);
    all("[data-clock-from]").forEach(clock);
    all("[data-print],[data-js]").forEach(function (b) { b.hidden = false; });
  }
  if (doc.readyState === "loading") on(doc, "DOMContentLoaded", start); else start();
})();
