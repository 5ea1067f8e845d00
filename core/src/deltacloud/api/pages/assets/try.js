// Trying an operation out: it is sent as a program would send it, and the answer is shown as it came.

import { wanted } from "./requests.js";

const MOST = 100_000;

/** Serves the form of an operation's documentation. */
export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.dataset.try) {
      event.preventDefault();
      send(form, event.submitter);
    }
  });
}

/**
 * @param {HTMLFormElement} form What is sent.
 * @param {HTMLElement | null} button What was pressed.
 */
async function send(form, button) {
  const place = /** @type {HTMLElement} */ (document.querySelector("[data-answer]"));
  const { method, url, headers, fields, text } = wanted(form);
  button?.setAttribute("aria-busy", "true");
  const began = performance.now();
  try {
    const answer = await fetch(url, { method, headers, body: text ?? body(form, fields) });
    const said = await shown(answer);
    const took = Math.round(performance.now() - began);
    show(
      place,
      `${answer.status} ${answer.statusText}, after ${took} ms`,
      [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n"),
      said,
    );
  } catch (error) {
    show(place, error instanceof Error ? error.message : String(error), "", "");
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/**
 * @param {HTMLFormElement} form What is sent.
 * @param {[string, FormDataEntryValue][]} fields What its body holds.
 * @returns {BodyInit | undefined} The body; nothing for none.
 */
function body(form, fields) {
  if (!fields.length) {
    return undefined;
  }
  if (form.enctype !== "multipart/form-data") {
    return new URLSearchParams(/** @type {[string, string][]} */ (fields));
  }
  const data = new FormData();
  for (const [name, value] of fields) {
    data.append(name, value);
  }
  return data;
}

/**
 * @param {Response} answer An answer.
 * @returns {Promise<string>} Its body, as far as it can be read.
 */
async function shown(answer) {
  const kind = answer.headers.get("Content-Type") ?? "";
  if (!/json|xml|text|ghostscript/.test(kind)) {
    const length = (await answer.arrayBuffer()).byteLength;
    return length ? `${length} bytes of ${kind}` : "";
  }
  const text = await answer.text();
  if (kind.includes("json") && text.length < MOST) {
    return JSON.stringify(JSON.parse(text), null, 2);
  }
  return text.length > MOST ? `${text.slice(0, MOST)}\n… and ${text.length - MOST} characters more` : text;
}

/**
 * @param {HTMLElement} place Where the answer is shown.
 * @param {string} status The first line.
 * @param {string} head The headers.
 * @param {string} body The body.
 */
function show(place, status, head, body) {
  const title = document.createElement("h3");
  title.textContent = status;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Headers";
  details.append(summary, block("Headers", head));
  place.replaceChildren(title, ...(head ? [details] : []), ...(body ? [block("Body", body)] : []));
}

/**
 * @param {string} name What it is.
 * @param {string} text What it says.
 * @returns {HTMLElement} A text of fixed width.
 */
function block(name, text) {
  const made = document.createElement("pre");
  made.tabIndex = 0;
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", name);
  made.textContent = text;
  return made;
}
