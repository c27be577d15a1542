// The search in the top bar: a combobox whose list htmx fills.

import { on } from "./dom.js";

const input = () => document.getElementById("search");
const list = () => document.getElementById("search-results");
const options = () => [...list().querySelectorAll('[role="option"]')];

function show(isOpen) {
  list().hidden = !isOpen;
  input().setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) choose(null);
}

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) input().setAttribute("aria-activedescendant", option.id);
  else input().removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = options();
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  choose(all[(here + step + all.length) % all.length] ?? null);
}

document.addEventListener("htmx:after:swap", (e) => {
  if (e.detail.ctx.target?.id !== "search-results") return;
  show(input().value.trim() !== "");
  choose(options()[0] ?? null);
});

on("input", "#search", () => { if (!input().value.trim()) show(false); });
on("focusin", "#search", () => { if (input().value.trim() && list().childElementCount) show(true); });
on("keydown", "#search", (e) => {
  const chosen = list().querySelector('[aria-selected="true"]');
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    show(list().childElementCount > 0);
    move(e.key === "ArrowDown" ? 1 : -1);
  } else if (e.key === "Enter" && chosen && !list().hidden) {
    e.preventDefault();
    chosen.click();
  } else if (e.key === "Escape" && !list().hidden) {
    e.preventDefault();
    show(false);
  }
});
document.addEventListener("pointerdown", (e) => { if (list() && !e.target.closest("[data-search]")) show(false); });
document.addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k" && input()) {
    e.preventDefault();
    input().focus();
    input().select();
  }
});
