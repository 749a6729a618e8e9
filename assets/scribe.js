/* Nếp: reading the minutes back section by section, and the secretary's screen. Loaded on those two pages after nep.js;
   without it both work as plain pages and forms. It may touch the page and its own server, nothing else. Written for old
   browsers (no ?. or ??). A field is never written while somebody types in it (P-8). */
(function () {
  "use strict";
  var doc = document;
  function all(sel, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(sel)); }
  function on(el, name, fn) { el.addEventListener(name, fn, false); }
  function meta(name) { var m = doc.querySelector('meta[name="' + name + '"]'); return m ? m.content : ""; }

  /* ---- reading back ---- */
  function readback(box) {
    var parts = all("[data-part]", box), at = 0;
    var count = parts.length;
    var nav = { back: box.querySelector('[data-rb="back"]'), next: box.querySelector('[data-rb="next"]') };
    var where = box.querySelector('[data-rb="at"]'), title = box.querySelector("h1");
    var full = box.querySelector('[data-rb="full"]'), mark = box.querySelector('[data-rb="mark"]');
    var picked = "";

    function show(n, quiet) {
      at = Math.max(0, Math.min(count - 1, n));
      picked = "";
      parts.forEach(function (p, i) { p.hidden = i !== at; });
      title.classList.toggle("vh", at > 0);
      where.textContent = (at + 1) + " / " + count;
      nav.back.hidden = at === 0; nav.next.hidden = at === count - 1;
      nav.next.textContent = "Phần tiếp";
      history.replaceState(null, "", "#phan-" + (at + 1));
      if (quiet) return;
      /* The heading takes the focus, so that it is read out and the next key belongs to the text. */
      parts[at].querySelector("h2").focus();
      if (doc.fullscreenElement || doc.webkitFullscreenElement) box.scrollTop = 0; else box.scrollIntoView();
    }
    function step(by) {
      if (count > 1) { if (at + by >= 0 && at + by < count) show(at + by); return; }
      var link = by > 0 ? nav.next : nav.back;
      if (link && !link.hidden && link.pathname + link.search !== location.pathname + location.search) location.href = link.href;
    }
    /* Space reads on: down the page while there is more of the section, then to the next one. */
    function more(by) {
      var full = doc.fullscreenElement || doc.webkitFullscreenElement, page = full ? box : doc.scrollingElement;
      var part = parts[at].getBoundingClientRect(), high = window.innerHeight;
      var left = by > 0 ? part.bottom - high > 8 : part.top < -8;
      if (left && page) { page.scrollTop += by * high * 0.8; return; }
      step(by);
    }
    function current() { return parts[at].querySelector("form.rb-mark"); }
    function openMarks() {
      var form = current();
      if (!form) return;
      form.querySelector("details").open = true;
      var first = form.querySelector("input[name=doan]:checked") || form.querySelector("input[name=doan]");
      if (first) first.focus();
    }
    /* The selected words go out through the form's own button, as a paragraph would. */
    function markPicked() {
      var form = current(), text = picked;
      if (!form) return;
      if (!text) { openMarks(); return; }
      var was = form.querySelector("input[name=doan]:checked"), input = doc.createElement("input");
      input.type = "radio"; input.name = "doan"; input.value = text; input.hidden = true;
      form.appendChild(input);
      input.checked = true;
      form.querySelector("button").click();
      form.removeChild(input);
      if (was) was.checked = true;
      picked = "";
    }

    on(doc, "selectionchange", function () {
      var s = doc.getSelection(), text = s ? String(s).trim() : "";
      if (text && parts[at].contains(s.anchorNode) && parts[at].contains(s.focusNode)) picked = text.slice(0, 2000);
    });
    on(doc, "keydown", function (e) {
      var t = e.target, tag = t.tagName;
      if (e.ctrlKey || e.altKey || e.metaKey || tag === "INPUT" || tag === "TEXTAREA" || tag === "SELECT") return;
      var presses = tag === "BUTTON" || tag === "SUMMARY";
      if (e.key === " " && !presses) { e.preventDefault(); more(e.shiftKey ? -1 : 1); }
      else if (e.key === "ArrowRight") { e.preventDefault(); step(1); }
      else if (e.key === "ArrowLeft") { e.preventDefault(); step(-1); }
      else if (e.key === "m" || e.key === "M") { e.preventDefault(); markPicked(); }
    });
    if (count > 1) {
      on(nav.next, "click", function (e) { e.preventDefault(); step(1); });
      on(nav.back, "click", function (e) { e.preventDefault(); step(-1); });
      var asked = /^#phan-(\d+)$/.exec(location.hash);
      show(asked ? Number(asked[1]) - 1 : 0, !asked);
    }
    if (mark) {
      /* A press on the button must not take the selection away. */
      on(mark, "mousedown", function (e) { e.preventDefault(); });
      on(mark, "click", markPicked);
    }
    var enter = box.requestFullscreen || box.webkitRequestFullscreen;
    if (!full) return;
    if (!enter) { full.parentNode.removeChild(full); return; }
    on(full, "click", function () {
      if (doc.fullscreenElement || doc.webkitFullscreenElement) (doc.exitFullscreen || doc.webkitExitFullscreen).call(doc);
      else enter.call(box);
      parts[at].querySelector("h2").focus();
    });
    ["fullscreenchange", "webkitfullscreenchange"].forEach(function (n) {
      on(doc, n, function () {
        full.textContent = doc.fullscreenElement || doc.webkitFullscreenElement ? "Thoát toàn màn hình" : "Toàn màn hình";
      });
    });
  }

  /* ---- the secretary's screen: a tap is sent in the background, so that no word on the page has to wait or go ---- */
  function scribe() {
    var busy = false, leaving = false, queue = window.nepOutbox;
    var trouble = doc.querySelector("[data-scribe-error]");
    /* What others do arrives through room.js, which puts a new left side in place of the old one. */
    function left() { return doc.getElementById("trai"); }
    function right() { return doc.getElementById("phai"); }
    function areas(from) { return all("textarea", from); }
    function dirty(from) { return areas(from).some(function (a) { return a.value !== a.defaultValue; }); }
    function mine() { return right() && right().querySelector("textarea[data-autosave]"); }
    function writing(here) {
      var a = here ? here.area : mine(), state = here ? here.state : right() && right().querySelector("[data-save-state]");
      return !!a && (doc.activeElement === a || (a.value !== a.defaultValue && !(state && state.classList.contains("done"))));
    }
    function say(text) {
      trouble.textContent = "";
      trouble.hidden = !text;
      if (!text) return;
      var p = doc.createElement("p");
      p.textContent = text; trouble.appendChild(p);
    }
    function pairs(f, by) {
      var out = [];
      all("input,textarea", f).forEach(function (x) {
        if (x.name && (x.type !== "checkbox" || x.checked)) out.push([x.name, x.value]);
      });
      out.push([by.name, by.value]);
      if (by.hasAttribute("data-from")) {
        var a = f.querySelector(by.getAttribute("data-from"));
        out.push(["phan_chon", a.value.slice(a.selectionStart, a.selectionEnd)]);
      }
      if (writing()) out.push(["dang_go", "1"]);
      return out;
    }
    /* What was typed after the tap stays: fields that changed since are put over the new ones, with their place. */
    function exchange(fresh, sent) {
      var old = left(), el = doc.activeElement, id = el && old.contains(el) ? el.id : "", from = 0, to = 0;
      if (id && el.tagName === "TEXTAREA") { from = el.selectionStart; to = el.selectionEnd; }
      var late = areas(old).filter(function (a) { return a.id && a.value !== sent[a.id]; });
      var next = doc.importNode(fresh, true);
      late.forEach(function (a) {
        var b = next.querySelector("#" + CSS.escape(a.id));
        if (!b) return;
        /* The sign stays with the text it belongs to: words of somebody else under it must still cross. */
        if (clean(b.value) !== clean(sent[a.id] || "")) all('input[name="goc_' + a.name.replace("tt_", "") + '"]' + (a.name === "ket_luan" ? ',input[name="version"]' : ""), old).forEach(function (i) {
          var n = next.querySelector('input[name="' + i.name + '"]');
          if (n) n.value = i.value;
        });
        b.value = a.value;
      });
      old.parentNode.replaceChild(next, old);
      var again = id && doc.getElementById(id);
      if (again) { again.focus(); if (again.setSelectionRange) again.setSelectionRange(from, to); }
    }
    function clean(text) { return text.normalize("NFC").replace(/\s+/g, " ").trim(); }
    function renew(page) {
      var a = mine(), b = page.querySelector("#phai textarea[data-autosave]");
      if (!a || !b || a.id !== b.id || a.getAttribute("data-version") === b.getAttribute("data-version")) return;
      var said = page.querySelector("#phai [data-save-state]");
      a.dispatchEvent(new CustomEvent("nep:renew", { detail: {
        text: b.value, version: b.getAttribute("data-version"), said: said ? said.textContent : "" } }));
    }
    function parsed(html) { return new DOMParser().parseFromString(html, "text/html"); }
    /* A new left side: its buttons for scripts are shown, and the section follows where its version is another one. */
    function settle() {
      var now = left(), a = mine(), version = now && now.getAttribute("data-section-version");
      all("[data-js]", now).forEach(function (b) { b.hidden = false; });
      var host = doc.querySelector(".scribe[data-page]");
      if (!host || !a || !version || version === a.getAttribute("data-version") || writing()) return;
      fetch(host.getAttribute("data-page"), { credentials: "same-origin", headers: { "Accept": "text/html" } })
        .then(function (r) { return r.ok ? r.text() : ""; }).then(function (html) { if (html) renew(parsed(html)); }, function () { });
    }
    function send(f, by) {
      var body = pairs(f, by), sent = {};
      areas(left()).forEach(function (a) { sent[a.id] = a.value; });
      if (queue) { through(f, by, body, sent); return; }
      busy = true;
      by.setAttribute("aria-busy", "true");
      fetch(f.action, { method: "POST", credentials: "same-origin",
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "Accept": "text/html", "X-CSRF-Token": meta("csrf") },
        body: body.map(function (p) { return encodeURIComponent(p[0]) + "=" + encodeURIComponent(p[1]); }).join("&")
      }).then(function (r) {
        return r.text().then(function (html) {
          var page = parsed(html), fresh = page.getElementById("trai");
          if (!fresh) throw new Error(r.status === 401 || r.redirected ? "login" : "refused");
          renew(page);
          exchange(fresh, sent);
          var wrong = page.querySelector("[data-errors] ul");
          say(wrong ? wrong.textContent : "");
        });
      }).catch(function (x) {
        say(x.message === "login" ? "Phiên làm việc đã hết. Chữ vẫn giữ trong trang: đồng chí đăng nhập lại ở thẻ khác rồi bấm lại."
          : x.message === "refused" ? "Máy chủ không nhận việc vừa bấm. Chữ vẫn giữ trong trang."
            : "Mất mạng: việc vừa bấm chưa được ghi, chữ vẫn giữ trong trang. Đồng chí bấm lại khi có mạng.");
      }).then(function () { busy = false; by.removeAttribute("aria-busy"); });
    }
    /* A press that waited must not bring the section up to date under words that wait too, also those of an item that was left. */
    var sections = {};
    function known() {
      var f = left() && left().querySelector("form[data-scribe]"), a = mine();
      if (f && a) sections[f.getAttribute("action")] = { area: a, state: right().querySelector("[data-save-state]") };
    }
    if (queue) {
      known();
      on(doc, "nep:content", known);
      queue.onsend = function (e) { return sections[e.url] && writing(sections[e.url]) ? [["dang_go", "1"]] : []; };
    }
    /* Through the outbox of the page; what has to wait stands under the names, not sent yet. */
    function through(f, by, body, sent) {
      var host = doc.querySelector(".scribe[data-page]"), words = queue.clean(by.textContent), mark = null;
      queue.add({ url: f.getAttribute("action"), pairs: body, page: host ? host.getAttribute("data-page") : "", words: words, texts: queue.written(f), press: by.name,
        pend: function () {
          var c = doc.createElement("span");
          mark = doc.createElement("p");
          c.className = "chip due"; c.textContent = "Chưa gửi";
          mark.appendChild(c); mark.appendChild(doc.createTextNode(" " + words));
          var at = left().querySelector(".names") || by;
          at.parentNode.insertBefore(mark, at.nextSibling);
        },
        clear: function () { if (mark && mark.parentNode) mark.parentNode.removeChild(mark); },
        refused: function (r) {
          var page = parsed(r.body), fresh = page.getElementById("trai"), wrong = page.querySelector("[data-errors] ul");
          if (!fresh) { say("Máy chủ không nhận việc vừa bấm. Chữ vẫn giữ trong trang."); return true; }
          renew(page); exchange(fresh, sent); say(wrong ? wrong.textContent : "");
          return true;
        },
        ok: function (html) {
          var page = parsed(html), fresh = page.getElementById("trai");
          say("");
          /* Gone on to another item meanwhile: its side is not that of the one that was sent. */
          if (!fresh || !fresh.querySelector('form[action="' + left().querySelector("form[data-scribe]").getAttribute("action") + '"]')) return;
          renew(page); exchange(fresh, sent);
        } });
    }
    on(doc, "click", function (e) {
      var b = e.target.closest ? e.target.closest("form[data-scribe] button") : null;
      if (!b || !window.fetch || !window.DOMParser) return;
      /* Going to the next item is a new page with another section beside it. */
      if (b.name === "den") { leaving = !queue; return; }
      e.preventDefault();
      if (!busy) send(b.form, b);
    });
    on(window, "beforeunload", function (e) {
      if (leaving || !left() || !dirty(left())) return;
      e.preventDefault(); e.returnValue = "";
    });
    on(window, "pageshow", function () { leaving = false; });
    on(doc, "nep:leave", function () { leaving = true; });
    if (window.MutationObserver) new MutationObserver(settle).observe(right().parentNode, { childList: true });
  }

  var box = doc.querySelector("[data-readback]");
  if (box) readback(box);
  if (doc.querySelector("form[data-scribe]")) scribe();
})();
