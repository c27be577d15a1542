// The filter editor: what is typed is sent after a pause, and the keyboard does everything the mouse does.

import { on } from "./dom.js";

const PAUSE = 250;
let timer = 0;

const editorOf = (element) => element.closest("[data-editor]");

/** The editor listens for "edited". Only what has a name counts, so searching a field changes nothing. */
on("input", "[data-editor] [name]", (e, field) => {
  const editor = editorOf(field);
  clearTimeout(timer);
  timer = setTimeout(() => editor.isConnected && editor.dispatchEvent(new CustomEvent("edited")), PAUSE);
});
on("click", "button[name=do]", () => clearTimeout(timer), true); // the button sends what was typed along

const shown = (chooser) => [...chooser.querySelectorAll("[data-narrow]:not([hidden]) button")];

// choosing a field: arrows walk, Enter takes the first, Esc gives up
on("keydown", "[data-chooser]", (e, chooser) => {
  const offers = shown(chooser);
  const here = offers.indexOf(document.activeElement);
  const search = chooser.querySelector("input");
  if (e.key === "ArrowDown") offers[Math.min(here + 1, offers.length - 1)]?.focus();
  else if (e.key === "ArrowUp") (here > 0 ? offers[here - 1] : search).focus();
  else if (e.key === "Enter" && e.target === search) offers[0]?.click();
  else if (e.key === "Escape") chooser.querySelector("[data-cancel]").click();
  else return;
  e.preventDefault();
  e.stopPropagation();
});

// in a line: Alt and an arrow move it (before a select hears of the arrow), Enter adds the next; Ctrl+Enter applies all
on("keydown", "[data-line]", (e, line) => {
  const word = e.altKey && { ArrowUp: "up", ArrowDown: "down" }[e.key];
  if (!word) return;
  e.preventDefault();
  e.stopPropagation();
  line.querySelector(`[value^="${word}:"]`).click();
}, true);
on("keydown", "[data-editor]", (e, editor) => {
  if (e.defaultPrevented || e.key !== "Enter") return;
  const line = e.target.closest("[data-line]");
  if (e.ctrlKey || e.metaKey) editor.closest("form").querySelector("[data-apply]")?.click();
  else if (line && e.target.matches("input[name]")) {
    line.closest("[data-owner]").querySelector(":scope > .q-adds [data-add]").click();
  } else return;
  e.preventDefault();
});
