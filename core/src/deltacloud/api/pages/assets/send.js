// Forms that are sent without leaving the page: what fails is told where it was asked for, and nothing typed is lost.

import { ask, content, notice, problem, replace, say } from "./page.js";

/** Serves all forms of the page. */
export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.matches("form[data-send]:not([data-upload])")) {
      event.preventDefault();
      send(form, event.submitter);
    }
  });
  addEventListener("pageshow", () => {
    for (const one of document.querySelectorAll("form[data-send] [aria-busy]")) {
      one.removeAttribute("aria-busy"); // who comes back finds the page as it was when it was left
    }
  });
}

/**
 * Sends a form, and shows what comes of it.
 * @param {HTMLFormElement} form The form.
 * @param {HTMLElement | null} button What was pressed.
 */
async function send(form, button) {
  if (form.querySelector("[aria-busy=true]")) {
    return;
  }
  complain(form, null);
  button?.setAttribute("aria-busy", "true");
  let leaving = false;
  say(`${button?.textContent ?? "Send"}: at work`);
  const data = new FormData(form);
  try {
    const answer = await ask(form.action, { method: "POST", body: body(form, data) });
    const trouble = problem(answer);
    if (trouble) {
      complain(form, trouble);
    } else {
      leaving = show(form, answer);
    }
  } catch (error) {
    complain(form, error instanceof Error ? error.message : String(error));
  } finally {
    if (!leaving) {
      button?.removeAttribute("aria-busy");
    }
  }
}

/**
 * @param {HTMLFormElement} form The form.
 * @param {FormData} data Its fields.
 * @returns {XMLHttpRequestBodyInit} They, as the form would send them.
 */
function body(form, data) {
  if (form.enctype === "multipart/form-data") {
    return data;
  }
  return new URLSearchParams(
    /** @type {[string, string][]} */ ([...data].filter(([, value]) => typeof value === "string")),
  );
}

/**
 * @param {HTMLFormElement} form The form that was sent.
 * @param {import("./page.js").Answer} answer A success.
 * @returns {boolean} Whether the browser is on its way to another page.
 */
function show(form, answer) {
  const here = new URL(content().dataset.url ?? location.href, location.href);
  if (answer.page && (answer.url === form.action || new URL(answer.url).pathname === here.pathname)) {
    replace(answer.page);
    return false;
  }
  location.assign(answer.url);
  return true;
}

/**
 * Tells at a form what went wrong with it.
 * @param {HTMLFormElement} form The form.
 * @param {string | null} text What; null takes it away.
 */
export function complain(form, text) {
  form.querySelector(":scope > .notice")?.remove();
  if (text === null) {
    return;
  }
  const told = notice(text, "alert");
  told.tabIndex = -1;
  form.prepend(told);
  told.focus();
}
