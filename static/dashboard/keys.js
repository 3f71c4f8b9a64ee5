// @ts-check
/** Single keys of a page. They are silent while somebody writes or chooses, and with any modifier. */

/**
 * @param {EventTarget | null} target
 * @returns {boolean}  whether keys belong to what has the focus
 */
function writes(target) {
  return target instanceof Element && target.closest("input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null;
}

/**
 * @param {Record<string, () => void>} actions  by `KeyboardEvent.key`
 * @param {Document} [page]
 * @returns {() => void}  stops listening
 */
export function listenToKeys(actions, page = document) {
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(event.target)) {
      return;
    }
    event.preventDefault();
    action();
  };
  page.addEventListener("keydown", onKey);
  return () => page.removeEventListener("keydown", onKey);
}
