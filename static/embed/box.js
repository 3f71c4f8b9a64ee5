// @ts-check
/** @import { EditorBox } from "./editor.js" */

/** A page may create its box long after it has loaded. */
const PATIENCE_MS = 10_000;

const EDITABLE = "[contenteditable]:not([contenteditable=false])";

/** What a person writes in: the element itself, or the editor that a script has put into it. @param {Element | null} place @returns {HTMLElement | null} */
const writable = (place) => {
  if (place instanceof HTMLTextAreaElement) return place;
  const found = place?.matches(EDITABLE) ? place : place?.querySelector(EDITABLE);
  return found instanceof HTMLElement ? found : null;
};

/**
 * Wait for the element at a selector.
 *
 * @param {() => Element | null} place
 * @returns {Promise<HTMLElement | null>}  null if it did not come in time
 */
const appears = (place) =>
  new Promise((resolve) => {
    const look = () => {
      const found = writable(place());
      if (found) end(found);
    };
    /** @param {HTMLElement | null} found */
    const end = (found) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(found);
    };
    const observer = new MutationObserver(look);
    const timer = setTimeout(() => end(null), PATIENCE_MS);
    observer.observe(document, { childList: true, subtree: true, attributes: true });
    look();
  });

/** Return whether a selector matches in one of the page's open shadow roots. @param {string} selector @param {ParentNode} [root] @returns {boolean} */
const inShadow = (selector, root = document) =>
  [...root.querySelectorAll("*")].some(
    ({ shadowRoot }) => shadowRoot && (shadowRoot.querySelector(selector) || inShadow(selector, shadowRoot))
  );

/** Editors that show only a part of the text, hold it elsewhere, or were not tried. */
const REFUSED =
  "[data-lexical-editor], .cm-editor, .CodeMirror, .monaco-editor, .ace_editor, .ck-editor__editable, [data-slate-editor], .public-DraftEditor-content, trix-editor";

const SHADOW =
  "The answer box stands in a shadow root, where copies, the caret and the focus cannot be seen. Put the box into the page itself.";

/**
 * Return the answer box that a page names, a `<textarea>` or an editable element; wait for it if it does not exist yet.
 *
 * @param {Element | string} place
 * @returns {Promise<HTMLElement>}
 * @throws with a sentence that says what to change
 */
export const findBox = async (place) => {
  const find = () => (typeof place === "string" ? document.querySelector(place) : place);
  const found = await appears(find);
  if (found?.closest(REFUSED))
    throw new Error(
      "Writing in this editor cannot be recorded. Use a <textarea>, TipTap or another editor of docs/embedding.md."
    );
  if (found && !(found.getRootNode() instanceof ShadowRoot)) return found;
  if (found || (!find() && inShadow(`${place}`))) throw new Error(SHADOW);
  const missing = find() ? "<textarea> or editor at " : "";
  throw new Error(
    `There is no ${missing}${place} on this page; it was waited for ten seconds. data-box must name the answer box.`
  );
};

const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;

/**
 * Set the text as user input would. Frameworks that keep the value themselves (React, Vue) notice it; otherwise they would restore
 * their own value. React watches the box's own property, so the prototype's setter is called.
 *
 * @param {HTMLTextAreaElement} box
 * @param {string} text
 */
const setText = (box, text) => {
  native?.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
};

/**
 * Restores a draft. A textarea gets the whole text, the draft with what was typed; an editor only takes the draft in.
 *
 * @param {HTMLTextAreaElement | EditorBox} box
 * @param {string} draft
 * @param {string} [whole]
 */
export const restoreText = (box, draft, whole = draft) => {
  if (box instanceof HTMLTextAreaElement) setText(box, whole);
  else box.insert(draft);
};
