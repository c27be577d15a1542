// Light, dark or as the system has it. The cookie lets the server draw the right one at once; the account remembers it
// for the person's other browsers.

import { on } from "./dom.js";

const YEAR = 365 * 24 * 3600;

on("click", "[data-theme-choice]", (e, button) => {
  const { themeChoice: choice } = button.dataset;
  document.cookie = `theme=${choice}; path=/; max-age=${YEAR}; SameSite=Lax`;
  if (choice === "auto") document.documentElement.removeAttribute("data-bs-theme");
  else document.documentElement.setAttribute("data-bs-theme", choice);
  for (const other of document.querySelectorAll("[data-theme-choice]")) {
    other.setAttribute("aria-checked", String(other === button));
  }
  const save = button.closest("[data-theme-save]")?.dataset.themeSave;
  if (save) remember(save, choice);
});

function remember(url, choice) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const body = new URLSearchParams({ theme: choice });
  fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, body }).catch(() => {}); // the cookie has it anyway
}
