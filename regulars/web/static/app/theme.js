// Light, dark or as the system has it. The cookie lets the server draw the right one at once.

import { on } from "./dom.js";

const YEAR = 365 * 24 * 3600;

on("change", "[data-theme-choice] input", (e, input) => {
  document.cookie = `theme=${input.value}; path=/; max-age=${YEAR}; SameSite=Lax`;
  if (input.value === "auto") document.documentElement.removeAttribute("data-bs-theme");
  else document.documentElement.setAttribute("data-bs-theme", input.value);
});
