// Pairs that wait for a decision: j k move between them, the keys on a pair's buttons click those of the pair one is at.

import { isTyping, on } from "./dom.js";

const pairs = () => [...document.querySelectorAll("[data-pair]")];
const here = () => document.activeElement?.closest("[data-pair]");
let decidedAt = -1;

function goTo(pair) {
  if (!pair) return;
  pair.focus({ preventScroll: true });
  pair.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = pairs();
  const at = all.indexOf(here());
  goTo(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))]);
}

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target)) return;
  if (!pairs().length || document.querySelector("dialog[open]")) return;
  if (e.key === "j" || e.key === "k") {
    e.preventDefault();
    step(e.key === "j" ? 1 : -1);
    return;
  }
  const button = e.key.length === 1 && here()?.querySelector(`[data-pair-key="${CSS.escape(e.key)}"]`);
  if (!button) return;
  e.preventDefault();
  button.click();
});

/** The next pair takes the place of the one that was decided about, and the focus. */
on("click", "[data-pair-key]", (e, button) => { decidedAt = pairs().indexOf(button.closest("[data-pair]")); });
document.addEventListener("htmx:after:swap", (e) => {
  if (decidedAt < 0 || e.detail.ctx.target?.id !== "pairs") return; // the bell's own answer may come between
  const all = pairs();
  goTo(all[Math.min(decidedAt, all.length - 1)]);
  decidedAt = -1;
});
