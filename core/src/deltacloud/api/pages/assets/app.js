// What every page does: it loads the modules that something on it asks for. Without them all of it works, more plainly.

import { SWAPPED } from "./page.js";

/** @type {ReadonlyArray<[string, string]>} What is looked for, and the module that serves it. */
const MODULES = [
  ["time, [data-copy]", "./words.js"],
  ["[data-pace]", "./live.js"],
  ["form[data-send]", "./send.js"],
  ["[data-find]", "./find.js"],
  ["[data-narrow]", "./narrow.js"],
  ["details.more-actions", "./menus.js"],
  ["[data-bulk]", "./bulk.js"],
  ["[data-count]", "./counts.js"],
  ["[data-profiles], textarea[name=user_data]", "./fields.js"],
  ["form[data-upload]", "./upload.js"],
  ["a[data-download]", "./download.js"],
  ["form[data-try]", "./try.js"],
  ["[data-command]", "./command.js"],
];

/** Modules that have been started already; they serve what comes later, too. */
const started = new Set();

/** Starts the modules that the page asks for now; the root element tells when they are at work. */
async function load() {
  const wanted = MODULES.filter(([selector, name]) => !started.has(name) && document.querySelector(selector));
  for (const [, name] of wanted) {
    started.add(name);
  }
  await Promise.all(wanted.map(([, name]) => import(name).then((module) => module.start())));
  document.documentElement.dataset.ready = "";
}

document.addEventListener(SWAPPED, load);
load();
