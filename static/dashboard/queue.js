// @ts-check
/** The queue page: shortcuts, selecting all rows, and the number of selected rows. */
import { helpKeys } from "./help.js";
import { formKeys, listenToKeys } from "./keys.js";

let stop = () => {};

/** Attaches listeners to the present content; called again after the content was replaced. */
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
