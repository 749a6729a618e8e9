/* Nếp: marks of the roll and of votes by name: their keys, and their way through the outbox of the page (outbox.js), where
   one that has to wait stays pressed and says that it is not sent yet. The taps are those of nep.js. Written for old browsers. */
(function () {
  "use strict";
  var doc = document, box = window.nepOutbox, waiting = 0;
  function all(sel, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(sel)); }
  function on(el, name, fn) { el.addEventListener(name, fn, false); }

  /* ---- roll: arrows go from member to member, a letter sets a mark and goes on to the next ---- */
  function rove(form) {
    var rows = all("li", form.querySelector(".roll")), here = rows.filter(function (r) { return r.contains(doc.activeElement); })[0] || rows[0];
    rows.forEach(function (r) { all("button", r).forEach(function (b) { b.tabIndex = r === here ? 0 : -1; }); });
  }
  function roveAll() { all("[data-roll]").forEach(rove); }
  on(doc, "nep:exchanged", roveAll); roveAll();
  function go(row, index) {
    if (!row) return;
    all("button", row.parentNode).forEach(function (b) { b.tabIndex = -1; });
    var bs = all("button", row);
    bs.forEach(function (b) { b.tabIndex = 0; });
    (bs[Math.min(index, bs.length - 1)] || bs[0]).focus();
    row.scrollIntoView({ block: "nearest" });
  }
  on(doc, "keydown", function (e) {
    var b = e.target, row = b.closest && b.closest("[data-roll] .roll > li");
    if (e.isComposing || e.keyCode === 229) return;
    if (e.ctrlKey && b.hasAttribute && b.hasAttribute("data-scan")) { scanned(e, b); return; }
    if (!row || e.ctrlKey || e.altKey || e.metaKey) return;
    var bs = all("button", row), i = bs.indexOf(b), k = e.key;
    if (k === "ArrowDown") { e.preventDefault(); go(row.nextElementSibling, i); }
    else if (k === "ArrowUp") { e.preventDefault(); go(row.previousElementSibling, i); }
    else if (k === "ArrowRight" || k === "ArrowLeft") { e.preventDefault(); go(row, Math.max(0, i + (k === "ArrowRight" ? 1 : -1))); }
    else if (k.length === 1) {
      var hit = bs.filter(function (x) { return x.getAttribute("data-key") === k.toLowerCase(); })[0];
      if (!hit) return;
      e.preventDefault();
      var next = row.nextElementSibling || row;
      window.nepLive(hit.form, hit);
      go(next, bs.indexOf(hit));
    }
  });

  /* ---- the number field: a reader's line ends as control keys, and the last entry taken back from the keyboard ---- */
  function scanned(e, field) {
    var k = e.key.toLowerCase(), undo = doc.querySelector(field.getAttribute("data-scan"));
    if (k === "j") e.preventDefault();
    else if (k === "m") { e.preventDefault(); field.form.querySelector("button").click(); }
    else if (k === "z" && !field.value && undo) { e.preventDefault(); undo.click(); }
  }

  if (!box) return;

  /* Through the outbox of the page: a mark that has to wait stays pressed and says that it is not sent yet. */
  box.live = function (form, by, sel, url) {
    var pairs = box.tools.fields(form, by), undo = box.tools.press(by), number = form.querySelector('[name="number"]'), typed = number && !by.name ? number.value.trim() : "";
    var row = by.closest("li"), rows = row ? [row] : [], mark = by, words = by.textContent.trim(), outright = null;
    if (row && row.querySelector(".marks")) words += ": đ/c " + row.querySelector(".marks").getAttribute("aria-label");
    if (typed) {
      row = all("#roll > li").filter(function (r) { return r.querySelector(".marks") && r.querySelector(".n").textContent.indexOf(typed + ". ") === 0; })[0];
      words = "Số " + typed + (row ? ": đ/c " + row.querySelector(".marks").getAttribute("aria-label") : "");
      if (row) {
        mark = row.querySelector('[data-key="c"]');
        if (mark.getAttribute("aria-pressed") === "true") { words += ", bỏ ghi có mặt"; mark = null; } else words += ", có mặt";
        outright = [["mark", row.id.slice(3) + (mark ? ":c" : ":0")]];
      }
    } else if (by.value === "all:c") rows = all("#roll > li").filter(function (r) { return r.querySelector(".marks") && !r.querySelector('[aria-pressed="true"]'); });
    all("[data-live-clear]", form).forEach(function (f) { f.value = ""; });
    /* Nothing is exchanged under presses that are on their way. */
    waiting += 1; box.tools.hold(waiting);
    box.add({ url: url, pairs: pairs, outright: outright, words: words, undo: function () { undo(); },
      clear: function () { waiting -= 1; if (!waiting) box.tools.hold(0); },
      pend: function () {
        var undos = [undo].concat((typed && row ? [row] : rows).map(function (r) { return notSent(r, typed && row ? mark : row ? by : r.querySelector('[data-key="c"]')); }));
        undo = function () { undos.reverse().forEach(function (u) { u(); }); };
        all(sel.replace(/\s+/g, ",")).forEach(function (s) {
          if (s.getAttribute("role") !== "status") return;
          s.setAttribute("data-mine", "");
          if (s.id === "said") s.textContent = words + ", chưa gửi";
          else if (s.textContent.indexOf("chưa gửi") < 0) s.textContent += ", chưa tính việc chưa gửi";
        });
      },
      ok: function (html) { box.tools.trouble(form, ""); box.tools.renewed(html, sel, form); },
      refused: function (r) {
        var li = new DOMParser().parseFromString(r.body, "text/html").querySelector("[data-errors] li, main > p");
        undo(); box.tools.trouble(form, box.tools.refused + (li ? " " + li.textContent : ""));
        return true;
      } });
  };
  /* A row as it will be; gives back a function that takes it back. No mark: the mark is taken away. */
  function notSent(row, mark) {
    var st = row.querySelector(".st"), was = st.textContent, cls = row.className, marks = all("[aria-pressed]", row);
    var before = marks.map(function (b) { return b.getAttribute("aria-pressed"); });
    marks.forEach(function (b) { b.setAttribute("aria-pressed", String(b === mark)); });
    row.setAttribute("data-mine", "");
    row.className = mark ? mark.getAttribute("data-state") : "none";
    st.textContent = (mark ? mark.textContent : "Chưa điểm danh") + ", chưa gửi";
    return function () {
      marks.forEach(function (b, i) { b.setAttribute("aria-pressed", before[i]); });
      row.className = cls; st.textContent = was;
    };
  }
  if (doc.querySelector("form[data-live]")) box.renew(function () {
    fetch(location.pathname + location.search, { credentials: "same-origin", headers: { "Accept": "text/html" } }).then(function (r) { return r.ok ? r.text() : ""; })
      .then(function (html) { if (html && box.idle()) all("form[data-live]").forEach(function (f) { box.tools.renewed(html, f.getAttribute("data-live")); }); }, function () { });
  });
})();
