// Moves posts of the calendar: dragged with a mouse, or with arrow keys on a post's Move link. Both send the form that the
// page Move sends; without script that page does the same.
(function () {
  "use strict";
  var form = document.getElementById("mover");
  var says = document.getElementById("mover-says");
  var tables = document.querySelectorAll("[data-calendar]");
  if (!form || !says) {
    return;
  }
  document.getElementById("move-hint").hidden = false;

  function send(post, to, later) {
    form.action = "/calendar/move/" + post + "/";
    form.elements.to.value = to;
    form.elements.later.value = later || "";
    form.submit();
  }

  // --- with the mouse: a day keeps the time of day, an hour keeps the minutes
  var held = null;

  function target(element) {
    var cell = element && element.closest ? element.closest("td[data-day], td[data-days], td[data-hour]") : null;
    return held && cell && !cell.contains(held) ? cell : null;
  }

  function place(box, cell, x) {
    if (cell.dataset.day) {
      return cell.dataset.day;
    }
    if (cell.dataset.days) {  // a gap over several days: the one under the pointer
      var days = cell.dataset.days.trim().split(" ");
      var edge = cell.getBoundingClientRect();
      return days[Math.max(0, Math.min(days.length - 1, Math.floor((x - edge.left) / edge.width * days.length)))];
    }
    var from = new Date(box.dataset.at);
    var to = new Date(cell.dataset.hour);
    to.setUTCMinutes(to.getUTCMinutes() + (from.getUTCMinutes() % 60));
    return to.toISOString();
  }

  document.addEventListener("dragstart", function (event) {
    held = event.target.closest ? event.target.closest("[data-slot]") : null;
    if (held) {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", held.dataset.title);
      held.classList.add("is-held");
    }
  });
  document.addEventListener("dragend", function () {
    if (held) {
      held.classList.remove("is-held");
    }
    document.querySelectorAll(".is-over").forEach(function (cell) { cell.classList.remove("is-over"); });
    held = null;
  });
  tables.forEach(function (table) {
    table.addEventListener("dragover", function (event) {
      var cell = target(event.target);
      document.querySelectorAll(".is-over").forEach(function (one) {
        if (one !== cell) {
          one.classList.remove("is-over");
        }
      });
      if (cell) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
        cell.classList.add("is-over");
      }
    });
    table.addEventListener("drop", function (event) {
      var cell = target(event.target);
      if (cell) {
        event.preventDefault();
        send(held.dataset.post, place(held, cell, event.clientX));
      }
    });
  });

  // --- with the keyboard: left and right a day, up and down an hour; in the month up and down a week
  function day(iso, days) {
    var parts = iso.split("-").map(Number);
    return new Date(Date.UTC(parts[0], parts[1] - 1, parts[2] + days)).toISOString().slice(0, 10);
  }

  function spoken(iso) {
    var words = new Date(iso + "T12:00:00Z");
    return words.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  }

  document.querySelectorAll("[data-move]").forEach(function (link) {
    var box = link.closest("[data-slot]");
    var table = link.closest("[data-calendar]");
    var month = table && table.dataset.step === "7";
    var days = 0;
    var hours = 0;

    function tell() {
      box.classList.toggle("is-held", Boolean(days || hours));
      var on = spoken(day(box.dataset.day, days));
      var by = hours ? ", " + Math.abs(hours) + (Math.abs(hours) === 1 ? " hour " : " hours ") + (hours > 0 ? "later" : "earlier") : ", the same time";
      var words = days || hours ? on + by + ". Enter moves it there, Escape leaves it." : "Where it was.";
      says.textContent = words;
      var note = box.querySelector(".gp-slotbox__to");
      if (!note) {
        note = document.createElement("span");
        note.className = "gp-slotbox__to";
        note.setAttribute("aria-hidden", "true");
        box.appendChild(note);
      }
      note.textContent = days || hours ? "To " + words : "";
    }

    link.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) {
        return;
      }
      var step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: month ? [-7, 0] : [0, -1], ArrowDown: month ? [7, 0] : [0, 1] }[event.key];
      if (step) {
        event.preventDefault();
        days += step[0];
        hours += step[1];
        tell();
      } else if (event.key === "Enter" && (days || hours)) {
        event.preventDefault();
        send(box.dataset.post, day(box.dataset.day, days), hours);
      } else if (event.key === "Escape" && (days || hours)) {
        days = 0;
        hours = 0;
        tell();
      }
    });
    link.addEventListener("blur", function () {
      if (days || hours) {
        days = 0;
        hours = 0;
        tell();
      }
    });
  });
})();
