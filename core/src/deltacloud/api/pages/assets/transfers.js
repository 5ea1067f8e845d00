// What both ways of moving a content show: a bar, how fast it goes, how long it will take, and a way to stop it.

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];
const EVERY = 250;

/**
 * @param {number} count Bytes.
 * @returns {string} They, with the unit that suits them.
 */
export function size(count) {
  let unit = 0;
  while (count >= 1024 && unit < UNITS.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${unit && count < 100 ? count.toFixed(1) : Math.round(count)} ${UNITS[unit]}`;
}

/** A transfer as the page shows it. */
export class Transfer {
  /**
   * @param {string} name What moves.
   * @param {() => void} cancel What stops it.
   */
  constructor(name, cancel) {
    this.began = performance.now();
    this.shown = 0;
    this.row = document.createElement("div");
    this.row.className = "transfer";
    this.row.setAttribute("role", "group");
    this.row.setAttribute("aria-label", name);
    const title = document.createElement("div");
    const strong = document.createElement("strong");
    strong.className = "wrap";
    strong.textContent = name;
    this.told = document.createElement("div");
    this.told.className = "hint";
    this.told.setAttribute("role", "status");
    title.append(strong, this.told);
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.textContent = "Cancel";
    this.button.addEventListener("click", cancel);
    this.bar = document.createElement("progress");
    this.bar.setAttribute("aria-label", name);
    this.row.append(title, this.button, this.bar);
    place().append(this.row);
  }

  /**
   * @param {number} done How many bytes have moved.
   * @param {number} total Of how many; 0 where that is not known.
   */
  moved(done, total) {
    const now = performance.now();
    if (now - this.shown < EVERY && done !== total) {
      return;
    }
    this.shown = now;
    const speed = done / Math.max((now - this.began) / 1000, 0.001);
    const left = total ? Math.ceil((total - done) / Math.max(speed, 1)) : 0;
    if (total) {
      this.bar.max = total;
      this.bar.value = done;
    }
    const whole = total ? ` of ${size(total)}` : "";
    this.told.textContent = `${size(done)}${whole}, ${size(speed)} a second${total && left ? `, ${left} s left` : ""}`;
  }

  /**
   * The end.
   * @param {string} text What came of it.
   * @param {boolean} [failed] Whether it is bad news.
   */
  ended(text, failed = false) {
    this.told.textContent = text;
    this.told.classList.toggle("need", failed);
    this.told.setAttribute("role", failed ? "alert" : "status");
    this.bar.remove();
    this.button.remove();
  }
}

/** @returns {Element} Where transfers are shown. */
function place() {
  const known = document.querySelector("[data-transfers]");
  if (known) {
    return known;
  }
  const made = document.createElement("section");
  made.className = "card";
  made.dataset.transfers = "";
  made.setAttribute("aria-label", "Transfers");
  document.querySelector("[data-part=head]")?.after(made);
  return made;
}
