// Downloads with a bar. What is too large to be held until it is whole, and what does not say how large it is, is left
// to the browser, which has a bar of its own.

import { Transfer } from "./transfers.js";

const MOST = 512 * 1024 * 1024;

/** Serves the links to contents. */
export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-download]") : null;
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && event.button === 0;
    if (link instanceof HTMLAnchorElement && plain) {
      event.preventDefault();
      fetchWhole(link.href);
    }
  });
}

/** @param {string} url The content. */
async function fetchWhole(url) {
  const stop = new AbortController();
  const name = decodeURIComponent(new URL(url).pathname.split("/").at(-2) ?? "content");
  /** @type {Transfer | undefined} */
  let transfer;
  try {
    const answer = await fetch(url, { signal: stop.signal });
    const total = Number(answer.headers.get("Content-Length") ?? 0);
    if (!answer.body || !total || total > MOST || !answer.ok) {
      stop.abort();
      location.assign(url);
      return;
    }
    const showing = new Transfer(name, () => stop.abort());
    transfer = showing;
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const pieces = [];
    let done = 0;
    const reader = answer.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      done += piece.value.length;
      showing.moved(done, total);
    }
    save(new Blob(pieces, { type: "application/octet-stream" }), name.split("/").at(-1) ?? name);
    showing.ended("Downloaded");
  } catch (error) {
    const stopped = error instanceof DOMException && error.name === "AbortError";
    transfer?.ended(stopped ? "Cancelled" : "The connection broke off before the end", !stopped);
  }
}

/**
 * @param {Blob} content What was read.
 * @param {string} name The file's name.
 */
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
