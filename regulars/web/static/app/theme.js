// Light, dark or as the system has it. The cookie lets the server draw the right one at once.

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
});
