// Uploads with a bar: of the file that was chosen, and of files that are dropped onto the page.

import { ask, content, problem, replace, swap } from "./page.js";
import { complain } from "./send.js";
import { Transfer } from "./transfers.js";

/** Serves the forms that upload. */
export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.matches("form[data-upload]")) {
      event.preventDefault();
      if (!form.dataset.sending) {
        form.dataset.sending = "yes";
        submit(form).finally(() => delete form.dataset.sending);
      }
    }
  });
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "file" && input.form?.matches("[data-upload]")) {
      chosen(input.form, input);
    }
  });
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (
    document.querySelectorAll("[data-drop] [type=file]")
  )) {
    input.multiple = true;
    const hint = document.getElementById(`${input.id}-help`);
    if (hint) {
      hint.textContent = "One file or several; they can also be dropped here";
    }
  }
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => drag(/** @type {DragEvent} */ (event)));
  }
}

/** @param {DragEvent} event Files over the page. */
function drag(event) {
  const zone =
    event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-drop]")) : null;
  if (!zone || !event.dataTransfer?.types.includes("Files")) {
    return;
  }
  event.preventDefault();
  zone.classList.toggle("over", event.type === "dragover");
  const form = zone.querySelector("form");
  if (event.type === "drop" && form) {
    several(form, [...event.dataTransfer.files]);
  }
}

/**
 * @param {HTMLFormElement} form The form.
 * @param {HTMLInputElement} input Its files.
 */
function chosen(form, input) {
  const name = field(form, "blob_id");
  const many = (input.files?.length ?? 0) > 1;
  name.required = !many;
  name.disabled = many;
  if (!many && input.files?.[0] && (!name.value || name.value.endsWith("/"))) {
    name.value += input.files[0].name;
  }
}

/** @param {HTMLFormElement} form What is sent. */
async function submit(form) {
  complain(form, null);
  const input = field(form, "blob_data");
  const files = [...(input.files ?? [])];
  if (files.length > 1) {
    await several(form, files);
    return;
  }
  const answer = await send(form, field(form, "blob_id").value, new FormData(form));
  if (answer?.page && !form.closest("[data-drop]")) {
    replace(answer.page);
  } else if (answer) {
    await again(form);
  }
}

/**
 * @param {HTMLFormElement} form Where they go.
 * @param {File[]} files What goes there, each under its own name.
 */
async function several(form, files) {
  const prefix = /** @type {HTMLElement | null} */ (form.closest("[data-drop]"))?.dataset.prefix ?? "";
  for (const file of files) {
    const data = new FormData();
    data.set("meta_params", "0");
    data.set("blob_id", prefix + file.name);
    data.set("blob_data", file);
    await send(form, prefix + file.name, data);
  }
  await again(form);
}

/**
 * Sends one file.
 * @param {HTMLFormElement} form Where it goes.
 * @param {string} name What it is called there.
 * @param {FormData} data All that is sent; the file comes last.
 * @returns {Promise<import("./page.js").Answer | null>} The answer; null when it failed or was stopped, which is told.
 */
async function send(form, name, data) {
  /** @type {XMLHttpRequest | undefined} */
  let running;
  const transfer = new Transfer(name, () => running?.abort());
  try {
    const answer = await ask(form.action, {
      method: "POST",
      body: data,
      prepare: (request) => {
        running = request;
        request.upload.onprogress = (event) => transfer.moved(event.loaded, event.total);
        request.upload.onload = () => {
          transfer.told.textContent = "Sent; the cloud is storing it";
          transfer.bar.removeAttribute("value");
        };
      },
    });
    const trouble = problem(answer);
    transfer.ended(trouble ?? "Uploaded", trouble !== null);
    return trouble ? null : answer;
  } catch (error) {
    const stopped = error instanceof DOMException;
    transfer.ended(stopped ? "Cancelled; nothing was kept" : "The connection broke off; nothing was kept", !stopped);
    return null;
  }
}

/** @param {HTMLFormElement} form The form that has done its work. */
async function again(form) {
  const prefix = /** @type {HTMLElement | null} */ (form.closest("[data-drop]"))?.dataset.prefix ?? "";
  form.reset();
  const name = field(form, "blob_id");
  name.value = prefix;
  name.disabled = false;
  name.required = true;
  const answer = await ask(content().dataset.url ?? location.href);
  if (answer.page && answer.status === 200) {
    swap(answer.page);
  }
}

/**
 * @param {HTMLFormElement} form A form.
 * @param {string} name Which field.
 * @returns {HTMLInputElement} It.
 */
function field(form, name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}
