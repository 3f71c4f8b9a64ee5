// @ts-check
/** The queue's page: its keys, choosing all lines at once, and how many are chosen. */
import { helpKeys } from "./help.js";
import { formKeys, listenToKeys } from "./keys.js";

let stop = () => {};

/** Wires what is on the page now; again after the page has swapped its content. */
function wire() {
  stop();
  const actions = formKeys(document);
  stop = listenToKeys({ ...actions, ...helpKeys(document.querySelector("[data-help]"), actions) });
  const picks = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("[name=pick]")]);
  const all = document.querySelector("[data-all]");
  const chosen = document.querySelector("[data-chosen]");
  const count = () => {
    const number = picks.filter((pick) => pick.checked).length;
    if (chosen) {
      chosen.textContent = number ? `${number} selected` : "all selected above";
    }
  };
  picks.forEach((pick) => pick.addEventListener("change", count));
  if (all instanceof HTMLInputElement) {
    all.hidden = false;
    all.addEventListener("change", () => {
      picks.forEach((pick) => (pick.checked = all.checked));
      count();
    });
  }
  count();
}

wire();
document.addEventListener("swapped", wire);
