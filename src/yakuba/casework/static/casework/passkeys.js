// Passkeys need JavaScript (navigator.credentials); everything else on these pages works without it.
"use strict";
(() => {
  const supported = "credentials" in navigator && "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;
  const ask = async (url, form) => {
    const body = new FormData(form);
    const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const fail = (place, words) => { place.textContent = words; place.hidden = false; };

  const signIn = document.querySelector("[data-passkey-sign-in]");
  if (signIn && supported) {
    signIn.hidden = false;
    const form = signIn.querySelector("form");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const options = await ask(signIn.dataset.options, form);
        const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch {
        fail(signIn.querySelector("[data-passkey-error]"), "パスキーを使えませんでした。もう一度試すか、パスワードと認証コードでサインインしてください。");
      }
    });
  }

  const register = document.querySelector("[data-passkey-register]");
  if (register) {
    const button = register.querySelector("button");
    if (!supported) { register.hidden = true; return; }
    register.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      try {
        const options = await ask(register.dataset.options, register);
        const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
        register.elements.credential.value = JSON.stringify(credential.toJSON());
        register.submit();
      } catch {
        button.disabled = false;
        fail(register.querySelector("[data-passkey-error]"), "この機器のパスキーを登録できませんでした。もう一度試すか、別の機器を使ってください。");
      }
    });
  }
})();
