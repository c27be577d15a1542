// Mentioning a colleague in a note: after "@" a list of names, chosen by key or pointer. The names are in the page.

import { announce, on } from "./dom.js";

const listOf = (area) => document.getElementById(area.getAttribute("aria-controls"));
const shownIn = (list) => [...list.children].filter((item) => !item.hidden);
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D").toLowerCase();

/** What was typed of a name, from the "@" before the caret: {start, text}, or null. */
function typed(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|[^\p{L}\p{N}_.@])@([^\n@]{0,40})$/u.exec(before);
  return found && { start: before.length - found[1].length - 1, text: folded(found[1]) };
}

on("input", "textarea[data-mentions]", (e, area) => suggest(area));

function suggest(area) {
  const list = listOf(area);
  const now = typed(area);
  for (const item of list.children) {
    const name = folded(item.dataset.name);
    item.hidden = !now || !(name.startsWith(now.text) || name.split(" ").some((word) => now.text && word.startsWith(now.text)));
  }
  const wasHidden = list.hidden;
  list.hidden = shownIn(list).length === 0;
  choose(area, list.hidden ? -1 : 0);
  if (wasHidden && !list.hidden) announce(`${list.getAttribute("aria-label")}: ${shownIn(list).length}`);
}

function choose(area, index) {
  const shown = shownIn(listOf(area));
  const chosen = shown[(index + shown.length) % shown.length];
  for (const item of listOf(area).children) item.setAttribute("aria-selected", String(item === chosen && index !== -1));
  if (chosen && index !== -1) {
    area.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  } else area.removeAttribute("aria-activedescendant");
}

function accept(area, item) {
  const now = typed(area);
  if (now) area.setRangeText(`@${item.dataset.name} `, now.start, area.selectionStart, "end");
  close(area);
  area.focus();
  area.dispatchEvent(new InputEvent("change", { bubbles: true }));
}

function close(area) {
  listOf(area).hidden = true;
  choose(area, -1);
}

on("keydown", "textarea[data-mentions]", (e, area) => {
  const list = listOf(area);
  if (list.hidden || e.isComposing) return;
  const shown = shownIn(list);
  const here = shown.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown") choose(area, (here + 1) % shown.length);
  else if (e.key === "ArrowUp") choose(area, (here - 1 + shown.length) % shown.length);
  else if ((e.key === "Enter" || e.key === "Tab") && here >= 0 && !e.shiftKey && !e.ctrlKey) accept(area, shown[here]);
  else if (e.key === "Escape") {
    close(area);
    e.stopPropagation(); // the dialog around it stays open
  } else return;
  e.preventDefault();
}, true);

on("pointerdown", "[data-mentions] ~ [role=listbox] [role=option]", (e, item) => {
  e.preventDefault(); // the field keeps the focus
  accept(item.parentElement.parentElement.querySelector("[data-mentions]"), item);
});
on("focusout", "textarea[data-mentions]", (e, area) => close(area));
