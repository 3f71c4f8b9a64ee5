// @ts-check
/** Deciding by keyboard: 1 to 4 choose, r gives a reason, n writes a note, d sends. */

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, () => void>}
 */
export function decisionKeys(form) {
  /** @type {Record<string, () => void>} */
  const actions = {
    r: () => /** @type {HTMLElement | null} */ (form.elements.namedItem("reason"))?.focus(),
    d: () => form.requestSubmit(),
    n: () => /** @type {HTMLElement | null} */ (form.elements.namedItem("note"))?.focus()
  };
  const kinds = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name=kind]"))];
  kinds.forEach((kind, at) => {
    actions[String(at + 1)] = () => {
      kind.checked = true;
      kind.focus();
    };
  });
  form.addEventListener("keydown", (event) => {
    const note = event.target instanceof HTMLTextAreaElement;
    if (note && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
    } else if (event.key === "Escape" && (note || event.target instanceof HTMLSelectElement)) {
      event.target.blur();
    }
  });
  return actions;
}

/**
 * Extends this reviewer's claim while the page is visible.
 *
 * @param {string} url
 * @param {number} [everyMs]
 */
export function extendClaim(url, everyMs = 240_000) {
  setInterval(() => {
    if (document.visibilityState === "visible") {
      // A failed request only lets the claim expire.
      fetch(url, { method: "POST" }).catch(() => undefined);
    }
  }, everyMs);
}
