// Short news in the corner, with Undo. The server draws those of a new page; the rest come by the event "toast".

import { on } from "./dom.js";

const SECONDS = { done: 6, info: 6, warning: 10, problem: 0 };
const WITH_UNDO = 12;

/** Show one: {text, kind: done|info|warning|problem, undo: where the Undo button posts to}. */
export function showToast({ text, kind = "done", undo = null }) {
  const note = document.getElementById(`toast-${kind}`).content.firstElementChild.cloneNode(true);
  note.querySelector("p").textContent = text;
  const form = note.querySelector("[data-undo]");
  if (undo) form.action = undo;
  else form.remove();
  document.getElementById("toasts").append(note);
  start(note);
}

function start(note) {
  const box = document.getElementById("toasts");
  box.hidePopover?.(); // shown again, it lies above a dialog that was opened meanwhile
  box.showPopover?.();
  const next = note.querySelector('[name="next"]');
  if (next) next.value = location.pathname + location.search;
  const seconds = note.querySelector("[data-undo]") ? WITH_UNDO : SECONDS[note.dataset.toast];
  if (seconds) leaveAfter(note, seconds);
}

/** Wait while the pointer or the focus is on it. */
function leaveAfter(note, seconds) {
  const wait = () => setTimeout(() => note.remove(), seconds * 1000);
  let timer = wait();
  for (const event of ["pointerenter", "focusin"]) note.addEventListener(event, () => clearTimeout(timer));
  for (const event of ["pointerleave", "focusout"]) note.addEventListener(event, () => { clearTimeout(timer); timer = wait(); });
}

document.querySelectorAll("#toasts > [data-toast]").forEach(start);
on("click", "[data-toast-close]", (e, button) => button.closest("[data-toast]").remove());
document.addEventListener("toast", (e) => e.detail.toasts.forEach(showToast));
