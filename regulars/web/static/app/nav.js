// The navigation as a drawer on phones. Without this module it opens as a :target.

import { on } from "./dom.js";

let opener = null;

function open(link) {
  const nav = document.getElementById("nav");
  opener = link;
  nav.classList.add("is-open");
  document.getElementById("main").inert = true;
  nav.querySelector("a, button")?.focus();
}

function close() {
  const nav = document.getElementById("nav");
  if (!nav?.classList.contains("is-open")) return;
  nav.classList.remove("is-open");
  document.getElementById("main").inert = false;
  opener?.focus();
}

on("click", "[data-nav-open]", (e, link) => { e.preventDefault(); open(link); });
on("click", "[data-nav-close]", (e) => { e.preventDefault(); close(); });
document.addEventListener("keydown", (e) => e.key === "Escape" && close());
