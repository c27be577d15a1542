// Dialogs and drawers, and the question before something that cannot be taken back.

import { on } from "./dom.js";

on("click", "[data-dialog]", (e, button) => {
  const dialog = document.getElementById(button.dataset.dialog);
  if (dialog && !dialog.open) dialog.showModal();
});
on("click", "[data-close]", (e, button) => {
  const dialog = button.closest("dialog");
  if (dialog) dialog.close();
  else if (!button.matches("a")) leave(button.dataset.close);
});
on("click", "dialog", (e, dialog) => { if (e.target === dialog && isOutside(e, dialog)) dialog.close(); });
document.addEventListener("close-dialog", () => document.querySelectorAll("dialog[open]").forEach((d) => d.close()));

/** What opens as a dialog is also a page of its own, by its address: closing it leads to where it belongs. */
function leave(address) {
  if (address) location.assign(address);
  else history.back();
}

function isOutside(e, dialog) {
  const box = dialog.getBoundingClientRect();
  return e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom;
}

// The frame's empty dialog and drawer open when htmx fills them.
document.addEventListener("htmx:after:swap", () => {
  for (const dialog of document.querySelectorAll("dialog[data-opens-on-swap]")) {
    const isFilled = dialog.firstElementChild.childElementCount > 0;
    if (isFilled && !dialog.open) openFilled(dialog);
    if (!isFilled && dialog.open) dialog.close();
  }
});

function openFilled(dialog) {
  const title = dialog.querySelector("h2");
  if (title) dialog.setAttribute("aria-label", title.textContent);
  dialog.showModal();
}

document.addEventListener("close", (e) => {
  if (e.target.matches?.("dialog[data-opens-on-swap]")) e.target.firstElementChild.replaceChildren();
}, true);

/** Ask, in our own dialog. `question` may be one line, or a title and a text separated by a line break. */
export function ask(question, { yes, danger } = {}) {
  const dialog = document.getElementById("confirm");
  const [title, ...rest] = question.split("\n");
  const button = document.getElementById("confirm-yes");
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = rest.join("\n");
  button.dataset.usual ??= button.textContent;
  button.textContent = yes || button.dataset.usual;
  button.className = `btn ${danger ? "btn-danger" : "btn-primary"}`;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true }));
}

const manner = (element) => ({ yes: element.dataset.confirmYes, danger: "confirmDanger" in element.dataset });

document.addEventListener("htmx:confirm", async (e) => {
  const { ctx, issueRequest, dropRequest } = e.detail;
  e.preventDefault();
  if (await ask(ctx.confirm, manner(ctx.sourceElement))) issueRequest();
  else dropRequest();
});

const agreed = new WeakSet();

document.addEventListener("submit", async (e) => {
  const asks = [e.submitter, e.target].find((element) => element?.dataset.confirm);
  if (!asks || agreed.delete(e.target)) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  const { submitter } = e;
  if (!(await ask(asks.dataset.confirm, manner(asks)))) return;
  agreed.add(e.target);
  e.target.requestSubmit(submitter);
}, true);
