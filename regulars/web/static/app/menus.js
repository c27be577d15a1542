// Menus are native popovers; this adds arrow keys, the row's key in a shared menu, and a place where the browser
// cannot put them itself.

import { on } from "./dom.js";

const HAS_ANCHORS = CSS.supports("position-area: bottom");
const KEYED = ["href", "action", "hx-get", "hx-post", "hx-delete", "data-dialog-src"];
let opener = null;

on("click", "[popovertarget]", (e, button) => {
  opener = button;
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (menu && button.dataset.menuKey) fillKey(menu, button.dataset.menuKey);
}, true);

/** Put the row's key where the shared menu's items say __key__. */
function fillKey(menu, key) {
  for (const item of menu.querySelectorAll("*")) {
    for (const name of KEYED) {
      const kept = `data-of-${name}`;
      const pattern = item.getAttribute(kept) ?? item.getAttribute(name);
      if (!pattern?.includes("__key__")) continue;
      item.setAttribute(kept, pattern);
      item.setAttribute(name, pattern.replaceAll("__key__", encodeURIComponent(key)));
    }
  }
  window.htmx?.process(menu, true);
}

document.addEventListener("toggle", (e) => {
  const menu = e.target;
  if (!(menu instanceof HTMLElement) || !menu.matches(".menu")) return;
  const isOpen = e.newState === "open";
  const button = opener?.getAttribute("popovertarget") === menu.id ? opener : document.querySelector(`[popovertarget="${menu.id}"]`);
  button?.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  if (!HAS_ANCHORS && button) place(menu, button);
  menu.querySelector('[role="menuitem"]')?.focus({ focusVisible: false });
}, true);

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = menu.classList.contains("is-end") ? at.right - width : at.left;
  const below = at.bottom + height + 8 < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? at.bottom : Math.max(8, at.top - height - 8)}px`;
}

on("keydown", '.menu[role="menu"]', (e, menu) => {
  const items = [...menu.querySelectorAll('[role^="menuitem"]')];
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowRight: here + 1, ArrowUp: here - 1, ArrowLeft: here - 1, Home: 0, End: items.length - 1 }[e.key];
  if (next === undefined) return;
  e.preventDefault();
  items[(next + items.length) % items.length]?.focus();
});

on("click", '.menu [role="menuitem"]', (e, item) => item.closest("[popover]").hidePopover());
