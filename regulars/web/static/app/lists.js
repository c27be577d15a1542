// Lists: narrowing the chooser of fields, ordering the chosen columns.

import { on } from "./dom.js";

on("input", "[data-narrows]", (e, input) => {
  const words = input.value.trim().toLowerCase();
  const list = input.closest(input.dataset.narrows);
  for (const item of list.querySelectorAll("[data-narrow]")) item.hidden = !item.textContent.toLowerCase().includes(words);
  for (const group of list.querySelectorAll("ul")) {
    const shown = [...group.children].some((item) => !item.hidden);
    group.hidden = !shown;
    if (group.previousElementSibling?.matches("h3")) group.previousElementSibling.hidden = !shown;
  }
});

on("click", "[data-move]", (e, button) => {
  const item = button.closest("li");
  if (button.dataset.move === "up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  button.focus();
});

/** Links beside the list (export) carry the list's present question, before htmx hears of the click. */
on("click", "[data-follows-list]", (e, link) => {
  const query = location.search;
  link.href = link.pathname + query;
  link.setAttribute("hx-get", link.pathname + query);
}, true);

/** The search field is not swapped with the list: what the address says stands in it, unless somebody types there. */
document.addEventListener("htmx:after:swap", () => {
  const field = document.querySelector("#list-search input[type=search]");
  const asked = document.querySelector("#list-question input[form=selection][name=search]");
  if (field && asked && document.activeElement !== field) field.value = asked.value;
});
