// What happens elsewhere shows here without reloading: counts and lines only, nothing moves under the pointer.
// A part names the events it listens to (data-live-on), where its content comes from (data-live-url) and, where only
// some things concern it, their names in the record (data-live-subjects, on itself or inside). A part with an id is
// large: it is left alone while the pointer is over it, and takes the piece with its id out of what is answered.
(function () {
  "use strict";
  var parts = Array.prototype.slice.call(document.querySelectorAll("[data-live-part]"));
  if (!window.EventSource || !parts.length) {
    return;
  }
  var source = null;

  function listens(part, name) {
    return (" " + part.dataset.liveOn + " ").indexOf(" " + name + " ") >= 0;
  }

  function concerns(part, name, subject) {
    var own = part.dataset.liveSubjects !== undefined ? part : part.querySelector("[data-live-subjects]");
    if (!own || name === "back" || name === "message-arrived" || name.indexOf("hold-") === 0) {
      return true;
    }
    return (" " + own.dataset.liveSubjects + " ").indexOf(" " + subject + " ") >= 0;
  }

  var pointer = null; // where a mouse is on the page, while it is

  function canHover() {
    return window.matchMedia("(hover: hover)").matches;
  }

  // Somebody works in there, or is about to: their words and their aim are worth more than fresh lines.
  function busy(part) {
    if (part.contains(document.activeElement) || part.querySelector("details[open]")) {
      return true;
    }
    if (part.id && canHover() && part.matches(":hover")) {
      return true;
    }
    return Array.prototype.some.call(part.querySelectorAll("input:not([type=hidden]), textarea"), function (field) {
      return field.type === "checkbox" || field.type === "radio"
        ? field.checked !== field.defaultChecked
        : field.value !== field.defaultValue;
    });
  }

  // Fresh lines above must not push away what somebody points at: the page is scrolled by as much. Where it cannot
  // be, they wait. Bare ground is nothing to point at: a mouse that rests there holds up no news.
  function put(part, html) {
    var under = pointer && canHover() ? document.elementFromPoint(pointer.x, pointer.y) : null;
    var held = under ? under.closest("a, button, input, select, textarea, label, summary, li, tr, p, h1, h2, h3") : null;
    var place = held ? held.getBoundingClientRect().top : null;
    var before = part.innerHTML;
    part.innerHTML = html;
    if (place === null || part.contains(held) || !held.isConnected) {
      return true;
    }
    var moved = held.getBoundingClientRect().top - place;
    if (Math.abs(moved) >= 1) {
      window.scrollBy(0, moved);
      var left = held.getBoundingClientRect().top - place;
      if (Math.abs(left) >= 1) {
        part.innerHTML = before;
        window.scrollBy(0, left - moved);
        return false;
      }
    }
    return true;
  }

  // A page may hold several parts at one address: each takes the piece that has its id.
  function piece(part, html) {
    if (!part.id) {
      return html.trim();
    }
    var found = new DOMParser().parseFromString(html, "text/html").getElementById(part.id);
    return found ? found.innerHTML : html.trim();
  }

  function show(part) {
    var html = part.liveNext;
    if (html === undefined || part.liveLast === html) {
      return;
    }
    if (busy(part) || !put(part, html)) {
      return; // tried again when the focus or the pointer has moved
    }
    part.liveLast = html;
    part.liveNext = undefined;
  }

  function showAll() {
    parts.forEach(show);
  }

  var fetching = {};

  // One request for all parts of an address, soon, and at most every two seconds however much happens.
  function refresh(part) {
    var url = part.dataset.liveUrl;
    var known = fetching[url] || (fetching[url] = { timer: 0, last: 0 });
    if (known.timer) {
      return;
    }
    known.timer = window.setTimeout(function () {
      known.timer = 0;
      known.last = Date.now();
      fetch(url, { credentials: "same-origin", redirect: "error", headers: { "HX-Request": "true" } })
        .then(function (answer) { return answer.ok ? answer.text() : null; })
        .then(function (html) {
          if (html === null) {
            return;
          }
          parts.forEach(function (one) {
            if (one.dataset.liveUrl === url) {
              one.liveNext = piece(one, html);
              show(one);
            }
          });
        })
        .catch(function () { /* signed out or away: the page stays as it was */ });
    }, Math.max(400, known.last + 2000 - Date.now()));
  }

  document.addEventListener("pointermove", function (event) {
    pointer = event.pointerType === "mouse" ? { x: event.clientX, y: event.clientY } : null;
  }, { passive: true });
  document.documentElement.addEventListener("pointerleave", function () {
    pointer = null;
    showAll();
  });
  ["focusout", "pointerout", "toggle"].forEach(function (name) {
    document.addEventListener(name, function () { window.setTimeout(showAll, 0); }, true);
  });

  function heard(event) {
    var fact = {};
    try { fact = JSON.parse(event.data || "{}"); } catch (error) { fact = {}; }
    parts.forEach(function (part) {
      if (listens(part, event.type) && concerns(part, event.type, fact.subject)) {
        refresh(part);
      }
    });
  }

  function open() {
    if (source) {
      return;
    }
    source = new EventSource("/live");
    var names = {};
    parts.forEach(function (part) {
      part.dataset.liveOn.split(/\s+/).forEach(function (name) { names[name] = true; });
    });
    Object.keys(names).filter(Boolean).forEach(function (name) { source.addEventListener(name, heard); });
  }

  // A page nobody looks at holds no connection; when it is looked at again, it catches up.
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && source) {
      source.close();
      source = null;
    } else if (!document.hidden) {
      open();
      parts.forEach(refresh);
    }
  });
  window.addEventListener("pagehide", function () {
    if (source) {
      source.close();
      source = null;
    }
  });
  open();
})();
