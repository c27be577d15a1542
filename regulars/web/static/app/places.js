// Completing the places of an address: the server fills one list, which stands under the input that asked. Chosen by key
// or pointer; whatever else is typed is as good.

import { announce, on } from "./dom.js";

const list = () => document.getElementById("place-options");
const isOpen = (input) => !list().hidden && list().previousElementSibling === input;

document.addEventListener("htmx:after:swap", () => {
  const [input, options] = [document.activeElement, list()];
  if (!options || !input?.matches("[data-places]") || input.dataset.places === "closed") return;
  if (!options.childElementCount) return hide(input);
  if (options.querySelector('[aria-selected="true"]')) return; // it was another part of the page
  input.after(options);
  options.hidden = false;
  input.setAttribute("aria-expanded", "true");
  choose(input, 0);
  announce(`${options.getAttribute("aria-label")}: ${options.childElementCount}`);
});

on("input", "[data-places]", (e, input) => {
  input.dataset.places = "";
  choose(input, -1); // the list is of what stood there before
});

function choose(input, index) {
  const items = [...list().children];
  items.forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
  if (items[index]) {
    input.setAttribute("aria-activedescendant", items[index].id);
    items[index].scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

/** The chosen place, and the larger ones around it where nothing is written yet. */
function accept(input, item) {
  input.value = item.dataset.value;
  const inputs = input.closest(".place-inputs");
  for (const [name, value] of Object.entries(JSON.parse(item.dataset.fills))) {
    const other = inputs.querySelector(`[name="${name}"]`);
    if (other && !other.value.trim()) other.value = value;
  }
  close(input);
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function close(input) {
  input.dataset.places = "closed"; // an answer under way comes too late
  hide(input);
}

function hide(input) {
  input.setAttribute("aria-expanded", "false");
  if (!list()) return;
  list().hidden = true;
  choose(input, -1);
}

on("keydown", "[data-places]", (e, input) => {
  if (e.isComposing) return;
  const items = [...list().children];
  const here = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (!isOpen(input)) {
    if (e.key !== "ArrowDown") return;
    input.dataset.places = "";
    input.dispatchEvent(new CustomEvent("suggest"));
  } else if (e.key === "ArrowDown") choose(input, (here + 1) % items.length);
  else if (e.key === "ArrowUp") choose(input, (Math.max(here, 0) - 1 + items.length) % items.length);
  else if (e.key === "Enter" && here >= 0) accept(input, items[here]);
  else if (e.key === "Escape") {
    close(input);
    e.stopPropagation(); // the dialog around it stays open
  } else return;
  e.preventDefault();
}, true);

on("pointerdown", "#place-options [role=option]", (e, item) => {
  e.preventDefault(); // the input keeps the focus
  accept(item.parentElement.previousElementSibling, item);
});
on("focusout", "[data-places]", (e, input) => close(input));
