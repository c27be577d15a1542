// Lists ordered by dragging: <ul data-sortable> with a [data-handle] in each item, or the whole item without one.
// data-sortable="id" names the form that hears `sorted` afterwards. The library is fetched only where there is one.

import { whenPresent } from "./dom.js";

const source = document.querySelector("meta[name='sortable']")?.content;
let library = null;

/** The library, fetched once. */
export const load = () => library ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = source;
  script.onload = () => resolve(window.Sortable);
  script.onerror = reject;
  document.head.append(script);
});

whenPresent("[data-sortable]", async (list) => {
  if (list.dataset.ready || !source) return;
  list.dataset.ready = "1";
  const Sortable = await load();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  Sortable.create(list, {
    handle: list.querySelector("[data-handle]") ? "[data-handle]" : undefined,
    filter: "input, button",
    preventOnFilter: false,
    animation: calm ? 0 : 120,
    ghostClass: "is-dragged",
    onEnd: ({ oldIndex, newIndex }) => {
      if (oldIndex !== newIndex) document.getElementById(list.dataset.sortable)?.dispatchEvent(new Event("sorted"));
    },
  });
});
