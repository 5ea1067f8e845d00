// Trying an operation out: it is sent as a program would send it, and the answer is shown as it came.

const MOST = 100_000;
const IN_URL = ["GET", "HEAD", "DELETE", "PUT"];

/** Serves the form of an operation's documentation. */
export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.dataset.try) {
      event.preventDefault();
      send(form, form.dataset.try, event.submitter);
    }
  });
}

/**
 * @param {HTMLFormElement} form What is sent.
 * @param {string} method How.
 * @param {HTMLElement | null} button What was pressed.
 */
async function send(form, method, button) {
  const place = /** @type {HTMLElement} */ (document.querySelector("[data-answer]"));
  const url = new URL(form.action);
  const fields = new FormData(form);
  fields.delete("_method");
  fields.delete("format");
  for (const [name, value] of [...fields]) {
    if (value === "" || (value instanceof File && !value.size && !value.name)) {
      fields.delete(name);
    }
  }
  /** @type {BodyInit | undefined} */
  let body;
  if (IN_URL.includes(method)) {
    fields.forEach((value, name) => url.searchParams.append(name, String(value)));
    body = /** @type {HTMLTextAreaElement | null} */ (form.querySelector("[data-body]"))?.value;
  } else {
    body =
      form.enctype === "multipart/form-data"
        ? fields
        : new URLSearchParams(/** @type {[string, string][]} */ ([...fields]));
  }
  button?.setAttribute("aria-busy", "true");
  const began = performance.now();
  try {
    const answer = await fetch(url, { method, headers: headers(form), body });
    const text = await shown(answer);
    const took = Math.round(performance.now() - began);
    show(
      place,
      `${answer.status} ${answer.statusText}, after ${took} ms`,
      [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n"),
      text,
    );
  } catch (error) {
    show(place, error instanceof Error ? error.message : String(error), "", "");
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/**
 * @param {HTMLFormElement} form A form.
 * @returns {Headers} The headers that it asks for.
 */
function headers(form) {
  const all = new Headers();
  const format = /** @type {HTMLSelectElement | null} */ (form.querySelector("[data-format]"));
  all.set("Accept", format?.selectedOptions[0]?.dataset.type ?? "*/*");
  for (const one of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-header]"))) {
    const [name, value] = one.dataset.header?.endsWith("*") ? pair(one) : [one.dataset.header ?? "", one.value];
    if (name && value) {
      all.set(name, value);
    }
  }
  return all;
}

/**
 * @param {HTMLInputElement} field A header whose name ends as one likes: `color=blue`.
 * @returns {[string, string]} Its name and its value.
 */
function pair(field) {
  const [name, ...rest] = field.value.split("=");
  return name && rest.length
    ? [(field.dataset.header ?? "").replace("*", name.trim()), rest.join("=").trim()]
    : ["", ""];
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
