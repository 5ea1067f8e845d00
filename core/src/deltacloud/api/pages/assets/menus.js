// Menus that close as people expect: by Escape, and when something else is pressed.

const OPEN = "details.more-actions[open]";

/** Serves the page. */
export function start() {
  document.addEventListener("click", (event) => {
    for (const one of document.querySelectorAll(OPEN)) {
      if (!one.contains(/** @type {Node} */ (event.target))) {
        one.removeAttribute("open");
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" ? document.querySelector(OPEN) : null;
    if (open) {
      open.removeAttribute("open");
      open.querySelector("summary")?.focus();
    }
  });
}
