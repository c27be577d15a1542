// A click on a contact button is written down. The link works as ever: nothing waits for the answer.

import { on } from "./dom.js";

on("click", "[data-contacted] a[data-way]", (e, link) => {
  const body = new URLSearchParams({ way: link.dataset.way });
  const token = document.querySelector('meta[name="csrf-token"]').content;
  fetch(link.closest("[data-contacted]").dataset.contacted, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive: true })
    .then((answer) => { if (answer.ok) document.body.dispatchEvent(new CustomEvent("customer-changed")); })
    .catch(() => {}); // the trail misses a line; the call goes on
});
