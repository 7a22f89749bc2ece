// The marks under a text box: hidden while the words above them change, and scrolled along with them.
(function () {
  "use strict";
  document.querySelectorAll(".gp-checked").forEach(function (box) {
    var text = box.querySelector("textarea");
    if (!text) {
      return;
    }
    function follow() {
      var under = box.querySelector(".gp-checked__under");
      if (under) {
        under.scrollTop = text.scrollTop;
      }
    }
    text.addEventListener("input", function () { box.classList.add("gp-checked--stale"); });
    text.addEventListener("scroll", follow);
    new MutationObserver(function () {
      box.classList.remove("gp-checked--stale");
      follow();
    }).observe(box, { childList: true, subtree: true });
    follow();
  });
})();
