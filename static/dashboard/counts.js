// @ts-check
/** Counts for the current filters, fetched after the page has loaded: counting may take longer than the page. */

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
