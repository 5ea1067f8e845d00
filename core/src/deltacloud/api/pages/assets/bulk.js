// Doing something with several members of a list at once.

import { element, notice, say, SWAPPED } from "./page.js";
import { refresh } from "./live.js";

const AT_ONCE = 3;

/** Serves the list. */
export function start() {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.matches("[data-list] [type=checkbox]")) {
      if ("all" in box.dataset) {
        selectAll(box.checked);
      }
      show();
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-bulk] button") : null;
    if (button instanceof HTMLButtonElement) {
      begin(button);
    }
  });
  document.addEventListener(SWAPPED, show);
  if (document.querySelector("[data-all]:checked")) {
    selectAll(true);
  }
  show();
}

/** @param {boolean} chosen Whether all rows are selected, or none. */
function selectAll(chosen) {
  for (const one of boxes()) {
    one.checked = chosen;
  }
}

/** @returns {HTMLInputElement[]} The boxes of the rows. */
function boxes() {
  return [...document.querySelectorAll("[data-list] tbody [type=checkbox]")].map(
    (one) => /** @type {HTMLInputElement} */ (one),
  );
}

/** Shows how many are selected, and what all of them allow. */
function show() {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-bulk]"));
  if (!bar) {
    return;
  }
  const chosen = boxes().filter((one) => one.checked);
  bar.hidden = !chosen.length;
  const told = /** @type {HTMLElement} */ (bar.querySelector("[data-selected]"));
  told.textContent = `${chosen.length} selected`;
  for (const button of bar.querySelectorAll("button")) {
    button.disabled = !chosen.every((one) =>
      one
        .closest("tr")
        ?.dataset.can?.split(" ")
        .includes(button.dataset.name ?? ""),
    );
  }
  const all = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-all]"));
  if (all) {
    all.checked = chosen.length > 0 && chosen.length === boxes().length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  }
}

/** @param {HTMLButtonElement} button What to do with the selected ones. */
async function begin(button) {
  const chosen = boxes().filter((one) => one.checked);
  const names = chosen.map((one) => (one.getAttribute("aria-label") ?? "").replace(/^Select /, ""));
  const verb = button.textContent?.replace("…", "") ?? "";
  if ("ask" in button.dataset && !(await confirmed(verb, names))) {
    return;
  }
  const told = /** @type {HTMLElement} */ (document.querySelector("[data-selected]"));
  button.setAttribute("aria-busy", "true");
  /** @type {string[]} */
  const failures = [];
  let done = 0;
  const waiting = chosen.map((one, place) => ({ box: one, name: names[place] }));
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const trouble = await act(next.box.value + (button.dataset.suffix ?? ""), button.dataset.method ?? "POST");
      if (trouble) {
        failures.push(`${next.name}: ${trouble}`);
      } else {
        next.box.checked = false;
      }
      done += 1;
      told.textContent = `${verb}: ${done} of ${chosen.length}`;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  button.removeAttribute("aria-busy");
  report(verb, done - failures.length, failures);
  await refresh();
}

/**
 * @param {string} url What to act on.
 * @param {string} method How.
 * @returns {Promise<string | null>} What went wrong; null for nothing.
 */
async function act(url, method) {
  try {
    const answer = await fetch(url, { method, headers: { Accept: "application/json" } });
    if (answer.ok) {
      return null;
    }
    return (await answer.json()).message ?? `The server answered ${answer.status}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {string} verb What was done.
 * @param {number} count How often it went well.
 * @param {string[]} failures What went wrong.
 */
function report(verb, count, failures) {
  const list = /** @type {HTMLElement} */ (document.querySelector("[data-list]"));
  list.previousElementSibling?.matches("[data-report]") && list.previousElementSibling.remove();
  const bad = failures.length > 0;
  const text = `${verb}: ${count} done${bad ? `, ${failures.length} failed` : ""}.`;
  const told = notice(text, bad ? "alert" : "status", bad);
  told.dataset.report = "";
  if (bad) {
    const lines = element("ul", "");
    lines.append(...failures.map((one) => element("li", "", one)));
    told.append(lines);
  }
  list.before(told);
  say(`${verb}: ${count} done`);
}

/**
 * Asks before something is done that cannot be undone.
 * @param {string} verb What.
 * @param {string[]} names To which ones.
 * @returns {Promise<boolean>} Whether it is meant.
 */
function confirmed(verb, names) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "bulk-title");
  const title = element("h2", "", `${verb} ${names.length === 1 ? names[0] : `these ${names.length}`}?`);
  title.id = "bulk-title";
  const list = element("ul", "");
  list.tabIndex = 0;
  list.append(...names.map((name) => element("li", "", name)));
  const buttons = element("div", "actions");
  const yes = /** @type {HTMLButtonElement} */ (element("button", "primary danger", verb));
  const no = /** @type {HTMLButtonElement} */ (element("button", "", "Keep"));
  no.autofocus = true;
  buttons.append(yes, no);
  dialog.append(title, element("p", "", "This cannot be undone."), list, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
