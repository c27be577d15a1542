// Lists: ticking rows (with shift for a range), the bar that says how many, and the keyboard.
// / search · j k move · x tick · Enter opens · e edits · any other letter clicks the [data-hotkey] that names it.

import { announce, isTyping, on, whenPresent } from "./dom.js";

const rows = () => [...document.querySelectorAll("[data-list] tbody tr[data-key]")];
const checks = (form) => [...document.querySelectorAll(`[data-check][form="${form.id}"]`)];
const bar = () => document.querySelector("[data-selection]");
let lastCheck = null;

// Selection

function refresh() {
  const form = bar();
  if (!form) return;
  const all = checks(form);
  const ticked = all.filter((check) => check.checked);
  for (const check of all) check.closest("tr")?.classList.toggle("is-chosen", check.checked);
  drawHead(form, all.length, ticked.length);
  drawBar(form, all.length, ticked.length);
}

function drawHead(form, all, ticked) {
  for (const head of document.querySelectorAll(`[data-check-all][form="${form.id}"]`)) {
    head.checked = all > 0 && ticked === all;
    head.indeterminate = ticked > 0 && ticked < all;
  }
}

function drawBar(form, all, ticked) {
  const everyone = form.querySelector("[data-everyone]");
  if (ticked === 0) everyone.disabled = true;
  const total = Number(form.elements.expected?.value ?? 0);
  const unticked = everyone.disabled ? [] : checks(form).filter((check) => !check.checked);
  drawWithout(form, unticked);
  const text = form.querySelector("[data-selection-count]");
  const wording = everyone.disabled ? text.dataset.selectionCount : text.dataset.selectionEveryone;
  const chosen = everyone.disabled ? ticked : total - unticked.length;
  text.textContent = wording.replace("__n__", chosen.toLocaleString(document.documentElement.lang));
  form.querySelector("[data-select-everyone]").hidden = !everyone.disabled || ticked < all || total <= ticked;
  form.hidden = ticked === 0;
}

/** "All that match" but those unticked again: the server gets them by name. */
function drawWithout(form, unticked) {
  form.querySelectorAll("input[name=without]").forEach((input) => input.remove());
  for (const check of unticked) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "without", value: check.value });
    form.append(input);
  }
}

function tickAll(value) {
  for (const check of checks(bar())) check.checked = value;
  lastCheck = null;
  refresh();
}

function tickRange(from, to, value) {
  const all = checks(bar());
  const [a, b] = [all.indexOf(from), all.indexOf(to)].sort((x, y) => x - y);
  if (a >= 0) all.slice(a, b + 1).forEach((check) => { check.checked = value; });
}

on("click", "[data-check]", (e, check) => {
  if (e.shiftKey && lastCheck?.isConnected) tickRange(lastCheck, check, check.checked);
  lastCheck = check;
  refresh();
});
on("change", "[data-check-all]", (e, head) => tickAll(head.checked));
on("click", "[data-select-none]", () => { bar().querySelector("[data-everyone]").disabled = true; tickAll(false); });
on("click", "[data-select-everyone]", () => { bar().querySelector("[data-everyone]").disabled = false; refresh(); });
document.addEventListener("htmx:after:swap", refresh);
window.addEventListener("pageshow", refresh);

// Opening a row with the pointer, as long as nothing inside it was meant

on("click", "[data-list] tbody tr[data-href]", (e, row) => {
  if (e.defaultPrevented || e.target.closest("a, button, input, label, select, [popover]") || String(getSelection())) return;
  if (e.metaKey || e.ctrlKey) window.open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});

// Keyboard

const here = () => document.querySelector("tr.is-here");

function goTo(row) {
  here()?.classList.remove("is-here");
  if (!row) return;
  row.classList.add("is-here");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  const at = all.indexOf(here());
  goTo(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))]);
}

function tick(row) {
  const check = row?.querySelector("[data-check]");
  if (!check) return;
  check.checked = !check.checked;
  lastCheck = check;
  refresh();
  announce(bar()?.querySelector("[data-selection-count]")?.textContent ?? "");
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => tick(here()),
  e: () => here()?.dataset.editHref && location.assign(here().dataset.editHref),
  Enter: () => document.activeElement === here() && here()?.dataset.href && location.assign(here().dataset.href),
};

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target) || document.querySelector("dialog[open]")) return;
  if (keys[e.key] && rows().length) {
    if (e.key !== "Enter") e.preventDefault();
    keys[e.key]();
    return;
  }
  if (e.key.length === 1) press(e);
});

/** Keys that a page gives out itself: data-hotkey="t" on a button, "/" on a field. */
function press(e) {
  const target = document.querySelector(`[data-hotkey="${CSS.escape(e.key)}"]`) ?? (e.key === "/" ? document.getElementById("search") : null);
  if (!target) return;
  e.preventDefault();
  if (target.closest("[data-selection]") && bar().hidden) tick(here());
  if (target.matches("input")) { target.focus(); target.select(); } else if (target.offsetParent !== null) target.click();
}

whenPresent(".table-scroll", (scroll) => {
  scroll.addEventListener("scroll", () => scroll.classList.toggle("is-scrolled", scroll.scrollLeft > 2), { passive: true });
});
