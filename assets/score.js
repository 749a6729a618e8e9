/* Nếp: adds up the score sheet while it is filled in, and asks for a reason where one is needed. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-score]");
  if (!form) return;
  var box = form.querySelector("[data-total]");
  var inputs = [].slice.call(form.querySelectorAll("input[data-id]"));
  var bands = form.getAttribute("data-score").split(" ").map(Number);
  var words = ["Tốt", "Khá", "Trung bình", "Kém"], codes = ["good", "fair", "average", "poor"];
  var gates = form.getAttribute("data-gates").split(";").filter(Boolean).map(function (g) { return g.split(" "); });

  /* Hundredths of what is typed: null for nothing, NaN for what is no number. */
  function read(input) {
    var text = input.value.trim();
    if (!text) return null;
    var m = /^(\d{1,4})(?:[,.](\d{1,2}))?$/.exec(text);
    return m ? Number(m[1]) * 100 + Number(((m[2] || "") + "00").slice(0, 2)) : NaN;
  }

  function shown(n) {
    var rest = ("0" + n % 100).slice(-2).replace(/0+$/, "");
    return Math.floor(n / 100) + (rest ? "," + rest : "");
  }

  function level(total) {
    for (var i = 0; i < 3; i++) if (total >= bands[i]) return i;
    return 3;
  }

  function update() {
    var total = 0, most = 0, missing = [], wrong = [], full = {};
    inputs.forEach(function (input) {
      var n = read(input), max = Number(input.getAttribute("data-most")), id = input.getAttribute("data-id");
      most += max;
      if (n === null) missing.push(id);
      else if (isNaN(n) || n > max) wrong.push(id);
      else { total += n; full[id] = n === max; }
      var row = input.parentNode.parentNode, reason = row.querySelector("[data-reason]");
      var needs = n !== null && !isNaN(n) && n > Number(input.getAttribute("data-free"));
      reason.hidden = !needs && !reason.querySelector("input").value && !reason.querySelector(".err");
    });
    var text = "Tổng điểm: " + shown(total) + "/" + shown(most) + ".";
    if (wrong.length) text += " Điểm cần sửa: " + wrong.join(", ") + ".";
    if (missing.length) text += " Chưa cho điểm: " + missing.join(", ") + ".";
    if (!wrong.length && !missing.length) {
      var at = level(total), lacking = [];
      gates.forEach(function (g) {
        if (g[0] === codes[at]) lacking = lacking.concat(g.slice(1).filter(function (id) { return full[id] === false; }));
      });
      text += lacking.length
        ? " Đủ điểm mức " + words[at] + " nhưng tiêu chí " + lacking.join(", ") + " chưa đạt điểm tối đa nên xếp " + words[Math.min(at + 1, 3)] + "."
        : " Xếp loại " + words[at] + ".";
    }
    if (box.textContent !== text) box.textContent = text;
    box.hidden = false;
  }

  form.addEventListener("input", update);
  update();
})();
