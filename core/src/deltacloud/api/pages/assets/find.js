// Lists that are narrowed as one types.

import { ask, content, moved, say, swap } from "./page.js";

const PAUSE = 200;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {XMLHttpRequest | undefined} */
let running;

/** Serves the list's form. */
export function start() {
  document.addEventListener("input", (event) => {
    const form =
      event.target instanceof Element
        ? /** @type {HTMLFormElement | null} */ (event.target.closest("form[data-find]"))
        : null;
    if (form) {
      clearTimeout(timer);
      timer = setTimeout(() => find(form), PAUSE);
    }
  });
}

/** @param {HTMLFormElement} form What is looked for. */
async function find(form) {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value) {
      url.searchParams.append(name, value);
    }
  }
  running?.abort();
  try {
    const answer = await ask(url.href, {
      background: true,
      prepare: (request) => {
        running = request;
      },
    });
    if (answer.status === 200 && answer.page) {
      content().dataset.url = url.pathname + url.search;
      moved(url.href, true);
      swap(answer.page);
      say(content().querySelector(".pages [role=status]")?.textContent ?? "Nothing found");
    }
  } catch {
    // Another search has begun, or the server is away: the next one tells.
  }
}
