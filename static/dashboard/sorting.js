// @ts-check
/**
 * Tables whose rows are all on the page are sorted by their headers, here; lists of several pages are sorted by the
 * server, whose headers are links.
 */

const FEWEST_ROWS = 3;

/**
 * The value that a cell is sorted by: its `data-key`, a time, a number, or its text. A pseudonym may begin with a digit
 * and is no number.
 *
 * @param {Element | undefined} cell
 * @returns {number | string}
 */
export function sortKey(cell) {
  const key = cell?.getAttribute("data-key");
  const moment = cell?.querySelector("time")?.getAttribute("datetime");
  if (moment && !key) {
    return Date.parse(moment);
  }
  const text = (key ?? cell?.textContent ?? "").trim();
  const number = /^[<>×+]?\s*([−-]?[\d,]+(?:\.\d+)?)(?![\p{L}\d])/u.exec(text);
  return number?.[1] ? Number(number[1].replaceAll(",", "").replace("−", "-")) : text.toLowerCase();
}

/**
 * @param {number | string} one
 * @param {number | string} other
 * @returns {number}  numbers before words
 */
export function compareKeys(one, other) {
  if (typeof one === "number" && typeof other === "number") {
    return one - other;
  }
  return typeof one === typeof other ? String(one).localeCompare(String(other)) : typeof one === "number" ? -1 : 1;
}

/**
 * @param {HTMLTableElement} table
 * @param {number} column
 * @param {boolean} descending
 */
function sort(table, column, descending) {
  const body = /** @type {HTMLTableSectionElement} */ (table.tBodies[0]);
  const rows = [...body.rows].map((row) => ({ row, key: sortKey(row.cells[column]) }));
  rows.sort((one, other) => compareKeys(one.key, other.key) * (descending ? -1 : 1));
  body.append(...rows.map(({ row }) => row));
}

/** @param {HTMLTableElement} table */
function wire(table) {
  const head = table.tHead?.rows[0];
  const spanned = table.querySelector("tbody [colspan], tbody [rowspan]");
  if (!head || spanned || table.tHead?.rows.length !== 1 || (table.tBodies[0]?.rows.length ?? 0) < FEWEST_ROWS) {
    return;
  }
  [...head.cells].forEach((cell, column) => {
    if (!cell.textContent?.trim() || cell.matches("[data-unsorted]") || cell.querySelector("a, button, input")) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      const descending = cell.getAttribute("aria-sort") === "ascending";
      [...head.cells].forEach((other) => other.removeAttribute("aria-sort"));
      cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(table, column, descending);
    });
  });
}

/** @param {ParentNode} root */
export function wireSorting(root) {
  const tables = root.querySelectorAll("table.list[data-sortable], table.figures-table");
  /** @type {NodeListOf<HTMLTableElement>} */ (tables).forEach(wire);
}
