// Signing off with a passkey, and registering one. The device signs the seal itself: the challenge is its digest.
(function () {
  "use strict";
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (letter) { return letter.charCodeAt(0); });
  }
  function text(buffer) {
    var raw = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function asked(json) {
    var options = JSON.parse(json);
    options.challenge = bytes(options.challenge);
    if (options.user) { options.user.id = bytes(options.user.id); }
    ["allowCredentials", "excludeCredentials"].forEach(function (name) {
      (options[name] || []).forEach(function (one) { one.id = bytes(one.id); });
    });
    return options;
  }
  function answered(credential) {
    var response = {};
    ["clientDataJSON", "authenticatorData", "signature", "attestationObject", "userHandle"].forEach(function (name) {
      if (credential.response[name]) { response[name] = text(credential.response[name]); }
    });
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response,
      clientExtensionResults: {}
    });
  }
  function run(form, ask, button) {
    var says = form.querySelector("[data-passkey-says]");
    says.textContent = "Waiting for your device.";
    button.disabled = true;
    ask().then(function (credential) {
      form.querySelector('input[name="passkey"]').value = answered(credential);
      var wish = document.createElement("input");
      wish.type = "hidden"; wish.name = button.name; wish.value = button.value;
      form.appendChild(wish);
      form.submit();
    }).catch(function () {
      button.disabled = false;
      says.textContent = "The passkey was not used. Nothing was signed or kept. Try again.";
    });
  }
  if (!window.PublicKeyCredential) { return; }
  document.querySelectorAll("[data-passkey-go]").forEach(function (button) {
    var form = button.form;
    button.hidden = false;
    button.addEventListener("click", function (event) {
      event.preventDefault();
      run(form, function () {
        return navigator.credentials.get({ publicKey: asked(form.dataset.passkeySign) });
      }, button);
    });
  });
  document.querySelectorAll("[data-passkey-make]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      run(form, function () {
        return navigator.credentials.create({ publicKey: asked(form.dataset.passkeyMake) });
      }, form.querySelector("button[type=submit]"));
    });
  });
})();
