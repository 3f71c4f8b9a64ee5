// @ts-check
/**
 * Counts for the current filters, fetched after the page has loaded: counting may take longer than the page. The counts
 * of each choice are fetched when somebody goes to the filters, because only open lists of choices show them.
 */

/** @param {Document} page */
export async function showCounts(page) {
  const links = page.querySelector("[data-counts]");
  const found = page.querySelector("[data-found]");
  if (!(links instanceof HTMLElement) || !(found instanceof HTMLElement)) {
    return;
  }
  const answer = await fetch(links.dataset.counts ?? "", { headers: { accept: "application/json" } });
  if (!answer.ok) {
    return;
  }
  const counts = await answer.json();
  for (const place of links.querySelectorAll("[data-verdict]")) {
    place.textContent = (counts.verdicts[place.getAttribute("data-verdict") ?? ""] ?? 0).toLocaleString("en");
  }
  found.textContent = `${counts.found.toLocaleString("en")} of ${Number(found.dataset.total).toLocaleString("en")}`;
}

/**
 * Shows how many submissions each choice of a filter leaves, with all other filters applied.
 *
 * @param {Document} page
 */
export function wireFacets(page) {
  const form = page.querySelector("[data-facets]");
  if (!(form instanceof HTMLElement) || !form.dataset.facets) {
    return;
  }
  const address = form.dataset.facets;
  delete form.dataset.facets;
  const once = new AbortController();
  const show = () => {
    once.abort();
    showFacets(form, address).catch(() => undefined);
  };
  form.addEventListener("pointerenter", show, { signal: once.signal });
  form.addEventListener("focusin", show, { signal: once.signal });
}

/**
 * @param {HTMLElement} form
 * @param {string} address
 */
async function showFacets(form, address) {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) {
    return;
  }
  const facets = await answer.json();
  for (const choices of form.querySelectorAll("select")) {
    const counts = facets[choices.name];
    choices.style.width = `${choices.offsetWidth}px`; // the fields beside it stay where the pointer expects them
    for (const option of counts ? choices.options : []) {
      if (option.value) {
        option.textContent = `${option.textContent} (${(counts[option.value] ?? 0).toLocaleString("en")})`;
      }
    }
  }
}
