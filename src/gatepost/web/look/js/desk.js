// Who is here: while a message is open and looked at, the desk is told so now and then, so that colleagues see it; and
// how many messages are ticked.
(function () {
  "use strict";
  var page = document.querySelector("[data-desk-here]");
  var reply = document.getElementById("reply");
  var token = document.querySelector("input[name=csrfmiddlewaretoken]");
  var EVERY = 20000;
  var written = 0;

  function say(doing) {
    var body = new URLSearchParams({ doing: doing, csrfmiddlewaretoken: token.value });
    fetch(page.dataset.deskHere, { method: "POST", body: body, credentials: "same-origin", keepalive: true })
      .catch(function () { /* away: colleagues see nobody here, which is true */ });
  }

  function doing() {
    return written && Date.now() - written < 60000 ? "replying" : "";
  }

  if (page && token) {
    say("");
    window.setInterval(function () {
      if (!document.hidden) {
        say(doing());
      }
    }, EVERY);
    if (reply) {
      reply.addEventListener("input", function () {
        var first = !doing();
        written = Date.now();
        if (first) {
          say("replying");
        }
      });
    }
    window.addEventListener("pagehide", function () { say("gone"); });
  }

  var count = document.getElementById("ticked");
  document.addEventListener("change", function (event) {
    if (count && event.target.matches(".gp-initem__tick input")) {
      var number = document.querySelectorAll(".gp-initem__tick input:checked").length;
      count.textContent = number ? "(" + number + ")" : "";
    }
  });
})();
