/* Nếp, live pages of a running meeting: listens for numbers and topics, fetches the page's own address and exchanges the
   regions that changed. A region in which somebody types is left alone; focus and open parts stay as they are. Without this
   file the page is right after each reload. Written for old browsers (no ?. or ??). */
(function () {
  "use strict";
  var doc = document, host = doc.querySelector("[data-room]");
  if (!host || !window.fetch || !window.DOMParser) return;
  doc.documentElement.classList.add("js");
  var queue = window.nepOutbox;
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
  on(doc, "nep:leave", leave);
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
      old.className = node.className; old.textContent = ""; old.removeAttribute("data-mine");
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
      if (!now || (shown[old.id] === now.outerHTML && !old.hasAttribute("data-mine") && !old.querySelector("[data-mine]"))) return;
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
    if (queue && why === "login") { queue.signIn(); why = ""; }
    if (queue) queue.down(why === "net");
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
  var STAY = /^(|moi|cho|noi|moi_yk|y_kien|(bat_dau|tam_dung|ket_luot|thoi)(_dc)?|bo|viec)$/;
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
    if (queue) { through(form, by, pairs, areas); return; }
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
  /* The signs by which the server tells what was shown move on with what was saved, also beside a field that keeps the focus,
     but only while the server shows that very text: what somebody else wrote since then must still cross. */
  function saved(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    all('[data-room-form] input[type="hidden"]').forEach(function (i) {
      var goc = /^goc_(.+)$/.exec(i.name), field = i.name === "version" ? "ket_luan" : goc ? (/^\d/.test(goc[1]) ? "tt_" : "") + goc[1] : "";
      var n = field && fresh.querySelector('[data-room-form] input[name="' + i.name + '"]');
      var old = field && i.form.querySelector('textarea[name="' + field + '"]'), now = field && fresh.querySelector('textarea[name="' + field + '"]');
      if (n && (!old || !now || clean(old.defaultValue) === clean(now.value))) i.value = n.value;
    });
  }
  function clean(text) { return text.normalize("NFC").replace(/\s+/g, " ").trim(); }

  /* ---- through the outbox of the page: what has to wait is shown as not sent yet ---- */
  function through(form, by, pairs, areas) {
    var undo = function () { };
    queue.add({ url: form.getAttribute("action"), pairs: pairs, page: page, words: queue.clean(by.textContent), texts: queue.written(form), press: by.name,
      pend: function () { undo = notSent(form, by); }, clear: function () { undo(); },
      refused: function () { plain(form, by); return true; },
      ok: function (html) {
        areas.forEach(function (a) { a[0].defaultValue = a[1]; });
        lost(""); saved(html); exchange(html, null);
      } });
  }
  function el(tag, text, cls) {
    var e = doc.createElement(tag);
    if (text) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  }
  function chip(row, text) {
    var c = el("span", text + ", chưa gửi", "chip due");
    (row.querySelector(".whom") || row).appendChild(doc.createTextNode(" ")); (row.querySelector(".whom") || row).appendChild(c);
    return c;
  }
  function step(name, person, text, who) {
    var b = el("button", text, "btn quiet");
    b.name = name; b.value = person;
    b.appendChild(el("span", ": đồng chí " + who, "vh"));
    return b;
  }
  /* Who spoke so far is shown as having spoken once another is called. */
  function speaking(form, but) {
    return all("#hang-cho li, #cho-gui li", form).filter(function (li) { return li !== but && !li.nepOver && (li.nepSpeaks || (li.nepSpeaks !== false && li.querySelector('[name="ket_luot"]') && li.classList.contains("wait"))); });
  }
  function over(li, text, undos) {
    var old = li.querySelector(".chip"), c = chip(li, text), two = li.querySelector(".two"), run = li.querySelector("[data-run]");
    li.nepOver = true;
    if (old) old.hidden = true;
    if (two) two.hidden = true;
    if (run) run.removeAttribute("data-run");
    undos.push(function () { li.nepOver = false; c.parentNode.removeChild(c); if (old) old.hidden = false; if (two) two.hidden = false; if (run) run.setAttribute("data-run", ""); });
  }
  /* The effect of a press that waits; gives back a function that takes it away again. */
  function notSent(form, by) {
    var undos = [], row = by.closest("li"), list = form.querySelector("#cho-gui"), text = queue.clean(by.textContent);
    function take() { undos.reverse().forEach(function (u) { u(); }); undos = []; }
    function tell(what, speaks) {
      var who = /\(([^)]*)\)/.exec(text) || /đồng chí (.+)$/.exec(text), li = el("li", "", speaks ? "wait" : "due"), whom = el("div", "", "whom"), two = el("div", "", "two");
      who = who ? who[1] : text;
      if (!list) {
        list = el("ol", "", "queue"); list.id = "cho-gui"; list.setAttribute("aria-label", "Chưa gửi");
        var after = form.querySelector("#hang-cho");
        if (after) after.parentNode.insertBefore(list, after.nextSibling); else form.appendChild(list);
      }
      whom.appendChild(el("b", "đ/c " + who)); li.appendChild(whom); chip(li, what);
      li.nepSpeaks = speaks;
      if (speaks && /^(moi|bat_dau)/.test(by.name) && by.name !== "moi_yk") { two.appendChild(step("tam_dung_dc", by.value, "Tạm dừng", who)); two.appendChild(step("ket_luot_dc", by.value, "Kết thúc lượt", who)); }
      if (by.name === "cho") { two.appendChild(step("bat_dau_dc", by.value, "Bắt đầu", who)); two.appendChild(step("thoi_dc", by.value, "Bỏ khỏi hàng chờ", who)); }
      if (two.firstChild) li.appendChild(two);
      list.appendChild(li);
      undos.push(function () { if (li.parentNode) li.parentNode.removeChild(li); });
      return li;
    }
    if (/^moi/.test(by.name)) { speaking(form).forEach(function (li) { over(li, "Đã phát biểu", undos); }); tell("Đang phát biểu", true); }
    else if (by.name === "cho") tell("Vào hàng chờ", false);
    else if (by.name === "noi" || by.name === "y_kien") tell("Đã phát biểu", false);
    else if (by.name === "viec") { var p = el("p", "", "myplace"); chip(p, by.value === "xin" ? "Đồng chí đã xin phát biểu" : "Đồng chí thôi xin phát biểu"); form.parentNode.insertBefore(p, form); form.hidden = true; undos.push(function () { form.hidden = false; if (p.parentNode) p.parentNode.removeChild(p); }); }
    else if (row && /^(ket_luot|thoi)/.test(by.name)) over(row, by.name.indexOf("thoi") === 0 ? "Đã bỏ khỏi hàng chờ" : "Đã phát biểu", undos);
    else if (row && /^bat_dau/.test(by.name)) {
      speaking(form, row).forEach(function (li) { over(li, "Đã phát biểu", undos); });
      over(row, "Đang phát biểu", undos);
      if (/_dc$/.test(by.name)) tell("Đang phát biểu", true);
    } else if (row && /^tam_dung/.test(by.name)) {
      over(row, "Tạm dừng", undos);
      if (/_dc$/.test(by.name)) { by.name = "bat_dau_dc"; by.firstChild.nodeValue = "Nói tiếp"; row.querySelector(".two").hidden = false; row.nepOver = false; }
    } else {
      var said = el("p"); chip(said, "Đã lưu trong trang"); by.parentNode.insertBefore(said, by);
      undos.push(function () { if (said.parentNode) said.parentNode.removeChild(said); });
    }
    return take;
  }

  /* ---- the other items of the agenda, fetched while there is a network: without one the meeting goes on to them ---- */
  var ahead = {}, parked = {}, fetching = false;
  function links() { return all('.tasks a.t[href*="?muc="]', host); }
  function address(a) { return a.pathname + a.search; }
  function fetchAhead() {
    if (!queue || fetching || doc.hidden || queue.away()) return;
    fetching = true;
    links().map(address).filter(function (to) { return to !== page; }).reduce(function (last, to) {
      return last.then(function () { return fetch(to, { credentials: "same-origin", headers: { "Accept": "text/html" } }); })
        .then(function (r) { return r.ok && !r.redirected ? r.text() : ""; }).then(function (html) { if (html) ahead[to] = html; });
    }, Promise.resolve()).then(function () { fetching = false; }, function () { fetching = false; });
  }
  /* The item that is left is put aside as it stands, with every word and mark, and comes back as it was. */
  function goOn(to, words) {
    var root = ahead[to] && new DOMParser().parseFromString(ahead[to], "text/html").querySelector("[data-room]");
    if (!root && !parked[to]) return false;
    var aside = parked[page] = doc.createDocumentFragment();
    while (host.firstChild) aside.appendChild(host.firstChild);
    if (parked[to]) { host.appendChild(parked[to]); delete parked[to]; }
    else Array.prototype.slice.call(root.childNodes).forEach(function (n) { host.appendChild(doc.importNode(n, true)); });
    page = to; host.setAttribute("data-page", page);
    shown = {}; all("[data-topics],[data-parts]>[id]").forEach(remember); wind(host);
    history.replaceState(null, "", to);
    lost("net");
    var form = host.querySelector("form[data-room-form], form[data-scribe]"), h = form && form.querySelector("h2"), clock = host.querySelector("#dong-ho");
    if (clock && words) { clock.textContent = ""; clock.appendChild(el("div", "", "note wait")).appendChild(el("p", words)); }
    host.dispatchEvent(new CustomEvent("nep:content", { bubbles: true }));
    if (h) { h.setAttribute("tabindex", "-1"); h.focus(); }
    return true;
  }
  if (queue) {
    setTimeout(fetchAhead, 2500);
    setInterval(fetchAhead, 120000);
    queue.renew(function () { parked = {}; need(null); });
    on(doc, "nep:signed-in", back);
    queue.onlink = function (a) {
      if (!ahead[address(a)] && !parked[address(a)]) return false;
      /* What was written and not saved yet waits with the rest. */
      all("form[data-room-form],form[data-scribe]", host).forEach(function (f) {
        var save = all("button:not([name])", f)[0];
        if (save && all("textarea", f).some(dirty)) { save.click(); all("textarea", f).forEach(function (t) { t.defaultValue = t.value; }); }
      });
      return goOn(address(a), "");
    };
    queue.onlate = function (e) {
      var to = e.pairs.filter(function (p) { return p[0] === "sang" || p[0] === "den"; })[0];
      var link = to && links().filter(function (a) { return a.search === "?muc=" + to[1]; })[0];
      if (!link || e.page === address(link) || !(ahead[address(link)] || parked[address(link)])) return;
      e.moved = true;
      if (e.form) all("textarea", e.form).forEach(function (t) { t.defaultValue = t.value; });
      setTimeout(function () { goOn(address(link), "Đã sang mục này, chưa gửi."); }, 0);
    };
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
