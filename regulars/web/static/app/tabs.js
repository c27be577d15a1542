// A row of tabs that is longer than its place shows the open one, on arrival and when the row was brought anew.

import { whenPresent } from "./dom.js";

/** Bring the open tab to the middle of its row, without moving the page. */
function show(open) {
  const row = open.closest("ul, nav");
  row.scrollLeft += open.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - open.offsetWidth) / 2;
}

whenPresent(".tabs [aria-current], .settings-nav [aria-current]", show);
