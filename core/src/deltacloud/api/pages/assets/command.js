// The command that sends what a form of the documentation would send; it follows what is filled in.

import { wanted } from "./requests.js";

/** Serves the form. */
export function start() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-try]"));
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-command]"));
  if (!form || !place) {
    return;
  }
  const show = () => {
    place.textContent = command(place.dataset.command ?? "", form);
  };
  form.addEventListener("input", show);
  show();
}

/**
 * @param {string} begin What it begins with.
 * @param {HTMLFormElement} form What is filled in.
 * @returns {string} A command for a shell.
 */
function command(begin, form) {
  const { url, headers, fields, text } = wanted(form);
  const many = form.enctype === "multipart/form-data";
  const words = [...headers].flatMap(([name, value]) => ["--header", `${title(name)}: ${value}`]);
  for (const [name, value] of fields) {
    const said = value instanceof File ? `@${value.name}` : value;
    words.push(many ? "--form" : "--data-urlencode", `${name}=${said}`);
  }
  if (text) {
    words.push("--data-binary", text);
  }
  return [begin, ...[...words, plain(url)].map(quoted)].join(" ");
}

/**
 * @param {URL} url Where it goes.
 * @returns {string} The address without driver and provider, which travel as headers.
 */
function plain(url) {
  return url.origin + url.pathname.replace(/^(\/api)(;[^/]*)?/, "$1") + url.search;
}

/**
 * @param {string} name A header's name in small letters.
 * @returns {string} It, as people write it.
 */
function title(name) {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * @param {string} word Anything.
 * @returns {string} It, as a shell takes it for one word.
 */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
