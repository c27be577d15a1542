// Small helpers that the other modules share.

/** Listen for an event on whatever matches the selector, now or later. */
export function on(event, selector, handle, options) {
  document.addEventListener(event, (e) => {
    const found = e.target instanceof Element && e.target.closest(selector);
    if (found) handle(e, found);
  }, options);
}

/** Run for every element that matches, at the start and in what htmx brings later. */
export function whenPresent(selector, start) {
  const look = (root) => {
    if (root.matches?.(selector)) start(root);
    root.querySelectorAll?.(selector).forEach(start);
  };
  look(document);
  document.addEventListener("htmx:after:process", (e) => look(e.target));
}

/** Say something to screen readers without moving the focus. */
export function announce(text) {
  const place = document.getElementById("announcer");
  if (place) place.textContent = text;
}

/** A sentence of the page's language, kept on the announcer element. */
export const words = () => document.getElementById("announcer")?.dataset ?? {};

/** Whether the person is typing, so that letters are text and not shortcuts. */
export const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
