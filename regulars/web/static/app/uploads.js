// data-upload on a form with a file: a bar while it travels, and a sentence while the server reads it. The answer is
// another page, or the form again with what was wrong. Without this module the form is sent as ever.

import { announce, on, words } from "./dom.js";
import { showToast } from "./toasts.js";

on("submit", "form[data-upload]", (e, form) => {
  e.preventDefault();
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (e) => e.lengthComputable && tell(form, "sending", e.loaded / e.total));
  request.upload.addEventListener("load", () => tell(form, "reading"));
  request.addEventListener("load", () => answered(form, request));
  request.addEventListener("error", () => failed(form));
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("HX-Target", `form#${form.id}`);
  request.send(new FormData(form));
  busy(form, true);
  tell(form, "sending", 0);
});

/** Which of the two it is doing, and how much of the first is done, from 0 to 1. */
function tell(form, doing, share) {
  const place = form.querySelector("[data-upload-state]");
  const [text, bar] = [place.querySelector("p"), place.querySelector("progress")];
  place.hidden = false;
  if (share === undefined) bar.removeAttribute("value");
  else bar.value = share * bar.max;
  if (text.textContent === place.dataset[doing]) return;
  text.textContent = place.dataset[doing];
  announce(text.textContent);
}

function answered(form, request) {
  const next = request.getResponseHeader("HX-Redirect");
  if (next) location.assign(next);
  else if (request.status === 422) form.innerHTML = request.responseText;
  else if (new URL(request.responseURL).pathname !== location.pathname) location.reload(); // signed out meanwhile
  else failed(form);
}

function failed(form) {
  busy(form, false);
  form.querySelector("[data-upload-state]").hidden = true;
  showToast({ text: words().offline, kind: "problem" });
}

function busy(form, isBusy) {
  form.toggleAttribute("data-busy", isBusy);
  form.querySelector("button[type=submit]").disabled = isBusy;
}
