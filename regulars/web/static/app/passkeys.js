// Passkeys: form[data-passkey="get"] proves who one is, ="create" makes a new one. The question stands in the page, or,
// with data-passkey-ask, is fetched from the form's address.

import { words } from "./dom.js";
import { showToast } from "./toasts.js";

document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (!form.dataset.passkey) return;
  e.preventDefault();
  try {
    const answer = await (form.dataset.passkey === "create" ? create(form) : get(form));
    form.elements.credential.value = JSON.stringify(answer.toJSON());
    form.submit();
  } catch (error) {
    console.warn(error);
    showToast({ text: words().passkey, kind: "problem" });
  }
});

async function get(form) {
  const { publicKey } = form.hasAttribute("data-passkey-ask") ? await askServer(form.action) : inPage(form);
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

async function create(form) {
  const { publicKey } = inPage(form);
  const alone = form.elements.passwordless?.checked ?? false;
  Object.assign(publicKey.authenticatorSelection ??= {}, {
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  });
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

const inPage = (form) => JSON.parse(form.querySelector("#passkey-question").textContent);

async function askServer(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()).request_options;
}
