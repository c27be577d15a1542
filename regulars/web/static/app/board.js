// The pipeline: cards are dragged, moved by Shift+arrows or by their menu. The page shows it at once and takes it back
// when the server refuses.

import { announce, on, whenPresent } from "./dom.js";
import { load } from "./sorting.js";
import { showToast } from "./toasts.js";

const board = () => document.querySelector("[data-board]");
const columns = () => [...document.querySelectorAll("[data-stage]")];
const columnOf = (card) => card.closest("[data-stage]");
const cardsOf = (column) => [...column.querySelectorAll("[data-card]")];
let chosen = null; // the card whose menu is open

/** Tell the server; `back` puts the card where it was. */
async function send(card, from, to, back) {
  const body = new URLSearchParams({ to: to.dataset.stage, was: from.dataset.stage });
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, Accept: "application/json" };
  try {
    const answer = await fetch(`${board().dataset.board}${card.dataset.card}/move`, { method: "POST", headers, body });
    const { toasts } = await answer.json();
    if (answer.ok) told(card, to);
    else back();
    toasts.forEach(showToast);
  } catch {
    back();
    showToast({ text: document.getElementById("announcer").dataset.offline, kind: "problem" });
  }
  drawTotals();
}

function told(card, to) {
  announce(board().dataset.moved.replace("__name__", card.dataset.name).replace("__status__", to.dataset.stageName));
}

/** Move a card by keyboard or menu: on top of the other column, and the focus with it. */
function moveTo(card, to) {
  const from = columnOf(card);
  if (!to || to === from) return;
  const next = card.nextElementSibling;
  const list = card.parentElement;
  to.querySelector("[data-cards]").prepend(card);
  focus(card);
  send(card, from, to, () => { list.insertBefore(card, next); focus(card); });
}

function focus(card) {
  card?.querySelector("a")?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

async function drawTotals() {
  const place = board();
  if (!place) return;
  const answer = await fetch(place.dataset.totals, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const totals = await answer.json();
  for (const column of columns()) {
    const { count, spent } = totals[column.dataset.stage] ?? { count: "0", spent: "" };
    column.querySelector("[data-count]").textContent = count;
    column.querySelector("[data-spent]").textContent = spent;
  }
}

whenPresent("[data-board]", async (place) => {
  if (place.dataset.ready) return;
  place.dataset.ready = "1";
  if (place.hasAttribute("data-totals-later")) drawTotals();
  if (!place.hasAttribute("data-movable")) return;
  const Sortable = await load();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const list of place.querySelectorAll("[data-cards]")) {
    Sortable.create(list, {
      group: "board", draggable: "[data-card]", filter: "input, button", preventOnFilter: false, sort: false,
      animation: calm ? 0 : 120, ghostClass: "is-dragged", delay: 180, delayOnTouchOnly: true,
      onEnd: ({ item, from, to, oldIndex }) => {
        if (from === to) return;
        const back = () => from.insertBefore(item, from.children[oldIndex] ?? null);
        send(item, from.closest("[data-stage]"), to.closest("[data-stage]"), back);
      },
    });
  }
});

on("click", "[data-move-card]", (e, button) => { chosen = button.closest("[data-card]"); });
on("click", "[data-move-to]", (e, item) => {
  item.closest("[popover]").hidePopover();
  if (chosen?.isConnected) moveTo(chosen, columns().find((one) => one.dataset.stage === item.dataset.moveTo));
});

const ASIDE = { ArrowLeft: -1, ArrowRight: 1 };
const ALONG = { ArrowUp: -1, ArrowDown: 1 };

on("keydown", "[data-board] [data-card] a", (e, link) => {
  const card = link.closest("[data-card]");
  const column = columnOf(card);
  if (e.altKey || e.ctrlKey || e.metaKey || !(e.key in ASIDE || e.key in ALONG)) return;
  e.preventDefault();
  if (e.key in ALONG) {
    const all = cardsOf(column);
    focus(all[all.indexOf(card) + ALONG[e.key]]);
    return;
  }
  const all = columns();
  const at = all.indexOf(column) + ASIDE[e.key];
  if (e.shiftKey) {
    if (board().hasAttribute("data-movable")) moveTo(card, all[at]);
    return;
  }
  for (let other = at; all[other]; other += ASIDE[e.key]) {
    if (cardsOf(all[other]).length) return focus(cardsOf(all[other])[Math.min(cardsOf(column).indexOf(card), cardsOf(all[other]).length - 1)]);
  }
});
