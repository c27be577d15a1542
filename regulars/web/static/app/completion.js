// The text of a question: a mirror under it for the wrong word, and a list of suggestions at the caret.

import { announce, on } from "./dom.js";

let asking = null;
let found = [];
let chosen = -1;

const mirrorOf = (area) => area.parentElement.querySelector("[data-mirror]");
const listOf = (area) => document.getElementById(area.getAttribute("aria-controls"));
const isOpen = (area) => !listOf(area).hidden;

/** The mirror holds the same text as the field, so that it is as high, and the mark stands under its word. */
function mirror(area) {
  const below = mirrorOf(area);
  if (below.textContent !== `${area.value}\n`) below.textContent = `${area.value}\n`;
}

on("input", "[data-completes]", (e, area) => {
  mirror(area);
  ask(area);
});
document.addEventListener("htmx:after:swap", () => {
  for (const area of document.querySelectorAll("[data-completes]")) {
    mirror(area);
    if (isOpen(area)) choose(area, chosen); // the answer knows nothing of it
  }
});

async function ask(area) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const address = new URL(area.dataset.completes, location.href);
  address.searchParams.set("text", area.value);
  address.searchParams.set("at", [...area.value.slice(0, area.selectionStart)].length);
  try {
    const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (response.ok) show(area, await response.json());
  } catch (fault) {
    if (fault.name !== "AbortError") close(area);
  }
}

function show(area, suggestions) {
  const list = listOf(area);
  found = document.activeElement === area ? suggestions : [];
  list.replaceChildren(...found.map(option));
  list.hidden = found.length === 0;
  if (!found.length) return close(area);
  place(area, list);
  choose(area, found[0].start < found[0].end ? 0 : -1);
  announce(`${list.getAttribute("aria-label")}: ${found.length}`);
}

function option({ label, help, kind }, index) {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.setAttribute("role", "option");
  item.dataset.kind = kind;
  const [word, words] = [document.createElement("code"), document.createElement("small")];
  word.textContent = kind === "field" || kind === "event" ? suggestionWord(index) : label;
  words.textContent = kind === "field" || kind === "event" ? label : help;
  item.append(word, words);
  return item;
}

const suggestionWord = (index) => found[index].insert.trim().split(" ")[0];

function choose(area, index) {
  chosen = index;
  const items = [...listOf(area).children];
  items.forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
  if (items[index]) {
    area.setAttribute("aria-activedescendant", items[index].id);
    items[index].scrollIntoView({ block: "nearest" });
  } else area.removeAttribute("aria-activedescendant");
}

function close(area) {
  asking?.abort();
  listOf(area).hidden = true;
  choose(area, -1);
}

/** Under the caret, whose place the mirror knows. */
function place(area, list) {
  const below = mirrorOf(area);
  mirror(area);
  const range = document.createRange();
  const end = Math.min(area.selectionStart, area.value.length);
  let [node, rest] = [below.firstChild, end];
  while (node && rest > node.textContent.length) [node, rest] = [node.nextSibling, rest - node.textContent.length];
  const text = node?.nodeType === Node.TEXT_NODE ? node : node?.firstChild;
  if (!text) return;
  range.setStart(text, rest);
  range.setEnd(text, rest);
  const [caret, box] = [range.getBoundingClientRect(), below.getBoundingClientRect()];
  list.style.top = `${caret.bottom - box.top + 4}px`;
  list.style.left = `${Math.max(0, Math.min(caret.left - box.left, box.width - list.offsetWidth))}px`;
}

function accept(area, index) {
  const { insert, start, end } = found[index];
  const letters = [...area.value]; // the server counts characters, the field counts halves of them
  const units = (count) => letters.slice(0, count).join("").length;
  area.setRangeText(insert, units(start), units(end), "end");
  area.focus();
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

on("keydown", "[data-completes]", (e, area) => {
  if (e.key === " " && e.ctrlKey) ask(area);
  else if (!isOpen(area)) return;
  else if (e.key === "ArrowDown") choose(area, (chosen + 1) % found.length);
  else if (e.key === "ArrowUp") choose(area, (chosen - 1 + found.length) % found.length);
  else if ((e.key === "Enter" || e.key === "Tab") && chosen >= 0 && !e.shiftKey && !e.ctrlKey) accept(area, chosen);
  else if (e.key === "Escape") close(area);
  else return;
  e.preventDefault();
});

on("pointerdown", "[data-completes] ~ [role=listbox] [role=option]", (e, item) => {
  e.preventDefault(); // the field keeps the focus
  accept(item.parentElement.parentElement.querySelector("[data-completes]"), [...item.parentElement.children].indexOf(item));
});
on("focusout", "[data-completes]", (e, area) => close(area));
