// What a form of the documentation asks for, as a request.

/** Fields that serve forms without scripts. */
const APART = ["_method", "format"];
const IN_URL = ["GET", "HEAD", "DELETE", "PUT"];

/**
 * A request, before it is sent: `fields` are what the body holds, `text` is a body that was typed.
 * @typedef {{method: string, url: URL, headers: Headers, fields: [string, FormDataEntryValue][], text?: string}} Wanted
 */

/**
 * @param {HTMLFormElement} form What was filled in.
 * @returns {Wanted} The request that it means.
 */
export function wanted(form) {
  const method = form.dataset.try ?? "GET";
  const url = new URL(form.action);
  const fields = [...new FormData(form)].filter(([name, value]) => !APART.includes(name) && filled(value));
  if (!IN_URL.includes(method)) {
    return { method, url, headers: headers(form), fields };
  }
  for (const [name, value] of fields) {
    url.searchParams.append(name, String(value));
  }
  const typed = /** @type {HTMLTextAreaElement | null} */ (form.querySelector("[data-body]"));
  return { method, url, headers: headers(form), fields: [], text: typed?.value };
}

/**
 * @param {FormDataEntryValue} value A field's value.
 * @returns {boolean} Whether there is anything in it.
 */
function filled(value) {
  return value instanceof File ? value.size > 0 || value.name !== "" : value !== "";
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
