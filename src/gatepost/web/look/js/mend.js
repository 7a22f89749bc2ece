// A mend is made in the field at once, so that it can be undone there; without script the form is sent and comes back.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-mend]");
    var field = button && document.getElementById(button.dataset.mend);
    if (!field) {
      return;
    }
    var letters = Array.from(field.value);
    var start = letters.slice(0, Number(button.dataset.start)).join("").length;
    var was = button.dataset.was;
    // The words may have moved since they were looked at: the nearest of the same is meant.
    var found = -1;
    for (var at = field.value.indexOf(was); at >= 0; at = field.value.indexOf(was, at + 1)) {
      if (found < 0 || Math.abs(at - start) < Math.abs(found - start)) {
        found = at;
      }
    }
    if (found < 0) {
      return;
    }
    start = found;
    event.preventDefault();
    var fold = field.closest("details");
    if (fold) {
      fold.open = true;
    }
    field.focus();
    field.setSelectionRange(start, start + was.length);
    var done = false;
    try {
      done = document.execCommand(button.dataset.instead ? "insertText" : "delete", false, button.dataset.instead);
    } catch (error) {
      done = false;
    }
    if (!done) {
      field.setRangeText(button.dataset.instead, start, start + was.length, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
})();
