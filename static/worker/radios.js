// @ts-check
// Browsers make a group of radio buttons one stop of the Tab key, with arrow keys for the others. Whoever works with switches may
// have no more than Tab and Enter or Space, so here each button is a stop: in turn, from where the group was entered.

/** @type {HTMLInputElement[]} */
const radios = [...document.querySelectorAll("input")].filter(({ type }) => type === "radio");
let entered = 0;

/** @param {EventTarget | null} target */
const placeOf = (target) => radios.indexOf(/** @type {HTMLInputElement} */ (target));

addEventListener("focusin", ({ target, relatedTarget }) => {
  if (placeOf(relatedTarget) < 0) entered = placeOf(target);
});

// WebKitGTK does not name the key that it gets with Shift.
/** @param {KeyboardEvent} event */
const isTab = ({ key, code, ctrlKey, altKey, metaKey }) =>
  (key === "Tab" || code === "Tab") && !ctrlKey && !altKey && !metaKey;

addEventListener("keydown", (event) => {
  const at = placeOf(event.target);
  if (at < 0 || !isTab(event)) return;
  const next = (at + (event.shiftKey ? -1 : 1) + radios.length) % radios.length;
  if (next !== entered) {
    event.preventDefault();
    radios[next]?.focus();
  } else {
    // From its end the browser leaves the group; from the middle some go back to the checked button.
    radios.at(event.shiftKey ? 0 : -1)?.focus();
  }
});
