// @ts-check
/** A tooltip at the pointer or focus that says how the run under it came into the text. */

/**
 * @param {HTMLElement} text  the answer with its runs
 * @returns {() => void}  stops explaining
 */
export function explainRuns(text) {
  const bubble = document.createElement("div");
  bubble.id = "run-tooltip";
  bubble.hidden = true;
  // Screen readers get the same words from the marks in the text.
  bubble.setAttribute("aria-hidden", "true");
  document.body.append(bubble);

  /** @type {HTMLElement | null} */
  let lit = null;

  /** @param {HTMLElement | null} run @param {number} x @param {number} y */
  const show = (run, x, y) => {
    if (lit !== run) {
      lit?.classList.remove("lit");
      run?.classList.add("lit");
      lit = run;
    }
    bubble.hidden = run === null;
    if (run) {
      bubble.textContent = run.dataset.description ?? "";
      const room = document.documentElement.clientWidth - bubble.offsetWidth - 8;
      bubble.style.setProperty("left", `${Math.max(8, Math.min(x + 12, room))}px`);
      bubble.style.setProperty("top", `${Math.max(8, y - bubble.offsetHeight - 10)}px`);
    }
  };
  /** @param {EventTarget | null} target */
  const runOf = (target) =>
    target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(".run")) : null;
  /** @param {MouseEvent} event */
  const onMove = (event) => show(runOf(event.target), event.clientX, event.clientY);
  const onLeave = () => show(null, 0, 0);
  /** @param {FocusEvent} event */
  const onFocus = (event) => {
    const run = runOf(event.target);
    const box = run?.getClientRects()[0];
    show(run, box?.left ?? 0, box?.top ?? 0);
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key === "Escape") {
      onLeave();
    }
  };
  text.addEventListener("mousemove", onMove);
  text.addEventListener("mouseleave", onLeave);
  text.addEventListener("focusin", onFocus);
  text.addEventListener("focusout", onLeave);
  document.addEventListener("keydown", onKey);
  return () => {
    text.removeEventListener("mousemove", onMove);
    text.removeEventListener("mouseleave", onLeave);
    text.removeEventListener("focusin", onFocus);
    text.removeEventListener("focusout", onLeave);
    document.removeEventListener("keydown", onKey);
    bubble.remove();
  };
}
