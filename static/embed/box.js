// @ts-check

/** A page may create its box long after it has loaded. */
const PATIENCE_MS = 10_000;

/**
 * Wait for the element at a selector.
 *
 * @param {string} selector
 * @returns {Promise<Element | null>}  null if none came in time
 */
const appears = (selector) =>
  new Promise((resolve) => {
    const look = () => {
      const found = document.querySelector(selector);
      if (found) end(found);
    };
    /** @param {Element | null} found */
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
  [...root.querySelectorAll("*")].some(({ shadowRoot }) => shadowRoot && (shadowRoot.querySelector(selector) || inShadow(selector, shadowRoot)));

const SHADOW = "The answer box stands in a shadow root, where copies, the caret and the focus cannot be seen. Put a <textarea> into the page itself.";

/**
 * Return the answer box that a page names; wait for it if it does not exist yet.
 *
 * @param {Element | string} place
 * @returns {Promise<HTMLTextAreaElement>}
 * @throws with a sentence that says what to change
 */
export const findBox = async (place) => {
  const found = typeof place === "string" ? await appears(place) : place;
  if (!found && inShadow(`${place}`)) throw new Error(SHADOW);
  if (!found) throw new Error(`There is no ${place} on this page; it was waited for ten seconds. data-box must name the answer box.`);
  if (found.getRootNode() instanceof ShadowRoot) throw new Error(SHADOW);
  if (found instanceof HTMLTextAreaElement) return found;
  throw new Error(`The answer box must be a <textarea>; ${place} is a <${found.localName}>.`);
};

const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;

/**
 * Set the text as user input would. Frameworks that keep the value themselves (React, Vue) notice it; otherwise they would restore
 * their own value. React watches the box's own property, so the prototype's setter is called.
 *
 * @param {HTMLTextAreaElement} box
 * @param {string} text
 */
export const setText = (box, text) => {
  native?.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
};
