// What every page does: it loads the modules that something on it asks for. Without them all of it works, more plainly.

/** @type {ReadonlyArray<[string, string]>} What is looked for, and the module that serves it. */
const MODULES = [];

for (const [selector, name] of MODULES) {
  if (document.querySelector(selector)) {
    import(name).then((module) => module.start(document));
  }
}
