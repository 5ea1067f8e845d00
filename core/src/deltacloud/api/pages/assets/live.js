// States that refresh by themselves: often while something is on its way, now and then otherwise, never unseen.

import { ask, content, notice, problem, swap, SWAPPED } from "./page.js";

const BUSY = [
  "[data-part] :popover-open",
  "dialog[open]",
  "[data-part] details[open]",
  "[data-part] :is(input:not([type=checkbox]), select, textarea):focus",
].join();

const FINAL = [401, 403, 404];
/** After how many failures in a row it is told, and at how many the waiting grows no more. */
const PATIENCE = 2;
const MOST = 5;

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
  const answer = await ask(url, { background: true }).catch(() => null);
  if (own !== content()) {
    return;
  }
  if (answer?.status === 200 && answer.page) {
    failures = 0;
    tell(null);
    swap(answer.page);
    return;
  }
  failures = Math.min(failures + 1, MOST);
  if (answer && FINAL.includes(answer.status)) {
    delete own.dataset.pace;
    tell(problem(answer), answer.status === 401 ? "Sign in" : "Load again");
  } else if (failures >= PATIENCE) {
    tell(`What you see may be out of date. ${(answer && problem(answer)) ?? "The server cannot be reached."}`);
  }
  schedule();
}

/**
 * Says above the page that it does not follow any more.
 * @param {string | null} text Why; null when it does.
 * @param {string} [way] What a link says that loads the page anew, and has the browser ask for a password if need be.
 */
function tell(text, way) {
  document.querySelector("[data-stale]")?.remove();
  if (text === null) {
    return;
  }
  const stale = notice(text, "status");
  stale.dataset.stale = "";
  if (way) {
    const link = document.createElement("a");
    link.className = "button";
    link.href = content().dataset.url ?? location.href;
    link.textContent = way;
    stale.append(link);
  }
  content().prepend(stale);
}
