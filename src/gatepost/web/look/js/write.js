// A picture that is too large is refused before it is sent.
(function () {
  "use strict";
  var input = document.getElementById("picture");
  if (!input) {
    return;
  }
  input.addEventListener("change", function () {
    var most = Number(input.dataset.most);
    var large = Array.prototype.find.call(input.files, function (file) { return file.size > most; });
    document.getElementById("picture-e").hidden = !large;
    if (large) {
      document.getElementById("picture-says").textContent = large.name + " is " + Math.round(large.size / 1048576) +
        " MB. The most is " + Math.floor(most / 1048576) + " MB. Save it smaller, then add it.";
      input.value = "";
    }
  });
})();
