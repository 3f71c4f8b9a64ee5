// @ts-check
/** Keys for rows of a list: j and k move, Enter opens the focused row, x selects it, / goes to the search box. */

/**
 * @param {ParentNode} root
 * @param {() => void} picked  after a line was selected
 * @returns {Record<string, () => void>}
 */
export function rowKeys(root, picked) {
  const rows = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".list tbody tr[data-id]")]);
  const search = root.querySelector("main input[type=search]") ?? root.querySelector("input[type=search]");
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  /** @param {number} step */
  const move = (step) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, here() + step))];
    rows.forEach((one) => one.classList.toggle("here", one === row));
    const link = row?.querySelector("th a");
    if (row && link instanceof HTMLElement) {
      link.focus();
      row.scrollIntoView({ block: "nearest" });
    }
  };
  /** @type {Record<string, () => void>} */
  const actions = {};
  if (rows.length) {
    // From outside the list, both go to its first line.
    actions.j = () => move(1);
    actions.k = () => move(-1);
  }
  if (rows.some((row) => row.querySelector("[name=pick]"))) {
    actions.x = () => {
      const pick = rows[Math.max(0, here())]?.querySelector("[name=pick]");
      if (pick instanceof HTMLInputElement) {
        pick.checked = !pick.checked;
        picked();
      }
    };
  }
  if (search instanceof HTMLElement) {
    actions["/"] = () => search.focus();
  }
  return actions;
}
