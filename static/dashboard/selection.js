// @ts-check
/** Selection of lines in a list: all on the page, a range with Shift, and the number of selected lines. */

/**
 * @param {ParentNode} root
 * @returns {() => void}  updates the number of selected lines
 */
export function wirePicks(root) {
  const picks = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll("[name=pick]")]);
  const all = root.querySelector("[data-all]");
  const chosen = root.querySelector("[data-chosen]");
  let last = -1;
  const tell = () => {
    const number = picks.filter((pick) => pick.checked).length;
    if (chosen) {
      chosen.textContent = number ? `${number} selected` : "all selected above";
    }
    if (all instanceof HTMLInputElement) {
      all.checked = number > 0 && number === picks.length;
      all.indeterminate = number > 0 && number < picks.length;
    }
  };
  picks.forEach((pick, at) =>
    pick.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) {
        const [first, end] = [Math.min(last, at), Math.max(last, at)];
        picks.slice(first, end + 1).forEach((one) => (one.checked = pick.checked));
      }
      last = at;
      tell();
    })
  );
  if (all instanceof HTMLInputElement) {
    all.hidden = false;
    all.addEventListener("change", () => {
      picks.forEach((pick) => (pick.checked = all.checked));
      tell();
    });
  }
  tell();
  return tell;
}
