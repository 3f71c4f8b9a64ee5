// @ts-check
/** When a page has something newer to show: whether its reader may be interrupted, and a note that offers to reload. */

/** @returns {boolean}  whether the reader is doing something that must not be interrupted */
export function isBusy() {
  const active = document.activeElement;
  const writing = active instanceof Element && active.closest("main form, main details, dialog") !== null;
  const picked = document.querySelector("main [name=pick]:checked") !== null;
  return writing || written() || picked || window.scrollY > 300 || !document.getSelection()?.isCollapsed;
}

/** @returns {boolean}  whether a form holds what was not sent yet */
function written() {
  /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */
  const fields = document.querySelectorAll("form[data-unsaved] :is(input, textarea)");
  return [...fields].some(
    (one) => one.value !== one.defaultValue || ("checked" in one && one.checked !== one.defaultChecked)
  );
}

/**
 * @param {string} words
 * @returns {HTMLElement}  hidden at first
 */
export function reloadNote(words) {
  const note = document.createElement("p");
  note.className = "fresh";
  note.hidden = true;
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  button.addEventListener("click", () => window.location.reload());
  note.append(button);
  document.body.append(note);
  return note;
}
