// Single-letter keys of the inbox, listed under ?. They act only outside fields and can be turned off in the settings.
// No key sends, signs or changes anything: each takes you to where that is done.
(function () {
  "use strict";
  var list = document.getElementById("list");
  var current = list && list.querySelector(".gp-initem[aria-current]");
  if (current && list.scrollHeight > list.clientHeight && window.getComputedStyle(list).overflowY !== "visible") {
    list.scrollTop = Math.max(0, current.offsetTop - list.clientHeight / 3);
  }
  var open = document.querySelector("[data-open]");
  var pane = open && open.closest(".gp-desk__thread");
  if (pane && pane.scrollHeight > pane.clientHeight && window.getComputedStyle(pane).overflowY === "auto" &&
      !document.getElementById("problem")) {
    pane.scrollTop = Math.max(0, open.closest("li").offsetTop - 90);
  }
  if (document.body.dataset.keys !== "on") {
    return;
  }

  function items() {
    return Array.prototype.slice.call(document.querySelectorAll(".gp-initem"));
  }

  function go(step) {
    var all = items();
    var open = document.querySelector(".gp-initem[aria-current]");
    var here = all.indexOf(all.indexOf(document.activeElement) >= 0 ? document.activeElement : open);
    var next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
    if (!next) {
      return;
    }
    if (open) {
      next.click();
    } else {
      next.focus();
    }
  }

  function focus(target) {
    if (target) {
      target.focus();
      target.scrollIntoView({ block: "nearest" });
    }
  }

  // Something inside a disclosure is opened before it is gone to.
  function reach(selector) {
    var target = document.querySelector(selector);
    for (var up = target; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") {
        up.open = true;
      }
    }
    focus(target);
  }

  function tick() {
    var all = items();
    var row = all.indexOf(document.activeElement) >= 0 ? document.activeElement : document.querySelector(".gp-initem[aria-current]");
    var box = row && row.parentElement.querySelector("input[type=checkbox]");
    if (box) {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  var WAYS = {
    f: "#refer input:not([type=hidden]), #refer summary",
    a: "#take",
    l: "#w-label",
    g: "#w-person",
    s: "#w-until",
    n: "#note_text",
    c: "#what",
    d: ".gp-msg__why, .gp-veil button",
    m: "#moderation",
    o: "#cases button, #case-kind",
    p: "#person",
    t: "#into, #part",
    e: "#because",
    z: "#undo",
    v: "#views a",
    w: "#v-title",
    b: "#b-person",
    "/": "#s-q"
  };

  document.addEventListener("keydown", function (event) {
    var on = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
      return;
    }
    if (on.isContentEditable || /^(TEXTAREA|SELECT)$/.test(on.tagName) ||
        (on.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(on.type))) {
      return;
    }
    var help = document.getElementById("keys");
    if (help && help.open && event.key !== "?") {
      return;
    }
    var key = event.key.toLowerCase();
    if (key === "j") {
      go(1);
    } else if (key === "k") {
      go(-1);
    } else if (key === "r") {
      focus(document.getElementById("reply"));
    } else if (key === "u") {
      var back = document.querySelector(".gp-desk__back a");
      if (back) {
        back.click();
      }
    } else if (key === "x") {
      tick();
    } else if (WAYS[key]) {
      reach(WAYS[key]);
    } else if (/^[1-9]$/.test(key)) {
      var choice = document.getElementById("w" + key);
      if (choice) {
        choice.checked = true;
        focus(choice);
      }
    } else if (key === "?" && help) {
      if (help.open) {
        help.close();
      } else {
        help.showModal();
      }
    } else {
      return;
    }
    event.preventDefault();
  });
})();
