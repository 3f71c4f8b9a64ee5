// @ts-check
/** @import { Messages } from "./messages.js" */

/**
 * Prevents what the study's rules forbid, before the recorder sees it, so that it is recorded as prevented.
 *
 * @param {HTMLElement} task  carries the rules: data-refuse-paste, data-refuse-copy
 * @param {HTMLTextAreaElement} box
 * @param {HTMLElement | null} source
 * @param {(message?: string) => void} explain
 * @param {Messages} messages
 */
export const applyRules = (task, box, source, explain, messages) => {
  /** @param {string} types @param {(event: Event) => boolean} applies @param {string | undefined} message */
  const refuse = (types, applies, message) => {
    for (const type of types.split(" ")) {
      const listener = (/** @type {Event} */ event) => {
        if (!applies(event)) return;
        event.preventDefault();
        explain(message);
      };
      window.addEventListener(type, listener, { capture: true });
    }
  };
  /** @param {Event} event */
  const intoBox = (event) => event.target === box;
  /** @param {Event} event */
  const fromSource = (event) => {
    const selection = getSelection();
    return (
      event.target !== box && !!source && !!selection?.rangeCount && selection.getRangeAt(0).intersectsNode(source)
    );
  };

  if (task.dataset.refusePaste === "1") refuse("paste drop", intoBox, messages.no_paste);
  if (task.dataset.refuseCopy === "1") refuse("copy cut dragstart", fromSource, messages.no_copy);
};
