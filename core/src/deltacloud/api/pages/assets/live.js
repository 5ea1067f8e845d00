// States that refresh by themselves: often while something is on its way, now and then otherwise, never unseen.

import { ask, content, swap, SWAPPED } from "./page.js";

const BUSY = [
  "[data-part] :popover-open",
  "dialog[open]",
  "[data-part] details[open]",
  "[data-part] :is(input:not([type=checkbox]), select, textarea):focus",
].join();

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let failures = 0;

/** Serves the page. */
export function start() {
  document.addEventListener(SWAPPED, schedule);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && content().dataset.pace) {
      refresh();
    }
  });
  schedule();
}

function schedule() {
  clearTimeout(timer);
  const pace = Number(content().dataset.pace ?? 0);
  if (pace) {
    timer = setTimeout(refresh, pace * 1000 * 2 ** failures);
  }
}

/** Reads the page again, unless nobody sees it or someone is in the middle of something. */
export async function refresh() {
  const own = content();
  const url = own.dataset.url;
  if (document.hidden || !url || document.querySelector(BUSY)) {
    schedule();
    return;
  }
  try {
    const answer = await ask(url);
    if (answer.status === 200 && answer.page && own === content()) {
      failures = 0;
      swap(answer.page);
      return;
    }
    failures = Math.min(failures + 1, 5);
    if (answer.status === 404 && answer.page) {
      delete own.dataset.pace;
    }
  } catch {
    failures = Math.min(failures + 1, 5);
  }
  schedule();
}
