// @ts-check
/** Asks before a page is left whose form holds changes that were not saved. */

/** @param {HTMLFormElement} form @returns {string} */
const written = (form) => new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)])).toString();

/**
 * A form that came back with problems (`data-unsaved="changed"`) holds changes from the beginning.
 *
 * @param {HTMLFormElement} form
 * @param {Window} page
 * @returns {() => boolean}  whether leaving now would lose something
 */
export function guardUnsaved(form, page) {
  const before = form.dataset.unsaved === "changed" ? null : written(form);
  let sent = false;
  const unsaved = () => !sent && written(form) !== before;
  form.addEventListener("submit", (event) => {
    // A preview in another tab saves nothing.
    sent = /** @type {HTMLButtonElement | null} */ (event.submitter)?.formTarget !== "_blank";
  });
  page.addEventListener("beforeunload", (event) => {
    if (unsaved()) {
      event.preventDefault();
    }
  });
  return unsaved;
}
