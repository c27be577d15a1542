// Selects with search. tom-select is fetched only by pages that have one; without it they stay plain selects.

import { whenPresent } from "./dom.js";

const source = document.querySelector("meta[name='tom-select']")?.content;
let library = null;

const load = () => library ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = source;
  script.onload = () => resolve(window.TomSelect);
  script.onerror = reject;
  document.head.append(script);
});

whenPresent("select[data-select]", async (select) => {
  if (select.dataset.ready) return;
  select.dataset.ready = "1";
  const TomSelect = await load();
  if (!select.isConnected) return;
  new TomSelect(select, settings(select));
  select.setAttribute("aria-hidden", "true"); // the label now names the text field that took its place
});

function settings(select) {
  const { create, load: url } = select.dataset;
  return {
    create: create !== undefined,
    maxOptions: 500,
    refreshThrottle: 0, // by default Enter within 300 ms takes the option that stood there before the last letter
    plugins: select.multiple ? ["remove_button"] : [],
    copyClassesToDropdown: false,
    ...(url && { load: (query, done) => fetchOptions(url, query).then(done, () => done()), preload: "focus" }),
  };
}

async function fetchOptions(url, query) {
  const at = new URL(url, location.href);
  at.searchParams.set("q", query);
  const response = await fetch(at, { headers: { Accept: "application/json" } });
  return response.ok ? response.json() : [];
}
