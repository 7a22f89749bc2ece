// Small things the frame does better with script than without; everything works without.
(function () {
  "use strict";
  var summary = document.querySelector('[data-module="govuk-error-summary"]');
  if (summary) {
    summary.focus();
  }
  // The menu shuts with Escape and when something outside it is pressed.
  document.addEventListener("keydown", function (event) {
    var menu = document.querySelector("details.gp-menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", function (event) {
    var menu = document.querySelector("details.gp-menu[open]");
    if (menu && !menu.contains(event.target)) {
      menu.open = false;
    }
  });
  // A form that was sent is not sent again by a second press.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  // Something to be copied is chosen whole when it is pressed.
  document.querySelectorAll("[data-select]").forEach(function (input) {
    input.addEventListener("focus", function () { input.select(); });
  });
  // A password can be looked at while it is typed.
  document.querySelectorAll(".govuk-password-input__toggle").forEach(function (button) {
    var input = document.getElementById(button.getAttribute("aria-controls"));
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "Show" : "Hide";
      button.setAttribute("aria-label", shown ? "Show password" : "Hide password");
    });
  });
})();
