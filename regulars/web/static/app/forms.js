// Forms: saving by itself, warning about unsaved work, dropping files, copying, showing a password, going back.

import { announce, on, whenPresent, words } from "./dom.js";

// data-autosubmit on a form: sent 150 ms after the last change
const timers = new WeakMap();
on("input", "form[data-autosubmit]", (e, form) => {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => form.requestSubmit(), 150));
});

// data-guard on a form: leaving the page with changes asks first
const snapshots = new WeakMap();
const contents = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
const isDirty = (form) => snapshots.has(form) && snapshots.get(form) !== contents(form);

whenPresent("form[data-guard]", (form) => { if (!snapshots.has(form)) snapshots.set(form, contents(form)); });
on("submit", "form[data-guard]", (e, form) => snapshots.delete(form));
window.addEventListener("beforeunload", (e) => {
  if ([...document.querySelectorAll("form[data-guard]")].some(isDirty)) e.preventDefault();
});
on("input", "form[data-guard]", (e, form) => form.toggleAttribute("data-dirty", isDirty(form)));

// data-thousands: an amount typed as mere digits is written as the shop writes amounts
on("change", "input[data-thousands]", (e, input) => {
  const { before, thousands, after } = input.dataset;
  const digits = input.value.trim();
  if (/^[1-9]\d*$/.test(digits) && thousands) input.value = before + digits.replace(/\B(?=(\d{3})+$)/g, thousands) + after;
});

// data-drop: the file's name, and a colour while one hangs over it
const over = (isOver) => (e, drop) => drop.classList.toggle("is-over", isOver);
on("dragenter", "[data-drop]", over(true));
on("dragleave", "[data-drop]", over(false));
on("drop", "[data-drop]", over(false));
on("change", "[data-drop] input", (e, input) => {
  const names = [...input.files].map((file) => `${file.name} (${size(file.size)})`);
  input.closest("[data-drop]").querySelector("[data-drop-name]").textContent = names.join(", ");
});

function size(bytes) {
  const [unit, divisor] = bytes >= 1e6 ? ["megabyte", 1e6] : ["kilobyte", 1e3];
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 });
  return format.format(bytes / divisor);
}

on("click", "[data-copy]", async (e, button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("is-copied");
  announce(words().copied);
  setTimeout(() => button.classList.remove("is-copied"), 1500);
});

on("click", "[data-reveal]", (e, button) => {
  const field = document.getElementById(button.dataset.reveal);
  field.type = field.type === "password" ? "text" : "password";
  button.setAttribute("aria-pressed", String(field.type === "text"));
});

on("click", "[data-back]", () => history.back());
on("click", "[data-print]", () => window.print());
