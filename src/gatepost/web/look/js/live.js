// What happens elsewhere shows here without reloading: counts and lines only, nothing moves under the pointer.
// A part names the events it listens to (data-live-on), where its content comes from (data-live-url) and, where only
// some things concern it, their names in the record (data-live-subjects, on itself or inside).
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
    if (!own || name === "back" || name === "message-arrived") {
      return true;
    }
    return (" " + own.dataset.liveSubjects + " ").indexOf(" " + subject + " ") >= 0;
  }

  // Somebody is typing there, or has: their words are worth more than fresh lines.
  function busy(part) {
    if (part.contains(document.activeElement)) {
      return true;
    }
    return Array.prototype.some.call(part.querySelectorAll("input:not([type=hidden]), textarea"), function (field) {
      return field.value !== field.defaultValue;
    });
  }

  function refresh(part) {
    window.clearTimeout(part.liveTimer);
    part.liveTimer = window.setTimeout(function () {
      fetch(part.dataset.liveUrl, { credentials: "same-origin", redirect: "error", headers: { "HX-Request": "true" } })
        .then(function (answer) { return answer.ok ? answer.text() : null; })
        .then(function (html) {
          if (html === null) {
            return;
          }
          if (busy(part)) {
            part.addEventListener("focusout", function () { refresh(part); }, { once: true });
            return;
          }
          if (part.liveLast !== html) {
            part.liveLast = html;
            part.innerHTML = html.trim();
          }
        })
        .catch(function () { /* signed out or away: the page stays as it was */ });
    }, 400);
  }

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
