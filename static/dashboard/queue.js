// @ts-check
/** The queue's page: its key, and choosing all lines at once. */
import { formKeys, listenToKeys } from "./keys.js";

let stop = () => {};

/** Wires what is on the page now; again after the page has swapped its content. */
function wire() {
  stop();
  stop = listenToKeys(formKeys(document));
  const all = document.querySelector("[data-all]");
  if (all instanceof HTMLInputElement) {
    const picks = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[name=pick]"));
    all.hidden = false;
    all.addEventListener("change", () => picks.forEach((pick) => (pick.checked = all.checked)));
  }
}

wire();
document.addEventListener("swapped", wire);
