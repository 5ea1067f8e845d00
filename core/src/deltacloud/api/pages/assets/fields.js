// Fields that depend on others: what a hardware profile lets one vary, and texts that travel in base64.

const NAMES = ["cpu", "memory", "storage", "architecture"];

/**
 * What may be varied of one property.
 * @typedef {{kind: string, value: string | number, min?: number, max?: number, values?: string[]}} Fact
 */

/** Serves the form. */
export function start() {
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-profiles]"))) {
    serveProfiles(group);
  }
  for (const area of /** @type {NodeListOf<HTMLTextAreaElement>} */ (
    document.querySelectorAll("textarea[name=user_data]")
  )) {
    serveText(area);
  }
}

/** @param {HTMLElement} group The choice of profiles. */
function serveProfiles(group) {
  const form = group.closest("form");
  const place = document.createElement("div");
  place.className = "pair";
  for (const name of NAMES) {
    const field = form?.elements.namedItem(`hwp_${name}`);
    const whole = field instanceof HTMLElement ? field.closest(".field") : null;
    if (whole) {
      place.append(whole);
    }
  }
  group.append(place);
  const update = () => {
    const chosen = /** @type {HTMLElement | null} */ (group.querySelector(":checked"));
    /** @type {Record<string, Fact>} */
    const facts = JSON.parse(chosen?.dataset.facts ?? "{}");
    for (const name of NAMES) {
      vary(place, name, facts[name]);
    }
  };
  group.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "radio") {
      update();
    }
  });
  update();
}

/**
 * Makes the field of a property fit to a profile.
 * @param {HTMLElement} place Where the fields are.
 * @param {string} name The property.
 * @param {Fact | undefined} fact What the profile says of it; nothing, where there is nothing to vary.
 */
function vary(place, name, fact) {
  const old = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (place.querySelector(`[name=hwp_${name}]`));
  const whole = /** @type {HTMLElement | null} */ (old?.closest(".field") ?? null);
  if (!old || !whole) {
    return;
  }
  const free = fact && fact.kind !== "fixed";
  whole.hidden = !free;
  const fresh = fact?.values ? choice(fact) : document.createElement("input");
  fresh.id = old.id;
  fresh.name = old.name;
  fresh.disabled = !free;
  const help = whole.querySelector(".hint");
  if (help) {
    fresh.setAttribute("aria-describedby", help.id);
  }
  if (fresh instanceof HTMLInputElement) {
    fresh.type = name === "architecture" ? "text" : "number";
    fresh.step = "any";
    fresh.min = String(fact?.min ?? 0);
    fresh.max = String(fact?.max ?? "");
    fresh.placeholder = fact ? `${fact.value}` : "";
    if (help && fact?.kind === "range") {
      help.textContent = `From ${fact.min ?? 0} to ${fact.max ?? "any number"}; ${fact.value} unless you say otherwise`;
    }
  } else if (help && fact) {
    help.textContent = `${fact.value} unless you say otherwise`;
  }
  old.replaceWith(fresh);
}

/**
 * @param {Fact} fact What can be chosen.
 * @returns {HTMLSelectElement} The choice.
 */
function choice(fact) {
  const select = document.createElement("select");
  for (const value of fact.values ?? []) {
    const usual = value === String(fact.value);
    select.append(new Option(value, usual ? "" : value, usual, usual));
  }
  return select;
}

/** @param {HTMLTextAreaElement} area A text that the server wants in base64. */
function serveText(area) {
  const hint = document.getElementById(`${area.id}-help`);
  if (hint) {
    hint.textContent = "Plain text, such as a script or cloud-init's settings";
  }
  area.form?.addEventListener("formdata", (event) => {
    if (area.value) {
      const bytes = new TextEncoder().encode(area.value);
      event.formData.set(area.name, btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join("")));
    }
  });
}
