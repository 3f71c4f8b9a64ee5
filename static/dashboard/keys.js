// @ts-check
/** Single-key shortcuts of a page. They are off while a field has the focus, with any modifier, and when switched off. */

const STORED = "keytrail-keys";

/** Whether single keys are on (they interfere with some speech and switch input). */
export function keysWanted() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} wanted */
export function wantKeys(wanted) {
  try {
    localStorage.setItem(STORED, wanted ? "on" : "off");
  } catch {
    // Without storage the choice applies to this page only.
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {boolean}  whether the focused element uses keys itself
 */
function writes(target) {
  const own =
    "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog[open]";
  return target instanceof Element && target.closest(own) !== null;
}

/**
 * @param {Record<string, () => void>} actions  by `KeyboardEvent.key`
 * @param {Document} [page]
 * @returns {() => void}  stops listening
 */
export function listenToKeys(actions, page = document) {
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (!action || modified || writes(event.target) || !keysWanted()) {
      return;
    }
    event.preventDefault();
    action();
  };
  page.addEventListener("keydown", onKey);
  return () => page.removeEventListener("keydown", onKey);
}

/**
 * Forms whose `data-key` names the key that submits them.
 *
 * @param {ParentNode} root
 * @returns {Record<string, () => void>}
 */
export function formKeys(root) {
  /** @type {Record<string, () => void>} */
  const actions = {};
  for (const form of root.querySelectorAll("form[data-key]")) {
    if (form instanceof HTMLFormElement && form.dataset.key) {
      actions[form.dataset.key] ??= () => form.requestSubmit();
    }
  }
  return actions;
}
