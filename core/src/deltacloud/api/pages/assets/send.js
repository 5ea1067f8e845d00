// Forms that are sent without leaving the page: what fails is told where it was asked for, and nothing typed is lost.

import { ask, content, problem, replace, say } from "./page.js";

/** Serves all forms of the page. */
export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.matches("form[data-send]:not([data-upload])")) {
      event.preventDefault();
      send(form, event.submitter);
    }
  });
}

/**
 * Sends a form, and shows what comes of it.
 * @param {HTMLFormElement} form The form.
 * @param {HTMLElement | null} button What was pressed.
 */
async function send(form, button) {
  if (button?.getAttribute("aria-busy")) {
    return;
  }
  complain(form, null);
  button?.setAttribute("aria-busy", "true");
  say(`${button?.textContent ?? "Send"}: at work`);
  const data = new FormData(form);
  try {
    const answer = await ask(form.action, { method: "POST", body: body(form, data) });
    const trouble = problem(answer);
    if (trouble) {
      complain(form, trouble);
    } else {
      show(form, answer);
    }
  } catch (error) {
    complain(form, error instanceof Error ? error.message : String(error));
  } finally {
    button?.removeAttribute("aria-busy");
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
 */
function show(form, answer) {
  if (!answer.page || answer.url !== form.action) {
    const here = new URL(content().dataset.url ?? location.href, location.href);
    if (answer.page && new URL(answer.url).pathname === here.pathname) {
      replace(answer.page);
    } else {
      location.assign(answer.url);
    }
    return;
  }
  replace(answer.page);
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
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.tabIndex = -1;
  const said = document.createElement("p");
  said.textContent = text;
  notice.append(said);
  form.prepend(notice);
  notice.focus();
}
