// The calendar of tasks. What it shows comes from the server day by day; dragging posts where a task went, and puts it
// back when that was refused. Hours are those of the person's own zone: they come and go without an offset.

import { announce } from "./dom.js";
import { showToast } from "./toasts.js";

const place = document.getElementById("calendar");
const layers = document.getElementById("calendar-layers");
const note = document.getElementById("calendar-note");
const phone = matchMedia("(max-width: 767px)");
const VIEWS = ["dayGridMonth", "timeGridWeek", "timeGridDay", "listWeek"];
const MINUTE = 60_000;
const OPENS = { source: "#task-opener", target: "#drawer-body", swap: "innerHTML" };

/** Now, by the person's clocks: "2026-03-02T14:05:00". */
const nowThere = () =>
  new Date().toLocaleString("sv", { timeZone: place.dataset.zone }).replace(" ", "T");

const chosen = () => [...layers.querySelectorAll("input:checked")].map((box) => box.value);

async function read({ startStr, endStr }, take, fail) {
  const query = new URLSearchParams({ start: startStr.slice(0, 10), end: endStr.slice(0, 10) });
  for (const name of chosen()) query.append("layers", name);
  try {
    const answer = await fetch(`${place.dataset.calendar}?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const found = await answer.json();
    note.textContent = found.note;
    take(found.events);
  } catch (fault) {
    showToast({ text: place.dataset.failed, kind: "problem" });
    fail(fault);
  }
}

/** Tell the server where a task was dragged to. */
async function moved(info) {
  const { event } = info;
  const body = new URLSearchParams({ day: event.startStr.slice(0, 10), version: event.extendedProps.version });
  if (!event.allDay) {
    body.set("hour", event.startStr.slice(11, 16));
    if (event.end) body.set("minutes", Math.max(1, Math.round((event.end - event.start) / MINUTE)));
  }
  const token = document.querySelector('meta[name="csrf-token"]').content;
  let said = {};
  try {
    const answer = await fetch(`${place.dataset.home}${event.extendedProps.task}/move`, {
      method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    said = await answer.json();
    if (!answer.ok) throw new Error(said.problem);
    event.setExtendedProp("version", said.version);
    announce(place.dataset.moved);
  } catch {
    info.revert();
    showToast({ text: said.problem || place.dataset.failed, kind: "problem" });
    if (said.problem) calendar.refetchEvents();
  }
}

function opened(info) {
  if (!info.event.extendedProps.task) return; // a link to the customer or the order
  info.jsEvent.preventDefault();
  window.htmx.ajax("GET", info.event.url, OPENS);
}

/** A click on an empty day or hour begins a task there. */
function begun(info) {
  const query = new URLSearchParams({ day: info.dateStr.slice(0, 10) });
  if (!info.allDay) query.set("hour", info.dateStr.slice(11, 16));
  window.htmx.ajax("GET", `${place.dataset.home}new/?${query}`, OPENS);
}

function remembered() {
  const asked = new URLSearchParams(location.search);
  const view = asked.get("show");
  return { view: VIEWS.includes(view) ? view : phone.matches ? "listWeek" : "dayGridMonth", day: asked.get("day") };
}

/** Keep view, day and layers in the address, so that a link shows the same. */
function remember({ view }) {
  const address = new URL(location.href);
  address.search = "";
  for (const name of chosen()) address.searchParams.append("layers", name);
  address.searchParams.set("show", view.type);
  address.searchParams.set("day", calendar.getDate().toISOString().slice(0, 10));
  history.replaceState(history.state, "", address);
}

/** Days with hours scroll inside the window; months and lists are as long as they are. */
const heightOf = (view) => view.type.startsWith("timeGrid") ? Math.max(420, window.innerHeight - 230) : "auto";

/** What is written on a day or a button is its name: one that says something else is read out instead of it. */
function nameByContent() {
  requestAnimationFrame(() => {
    for (const one of place.querySelectorAll("[role=gridcell][aria-label], button[aria-label]")) {
      if (one.textContent.trim()) one.removeAttribute("aria-label");
    }
  });
}

const start = remembered();
const calendar = new window.FullCalendar.Calendar(place, {
  timeZone: "UTC",
  now: nowThere,
  locale: place.dataset.locale,
  firstDay: 1,
  initialView: start.view,
  initialDate: start.day || nowThere().slice(0, 10),
  headerToolbar: phone.matches
    ? { left: "prev,next", center: "title", right: "dayGridMonth,listWeek" }
    : { left: "prev,next today", center: "title", right: VIEWS.join(",") },
  height: heightOf({ type: start.view }),
  dayMaxEvents: 4,
  fixedWeekCount: false,
  displayEventEnd: false,
  nowIndicator: true,
  navLinks: !phone.matches,
  editable: true,
  longPressDelay: 400,
  slotDuration: "00:30:00",
  scrollTime: "08:00:00",
  defaultTimedEventDuration: "00:30:00",
  events: read,
  eventClick: opened,
  dateClick: begun,
  eventDrop: moved,
  eventResize: moved,
  eventDidMount: ({ el, event }) => { el.title = event.title; }, // a day of a month is narrow
  datesSet: (shown) => { place.dataset.view = shown.view.type; calendar.setOption("height", heightOf(shown.view)); remember(shown); nameByContent(); },
  eventsSet: nameByContent,
});
calendar.render();

layers.addEventListener("change", () => { calendar.refetchEvents(); remember({ view: calendar.view }); });
layers.addEventListener("submit", (e) => e.preventDefault());
document.addEventListener("tasks-changed", () => calendar.refetchEvents());
