// Entries that are all on the page already, narrowed as one types.

/** Serves the field. */
export function start() {
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.dataset.narrow) {
      const words = field.value.toLowerCase().split(/\s+/);
      for (const one of document.querySelectorAll(`${field.dataset.narrow} > li`)) {
        const text = one.textContent?.toLowerCase() ?? "";
        /** @type {HTMLElement} */ (one).hidden = !words.every((word) => text.includes(word));
      }
    }
  });
}
