/* Nếp: what a page could not send, kept in the browser where the organisation allows it: in IndexedDB, encrypted with
   AES-GCM under a key that cannot be read out, bound to one account in one organisation. Nothing in clear but that pair.
   Without crypto.subtle (plain http) or IndexedDB nothing is kept. nep.js wipes it all at sign-out and when another
   account signs in. Written for old browsers (no ?. or ??). */
(function () {
  "use strict";
  var NAME = "nep-hang", MARK = "nep.hang";
  var works = !!(window.indexedDB && window.crypto && crypto.subtle && window.TextEncoder);

  function asked(request) {
    return new Promise(function (done, fail) {
      request.onsuccess = function () { done(request.result); };
      request.onerror = function () { fail(request.error); };
    });
  }
  var link = null;
  function open() {
    if (link) return link;
    link = new Promise(function (done, fail) {
      var r = indexedDB.open(NAME, 1);
      r.onupgradeneeded = function () {
        r.result.createObjectStore("khoa");
        r.result.createObjectStore("viec", { keyPath: "id", autoIncrement: true });
      };
      r.onsuccess = function () {
        /* Whoever wipes must not wait for this page. */
        r.result.onversionchange = r.result.onclose = function () { r.result.close(); link = null; };
        done(r.result);
      };
      r.onerror = r.onblocked = function () { link = null; fail(r.error); };
    });
    return link;
  }
  function on(store, mode, fn) {
    return open().then(function (db) { return asked(fn(db.transaction(store, mode).objectStore(store))); });
  }
  function marked() { try { return localStorage.getItem(MARK); } catch (x) { return null; } }

  /* The key of an account in an organisation: made once, kept by the browser, never seen by a script. */
  function keyOf(who, make) {
    return on("khoa", "readonly", function (s) { return s.get(who); }).then(function (key) {
      if (key || !make) return key;
      return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]).then(function (fresh) {
        /* Two tabs may make one at the same time: the first stays. */
        return on("khoa", "readwrite", function (s) { return s.add(fresh, who); }).then(function () { return fresh; }, function () {
          return on("khoa", "readonly", function (s) { return s.get(who); });
        });
      });
    });
  }
  function put(who, id, value) {
    var iv = crypto.getRandomValues(new Uint8Array(12)), bound = new TextEncoder().encode(who);
    try { localStorage.setItem(MARK, who.split(":")[0]); } catch (x) { return Promise.reject(x); }
    return keyOf(who, true).then(function (key) {
      return crypto.subtle.encrypt({ name: "AES-GCM", iv: iv, additionalData: bound }, key, new TextEncoder().encode(JSON.stringify(value)));
    }).then(function (data) {
      var row = { who: who, iv: iv, data: data };
      if (id) row.id = id;
      return on("viec", "readwrite", function (s) { return s.put(row); });
    });
  }
  function drop(id) { return on("viec", "readwrite", function (s) { return s.delete(id); }); }
  /* What was kept for this account here, in the order it was kept; what cannot be read is thrown away. */
  function all(who) {
    if (!works || marked() !== who.split(":")[0]) return Promise.resolve([]);
    var bound = new TextEncoder().encode(who);
    return Promise.all([keyOf(who, false), on("viec", "readonly", function (s) { return s.getAll(); })]).then(function (both) {
      var rows = both[1].filter(function (r) { return r.who === who; });
      return Promise.all(rows.map(function (r) {
        var read = both[0] ? crypto.subtle.decrypt({ name: "AES-GCM", iv: r.iv, additionalData: bound }, both[0], r.data) : Promise.reject();
        return read.then(function (data) {
          return { id: r.id, value: JSON.parse(new TextDecoder().decode(data)) };
        }).catch(function () { return drop(r.id).then(function () { return null; }); });
      }));
    }).then(function (rows) { return rows.filter(Boolean); });
  }
  window.nepKeep = { works: works, put: put, drop: drop, all: all };
})();
