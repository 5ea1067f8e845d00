// Times in the reader's zone, and buttons that copy what people take elsewhere.

import { say, SWAPPED } from "./page.js";

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Serves the page, and all that comes into it. */
export function start() {
  document.addEventListener(SWAPPED, serve);
  document.addEventListener("click", copy);
  serve();
}

function serve() {
  for (const one of /** @type {NodeListOf<HTMLTimeElement>} */ (
    document.querySelectorAll("time[datetime]:not([data-local])")
  )) {
    const moment = new Date(one.dateTime);
    if (!Number.isNaN(moment.valueOf())) {
      one.textContent = format.format(moment);
      one.dataset.local = "";
    }
  }
  if (!navigator.clipboard) {
    return;
  }
  for (const one of document.querySelectorAll("[data-copy]:not([data-copy=on])")) {
    one.setAttribute("data-copy", "on");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const text = one.textContent?.trim() ?? "";
    button.setAttribute("aria-label", text.length > 60 ? "Copy this text" : `Copy ${text}`);
    one.after(button);
  }
}

/** @param {Event} event A click. */
async function copy(event) {
  const button = event.target instanceof Element ? event.target.closest("button.copy") : null;
  const source = button?.previousElementSibling;
  if (!button || !source) {
    return;
  }
  await navigator.clipboard.writeText(source.textContent?.trim() ?? "");
  button.textContent = "Copied";
  say("Copied");
  setTimeout(() => {
    button.textContent = "Copy";
  }, 2000);
}
