// What belongs to every htmx request: the CSRF token, the working line, and words when the server does not answer.

import { words } from "./dom.js";
import { showToast } from "./toasts.js";

const READS = new Set(["GET", "HEAD"]);
let running = 0;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!READS.has(ctx.request.method)) {
    ctx.request.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  }
});

const isQuiet = ({ detail }) => detail.ctx?.sourceElement?.closest?.("[data-quiet]");

// What asks now and then waits while nobody looks, and while rows are chosen, which it would let go.
document.addEventListener("htmx:before:request", (e) => {
  if (!e.detail.ctx?.sourceElement?.hasAttribute?.("data-while-seen")) return;
  if (document.hidden || document.querySelector("#list-table input:checked")) e.preventDefault();
});

function count(change) {
  running = Math.max(0, running + change);
  document.documentElement.toggleAttribute("data-busy", running > 0);
}

document.addEventListener("htmx:before:request", (e) => isQuiet(e) || count(1));
document.addEventListener("htmx:finally:request", (e) => isQuiet(e) || count(-1));

// Signed out meanwhile: the answer is the sign-in page. Go there, and come back to this page afterwards.
document.addEventListener("htmx:before:response", (e) => {
  const { redirected, url } = e.detail.ctx.response.raw;
  const signIn = document.querySelector('meta[name="sign-in"]').content;
  if (!redirected || new URL(url).pathname !== signIn) return;
  e.preventDefault();
  location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
});

function apologise(e) {
  if (!isQuiet(e)) showToast({ text: words().offline, kind: "problem" });
}

document.addEventListener("htmx:error", (e) => e.detail.ctx && apologise(e));
document.addEventListener("htmx:response:error", (e) => {
  const { status, headers } = e.detail.ctx.response;
  if (status >= 500 && !headers.has("HX-Trigger")) apologise(e);
});
