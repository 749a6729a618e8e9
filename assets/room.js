/* Nếp, live pages of a running meeting: listens for numbers and topics, fetches the page's own address and exchanges the
   regions that changed. A region in which somebody types is left alone; focus and open parts stay as they are. Without this
   file the page is right after each reload. Written for old browsers (no ?. or ??). */
(function () {
  "use strict";
  var doc = document, host = doc.querySelector("[data-room]");
  if (!host || !window.fetch || !window.DOMParser) return;
  doc.documentElement.classList.add("js");
  var stream = host.getAttribute("data-room"), page = host.getAttribute("data-page");
  var seq = parseInt(host.getAttribute("data-seq"), 10) || 0;

  function all(sel, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(sel)); }
  function on(el, name, fn) { el.addEventListener(name, fn, false); }
  function meta(name) { var m = doc.querySelector('meta[name="' + name + '"]'); return m ? m.content : ""; }
  function two(n) { return (n < 10 ? "0" : "") + n; }

  /* ---- what the server last said of each region: what is the same is not touched ---- */
  var shown = {};
  function remember(el) { if (el.id) shown[el.id] = el.outerHTML; }
  all("[data-topics],[data-parts]>[id]").forEach(remember);

  /* ---- clocks: the server says how long, the page counts on; no clock of this machine is asked for the hour ---- */
  function wind(from) {
    all("[data-tick],[data-left]", from).forEach(function (el) {
      el.roomAt = performance.now(); el.roomMs = parseInt(el.getAttribute("data-tick") || el.getAttribute("data-left"), 10) || 0;
    });
  }
  var PACE = { done: "Đúng giờ", due: "Sắp hết giờ", late: "Quá giờ" };
  function tick() {
    all("[data-tick][data-run]").forEach(function (el) {
      var s = Math.floor((el.roomMs + performance.now() - el.roomAt) / 1000), h = Math.floor(s / 3600);
      var text = (h ? h + ":" + two(Math.floor(s / 60) % 60) : String(Math.floor(s / 60))) + ":" + two(s % 60);
      if (el.textContent !== text) el.textContent = text;
      var plan = parseInt(el.getAttribute("data-plan"), 10), chip = plan && el.parentNode.querySelector("[data-pace]");
      if (!chip) return;
      var left = plan - s, pace = left < 0 ? "late" : left <= parseInt(el.getAttribute("data-near"), 10) ? "due" : "done";
      if (chip.className !== "chip " + pace) { chip.className = "chip " + pace; chip.textContent = PACE[pace]; }
    });
  }
  /* What is good for a time only is fetched again when that is over. */
  function renew() {
    all("[data-left]").forEach(function (el) {
      var left = el.roomMs - (performance.now() - el.roomAt), text = Math.max(0, Math.ceil(left / 1000)) + " giây";
      if (el.textContent !== text) el.textContent = text;
      if (left > -150 || el.roomAsked) return;
      el.roomAsked = true; setTimeout(function () { el.roomAsked = false; }, 3000);
      need(el.closest("[data-topics]").getAttribute("data-topics").split(" "));
    });
  }
  wind(doc); setInterval(function () { tick(); renew(); }, 250);

  /* ---- typing ---- */
  function isText(f) { return f && (f.tagName === "TEXTAREA" || f.tagName === "SELECT" || (f.tagName === "INPUT" && !/^(hidden|radio|checkbox|submit|button)$/.test(f.type))); }
  function dirty(f) { return f.tagName !== "SELECT" && isText(f) && f.value !== f.defaultValue; }
  function typing(el) {
    var at = doc.activeElement;
    return (isText(at) && el.contains(at)) || all("textarea,input", el).some(dirty);
  }
  var leaving = false, sending = false;
  function leave() { leaving = true; setTimeout(function () { leaving = false; }, 10000); }
  on(doc, "submit", function (e) { if (!e.defaultPrevented) leave(); });
  on(window, "beforeunload", function (e) {
    if (leaving || !all("[data-room-form] textarea").some(dirty)) return;
    e.preventDefault(); e.returnValue = "";
  });

  /* ---- exchange of regions ---- */
  function focusIn(el) {
    var at = doc.activeElement;
    return at && at !== doc.body && el.contains(at) ? { id: at.id, name: at.name, value: at.value } : null;
  }
  function refocus(el, was) {
    if (!was) return;
    var esc = window.CSS && CSS.escape ? CSS.escape : function (x) { return x; }, to = was.id ? doc.getElementById(was.id) : null;
    if (!to && was.value) to = el.querySelector('[name="' + esc(was.name) + '"][value="' + esc(was.value) + '"]') || el.querySelector('[value="' + esc(was.value) + '"]');
    to = to || el.querySelector("[data-refocus]") || el.querySelector("button");
    if (!to) { el.setAttribute("tabindex", "-1"); to = el; }
    to.focus();
  }
  function keepOpen(old, fresh) {
    all("details[id]", old).forEach(function (d) {
      var n = fresh.querySelector("#" + d.id);
      if (n) n.open = d.open;
    });
  }
  function replace(old, fresh) {
    var html = fresh.outerHTML, node = doc.importNode(fresh, true), was = focusIn(old);
    keepOpen(old, node);
    if (old.getAttribute("role") === "status") {
      /* A status line must stay the same element, or a screen reader says nothing. */
      old.className = node.className; old.textContent = "";
      while (node.firstChild) old.appendChild(node.firstChild);
      shown[old.id] = html;
      return;
    }
    old.parentNode.replaceChild(node, old);
    shown[node.id] = html; wind(node); refocus(node, was);
  }
  /* Child by child, so that a field in which somebody writes stays the same element while others come and go. */
  function parts(old, fresh) {
    var next = Array.prototype.map.call(fresh.children, function (f) {
      var o = f.id && doc.getElementById(f.id);
      if (o && old.contains(o) && ((shown[f.id] === f.outerHTML && !o.hasAttribute("data-mine")) || typing(o))) return o;
      var n = doc.importNode(f, true);
      if (f.id) shown[f.id] = f.outerHTML;
      return n;
    });
    var was = focusIn(old);
    Array.prototype.slice.call(old.childNodes).forEach(function (c) { if (next.indexOf(c) < 0) old.removeChild(c); });
    var at = old.firstChild;
    next.forEach(function (n) { if (n === at) at = at.nextSibling; else old.insertBefore(n, at); });
    shown[old.id] = fresh.outerHTML; wind(old);
    if (was && !old.contains(doc.activeElement)) refocus(old, was);
  }
  var late = false;
  function exchange(html, topics) {
    /* Nothing may cut off a form that is on its way. */
    if (leaving) return;
    var fresh = new DOMParser().parseFromString(html, "text/html"), root = fresh.querySelector("[data-room]");
    if (!root) {
      /* The meeting has ended or begun anew: another page. */
      if (!all("[data-room] textarea").some(dirty)) { leave(); location.replace(page); }
      return;
    }
    all("[data-topics]").forEach(function (old) {
      var mine = old.getAttribute("data-topics").split(" ");
      if (topics && !topics.some(function (t) { return mine.indexOf(t) >= 0; })) return;
      var now = fresh.getElementById(old.id);
      if (!now || (shown[old.id] === now.outerHTML && !old.querySelector("[data-mine]"))) return;
      if (old.hasAttribute("data-parts")) parts(old, now);
      else if (typing(old)) late = true;
      else replace(old, now);
    });
    tell();
    doc.dispatchEvent(new Event("nep:exchanged"));
  }
  /* Presses on their way (nep.js): nothing is exchanged under them, and what was fetched meanwhile is too old. */
  var held = 0, holds = 0;
  on(doc, "nep:hold", function (e) {
    held = e.detail;
    if (held) holds += 1; else if (wanted.length || everything) setTimeout(function () { need([]); }, 50);
  });
  on(doc, "nep:fresh", function (e) {
    e.detail.sel = e.detail.sel.filter(function (s) { var el = s && doc.querySelector(s); return el && !el.hasAttribute("data-topics"); });
    exchange(e.detail.html, null);
  });
  on(doc, "focusout", function () {
    if (late) setTimeout(function () { if (late) { late = false; need(null); } }, 50);
  });
  /* Who has the floor is said to those who do not see it. */
  var said = "";
  function tell() {
    var who = doc.querySelector("#hang-cho .wait .whom b, #phat-bieu .myplace"), out = doc.getElementById("tin-phong");
    var text = who ? who.textContent : "";
    if (out && text !== said) out.textContent = text;
    said = text;
  }

  /* ---- fetching, one at a time ---- */
  var busy = false, wanted = [], everything = false;
  function need(topics) {
    if (topics) topics.forEach(function (t) { if (wanted.indexOf(t) < 0) wanted.push(t); }); else everything = true;
    if (busy || sending || held) return;
    var began = holds, mine = everything ? null : wanted;
    busy = true; wanted = []; everything = false;
    fetch(page, { credentials: "same-origin", headers: { "Accept": "text/html" } }).then(function (r) {
      if (r.redirected && r.url.indexOf("/dang-nhap") >= 0) throw new Error("login");
      if (!r.ok) throw new Error("gone");
      return r.text();
    }).then(function (html) {
      if (!source || source.readyState === 1) lost("");
      if (!sending && began === holds) exchange(html, mine); else if (mine) mine.forEach(function (t) { wanted.push(t); }); else everything = true;
    }).catch(function (x) {
      if (mine) mine.forEach(function (t) { wanted.push(t); }); else everything = true;
      lost(x.message === "login" ? "login" : "net");
      setTimeout(function () { need([]); }, 3000);
    }).then(function () {
      busy = false;
      if (wanted.length || everything) setTimeout(function () { need([]); }, 50);
    });
  }

  /* ---- the line that says that news do not come ---- */
  var LOST = {
    net: "Mất kết nối, đang thử lại",
    login: "Phiên làm việc đã hết. Đồng chí mở thẻ khác để đăng nhập lại",
    send: "Mất mạng: việc vừa bấm chưa được ghi. Đồng chí bấm lại khi có mạng"
  };
  function lost(why) {
    var box = doc.getElementById("mat-ket-noi");
    if (!box) return;
    if (why && box.firstElementChild.textContent !== LOST[why]) box.firstElementChild.textContent = LOST[why];
    box.hidden = !why;
  }

  /* ---- the stream ---- */
  var source = null, tries = 0, timer = 0, warn = 0, away = 0;
  function listen() {
    clearTimeout(timer); timer = 0;
    if (source || !window.EventSource) return;
    source = new EventSource(stream + "?sau=" + seq);
    source.onopen = function () { tries = 0; clearTimeout(warn); warn = 0; lost(""); };
    source.onmessage = function (e) {
      seq = parseInt(e.lastEventId, 10) || seq;
      need(e.data.split(" "));
    };
    source.onerror = function () {
      if (!warn) warn = setTimeout(function () { lost("net"); }, 1200);
      if (!source || source.readyState !== 2) return;
      hang(); timer = setTimeout(listen, Math.min(15000, 1000 * Math.pow(2, tries++)));
    };
  }
  function hang() { if (source) source.close(); source = null; }
  function back() { if (!source) { tries = 0; listen(); } need(null); }
  on(window, "online", back);
  on(window, "pagehide", hang);
  on(window, "pageshow", function (e) { leaving = false; if (e.persisted) back(); });
  /* A page nobody looks at gives its line to others; it catches up when it is seen again. */
  on(doc, "visibilitychange", function () {
    clearTimeout(away);
    if (doc.hidden) away = setTimeout(hang, 30000); else back();
  });
  listen();

  /* ---- buttons of the room: sent without leaving the page; whatever is refused is sent again as a plain form, whose
     answer says why and keeps every word ---- */
  var STAY = /^(|moi|cho|noi|moi_yk|y_kien|bat_dau|tam_dung|ket_luot|thoi|bo|viec)$/;
  function fields(form, by) {
    var pairs = [];
    all("input,textarea", form).forEach(function (f) {
      if (f.name && !((f.type === "radio" || f.type === "checkbox") && !f.checked)) pairs.push([f.name, f.value]);
    });
    if (by.name) pairs.push([by.name, by.value]);
    return pairs;
  }
  function plain(form, by) {
    var i = doc.createElement("input");
    i.type = "hidden"; i.name = by.name; i.value = by.value;
    if (by.name) form.appendChild(i);
    leave(); form.submit();
  }
  function send(form, by) {
    var pairs = fields(form, by), areas = all("textarea", form).map(function (f) { return [f, f.value]; });
    var body = pairs.map(function (p) { return encodeURIComponent(p[0]) + "=" + encodeURIComponent(p[1]); }).join("&");
    sending = true;
    fetch(form.getAttribute("action"), { method: "POST", body: body, credentials: "same-origin",
      headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "Accept": "text/html", "X-CSRF-Token": meta("csrf") } })
      .then(function (r) {
        if (r.status === 401) { lost("login"); return; }
        if (!r.ok) { plain(form, by); return; }
        return r.text().then(function (html) {
          /* What was sent is saved: it no longer counts as written in. */
          areas.forEach(function (a) { a[0].defaultValue = a[1]; });
          lost(""); saved(html); exchange(html, null);
        });
      }, function () { lost("send"); })
      .then(function () { sending = false; if (wanted.length || everything) need([]); }, function () { sending = false; });
  }
  /* The signs by which the server tells what was shown move on with what was saved, also beside a field that keeps the focus. */
  function saved(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    all('[data-room-form] input[type="hidden"]').forEach(function (i) {
      if (i.name !== "version" && i.name.indexOf("goc_") !== 0) return;
      var n = fresh.querySelector('[data-room-form] input[name="' + i.name + '"]');
      if (n) i.value = n.value;
    });
  }
  on(doc, "click", function (e) {
    var b = e.target.closest ? e.target.closest("button") : null, form = b && b.form;
    if (!form || !form.hasAttribute("data-room-form") || b.type !== "submit" || !STAY.test(b.name)) return;
    e.preventDefault();
    if (!sending) send(form, b);
  });

  /* ---- single keys, only where no word is written; they can be turned off (WCAG 2.1.4) ---- */
  var KEY = "nep.phim-tat", off = false;
  try { off = localStorage.getItem(KEY) === "tat"; } catch (x) { off = false; }
  function keysButton() {
    all("[data-phim-tat]").forEach(function (b) {
      b.textContent = off ? "Bật phím tắt" : "Tắt phím tắt";
    });
  }
  keysButton();
  on(doc, "click", function (e) {
    if (!e.target.closest || !e.target.closest("[data-phim-tat]")) return;
    off = !off; keysButton();
    try { localStorage.setItem(KEY, off ? "tat" : "bat"); } catch (x) { /* it holds for this page */ }
  });
  function jump(el) {
    var href = el.getAttribute("href") || "", to = href.charAt(0) === "#" && doc.getElementById(href.slice(1));
    if (!to) return false;
    to.focus(); to.scrollIntoView({ block: "center" });
    return true;
  }
  on(doc, "click", function (e) {
    var a = e.target.closest ? e.target.closest(".five a") : null;
    if (a && jump(a)) e.preventDefault();
  });
  on(doc, "keydown", function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || e.keyCode === 229 || isText(e.target) || e.key.length !== 1) return;
    var help = doc.getElementById("phim-tat");
    if (!help) return;
    if (e.key === "?") {
      e.preventDefault(); help.open = true; help.querySelector("summary").focus();
      return;
    }
    var el = off ? null : doc.querySelector('[data-phim="' + (/[a-z]/i.test(e.key) ? e.key.toLowerCase() : "-") + '"]');
    if (!el) return;
    e.preventDefault(); el.click();
  });
})();
