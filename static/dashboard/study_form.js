// @ts-check
/** Shows the worker's page, rendered by the server, and the cost beside the study form. */

const REST_MS = 350;

/**
 * @param {HTMLFormElement} form
 * @param {HTMLIFrameElement} frame
 * @param {typeof fetch} [ask]
 * @returns {() => Promise<void>}  renders the form's present input
 */
function makePreview(form, frame, ask = (...args) => fetch(...args)) {
  let latest = 0;
  return async () => {
    const number = ++latest;
    const body = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]));
    try {
      const answer = await ask("/study-preview", { method: "POST", body });
      const page = await answer.text();
      if (answer.ok && number === latest) {
        const top = frame.contentWindow?.scrollY ?? 0;
        frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top), { once: true });
        frame.srcdoc = page;
      }
    } catch {
      // The preview stays as it is; saving shows the errors.
    }
  };
}

/**
 * @param {number} items
 * @param {number} places
 * @param {number} reward
 * @param {string} currency
 */
function costText(items, places, reward, currency) {
  const all = items * places;
  if (!all || !(reward >= 0)) {
    return "The cost is shown here once there are items.";
  }
  const sum = (all * reward).toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${all.toLocaleString()} places × ${reward.toFixed(2)} ${currency} = ${sum} ${currency}, plus the platform's fees.`;
}

const form = typeof document === "undefined" ? null : document.querySelector("form[data-preview]");
if (form instanceof HTMLFormElement) {
  const aside = /** @type {HTMLElement} */ (document.querySelector(".live-preview"));
  const render = makePreview(form, /** @type {HTMLIFrameElement} */ (aside.querySelector("iframe")));
  const cost = /** @type {HTMLElement | null} */ (form.querySelector("[data-cost]"));
  /** @param {string} name */
  const value = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value;
  aside.hidden = false;
  void render();
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(render, REST_MS);
    if (cost) {
      cost.textContent = costText(
        Number(cost.dataset.items),
        Number(value("places_per_item")),
        Number(value("reward").replace(/^(\s*\d+),(\d{1,2}\s*)$/, "$1.$2")),
        value("currency")
      );
    }
  });
}
