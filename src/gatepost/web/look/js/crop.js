// A picture's point that must stay in sight, set by a press on the picture or by its two number fields, which take the
// arrow keys as they are. The preview shows how it is cut.
(function () {
  "use strict";
  document.querySelectorAll("[data-crop]").forEach(function (box) {
    var key = box.dataset.crop;
    var image = box.querySelector(".gp-crop__img");
    var point = box.querySelector(".gp-crop__point");
    var across = document.getElementById("across-" + key);
    var down = document.getElementById("down-" + key);
    var shape = document.getElementById("shape-" + key);
    function place() {
      point.hidden = !shape.value;
      point.style.left = across.value + "%";
      point.style.top = down.value + "%";
    }
    image.addEventListener("click", function (event) {
      var frame = image.getBoundingClientRect();
      across.value = Math.round(100 * (event.clientX - frame.left) / frame.width);
      down.value = Math.round(100 * (event.clientY - frame.top) / frame.height);
      if (!shape.value) {
        shape.value = "16:9";
      }
      place();
      across.dispatchEvent(new Event("input", { bubbles: true }));
    });
    [across, down, shape].forEach(function (field) { field.addEventListener("input", place); });
    place();
  });
})();
