/* Looks a task through while it is typed: the fields go to the server a moment after the last key, and
   what is advised comes back as a part of the page. Nothing is saved; without this script the advice
   stands on the page after saving. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-soat]");
  var part = document.getElementById("soat");
  var count = document.getElementById("soat-dem");
  var back = document.getElementById("soat-lai");
  var words = document.getElementById("noi_dung");
  if (!form || !part || !count || !words) { return; }

  var WAIT = 500;
  var timer = 0;
  var turn = 0;
  var shown = body();
  var old = null;

  function body() {
    var out = new URLSearchParams();
    ["noi_dung", "yeu_cau", "bien_phap", "thoi_han", "thuc_hien", "kiem_tra", "don_doc", "nhiem_vu"].forEach(function (name) {
      var field = form.elements[name];
      if (field) { out.append(name, field.value); }
    });
    return out.toString();
  }

  function ready(root) {
    root.querySelectorAll("[data-js]").forEach(function (el) { el.hidden = false; });
  }

  function look() {
    var said = body();
    if (said === shown) { return; }
    var mine = ++turn;
    var head = {
      "X-CSRF-Token": document.querySelector("meta[name=csrf]").content,
      "Content-Type": "application/x-www-form-urlencoded"
    };
    fetch(form.getAttribute("data-soat"), { method: "POST", headers: head, body: said, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) {
        /* A newer question was asked meanwhile, or the server has nothing to say: what stands stays. */
        if (html === null || mine !== turn) { return; }
        shown = said;
        var open = part.querySelector("details.why[open]");
        part.innerHTML = html;
        var why = part.querySelector("details.why");
        if (open && why) { why.open = true; }
        ready(part);
        var told = part.firstElementChild ? part.firstElementChild.getAttribute("data-dem") : "";
        if (count.textContent !== told) { count.textContent = told; }
      })
      .catch(function () { /* Without network nothing is advised; saving does not depend on it. */ });
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  }

  function put(text) {
    words.value = text;
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  }

  part.addEventListener("click", function (event) {
    if (!event.target.closest("[data-khung]")) { return; }
    old = words.value;
    put(document.getElementById("khung").textContent);
    if (back) { back.hidden = false; }
    /* The first gap is marked, so that typing fills it. */
    var gap = /\[[^\]]*\]/.exec(words.value);
    if (gap) { words.setSelectionRange(gap.index, gap.index + gap[0].length); }
  });

  if (back) {
    back.addEventListener("click", function () {
      if (old !== null) { put(old); }
      old = null;
      back.hidden = true;
    });
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  ready(form);
})();
