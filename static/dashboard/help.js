// @ts-check
/** The list of single keys, and the switch that turns them off. */
import { keysWanted, wantKeys } from "./keys.js";

/** @type {[string, string][]} */
const KEYS = [
  ["j", "next line, or next in the queue"],
  ["k", "previous line, or previous in the queue"],
  ["x", "select the line"],
  ["/", "search"],
  ["q", "back to the queue"],
  ["1 – 4", "choose a decision"],
  ["r", "review the queue, or choose a reason (Escape leaves it)"],
  ["n", "write a note (Ctrl+Enter decides, Escape leaves it)"],
  ["d", "decide"],
  ["u", "undo the last decision"],
  ["p", "play or pause the replay"],
  [", .", "replay one step back or on"],
  ["?", "this list"]
];

/** @param {string} name @param {string} [text] */
function make(name, text = "") {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** @param {string[]} present  the keys that do something on this page @returns {HTMLDialogElement} */
function makeDialog(present) {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = make("h2", "Keys");
  title.id = "keys-title";
  const list = make("dl");
  for (const [key, does] of KEYS.filter(
    ([key]) => key === "?" || key.split(" ").some((one) => present.includes(one))
  )) {
    const row = make("div");
    const term = make("dt");
    term.append(make("kbd", key));
    row.append(term, make("dd", does));
    list.append(row);
  }
  const wanted = document.createElement("input");
  wanted.type = "checkbox";
  wanted.checked = keysWanted();
  wanted.addEventListener("change", () => wantKeys(wanted.checked));
  const label = make("label");
  label.append(wanted, " Use single keys");
  const close = make("button", "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, label, close);
  document.body.append(dialog);
  return dialog;
}

/**
 * @param {HTMLElement | null} button  opens the list too
 * @param {Record<string, () => void>} actions  what the other keys of this page do; the list names no others
 * @returns {Record<string, () => void>}
 */
export function helpKeys(button, actions) {
  /** @type {HTMLDialogElement | undefined} */
  let dialog;
  const open = () => {
    dialog ??= makeDialog(Object.keys(actions));
    dialog.showModal();
  };
  if (button) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  return { "?": open };
}
