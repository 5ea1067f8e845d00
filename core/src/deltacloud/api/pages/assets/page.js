// Reading pages of this server, and taking parts of them over into the one that is shown.

/** The event that tells that parts of the page are new. */
export const SWAPPED = "deltacloud:swapped";

/**
 * An answer of the server.
 * @typedef {{status: number, url: string, page: Document | null}} Answer
 */

/**
 * How something is asked.
 * @typedef {object} Manner
 * @property {string} [method]
 * @property {XMLHttpRequestBodyInit | null} [body]
 * @property {boolean} [background] Whether nobody waits for it: then the browser asks for no password, whatever comes.
 * @property {(request: XMLHttpRequest) => void} [prepare]
 */

/**
 * Asks the server for a page.
 * @param {string} url Where.
 * @param {Manner} [options]
 *   How; `prepare` sees the request before it is sent.
 * @returns {Promise<Answer>} What it said; rejected when it cannot be reached, and when the request is aborted.
 */
export function ask(url, { method = "GET", body = null, background = false, prepare } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    if (background) {
      request.setRequestHeader("X-Requested-With", "deltacloud-background");
    }
    request.onload = () => resolve({ status: request.status, url: request.responseURL, page: request.response });
    request.onerror = () => reject(new Error("The server cannot be reached."));
    request.onabort = () => reject(new DOMException("Cancelled", "AbortError"));
    prepare?.(request);
    request.send(body);
  });
}

let shown = address();

/** @returns {string} Where the browser says that it is, without what is only a place on the page. */
function address() {
  return location.pathname + location.search;
}

/**
 * Has the browser say where the content comes from that is shown now.
 * @param {string} url Its address.
 * @param {boolean} [again] Whether it is the same page, read in another way.
 */
export function moved(url, again = false) {
  history[again ? "replaceState" : "pushState"](null, "", url);
  shown = address();
}

addEventListener("popstate", () => {
  if (address() !== shown) {
    location.reload();
  }
});

/** @returns {HTMLElement} The content of the page. */
export function content() {
  return /** @type {HTMLElement} */ (document.getElementById("content"));
}

/**
 * What went wrong, as an answer's page says it.
 * @param {Answer} answer The answer.
 * @returns {string | null} A sentence or two; null for a success.
 */
export function problem(answer) {
  const told = answer.page?.querySelector("[data-problem]");
  if (told) {
    return [...told.querySelectorAll("p")].map((one) => one.textContent?.trim()).join(" ");
  }
  return answer.status >= 400 ? `The server answered ${answer.status}.` : null;
}

/**
 * Takes the parts of another page over that this one has as well.
 * @param {Document} page The same page, read again.
 */
export function swap(page) {
  const fresh = /** @type {HTMLElement | null} */ (page.getElementById("content"));
  const own = content();
  if (!fresh) {
    return;
  }
  const ticked = new Set(
    [...own.querySelectorAll("tbody :checked")].map((one) => /** @type {HTMLInputElement} */ (one).value),
  );
  const focused = mark(document.activeElement);
  for (const part of own.querySelectorAll("[data-part]")) {
    const name = /** @type {HTMLElement} */ (part).dataset.part;
    const other = fresh.querySelector(`[data-part="${name}"]`);
    if (other) {
      part.replaceChildren(...document.adoptNode(other).childNodes);
    }
  }
  if (fresh.dataset.pace) {
    own.dataset.pace = fresh.dataset.pace;
  } else {
    delete own.dataset.pace;
  }
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (own.querySelectorAll("tbody [type=checkbox]"))) {
    box.checked = ticked.has(box.value);
  }
  refocus(focused);
  document.dispatchEvent(new Event(SWAPPED));
}

/**
 * Shows the content of another page instead of this one's.
 * @param {Document} page The page.
 */
export function replace(page) {
  const fresh = page.getElementById("content");
  if (!fresh) {
    return;
  }
  const url = fresh.dataset.url;
  content().replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  if (url && !("once" in fresh.dataset) && url !== address()) {
    moved(url);
  }
  content().focus();
  scrollTo(0, 0);
  document.dispatchEvent(new Event(SWAPPED));
}

/**
 * Says something to who listens to the page, and shows it for a while.
 * @param {string} text What.
 */
export function say(text) {
  let place = document.getElementById("said");
  if (!place) {
    place = document.createElement("p");
    place.id = "said";
    place.className = "away";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = text;
}

/**
 * Makes a notice of what came of something.
 * @param {string} text What.
 * @param {"alert" | "status"} role How it is told to who listens: at once, or in passing.
 * @param {boolean} [bad] Whether it is bad news.
 * @returns {HTMLElement} The notice, to be put into the page.
 */
export function notice(text, role, bad = true) {
  const made = element("div", bad ? "notice bad" : "notice");
  made.setAttribute("role", role);
  made.append(element("p", "", text));
  return made;
}

/**
 * Makes an element.
 * @param {string} name Which element.
 * @param {string} style Its class.
 * @param {string} [text] What it says.
 * @returns {HTMLElement} The element.
 */
export function element(name, style, text = "") {
  const made = document.createElement(name);
  made.className = style;
  made.textContent = text;
  return made;
}

/**
 * @param {Element | null} element What has the focus.
 * @returns {string | null} How to find it again in a part that is new.
 */
function mark(element) {
  if (!element?.closest("[data-part]")) {
    return null;
  }
  const href = element.getAttribute("href") ?? element.getAttribute("value");
  const name = element.localName;
  if (href !== null) {
    return `[data-part] ${name}[${element.hasAttribute("href") ? "href" : "value"}="${CSS.escape(href)}"]`;
  }
  return element.id ? `#${CSS.escape(element.id)}` : null;
}

/** @param {string | null} selector What {@link mark} said. */
function refocus(selector) {
  if (selector) {
    /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus({ preventScroll: true });
  }
}
