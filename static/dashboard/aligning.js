// @ts-check
/** Highlights a run of the answer together with the passage of the item from which it was copied. */

/**
 * @param {HTMLElement} answer  the answer with its runs
 * @param {HTMLElement} item  the item's text, which scrolls by itself
 * @returns {() => void}  stops aligning
 */
export function alignPassages(answer, item) {
  /** @type {Element[]} */
  let lit = [];

  /** @param {string | undefined} run  id of a run of the answer; its passages are highlighted */
  const light = (run) => {
    lit.forEach((element) => element.classList.remove("lit"));
    const passages = run ? [...item.querySelectorAll(`[data-run="${run}"]`)] : [];
    const own = run && passages.length > 0 ? document.getElementById(run) : null;
    lit = own ? [own, ...passages] : [];
    lit.forEach((element) => element.classList.add("lit"));
    return passages;
  };
  /** @param {Event} event */
  const onAnswer = (event) => {
    const run = event.target instanceof Element ? event.target.closest(".run") : null;
    const [passage] = light(run?.id);
    if (run && passage && item.scrollHeight > item.clientHeight) {
      // To the run's own height, as far as the item's text allows.
      const above = passage.getBoundingClientRect().top - run.getBoundingClientRect().top;
      const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      item.scrollBy({ top: above, behavior: calm ? "auto" : "smooth" });
    }
  };
  /** @param {Event} event */
  const onItem = (event) => {
    const passage = event.target instanceof Element ? event.target.closest("[data-run]") : null;
    light(passage instanceof HTMLElement ? passage.dataset.run : undefined);
  };
  const onLeave = () => void light(undefined);

  const handlers = /** @type {const} */ ([
    [answer, "mouseover", onAnswer],
    [answer, "focusin", onAnswer],
    [answer, "mouseleave", onLeave],
    [item, "mouseover", onItem],
    [item, "focusin", onItem],
    [item, "mouseleave", onLeave],
    [answer, "focusout", onLeave],
    [item, "focusout", onLeave]
  ]);
  handlers.forEach(([element, name, act]) => element.addEventListener(name, act));
  return () => {
    onLeave();
    handlers.forEach(([element, name, act]) => element.removeEventListener(name, act));
  };
}
