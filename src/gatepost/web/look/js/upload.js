// Large files are sent in pieces, so that a break loses nothing: after one, the sending goes on where it was. Without
// script the form sends them whole.
(function () {
  "use strict";
  var PIECE = 4 * 1048576;
  var LARGE = 2 * 1048576; // smaller files go with the form
  var form = document.querySelector("form[data-upload]");
  var input = form && form.querySelector("input[type=file]");
  var says = document.getElementById("upload-says");
  if (!form || !input || !window.fetch) {
    return;
  }
  var token = form.querySelector("[name=csrfmiddlewaretoken]").value;

  function ask(address, options) {
    options.headers = Object.assign({ "X-CSRFToken": token }, options.headers || {});
    options.credentials = "same-origin";
    return fetch(address, options).then(function (answer) {
      return answer.json().then(function (body) { return { status: answer.status, body: body }; });
    });
  }

  function wait(milliseconds) {
    return new Promise(function (go) { setTimeout(go, milliseconds); });
  }

  function line(file) {
    var made = document.createElement("p");
    made.className = "gp-small";
    var bar = document.createElement("progress");
    bar.max = file.size;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    var words = document.createElement("span");
    made.append(bar, " ", words);
    says.append(made);
    return { bar: bar, say: function (text) { words.textContent = file.name + ": " + text; } };
  }

  function pieces(file, address, from, show, tries) {
    if (from >= file.size) {
      return ask(address, { method: "GET" });
    }
    show.bar.value = from;
    show.say(Math.floor(100 * from / file.size) + "% sent");
    return ask(address, {
      method: "PATCH",
      headers: { "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" },
      body: file.slice(from, from + PIECE)
    }).then(function (told) {
      if (told.status === 200) {
        return told.body.received >= file.size ? told : pieces(file, address, told.body.received, show, 0);
      }
      if (told.status === 409) {
        return pieces(file, address, told.body.received, show, 0);
      }
      return told;
    }, function () {
      if (tries > 60) {
        throw new Error("away");
      }
      show.say("the connection broke. Trying again; what was sent is kept");
      return wait(Math.min(1000 * Math.pow(2, tries), 30000)).then(function () {
        return ask(address, { method: "GET" }).then(function (told) {
          return pieces(file, address, told.body.received, show, 0);
        }, function () {
          return pieces(file, address, from, show, tries + 1);
        });
      });
    });
  }

  function prepared(address, show) {
    return ask(address, { method: "GET" }).then(function (told) {
      if (told.body.ready || told.body.failed) {
        return told;
      }
      show.say("arrived; it is being prepared. You can go on writing");
      return wait(2000).then(function () { return prepared(address, show); });
    });
  }

  function hidden(name, value) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }

  function send(file) {
    var show = line(file);
    var body = new URLSearchParams({ name: file.name, size: String(file.size) });
    return ask(form.dataset.upload, { method: "POST", body: body }).then(function (begun) {
      if (begun.status !== 201) {
        return begun;
      }
      var address = form.dataset.upload + begun.body.key + "/";
      return pieces(file, address, begun.body.received, show, 0).then(function (told) {
        return told.body.failed ? told : prepared(address, show);
      });
    }).then(function (told) {
      if (told.body.failed) {
        show.say(told.body.failed);
        return false;
      }
      show.bar.value = file.size;
      show.say("ready");
      hidden("coming", told.body.key);
      return true;
    }, function () {
      show.say("could not be sent. Choose it again to try once more");
      return false;
    });
  }

  input.addEventListener("change", function () {
    var large = Array.prototype.filter.call(input.files, function (file) { return file.size > LARGE; });
    if (!large.length || large.length !== input.files.length) {
      return; // a mixture goes with the form, whole
    }
    says.textContent = "";
    input.value = "";
    large.reduce(function (before, file) {
      return before.then(function (all) { return send(file).then(function (fine) { return all && fine; }); });
    }, Promise.resolve(true)).then(function (fine) {
      if (fine) {
        var button = form.querySelector("button[value=add]") || form.querySelector("button[type=submit]:not([tabindex])");
        form.requestSubmit(button);
      }
    });
  });
})();
