// How much there is of everything: each number is asked for on its own, so that a slow one keeps no other waiting.

import { ask, problem } from "./page.js";

const AT_ONCE = 3;

/** Serves the entry point. */
export function start() {
  const waiting = [...document.querySelectorAll("[data-count]")].map((one) => /** @type {HTMLElement} */ (one));
  for (const tile of waiting) {
    tile.setAttribute("aria-busy", "true");
  }
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await count(next);
    }
  };
  for (let number = 0; number < AT_ONCE; number += 1) {
    work();
  }
}

/** @param {HTMLElement} tile What stands for a collection. */
async function count(tile) {
  const hint = document.createElement("p");
  hint.className = "hint";
  try {
    const answer = await ask(tile.dataset.count ?? "", { background: true });
    const counts = answer.page?.querySelector("[data-counts]");
    if (counts && answer.status === 200) {
      tile.querySelector("a")?.after(document.adoptNode(counts));
      return;
    }
    hint.textContent = `Not counted: ${problem(answer) ?? "nobody knows why."}`;
  } catch (error) {
    hint.textContent = `Not counted: ${error instanceof Error ? error.message : error}`;
  } finally {
    tile.removeAttribute("aria-busy");
  }
  tile.querySelector("a")?.after(hint);
}
